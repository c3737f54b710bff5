"""What another value would do is what a full computation says of it, to the last bit (DESK §20 row 25)."""

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.edition import EDGES, RULES, Edition, load_edition
from scoring.errors import FrameError
from scoring.frames import Inputs, canonical_csv, check
from scoring.indicators.values import score_value
from scoring.output.kept import COLUMNS, kept
from scoring.output.tables import CityRanks, Result
from scoring.run import compute
from scoring.totals.cities import CityScores
from scoring.totals.place_steps import place_steps
from scoring.totals.places import PlaceStep, places_at
from scoring.totals.ranks import rank_intervals
from scoring.totals.rules import RULE_NAMES, area_weights, total
from scoring.whatif import KnownRun, OtherValue, best, if_people_said, known_run, levers, totals_of, what_if
from tests.builders.ratings import count_tables, frame, indicator_rows, make_inputs, margin_rows, respondents
from tests.effort import examples

STANDARD = load_edition("standard_2019")
CODES = [indicator.code for indicator in STANDARD.indicators]
CITIES = {"east": "44", "north": "38", "south": "45", "west": "40"}
SILENT, FEW = "east", {"west": "eco"}
"""A city where nobody was asked, and an area that few people of another one spoke of: it borrows its opinion."""
GIVEN = {"hlt_3": "not_applicable", "btd_5": "not_applicable", "edu_2": "missing", "ict_4": "missing"}
"""Values of every city that are no numbers to begin with."""
EXAMPLES = examples(640)
"""Each draws changes of four cities: 512 changes by default, 2,560 at full effort."""


@cache
def inputs() -> Inputs:
    """Make four cities: three that are blended, one of them with a borrowed area, and one without opinion."""
    tables: dict[str, list[pd.DataFrame]] = {}
    for seed, (city, score) in enumerate(CITIES.items()):
        rows = {str(row[1]): row for row in indicator_rows(STANDARD, city, Fraction(score))}
        rows |= {code: (city, code, status, 0, 1) for code, status in GIVEN.items()}
        tables.setdefault("indicators", []).append(frame("indicators", rows.values()))
        margins = {"sex": {"f": 52, "m": 48}}
        tables.setdefault("margins", []).append(frame("margins", margin_rows(margins, city=city)))
        if city != SILENT:
            people = respondents(260, seed, level=3.0 + 0.2 * seed).drop(columns=["age", "lang", "district"])
            if city in FEW:
                people.loc[30:, FEW[city]] = np.nan
            for name, table in count_tables(people, city=city, traits=("sex",), pairs=False).items():
                tables.setdefault(name, []).append(table)
    return make_inputs(**{n: pd.concat(t, ignore_index=True).drop_duplicates() for n, t in tables.items()})


def changed_inputs(changes: Mapping[str, Mapping[str, OtherValue]]) -> Inputs:
    """Give the inputs with other values; a value that is missing has no row half of the time."""
    rows: dict[tuple[str, str], tuple[Any, ...]] = {
        (row[0], row[1]): row for row in inputs().indicators.itertuples(index=False, name=None)
    }
    for city, own in changes.items():
        for code, change in own.items():
            value = change.value
            rows[city, code] = (city, code, change.status, value.numerator, value.denominator)
            if change.status == "missing" and len(code) % 2:
                del rows[city, code]
    changed = copy(inputs())
    # The other tables are held to their contract once: that takes longer than rating them.
    object.__setattr__(changed, "indicators", check("indicators", frame("indicators", rows.values())))
    return changed


def read_back(result: Result, alpha: Fraction | None) -> KnownRun:
    """Keep a run as it is stored, as text, and take it from there."""
    tables = {
        name: [line.split(",") for line in canonical_csv(table).decode().splitlines()[1:]]
        for name, table in kept(result).items()
    }
    return known_run(
        result.edition,
        alpha,
        result.inputs.indicators.itertuples(index=False, name=None),
        (
            ((c, area, float(p) if p else None, b == "1") for c, area, p, b in tables["voices"]),
            ((c, float(start), int(low), int(high)) for c, start, low, high in tables["place_steps"]),
        ),
    )


