"""Issue 10, item 7: an area of which too few verified answers speak does not move the headline."""

from fractions import Fraction
from functools import cache

import numpy as np
import pandas as pd
import pytest

from scoring.edition import load_edition
from scoring.frames import Inputs
from scoring.output.rating import Rating
from scoring.run import rate
from tests.builders.ratings import MARGINS, count_tables, frame, indicator_rows, make_inputs, margin_rows, respondents

ANY, VERIFIED = load_edition("standard_2019"), load_edition("standard_2019_verified")
AREAS = [area.code for area in VERIFIED.areas]
SCORES = {"north": 38, "south": 45, "west": 40}
Sizes = dict[tuple[str, str, str], int]
"""City, audience and tier → answers."""

FULL: Sizes = {
    (city, audience, tier): n
    for city in SCORES
    for audience, tier, n in (
        ("resident", "verified", 900),
        ("resident", "open", 300),
        ("business", "verified", 300),
        ("business", "open", 90),
    )
}


def country(changes: Sizes, *, level: float = 3.3) -> Inputs:
    """Make three cities; `level` is what the open residents of the south think."""
    tables: dict[str, list[pd.DataFrame]] = {}
    for seed, ((city, audience, tier), n) in enumerate((FULL | changes).items()):
        if n:
            stuffed = (city, audience, tier) == ("south", "resident", "open")
            people = respondents(n, seed, level=level if stuffed else 3.3, areas=AREAS).assign(tier=tier)
            people = people.assign(base_weight=1000)
            own = count_tables(people, city=city, audience=audience, areas=AREAS, tier="open", base_weight=1000)
            for name, table in own.items():
                tables.setdefault(name, []).append(table)
    whole = {name: pd.concat(parts, ignore_index=True).drop_duplicates() for name, parts in tables.items()}
    indicators = [row for city, score in SCORES.items() for row in indicator_rows(VERIFIED, city, Fraction(score))]
    margins = [
        row for city in SCORES for a in ("resident", "business") for row in margin_rows(MARGINS, city=city, audience=a)
    ]
    return make_inputs(**whole, indicators=frame("indicators", indicators), margins=frame("margins", margins))


NOBODY: Sizes = {("south", audience, "verified"): 0 for audience in ("resident", "business")}
TOO_FEW: Sizes = {("south", "resident", "verified"): 40, ("south", "business", "verified"): 0}


@cache
def rated(situation: str, level: float = 3.3) -> Rating:
    changes = {"all verified": {}, "nobody": NOBODY, "too few": TOO_FEW}[situation]
    return rate(country(changes, level=level), VERIFIED)


def city(table: pd.DataFrame | None, code: str) -> pd.Series:
    assert table is not None
    return table.set_index("city").loc[code]


def test_where_enough_were_verified_the_headline_is_that_of_the_edition_before() -> None:
    inputs = country({})
    before, now = rate(inputs, ANY), rate(inputs, VERIFIED)
    assert before.with_unverified is None
    assert [name for name, table in before.tables().items() if not table.equals(now.tables()[name])] == []
    beside = now.with_unverified
    assert beside is not None
    assert beside.equals(now.cities[list(beside.columns)])


@pytest.mark.parametrize("situation", ["nobody", "too few"])
def test_what_is_sent_to_a_city_without_verified_people_moves_no_headline(situation: str) -> None:
    calm, stuffed = (rated(situation, level) for level in (3.3, 4.9))
    for name in ("cities", "groups", "rules", "places"):
        columns = [column for column in COMPARED[name] if column in calm.tables()[name]]
        assert calm.tables()[name][columns].equals(stuffed.tables()[name][columns]), name
    assert calm.areas[["indicators", "blended", "note"]].equals(stuffed.areas[["indicators", "blended", "note"]])
    assert city(calm.cities, "south")["status"] == "indicators_only"
    note = {"nobody": "filled:not_verified", "too few": "filled:too_few"}[situation]
    assert set(calm.areas.set_index("city").loc["south"]["note"]) == {note}


COMPARED = {
    "cities": ["city", "status", "total", "se", "place", "place_low", "place_high", "total_without_opinion"],
    "groups": ["city", "group", "indicators", "opinion", "blended", "se"],
    "rules": ["city", "rule", "total", "place", "total_without_opinion", "place_without_opinion"],
    "places": ["city", "tied_group", "together_low", "together_high", "could_be_top_3"],
}


@pytest.mark.parametrize("situation", ["nobody", "too few"])
def test_its_open_opinion_stands_beside_with_a_total_and_a_place(situation: str) -> None:
    calm, stuffed = (rated(situation, level) for level in (3.3, 4.9))
    before, after = (city(each.with_unverified, "south") for each in (calm, stuffed))
    assert before["status"] == after["status"] == "blended"
    assert after["total"] > before["total"] + 1
    assert before["place"] == 1
    assert sorted(calm.with_unverified["place"]) == [1, 2, 3]  # type: ignore[index]
    shown = stuffed.areas.set_index("city").loc["south"]
    assert (shown["residents"] > 80).all()
    assert (shown["opinion"] > 65).all()
    assert (shown["residents_n"] > 200).all()


def test_with_unverified_answers_the_total_is_that_of_the_edition_before() -> None:
    before, now = rate(country(NOBODY), ANY), rated("nobody")
    assert now.with_unverified is not None
    assert now.with_unverified.equals(before.cities[list(now.with_unverified.columns)])


def test_open_enterprises_do_not_join_verified_residents() -> None:
    sizes: Sizes = {("south", "business", "verified"): 0, ("south", "business", "open"): 400}
    now = rate(country(sizes), VERIFIED)
    without = rate(country(sizes | {("south", "business", "open"): 0}), VERIFIED)
    for table in ("cities", "with_unverified"):
        assert city(now.tables()[table], "south")["total"] == city(without.tables()[table], "south")["total"]
    assert city(now.cities, "south")["status"] == "blended"


def test_an_area_alone_with_too_few_verified_answers_borrows_and_is_shown_with_open_ones() -> None:
    inputs = country({})
    cells = inputs.cells.copy()
    # Nobody verified answers about agriculture in the south: one area of a group that may borrow.
    is_gone = (cells["city"] == "south") & (cells["tier"] == "verified") & (cells["area"] == "agr")
    now = rate(Inputs(**(inputs.tables() | {"cells": cells[~is_gone], "pairs": pd.DataFrame()})), VERIFIED)
    area = now.areas.set_index(["city", "area"]).loc["south", "agr"]
    assert area["note"] == "filled:nobody_answered"
    assert not np.isnan(area["residents"])
    assert city(now.cities, "south")["status"] == "blended"
    (remark,) = now.diagnostics.query("reason == 'verified_too_few' and subject == 'resident/agr'")["city"]
    assert remark == "south"
