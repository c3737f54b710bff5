"""Every number of a rating can be derived, and adding its derivation up again from the facts gives the number."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.derivation.nodes import Node
from scoring.derivation.numbers import DERIVED, Derivations, NumberAddress, numbers
from scoring.edition import load_edition
from scoring.errors import RatingError
from scoring.frames import Inputs
from scoring.output.rating import COLUMNS
from scoring.run import rate
from scoring.totals.rules import band
from tests.builders.ratings import MARGINS, count_tables, frame, indicator_rows, make_inputs, margin_rows, respondents
from tests.effort import examples
from tests.scoring.output.test_shares import OPTIONS
from tests.scoring.test_run import AREAS, STANDARD

TRAITS = ("sex", "age", "lang", "district")
FACTS = {"indicator", "people", "option", "city", "itself", "ahead", "reported"}
NOT_SUMS = {
    "cities": {"status", "se", "low", "high", "place_low", "place_high", "residents_n", "businesses_n"},
    "groups": {"se", "p1", "p2", "p3", "p4", "p5"},
    "places": {"tied_group", "together_low", "together_high", "could_be_top_3"},
    "without_flagged": {"flagged", "status"},
    "with_unverified": {"status", "se", "low", "high", "place_low", "place_high"},
    "without_employees": {"employees", "status"},
    "areas": {"reported", "applicable", "note"}
    | {f"{who}_{what}" for who in ("residents", "businesses") for what in ("n", "se")}
    | {"opinion_se"},
    "estimates": {"se", "se_linearised", "n", "effective_n", "design_effect", "reason"},
    "shares": {"se", "n"},
    "domains": {"se", "n", "reason"},
    "rules": set[str](),
}
"""Columns of words, counts, errors and intervals: what is no sum of parts."""


def people(draw: np.random.Generator, city: str, n: int) -> pd.DataFrame:
    """Draw respondents of two tiers, some of them capped, some flagged, and some who work in the akimat."""
    level = {"north": 3.9, "south": 3.0}.get(city, 3.4)
    sample = respondents(n, int(draw.integers(1 << 30)), level=level)
    return sample.assign(
        tier=draw.choice(["open", "verified"], n, p=[0.4, 0.6]),
        base_weight=draw.choice([1000, 300], n, p=[0.9, 0.1]),
        flagged=draw.choice([0, 1], n, p=[0.95, 0.05]),
        employer=draw.spawn(1)[0].choice(["akimat", "elsewhere", "-"], n, p=[0.1, 0.8, 0.1]),
    )


def random_country(seed: int) -> Inputs:
    """Make three cities with gaps in their indicators, both audiences, two tiers, and counts of options."""
    draw = np.random.default_rng(seed)
    tables: dict[str, list[pd.DataFrame]] = {}
    for city in ("north", "south", "west"):
        score = {area: Fraction(int(draw.integers(10, 90))) for area in AREAS}
        rows = frame("indicators", indicator_rows(STANDARD, city, score))
        rows["status"] = draw.choice(["reported", "missing", "not_applicable"], len(rows), p=[0.9, 0.06, 0.04])
        tables.setdefault("indicators", []).append(rows)
        tables.setdefault("margins", []).append(frame("margins", margin_rows(MARGINS, city=city)))
        for audience, n in (("resident", int(draw.integers(150, 700))), ("business", int(draw.integers(60, 600)))):
            some = people(draw, city, n)
            traits = (*TRAITS, "employer") if audience == "resident" else TRAITS
            groups = {"tier": "open", "base_weight": 1000, "flagged": 0}
            own = count_tables(some, city=city, audience=audience, traits=traits, areas=AREAS, **groups)
            own["options"] = options(draw, own["cells"])
            for name, table in own.items():
                tables.setdefault(name, []).append(table)
    whole = {name: pd.concat(frames, ignore_index=True).drop_duplicates() for name, frames in tables.items()}
    key = [(audience, *rest) for audience in ("resident", "business") for _resident, *rest in OPTIONS]
    return make_inputs(**whole, option_key=frame("option_key", key))


def options(draw: np.random.Generator, cells: pd.DataFrame) -> pd.DataFrame:
    """Count options at random: as many answers to each question as there are people in a cell, or fewer."""
    heads = cells[cells["area"] == ""]
    key = ("audience", "city", "cell", "tier", "base_weight", "flagged")
    wide: dict[str, Any] = {name: heads[name] for name in key}
    for _audience, question, option, *_rest in OPTIONS:
        wide[f"{question}:{option}"] = draw.binomial(heads["n"], 0.3)
    return pd.DataFrame(wide).reset_index(drop=True)


def added_up(node: Node) -> float:
    """Compute a number again from the facts at the ends of its derivation alone."""
    if not node.parts:
        assert node.kind in FACTS, f"{node.kind} {node.code} ends without a fact"
        assert node.value is not None
        return node.value
    if node.kind == "points":
        (part,) = node.parts
        return band(Fraction(added_up(part)).limit_denominator(10**9), node.note)
    return sum(part.weight * added_up(part) for part in node.parts)


def walk(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        yield from walk(part)


@cache
def derivations(seed: int, edition: str = "standard_2019") -> Derivations:
    return Derivations(random_country(seed), load_edition(edition))


@settings(max_examples=examples(6), deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["standard_2019", "standard_2019_verified"]))
def test_every_number_of_a_random_rating_comes_out_of_its_derivation(seed: int, edition: str) -> None:
    derived = derivations(seed, edition)
    for number, value in derived.values.items():
        tree = derived.of(number)
        assert tree.value == pytest.approx(value, abs=1e-9), number
        assert added_up(tree) == pytest.approx(value, abs=1e-8), number


def test_every_column_of_numbers_is_derived_or_named_as_no_sum_of_parts() -> None:
    for table, (keys, columns) in DERIVED.items():
        assert set(COLUMNS[table]) == {*keys, *columns} | NOT_SUMS[table]


def test_a_rating_of_three_cities_has_numbers_in_every_derived_column() -> None:
    derived = derivations(1, "standard_2019_verified").values
    columns_derived = {(number.table, number.column) for number in derived}
    assert columns_derived == {(table, column) for table, (_keys, columns) in DERIVED.items() for column in columns}


def test_the_numbers_are_those_of_the_rating_with_and_without_flagged_answers() -> None:
    inputs = random_country(2)
    rated = rate(inputs, STANDARD)
    assert Derivations(inputs, STANDARD).values == numbers(rated)
    assert not rated.without_flagged["total_opinion_only"].equals(rated.cities["total_opinion_only"])


@pytest.mark.parametrize("measure", ["top_two", "hard_to_say", "nps"])
def test_a_share_ends_in_counts_of_options(measure: str) -> None:
    derived = derivations(1)
    question = "q_nps" if measure == "nps" else "q_hlt"
    tree = derived.of(NumberAddress("shares", "value", ("resident", "north", question, measure)))
    assert {node.kind for node in walk(tree) if not node.parts} == {"option"}
    points = {node.code: node.value for node in walk(tree) if node.kind == "option"}
    assert (
        points
        == {
            "top_two": {"1": 0, "4": 100, "5": 100},
            "hard_to_say": {"1": 0, "4": 0, "5": 0, "hard": 100},
            "nps": {"5": -100, "8": 0, "10": 100},
        }[measure]
    )


def test_a_group_of_people_is_derived_from_its_own_people_alone() -> None:
    tree = derivations(1).of(NumberAddress("domains", "mean", ("resident", "north", "hlt", "sex", "f")))
    people_seen = [node for node in walk(tree) if node.kind == "people"]
    assert people_seen
    assert all("sex=f" in node.code for node in people_seen)


def test_the_rules_are_derived_by_their_own_edges() -> None:
    notes = {}
    for rule in ("banded", "banded_lower_edge"):
        tree = derivations(1).of(NumberAddress("rules", "total", ("north", rule)))
        notes[rule] = {node.note for node in walk(tree) if node.kind == "points"}
    assert notes == {"banded": {"upper_inclusive"}, "banded_lower_edge": {"lower_inclusive"}}


@pytest.mark.parametrize(
    "number",
    [
        NumberAddress("cities", "total", ("nowhere",)),
        NumberAddress("cities", "se", ("north",)),
        NumberAddress("domains", "mean", ("resident", "north", "hlt", "sex", "x")),
    ],
)
def test_a_number_that_is_not_shown_is_not_explained(number: NumberAddress) -> None:
    with pytest.raises(RatingError, match="to explain"):
        derivations(1).of(number)


def test_a_run_with_its_own_share_of_opinion_is_derived_with_it() -> None:
    inputs = random_country(3)
    derived = Derivations(inputs, STANDARD, alpha=Fraction(1, 2))
    same = Derivations(inputs, replace(STANDARD, alpha=Fraction(1, 2)))
    assert derived.values == same.values