@cache
def computed(rule: str, edge: str, alpha: Fraction | None) -> tuple[Edition, KnownRun]:
    edition = replace(STANDARD, headline=rule, band_edge=edge)
    return edition, read_back(compute(inputs(), edition, alpha), alpha)


CHANGE = st.one_of(
    st.sampled_from([OtherValue("missing"), OtherValue("not_applicable")]),
    st.fractions(-20, 150, max_denominator=89).map(lambda value: OtherValue("reported", value)),
    st.sampled_from([Fraction(0), Fraction(1)]).map(lambda value: OtherValue("reported", value)),
)
INDICATORS = st.sampled_from(CODES) | st.sampled_from(sorted(GIVEN))
CHANGES = st.fixed_dictionaries({city: st.dictionaries(INDICATORS, CHANGE, min_size=1, max_size=12) for city in CITIES})


@settings(max_examples=EXAMPLES, deadline=None)
@given(CHANGES, st.sampled_from(RULES), st.sampled_from(EDGES), st.sampled_from([None, Fraction(0), Fraction(1, 3)]))
def test_what_if_is_compute_on_the_changed_inputs(
    changes: dict[str, dict[str, OtherValue]], rule: str, edge: str, alpha: Fraction | None
) -> None:
    edition, known = computed(rule, edge, alpha)
    whole = compute(changed_inputs(changes), edition, alpha)
    assert {city.city for city in whole.cities} == set(CITIES)
    for city in whole.cities:
        outcome = what_if(known, city.city, changes[city.city])
        scores = outcome.scores
        assert outcome.indicators == city.indicators
        assert (scores.status, scores.plain, scores.available) == (city.status, city.plain, city.available)
        assert (scores.blend, scores.opinion) == (city.mixed, city.opinion)
        assert totals_of(edition, outcome) == under_all_rules(edition, city)
        assert outcome.total == (total(rule, edition, city.mixed) if city.mixed else None)


def under_all_rules(edition: Edition, city: CityScores) -> dict[str, tuple[Fraction | None, Fraction | None]]:
    return {
        name: tuple(total(rule, edition, side, edge=edge) if side else None for side in (city.mixed, city.plain))
        for name, (rule, edge) in RULE_NAMES.items()
    }


@settings(max_examples=examples(100), deadline=None)
@given(st.sampled_from(sorted(CITIES)), st.dictionaries(st.sampled_from(CODES), CHANGE, min_size=1, max_size=60))
def test_places_are_those_of_a_full_computation(city: str, changes: dict[str, OtherValue]) -> None:
    edition, known = computed("linear", "upper_inclusive", None)
    ranks = CityRanks(compute(changed_inputs({city: changes}), edition))
    row = next(row for row in ranks.city_rows() if row[0] == city)
    outcome = what_if(known, city, changes)
    assert outcome.places == (None if row[7] is None else (row[7], row[8]))


def test_the_cases_are_of_every_kind() -> None:
    _edition, known = computed("linear", "upper_inclusive", None)
    statuses = {city: what_if(known, city, {}).scores.status for city in CITIES}
    assert statuses == {"east": "indicators_only", "north": "blended", "south": "blended", "west": "blended"}
    assert known.voices["west"].borrowed == {"eco"}
    assert len({what_if(known, "north", {}).places, what_if(known, "north", ALL_BEST).places}) == 2


ALL_BEST = {indicator.code: best(indicator) for indicator in STANDARD.indicators}


@pytest.mark.parametrize("code", ["standard_2019", "open_figures_2024"])
def test_the_best_value_of_an_indicator_scores_100_and_no_more(code: str) -> None:
    for indicator in load_edition(code).indicators:
        assert score_value(indicator, best(indicator).value)[1:] == (100, "")


