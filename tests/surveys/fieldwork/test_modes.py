"""How answers came is told in groups of ten or more, in tens, and no two of its numbers give a smaller one."""

from itertools import product

import pytest
from sqlalchemy import delete, insert, select

from surveys.fieldwork.modes import MODES, ModeGroup, mode_groups, published_modes, wave_modes, write_mode_counts
from surveys.fieldwork.paper import series_of
from surveys.models import Response
from tests.builders.country import RESIDENTS, Country
from tests.surveys.fieldwork.test_progress import answers_from_oral


@pytest.mark.parametrize(
    ("counts", "groups"),
    [
        ((250, 40, 13), [(("web",), 250, 83), (("paper",), 40, 13), (("assisted",), 10, 3)]),
        ((250, 7, 6), [(("web",), 250, 96), (("paper", "assisted"), 10, 4)]),
        ((250, 40, 0), [(("web",), 250, 86), (("paper", "assisted"), 40, 14)]),
        ((40, 40, 0), [(("web",), 40, 50), (("paper", "assisted"), 40, 50)]),
        ((3, 40, 50), [(("web", "paper"), 40, 44), (("assisted",), 50, 56)]),
        ((250, 7, 0), [(MODES, 250, 100)]),
        ((250, 0, 0), [(MODES, 250, 100)]),
        ((4, 3, 2), []),
        ((0, 0, 0), []),
    ],
)
def test_small_groups_are_merged(counts: tuple[int, ...], groups: list[tuple[tuple[str, ...], int, int]]) -> None:
    assert mode_groups(dict(zip(MODES, counts, strict=True))) == tuple(ModeGroup(*group) for group in groups)


def test_a_wave_without_paper_says_so() -> None:
    assert mode_groups({"web": 57}) == (ModeGroup(("web",), 50, 100),)
    assert mode_groups({"web": 9}) == mode_groups({}) == ()


def test_no_group_and_no_rest_is_small() -> None:
    """Whoever knows the exact total learns of no group, and of no rest, with fewer than ten people."""
    small = [0, 1, 9, 10, 11, 19, 20, 57]
    wrong = []
    for counts in product(small, repeat=3):
        shown = mode_groups(dict(zip(MODES, counts, strict=True)))
        behind = [sum(counts[MODES.index(mode)] for mode in group.modes) for group in shown]
        complete = sorted(mode for group in shown for mode in group.modes) in (sorted(MODES), [])
        if not complete or any(n < 10 for n in behind) or any(group.n % 10 for group in shown):
            wrong.append(counts)
    assert wrong == []


def test_folded_answers_alone_are_told_of(country: Country) -> None:
    with country.database.writing() as session:
        series_of(session, RESIDENTS)
        rows = answers_from_oral(country, 60)
        for index, row in enumerate(rows):
            row["mode"] = "web" if index < 25 else "paper" if index < 50 else "assisted"
            row["folded"] = index < 50
        session.execute(insert(Response), rows)
        write_mode_counts(session, RESIDENTS)
    expected = (ModeGroup(("web",), 20, 50), ModeGroup(("paper", "assisted"), 20, 50))
    with country.database.reading() as session:
        assert wave_modes(session, RESIDENTS) == expected
        assert published_modes(session, [RESIDENTS], ["oral", "almaty"]) == expected
        assert published_modes(session, [RESIDENTS], ["almaty"]) == ()


def test_a_city_of_few_answers_is_in_no_sum(country: Country) -> None:
    """As after a freeze, which counts all: 405 of one city, "400", less than a sum of 410 would tell of another one."""
    with country.database.writing() as session:
        rows = [row | {"folded": True} for row in answers_from_oral(country, 45)]
        for row in rows[:8]:
            row["city"] = "almaty"
        session.execute(insert(Response), rows)
        write_mode_counts(session, RESIDENTS)
        assert wave_modes(session, RESIDENTS) == (ModeGroup(("web",), 30, 100),)


def test_counts_are_replaced_and_a_wave_without_paper_is_all_web(country: Country) -> None:
    with country.database.writing() as session:
        session.execute(insert(Response), [row | {"folded": True} for row in answers_from_oral(country, 30)])
        write_mode_counts(session, RESIDENTS)
        assert wave_modes(session, RESIDENTS) == (ModeGroup(("web",), 30, 100),)
        some = select(Response.id).limit(9)
        session.execute(delete(Response).where(Response.id.in_(some)))
        assert wave_modes(session, RESIDENTS) == (ModeGroup(("web",), 30, 100),)
        write_mode_counts(session, RESIDENTS)
        assert wave_modes(session, RESIDENTS) == (ModeGroup(("web",), 20, 100),)
