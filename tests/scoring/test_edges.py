"""SCORING §8, row 10: every edge case of SCORING §5, through the whole rating, ends in numbers or in its reason."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from scoring.output.rating import Rating
from scoring.run import rate
from tests.builders.ratings import count_tables, frame, indicator_rows, make_inputs, margin_rows
from tests.scoring.test_run import STANDARD

Margins = Mapping[str, Mapping[str, int]]
EVEN = {"a": {"x": 500, "y": 500}, "b": {"p": 500, "q": 500}}


def people(heads: Mapping[str, int], answers: list[float] | None = None) -> pd.DataFrame:
    """Make so many people of each kind, "xp" being x of a and p of b; they answer by turns."""
    kinds = [kind for kind, n in heads.items() for _ in range(n)]
    answered = np.resize([1.0, 2.0, 3.0, 4.0, 5.0] if answers is None else answers, len(kinds))
    return pd.DataFrame({"a": [k[0] for k in kinds], "b": [k[1] for k in kinds], "hlt": answered})


def rated(who: pd.DataFrame, margins: Margins) -> Rating:
    return rate(
        make_inputs(
            **count_tables(who, traits=["a", "b"], areas=["hlt"]),
            margins=frame("margins", margin_rows(margins)),
            indicators=frame("indicators", indicator_rows(STANDARD, "here", STANDARD.alpha)),
        ),
        STANDARD,
    )


class Outcome(NamedTuple):
    """What a rating says of the one area that was asked about."""

    mean: float
    se: float
    design_effect: float
    reason: str
    status: str
    notes: str
    diagnostics: frozenset[str]


def outcome_of(rating: Rating) -> Outcome:
    (estimate,) = rating.estimates.to_dict("records")
    (weights,) = rating.weights.to_dict("records")
    shown = (estimate["mean"], estimate["se"], estimate["design_effect"], estimate["reason"])
    return Outcome(*shown, weights["status"], weights["notes"], frozenset(rating.diagnostics["reason"]))


def is_unknown(outcome: Outcome) -> bool:
    return bool(np.isnan(outcome.mean) and np.isnan(outcome.se))


SQUARE = {"xp": 30, "xq": 30, "yp": 30, "yq": 30}
ONE = [5.0, *[np.nan] * 119]
CASES: dict[str, tuple[pd.DataFrame, Margins, Callable[[Outcome], bool]]] = {
    "empty joint cell, feasible": (
        people(SQUARE | {"xp": 0}),
        {"a": {"x": 400, "y": 600}, "b": {"p": 400, "q": 600}},
        lambda outcome: outcome.status == "raked" and not outcome.notes and not is_unknown(outcome),
    ),
    "empty cell, solution on the boundary": (
        people({"xq": 40, "yp": 40, "yq": 40}),
        {"a": {"x": 50, "y": 50}, "b": {"p": 50, "q": 50}},
        lambda outcome: "collapsed, not_converged" in outcome.notes,
    ),
    "empty cell, infeasible": (
        people({"xp": 40, "yq": 40}),
        {"a": {"x": 30, "y": 70}, "b": {"p": 50, "q": 50}},
        lambda outcome: "collapsed, margins_infeasible" in outcome.notes,
    ),
    "category with target but nobody observed": (
        people({"xp": 40, "xq": 40}),
        EVEN,
        lambda outcome: "a: x+y collapsed, too_few" in outcome.notes,
    ),
    "observed category with target 0": (
        people(SQUARE),
        {"a": {"x": 1000, "y": 0}},
        lambda outcome: outcome.reason == outcome.status == "margin_target_zero",
    ),
    "margin totals disagree": (
        people(SQUARE),
        {"a": {"x": 500, "y": 500}, "b": {"p": 500, "q": 501}},
        lambda outcome: outcome.reason == outcome.status == "margins_disagree",
    ),
    "extreme margins": (
        people({"xp": 55, "xq": 55, "yp": 5, "yq": 5}),
        {"a": {"x": 40, "y": 60}},
        lambda outcome: outcome.status == "raked" and "not trimmed: margins would be missed" in outcome.notes,
    ),
    "all same answer": (
        people(SQUARE, [4.0]),
        EVEN,
        lambda outcome: (
            (outcome.mean, outcome.se) == (75.0, 0.0)
            and bool(np.isnan(outcome.design_effect))
            and "no_variation" in outcome.diagnostics
        ),
    ),
    "don't knows": (
        people(SQUARE, [1.0, np.nan, 5.0]),
        EVEN,
        lambda outcome: outcome.reason == "" and outcome.se > 0,
    ),
    "one answer, rest don't know": (
        people(SQUARE, ONE),
        EVEN,
        lambda outcome: outcome.reason == "one_answer" and is_unknown(outcome),
    ),
    "nobody answered": (
        people(SQUARE, [np.nan]),
        EVEN,
        lambda outcome: outcome.reason == "nobody_answered" and is_unknown(outcome),
    ),
    "single respondent": (
        people({"xp": 1}),
        EVEN,
        lambda outcome: outcome.reason == "one_answer" and is_unknown(outcome),
    ),
    "two respondents": (
        people({"xp": 2}, [1.0, 4.0]),
        {},
        lambda outcome: bool(np.isclose(outcome.mean, 37.5) and np.isclose(outcome.se, 37.5)),
    ),
}
"""The rows of SCORING §5 in their order; two respondents have the error sd/√2 of two."""


def test_the_table_is_whole() -> None:
    assert len(CASES) == 13


@pytest.mark.parametrize("case", CASES)
def test_row_10_an_edge_ends_in_numbers_or_in_its_reason(case: str) -> None:
    who, margins, holds = CASES[case]
    rating = rated(who, margins)
    outcome = outcome_of(rating)
    assert holds(outcome), outcome
    (area,) = rating.areas[rating.areas["area"] == "hlt"].to_dict("records")
    if outcome.reason:
        assert np.isnan(area["residents"]), "a number with a reason against it is not shown"
        assert area["note"] == outcome.reason
