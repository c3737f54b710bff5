"""SCORING §5, row by row: every edge of weighting ends in numbers or in a named reason, never in an exception.

SCORING §8, row 10.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.opinion.raking import TOLERANCE
from scoring.opinion.variance import Sums, linearised, means, own_pairs
from scoring.opinion.weights import LARGEST, NOT_GIVEN, SMALLEST, Dimension, Weights, weigh
from tests.effort import examples
from tests.scoring.conftest import golden

INPUTS, EXPECTED = golden("edge_inputs.json"), golden("edge_expected.json")


def dimension(name: str, people: dict[str, int], *categories: str) -> Dimension:
    return Dimension(name, categories, people)


def case(name: str, **options: Any) -> tuple[Weights, Sums]:
    """Weight one respondent per cell, as R was given them."""
    data = INPUTS[name]
    n = np.ones(len(data["y"]))
    margins = [Dimension(part, data[part], data[f"margin_{part}"]) for part in "ab"]
    weights = weigh(n, n, margins, **options)
    y = np.array([np.nan if value is None else value for value in data["y"]], dtype=float)[:, None]
    answered = ~np.isnan(y)
    y = np.nan_to_num(y)
    return weights, Sums(weights.gather(answered * 1.0), weights.gather(y), weights.gather(y**2))


def estimate(weights: Weights, sums: Sums) -> tuple[float, float]:
    return float(means(weights, sums)[0]), float(np.sqrt(linearised(weights, sums, own_pairs(sums))[0]))


@pytest.mark.parametrize("name", ["ok_2x2", "empty_cell_feasible", "dont_knows_as_na", "all_same_answer"])
def test_an_ordinary_or_feasible_case_gives_the_numbers_of_r(name: str) -> None:
    weights, sums = case(name, smallest=1)
    expected = EXPECTED[name]["calibrate"]
    assert weights.status == "raked"
    assert weights.w[weights.stratum] == pytest.approx(np.array(EXPECTED[name]["w"]) / np.mean(EXPECTED[name]["w"]))
    assert estimate(weights, sums) == pytest.approx((expected["mean"], expected["se"]), rel=1e-8, abs=1e-12)


@pytest.mark.parametrize("name", ["empty_cell_boundary", "empty_cell_infeasible"])
def test_margins_that_cannot_be_met_collapse_a_category_and_say_so(name: str) -> None:
    weights, _ = case(name, smallest=1) if name in INPUTS else infeasible()
    assert weights.status in {"raked", "unweighted"}
    reason = "margins_infeasible" if name.endswith("infeasible") else "not_converged"
    assert any(note.endswith(f"collapsed, {reason}") for note in weights.notes)


def infeasible() -> tuple[Weights, None]:
    """x always goes with p and y with q, but the margins want 30 and 70 of the one, 50 and 50 of the other."""
    n = np.array([20.0, 20.0])
    a, b = dimension("a", {"x": 30, "y": 70}, "x", "y"), dimension("b", {"p": 50, "q": 50}, "p", "q")
    return weigh(n, np.ones(2), [a, b]), None


def test_a_category_that_nobody_is_in_is_collapsed_and_noted() -> None:
    weights, _ = case("margin_category_unobserved", smallest=1)
    assert weights.status == "raked"
    assert weights.notes == ("a: x+y collapsed, too_few", "a: not raked, one category")


def test_margins_whose_totals_disagree_are_refused() -> None:
    weights, _ = case("margins_disagree_total")
    assert (weights.status, weights.is_usable) == ("margins_disagree", False)


def test_a_margin_that_wants_nobody_where_somebody_answered_is_refused() -> None:
    weights = weigh(np.array([20.0, 20.0]), np.ones(2), [dimension("a", {"x": 100, "y": 0}, "x", "y")])
    assert (weights.status, weights.is_usable) == ("margin_target_zero", False)


def test_a_margin_that_wants_nobody_where_nobody_answered_is_collapsed() -> None:
    margin = dimension("a", {"x": 60, "y": 40, "z": 0}, "x", "y")
    assert weigh(np.array([20.0, 20.0]), np.ones(2), [margin]).notes == ("a: y+z collapsed, too_few",)


def test_extreme_margins_converge_and_show_their_weights() -> None:
    n = np.array([38.0, 2.0])
    weights = weigh(n, np.ones(2), [dimension("a", {"x": 10, "y": 90}, "x", "y")], smallest=1, largest=np.inf)
    assert weights.status == "raked"
    assert weights.w.tolist() == pytest.approx([40 * 0.1 / 38, 18.0])


def test_everyone_answering_alike_has_no_error_and_no_design_effect() -> None:
    weights, sums = case("all_same_answer", smallest=1)
    mean, se = estimate(weights, sums)
    assert mean == pytest.approx(4)
    assert se == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("answers", [[], [3.0]])
def test_one_answer_or_none_is_no_mean_rather_than_one_without_error(answers: list[float]) -> None:
    weights = weigh(np.array([5.0]), np.ones(1), [])
    y = np.array(answers)
    sums = Sums(*(np.array([[part]]) for part in (float(len(y)), y.sum(), (y**2).sum())))
    assert np.isnan(means(weights, sums)[0])


def test_a_single_respondent_has_no_error() -> None:
    weights = weigh(np.ones(1), np.ones(1), [])
    sums = Sums(np.ones((1, 1)), np.ones((1, 1)), np.ones((1, 1)))
    assert np.isnan(linearised(weights, sums, own_pairs(sums))).all()


def test_two_respondents_have_the_error_of_two() -> None:
    weights = weigh(np.array([2.0]), np.ones(1), [])
    sums = Sums(np.array([[2.0]]), np.array([[6.0]]), np.array([[22.5]]))
    spread = np.std([1.5, 4.5], ddof=1)
    assert estimate(weights, sums) == pytest.approx((3.0, spread / np.sqrt(2)))


def test_small_neighbours_in_age_and_the_smallest_districts_are_put_together() -> None:
    n = np.array([3.0, 40.0, 12.0, 40.0])
    age = dimension("age", {"18-29": 1, "30-44": 1, "45-59": 1, "60+": 1}, "18-29", "30-44", "45-59", "60+")
    district = dimension("district", {"a": 1, "b": 1, "c": 1, "d": 1}, "a", "b", "c", "d")
    assert weigh(n, np.ones(4), [age]).notes == ("age: 18-29+30-44 collapsed, too_few",)
    assert weigh(n, np.ones(4), [district]).notes == ("district: a+c collapsed, too_few",)


def test_people_who_did_not_tell_keep_their_share_and_the_others_meet_the_margin_among_themselves() -> None:
    n = np.array([60.0, 20.0, 20.0])
    sex = dimension("sex", {"f": 50, "m": 50}, "f", "m", NOT_GIVEN)
    weights = weigh(n, np.ones(3), [sex])
    totals = (weights.w * weights.n)[weights.stratum]
    assert totals.tolist() == pytest.approx([40, 40, 20])


def test_a_category_that_the_margin_does_not_count_is_unknown() -> None:
    weights = weigh(
        np.array([50.0, 30.0, 20.0]), np.ones(3), [dimension("district", {"a": 1, "b": 1}, "a", "b", "new")]
    )
    assert (weights.w * weights.n)[weights.stratum].tolist() == pytest.approx([40, 40, 20])


def test_nothing_is_trimmed_where_the_margins_would_then_be_missed() -> None:
    n = np.array([500.0, 300.0, 190.0, 10.0])
    margins = [
        dimension("a", {"x": 90, "y": 10}, "x", "x", "y", "x"),
        dimension("b", {"p": 80, "q": 20}, "p", "p", "p", "q"),
    ]
    loose = weigh(n, np.ones(4), margins, largest=np.inf)
    assert loose.w.max() > LARGEST
    weights = weigh(n, np.ones(4), margins)
    assert weights.w.tolist() == loose.w.tolist()
    assert met(weights)
    assert weights.notes == ("not trimmed: margins would be missed",)


def test_a_stratum_is_trimmed_where_others_can_take_its_weight() -> None:
    n = np.array([475.0, 300.0, 10.0, 215.0])
    margins = [
        dimension("a", {"x": 60, "y": 40}, "x", "y", "y", "x"),
        dimension("b", {"p": 60, "q": 40}, "p", "p", "q", "q"),
    ]
    loose, trimmed = (weigh(n, np.ones(4), margins, largest=each) for each in (np.inf, 2.0))
    assert loose.w.max() > 2.0
    assert trimmed.w.max() == pytest.approx(2.0)
    assert trimmed.notes == ("weights trimmed in 1 strata",)
    assert met(trimmed)


@pytest.mark.parametrize(
    ("heads", "notes"), [(10.0, ()), (9.0, ("a: x+y collapsed, too_few", "a: not raked, one category"))]
)
def test_a_category_of_ten_is_raked_and_one_of_nine_is_not(heads: float, notes: tuple[str, ...]) -> None:
    margin = dimension("a", {"x": 50, "y": 50}, "x", "y")
    assert weigh(np.array([heads, 30.0]), np.ones(2), [margin]).notes == notes


@pytest.mark.parametrize(("target", "notes"), [(50, ()), (51, ("not trimmed: margins would be missed",))])
def test_a_weight_above_five_times_the_mean_is_too_large(target: int, notes: tuple[str, ...]) -> None:
    """10 of 1,000 people are to stand for `target` of 1,000; nobody else can take the weight they would lose."""
    margin = dimension("a", {"x": target, "y": 1000 - target}, "x", "y")
    weights = weigh(np.array([10.0, 990.0]), np.ones(2), [margin])
    assert weights.w.max() == pytest.approx(target / 10)
    assert weights.notes == notes


def test_what_grows_too_large_when_others_are_trimmed_is_trimmed_in_turn() -> None:
    n = np.array([130.0, 69.0, 46.0, 86.0, 174.0, 193.0, 29.0, 112.0, 152.0])
    rows = [(first, second) for first in "xyz" for second in "pqr"]
    margins = [
        Dimension("a", [first for first, _ in rows], {"x": 16 * 79, "y": 17 * 79, "z": 15 * 79}),
        Dimension("b", [second for _, second in rows], {"p": 13 * 48, "q": 53 * 48, "r": 13 * 48}),
    ]
    loose, trimmed = (weigh(n, np.ones(9), margins, largest=largest) for largest in (np.inf, 2.0))
    assert (loose.w > 2.0).sum() == 1
    assert trimmed.notes == ("weights trimmed in 2 strata",)
    assert trimmed.w.max() == pytest.approx(2.0)
    assert met(trimmed)


def test_a_capped_answer_weighs_as_its_base_weight_says() -> None:
    n, base = np.array([30.0, 30.0]), np.array([1000.0, 250.0])
    weights = weigh(n, base, [])
    assert (weights.w[weights.stratum][0] / weights.w[weights.stratum][1]) == pytest.approx(4)
    assert (weights.w * weights.n).sum() == pytest.approx(60)


def met(weights: Weights) -> bool:
    totals = (weights.w * weights.n)[None, :]
    base = (weights.n * weights.base)[None, :]
    return all(
        np.allclose(totals @ margin.indicator(), margin.targets(base), rtol=1e-9, atol=1e-12)
        for margin in weights.margins
    )


@settings(max_examples=examples(200), deadline=None)
@given(
    st.lists(st.integers(0, 60), min_size=12, max_size=12),
    st.lists(st.integers(1, 1000), min_size=3, max_size=3),
    st.lists(st.integers(1, 1000), min_size=2, max_size=2),
)
def test_raked_weights_meet_every_margin_whatever_the_sample(heads: list[int], a: list[int], b: list[int]) -> None:
    rows = [(first, second) for first in "xyz-" for second in "pq-"]
    scale = sum(b)
    margins = [
        Dimension("a", [row[0] for row in rows], {name: count * scale for name, count in zip("xyz", a, strict=True)}),
        Dimension("b", [row[1] for row in rows], {name: count * sum(a) for name, count in zip("pq", b, strict=True)}),
    ]
    weights = weigh(np.array(heads, dtype=float), np.ones(12), margins)
    assert weights.status in {"raked", "unweighted"}
    assert met(weights)
    assert weights.miss <= TOLERANCE
    if sum(heads):
        assert (weights.w @ weights.n) == pytest.approx(sum(heads))
    for margin in weights.margins:
        heads_known = np.bincount(margin.codes, weights.n)[: len(margin.shares) - (margin.unknown is not None)]
        assert (heads_known >= SMALLEST).all()


def test_the_order_of_cells_changes_nothing() -> None:
    rng = np.random.default_rng(3)
    n = rng.integers(1, 40, 30).astype(float)
    a, b = rng.choice(list("xyz"), 30), rng.choice(list("pq"), 30)
    people = ({"x": 50, "y": 30, "z": 20}, {"p": 40, "q": 60})
    order = rng.permutation(30)
    one = weigh(n, np.ones(30), [Dimension("a", a.tolist(), people[0]), Dimension("b", b.tolist(), people[1])])
    two = weigh(
        n[order],
        np.ones(30),
        [Dimension("a", a[order].tolist(), people[0]), Dimension("b", b[order].tolist(), people[1])],
    )
    assert (one.w[one.stratum][order] == two.w[two.stratum]).all()