@pytest.mark.parametrize("rule", ["linear", "area_mean"])
def test_under_a_continuous_rule_a_lever_is_its_share_of_what_is_missing_to_100(rule: str) -> None:
    """Δ = (1 - α)·w·(100 - I)/N."""
    edition, known = computed(rule, "upper_inclusive", None)
    weights = area_weights(rule, edition)
    assert weights is not None
    found = levers(known, "north")
    for lever in found:
        area = lever.indicator.area
        applicable = [each for each in edition.indicators_of(area) if GIVEN.get(each.code) != "not_applicable"]
        share = (1 - known.alphas[area]) * weights[area] / len(applicable)
        assert lever.gain == share * (100 - lever.score)
    assert [lever.gain for lever in found] == sorted((lever.gain for lever in found), reverse=True)


def test_a_value_that_does_not_apply_or_is_at_its_best_is_no_lever() -> None:
    edition, known = computed("linear", "upper_inclusive", None)
    full = {code for code, value in known.indicators["north"].values.items() if value.score == 100} - {"hlt_2"}
    changed = changed_inputs({"north": {"hlt_1": OtherValue("not_applicable"), "hlt_2": OtherValue("missing")}})
    offered = {each.indicator.code: each for each in levers(read_back(compute(changed, edition), None), "north")}
    assert full
    assert not offered.keys() & (full | {"hlt_1", "hlt_3"})
    assert (offered["hlt_2"].is_missing, offered["hlt_2"].score) == (True, 0)


def test_a_city_without_a_total_has_no_levers() -> None:
    _edition, known = computed("linear", "upper_inclusive", None)
    assert levers(known, SILENT) == []


def test_an_indicator_of_another_edition_is_refused() -> None:
    _edition, known = computed("linear", "upper_inclusive", None)
    with pytest.raises(FrameError, match="jokes"):
        what_if(known, "north", {"jokes": OtherValue("missing")})


def test_a_banded_headline_has_no_range_of_places() -> None:
    _edition, known = computed("banded", "upper_inclusive", None)
    outcome = what_if(known, "north", {})
    assert outcome.total is not None
    assert outcome.places is None


def test_tables_of_a_run_are_kept_with_their_columns() -> None:
    edition, _known = computed("linear", "upper_inclusive", None)
    assert {name: tuple(table.columns) for name, table in kept(compute(inputs(), edition)).items()} == COLUMNS


PAIRS = st.lists(st.tuples(st.floats(0, 100), st.floats(0, 5) | st.just(0.0)), min_size=1, max_size=7)


@settings(max_examples=examples(200), deadline=None)
@given(PAIRS, st.data())
def test_the_steps_of_places_are_those_of_rank_intervals(pairs: list[tuple[float, float]], data: st.DataObject) -> None:
    """With any total, just before and at each step, and at the totals of the others."""
    values, errors = (np.array(part) for part in zip(*pairs, strict=True))
    city = data.draw(st.integers(0, len(pairs) - 1))
    steps = place_steps(values, errors, draws=200)[city]
    edges = [step.start for step in steps[1:]]
    near = [*edges, *(float(np.nextafter(edge, -1)) for edge in edges), *values.tolist(), data.draw(st.floats(0, 100))]
    for wanted in near[:40]:
        moved = values.copy()
        moved[city] = wanted
        ranks = rank_intervals(moved, errors, draws=200)
        assert places_at(steps, wanted) == (ranks.low[city], ranks.high[city])


def test_places_are_unknown_where_no_step_is() -> None:
    assert places_at((), 50.0) is None
    assert places_at((PlaceStep(0.0, 1, 2),), 50.0) == (1, 2)


def test_another_opinion_of_an_area_moves_the_total_by_its_share() -> None:
    edition, known = computed("linear", "upper_inclusive", None)
    now, own = what_if(known, "north", {}), known.voices["north"].scores["hlt"]
    weights = area_weights("linear", edition)
    assert own is not None
    assert weights is not None
    then = if_people_said(known, "north", {"hlt": own + 10})
    assert now.total is not None
    assert then.total is not None
    assert then.total - now.total == known.alphas["hlt"] * weights["hlt"] * (Fraction(own + 10) - Fraction(own))
