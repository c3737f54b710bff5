"""Fifty releases that give fewer than ten people away are refused, twenty that do not are passed."""

from dataclasses import replace

import pandas as pd
import pytest

from app.database import Database
from app.publishing.bundle import Bundle
from app.publishing.disclosure.examine import Release, examine
from tests.app.publishing.disclosure.planted import CITIES, UNSAFE, Shelf, with_inputs

PLANTED = [(kind, turn) for kind, (_plant, times) in UNSAFE.items() for turn in range(times)]


@pytest.fixture(scope="module")
def shelf(published: tuple[Database, Bundle]) -> Shelf:
    return Shelf(*published)


def test_fifty_are_planted() -> None:
    assert len(PLANTED) == 50


@pytest.mark.parametrize(("kind", "turn"), PLANTED)
def test_an_unsafe_release_is_refused_with_its_tables_and_cells_named(shelf: Shelf, kind: str, turn: int) -> None:
    planted = UNSAFE[kind][0](shelf, CITIES[turn], turn)
    release, earlier = planted if isinstance(planted, tuple) else (planted, None)
    findings = examine(release, [earlier] if earlier else [])
    assert findings
    for found in findings:
        assert 0 < found.people < 10
        assert CITIES[turn] in found.group
        assert found.sources
        assert all("publication" in source for source in found.sources)


@pytest.mark.parametrize("city", [*CITIES, "aktau", "atyrau", "taraz", "turkistan"])
def test_a_release_as_it_is_made_is_passed(shelf: Shelf, city: str) -> None:
    assert examine(shelf.of(city), []) == []


@pytest.mark.parametrize("city", CITIES[:4])
def test_the_same_answers_may_be_published_again(shelf: Shelf, city: str) -> None:
    assert examine(shelf.of(city), [replace(shelf.of(city), number=1)]) == []


def grown(release: Release, by: int) -> Release:
    """Give an earlier publication of the same city, when every kind of people had answered fewer times."""
    cells = release.inputs.cells
    counts = ["n", "total", "total_sq"]
    more: pd.DataFrame = cells.assign(**{name: cells[name] * by for name in counts})
    options = release.inputs.options
    names = [name for name in options.columns if ":" in name]
    wide = options.assign(**{name: options[name] * by for name in names})
    return with_inputs(release, cells=more, options=wide, pairs=pd.DataFrame())


@pytest.mark.parametrize("city", ["almaty", "astana", "shymkent", "karaganda"])
def test_a_publication_from_which_ten_and_more_of_each_shown_group_came_is_passed(shelf: Shelf, city: str) -> None:
    before = replace(shelf.of(city), number=1)
    later = grown(shelf.of(city), 12)
    findings = [found for found in examine(later, [before]) if "between" in found.group or "as many" in found.group]
    assert findings == []
