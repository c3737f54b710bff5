"""The limits of publication and blending from both sides, each to the last number a float can hold (SCORING §6.2).

The numbers are written out: a limit read off the edition would move with a mistake in it.
"""

from dataclasses import replace
from math import inf, nextafter
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

from scoring.edition import load_edition
from scoring.opinion.estimates import View, audience_views, blendable, half_width, published
from scoring.opinion.samples import Counts
from scoring.totals.blend import enough_firms
from tests.builders.ratings import count_tables, frame, make_inputs

STANDARD = load_edition("standard_2019")
WELL_WITHIN = 1.0
"""A variance whose 95 % range is narrow enough for everything."""


def view(effective_n: float = 1000.0, variance: float = WELL_WITHIN) -> View:
    return View(
        areas=("hlt",),
        mean=np.array([50.0]),
        covariance=np.array([[variance]]),
        linearised_se=np.array([variance**0.5]),
        n=np.array([1000]),
        effective_n=np.array([effective_n]),
        reasons=("",),
    )


def variance_of(points: float) -> float:
    """Find the greatest variance whose half-width is exactly so many points."""
    variance = (points / 1.96) ** 2
    low, high = variance * 0.9, variance * 1.1
    while nextafter(low, inf) < high:
        middle = (low + high) / 2
        low, high = (middle, high) if half_width(view(variance=middle))[0] <= points else (low, middle)
    assert half_width(view(variance=low))[0] == points
    assert half_width(view(variance=high))[0] > points
    return low


def test_half_a_width_is_1_96_errors() -> None:
    assert half_width(view(variance=4.0))[0] == pytest.approx(2 * NormalDist().inv_cdf(0.975), rel=1e-12)


def just_below(value: float) -> float:
    return nextafter(value, 0)


def just_above(value: float) -> float:
    """Give the next variance, whose half-width is the next number above the limit."""
    return nextafter(value, inf)


@pytest.mark.parametrize("edition", ["standard_2019", "order_2025", "open_figures_2024"])
@pytest.mark.parametrize(
    ("effective_n", "shown", "entering"),
    [
        (just_below(60), "too_few", "too_few_to_blend"),
        (60.0, "", "too_few_to_blend"),
        (just_below(100), "", "too_few_to_blend"),
        (100.0, "", ""),
    ],
)
def test_an_opinion_is_shown_from_60_and_blended_from_100_effective_answers(
    edition: str, effective_n: float, shown: str, entering: str
) -> None:
    subject = view(effective_n=effective_n)
    assert published(subject, load_edition(edition)).reasons == (shown,)
    assert blendable(subject, load_edition(edition)).reasons == (entering,)


@pytest.mark.parametrize("edition", ["standard_2019", "order_2025", "open_figures_2024"])
@pytest.mark.parametrize(
    ("variance", "shown", "entering"),
    [
        (variance_of(6), "", ""),
        (just_above(variance_of(6)), "", "too_wide_to_blend"),
        (variance_of(10), "", "too_wide_to_blend"),
        (just_above(variance_of(10)), "too_wide", "too_wide_to_blend"),
    ],
    ids=["exactly 6", "a hair over 6", "exactly 10", "a hair over 10"],
)
def test_an_opinion_is_shown_up_to_10_points_and_blended_up_to_6(
    edition: str, variance: float, shown: str, entering: str
) -> None:
    subject = view(variance=variance)
    assert published(subject, load_edition(edition)).reasons == (shown,)
    assert blendable(subject, load_edition(edition)).reasons == (entering,)


@pytest.mark.parametrize(("effective_n", "enough"), [(just_below(60), False), (60.0, True)])
def test_enterprises_count_beside_residents_from_60_effective_answers(effective_n: float, enough: bool) -> None:
    assert enough_firms(view(effective_n=effective_n), STANDARD).tolist() == [enough]


def answers(n: int, share: float = 0.5, *, weights: tuple[int, ...] = (1000,), tier: str = "verified") -> pd.DataFrame:
    """Make n people, a share of whom say 5 and the others 3, who have the base weights by turns."""
    points = np.where(np.arange(n) < share * n, 5.0, 3.0)
    return pd.DataFrame({"sex": "f", "hlt": points, "base_weight": np.resize(weights, n), "tier": tier})


def estimated(*people: pd.DataFrame) -> tuple[View, str]:
    """Weight and estimate people; gives the view and what became of the open tier."""
    tables = count_tables(pd.concat(people), traits=["sex"], areas=["hlt"], tier="open", base_weight=1000)
    audience_view = audience_views(Counts(make_inputs(**tables), "resident"), STANDARD)["here"]
    return audience_view.view, audience_view.tier_notes[0]


@pytest.mark.parametrize(("n", "reason"), [(59, "too_few"), (60, "")])
def test_sixty_people_of_one_weight_are_sixty_effective_answers(n: int, reason: str) -> None:
    for weight in (1, 7, 333, 1000):
        shown, _ = estimated(answers(n, weights=(weight,)))
        assert shown.effective_n.tolist() == [n]
        assert published(shown, STANDARD).reasons == (reason,)


@pytest.mark.parametrize(("n", "reason"), [(99, "too_few_to_blend"), (100, "")])
def test_a_hundred_people_of_one_weight_may_enter_the_blend(n: int, reason: str) -> None:
    assert blendable(estimated(answers(n))[0], STANDARD).reasons == (reason,)


@pytest.mark.parametrize(("n", "note"), [(59, "open_too_few"), (60, "mixed")])
def test_open_answers_are_mixed_with_verified_ones_from_sixty(n: int, note: str) -> None:
    assert estimated(answers(400), answers(n, tier="open"))[1] == note


@pytest.mark.parametrize(("unsure", "reason"), [(100, ""), (101, "hard_to_say")])
def test_an_area_is_rated_until_more_than_half_find_it_hard_to_say(unsure: int, reason: str) -> None:
    people = answers(200).assign(hlt=lambda table: table["hlt"].where(np.arange(200) >= unsure))
    tables = count_tables(people, traits=["sex"], areas=["hlt"])
    options = tables["cells"].loc[tables["cells"]["area"] == "", ["audience", "city", "cell"]]
    inputs = make_inputs(
        **tables,
        options=options.assign(**{"q:hard": unsure, "q:4": 200 - unsure}).reset_index(drop=True),
        option_key=frame("option_key", [("resident", "q", "hard", "hlt", 0, 1), ("resident", "q", "4", "hlt", 4, 0)]),
    )
    assert audience_views(Counts(inputs, "resident"), STANDARD)["here"].view.reasons == (reason,)


def test_an_area_that_misses_both_limits_is_said_to_have_too_few_answers() -> None:
    few_and_wide = replace(view(effective_n=59), covariance=np.array([[400.0]]))
    assert published(few_and_wide, STANDARD).reasons == ("too_few",)
