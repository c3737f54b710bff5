"""The attack reads two tiers, totals with unverified answers, effective numbers, and how people answered."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from math import inf
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select, update

from app.database import Database
from app.publishing.bundle import Bundle, PublishedModes
from app.publishing.disclosure.differences import OPINION
from app.publishing.disclosure.examine import Release, examine
from app.publishing.disclosure.known import Between
from app.publishing.queries import get_bundle
from app.publishing.released import attack_publication
from app.ratings.execution import stored_inputs
from app.ratings.models import Run
from scoring.edition import load_edition
from scoring.output.publishable import domains
from surveys.models import Response
from tests.app.published import publish
from tests.app.publishing.disclosure.planted import Shelf, code, pick, with_inputs, with_rows
from tests.builders.country import RESIDENTS, make_country
from tests.conftest import NOW

OPEN = "oral"


@pytest.fixture(scope="module")
def verified(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Bundle]]:
    """A publication in which four of five answers are verified, and in one city none."""
    folder = tmp_path_factory.mktemp("tiers")
    file = folder / "tiers.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{file}")
    country = make_country(database, folder / "keys", today=NOW.date())
    with database.writing() as session:
        bundle = get_bundle(session, publish(session, country, verified=0.8, open_city=OPEN))
    assert bundle
    yield database, bundle
    database.close()


@pytest.fixture(scope="module")
def tiers(verified: tuple[Database, Bundle]) -> Shelf:
    return Shelf(*verified)


@pytest.mark.parametrize("city", ["almaty", "astana", "shymkent", "pavlodar", OPEN])
def test_a_release_of_two_tiers_as_it_is_made_is_passed(tiers: Shelf, city: str) -> None:
    release = tiers.of(city)
    assert {len(audience.view.tiers) for audience in release.audiences()} == {1 if city == OPEN else 2}
    assert release.bundle.unverified_results
    assert examine(release, []) == []


def small_groups(shelf: Shelf, city: str) -> Iterator[tuple[str, str, str, str, int, float]]:
    """List audience, area, trait, category, people and mean of the small groups of a city."""
    for audience in shelf.audiences(city):
        for trait in audience.counts.traits:
            own = domains(audience.view, audience.counts, trait, audience.edition)
            for row, column in np.argwhere((own.n > 0) & (own.n < 10) & ~np.isnan(own.mean)).tolist():
                people, mean = int(own.n[row, column]), float(own.mean[row, column])
                yield audience.name, audience.areas[row], trait, own.categories[column], people, mean


@pytest.mark.parametrize("city", ["almaty", "astana", "shymkent"])
def test_a_small_group_of_two_tiers_is_refused(tiers: Shelf, city: str) -> None:
    audience, area, trait, name, people, mean = pick(small_groups(tiers, city), 1)
    shown = with_rows(
        tiers.of(city),
        "people",
        lambda row: (
            {"mean": float(round(mean)), "n": people}
            if (row.audience, row.area, row.dimension, row.category) == (audience, area, trait, code(name))
            else None
        ),
    )
    findings = examine(shown, [])
    assert any(f"{trait}={name}" in found.group for found in findings)


def few_open(shelf: Shelf) -> Release:
    """Leave so few open answers in the city without verified ones, under an edition that would let them speak."""
    release = shelf.of(OPEN)
    cells = release.inputs.cells
    heads = cells[(cells["area"] == "") & (cells["audience"] == "resident")].drop_duplicates("cell")
    kept = heads["cell"][heads["n"].cumsum() <= 8]
    tables = {
        name: frame[(frame["audience"] == "resident") & frame["cell"].isin(kept)]
        for name, frame in release.inputs.tables().items()
        if name in {"cells", "pairs", "options"}
    }
    lax = replace(
        release.edition, minimum_n=1, blend_n=1, business_n=1, widest=Fraction(100), blend_widest=Fraction(100)
    )
    few = replace(with_inputs(release, **tables), edition=lax)
    empty = dict.fromkeys(("people", "shares", "estimates", "tier_results", "area_results"), ())
    return replace(few, trees={}, bundle=replace(few.bundle, **empty))


def test_a_total_moved_by_few_unverified_answers_is_refused(tiers: Shelf) -> None:
    release = few_open(tiers)
    found = [each for each in examine(release, []) if "unverified answers" in each.group]
    assert found
    assert all(0 < each.people < 10 for each in found)
    assert {source for each in found for source in each.sources} >= {
        f"this publication, with_unverified, {OPEN}, total"
    }
    same = with_rows(release, "unverified_results", lambda _row: dict.fromkeys(OPINION))
    assert not [each for each in examine(same, []) if "unverified answers" in each.group]


def test_effective_numbers_are_read_as_bounds_on_people(tiers: Shelf) -> None:
    known = next(iter(tiers.of(OPEN).known.values()))
    assert known.effective_people(70, 1.0) == Between(70, 80)
    assert known.effective_people(70, 0.5) == Between(70, 160)
    assert known.effective_people(70, 0.0) == Between(70, inf)
    exact = known.effective_people(74.6, 1.0)
    assert (exact.low, exact.high) == (pytest.approx(74.55), pytest.approx(74.65))


@pytest.mark.parametrize("table", ["estimates", "tier_results"])
def test_an_effective_number_that_people_cannot_make_is_named(tiers: Shelf, table: str) -> None:
    false = with_rows(
        tiers.of("almaty"), table, lambda row: {"effective_n": 10 * row.n + 100} if row.tier == "verified" else None
    )
    with pytest.raises(ArithmeticError, match="effective_n"):
        examine(false, [])


WEB, PAPER, READ = "web", "paper", "assisted"


def by_mode(shelf: Shelf, people: Mapping[str, int], *groups: tuple[tuple[str, ...], int], number: int = 0) -> Release:
    """Give a release that says of residents how they answered, in groups."""
    release = shelf.of("almaty")
    modes = tuple(PublishedModes(audience="resident", modes=of, n=n, percent=50) for of, n in groups)
    bundle = replace(release.bundle, card=replace(release.bundle.card, modes=modes))
    return replace(release, number=number, bundle=bundle, modes={"resident": people})


def mode_findings(release: Release, *earlier: Release) -> list[str]:
    return [str(found) for found in examine(release, earlier) if "method card" in str(found)]


PEOPLE = {WEB: 401, PAPER: 7, READ: 13}


def test_groups_of_modes_in_tens_are_passed(tiers: Shelf) -> None:
    assert mode_findings(by_mode(tiers, PEOPLE, ((WEB,), 400), ((PAPER, READ), 20))) == []


@pytest.mark.parametrize(
    ("groups", "cell"),
    [
        ([((WEB,), 400), ((PAPER,), 7), ((READ,), 10)], "paper"),
        ([((WEB,), 401), ((WEB, PAPER), 408)], "paper"),
    ],
)
def test_a_mode_of_few_people_is_refused(tiers: Shelf, groups: list[tuple[tuple[str, ...], int]], cell: str) -> None:
    (found,) = mode_findings(by_mode(tiers, PEOPLE, *groups))
    assert f"answered by {cell} (7 people)" in found


def test_a_mode_that_two_publications_give_away_is_refused(tiers: Shelf) -> None:
    before = by_mode(tiers, PEOPLE, ((WEB, PAPER), 408), number=1)
    (found,) = mode_findings(by_mode(tiers, PEOPLE, ((WEB,), 401)), before)
    assert "publication 1, method card, resident/web+paper" in found
    assert "this publication, method card, resident/web" in found


def test_an_earlier_card_of_other_answers_is_no_claim(tiers: Shelf) -> None:
    before = by_mode(tiers, PEOPLE, ((WEB,), 300), ((PAPER, READ), 20), number=1)
    assert mode_findings(by_mode(tiers, PEOPLE, ((WEB,), 400), ((PAPER, READ), 20)), before) == []


def test_a_card_that_says_other_than_was_counted_is_named(tiers: Shelf) -> None:
    with pytest.raises(ArithmeticError, match="method card, resident/web"):
        examine(by_mode(tiers, PEOPLE, ((WEB,), 500)), [])


def test_a_publication_is_attacked_with_how_its_people_answered(verified: tuple[Database, Bundle]) -> None:
    database, bundle = verified
    modes = tuple(
        PublishedModes(audience="resident", modes=(of,), n=n, percent=50) for of, n in ((WEB, 5990), (PAPER, 7))
    )
    card = replace(bundle.card, modes=modes)
    with database.reading() as session:
        few = session.scalars(select(Response.id).where(Response.wave == RESIDENTS).limit(7)).all()
        session.execute(update(Response).where(Response.id.in_(few)).values(mode=PAPER))
        run = session.get_one(Run, bundle.run)
        of = (stored_inputs(session, run.id), load_edition(run.edition))
        findings = attack_publication(session, run, of, replace(bundle, card=card), {})
        session.rollback()
    assert any("answered by paper (7 people)" in str(found) for found in findings)
