"""SCORING §6.2, rules 2 and 3: what a group may weigh, and which vectors of answers a human should look at.

SCORING §8, row 23.
"""

import itertools
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from surveys.authoring.yaml_source import load, shipped
from surveys.models.responses import Flag
from surveys.quality.flags import (
    CONSTANT_PER_MILLE,
    FEWEST_ALIKE,
    FEWEST_CONSTANT,
    capped_weights,
    chi_square_quantile,
    irv,
    longstring,
    mahalanobis_flags,
    vector_flags,
)
from surveys.questionnaire.compiled import Compiled, compile_questionnaire
from tests.effort import examples

QUESTIONS = 12
SCORED = np.arange(QUESTIONS)
NO_LINKS: tuple[str, ...] = ()


def rows(*vectors: list[int]) -> np.ndarray:
    return np.array(vectors, dtype=np.uint8)


def honest(n: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(1, 6, (n, QUESTIONS)).astype(np.uint8)


def weights(closed: np.ndarray, links: list[tuple[str, ...]] | None = None, **options: Any) -> np.ndarray:
    return capped_weights(closed, SCORED, links or [NO_LINKS] * len(closed), **options)


def test_an_ordinary_response_weighs_in_full() -> None:
    assert (weights(honest(500)) == 1000).all()


@pytest.mark.parametrize(("members", "each"), [(1, 1000), (3, 1000), (4, 750), (7, 428), (3000, 1), (3001, 0)])
def test_a_linked_group_weighs_as_three_responses_at_most(members: int, each: int) -> None:
    closed = honest(members + 40)
    links = [("device-a",)] * members + [NO_LINKS] * 40
    result = weights(closed, links)
    assert result.tolist() == [each] * members + [1000] * 40


@pytest.mark.parametrize(("copies", "each"), [(3, 1000), (4, 750), (10, 300)])
def test_identical_vectors_weigh_as_three_responses_at_most(copies: int, each: int) -> None:
    vector = [5, 4, 5, 5, 4, 5, 5, 5, 4, 5, 5, 4]
    result = weights(np.concatenate([rows(*[vector] * copies), honest(100)]))
    assert result.tolist() == [each] * copies + [1000] * 100


def test_identical_short_vectors_are_no_sign_of_anything() -> None:
    vector = [5, 4, 5, 5, 4, 5, 4, 0, 0, 0, 0, 0]
    assert FEWEST_ALIKE == 8
    assert (weights(rows(*[vector] * 50)) == 1000).all()
    assert (weights(rows(*[[*vector[:7], 5, 0, 0, 0, 0]] * 50)) == 60).all()


def flat(n: int) -> np.ndarray:
    return np.repeat((np.arange(n) % 5 + 1).astype(np.uint8)[:, None], QUESTIONS, axis=1)


@pytest.mark.parametrize(("constant", "each"), [(6, 1000), (8, 750), (12, 500), (300, 20), (30_000, 0)])
def test_constant_vectors_together_weigh_twelve_thousandths_of_the_others_at_most(constant: int, each: int) -> None:
    result = weights(np.concatenate([flat(constant), honest(500)]))
    assert result.tolist() == [each] * constant + [1000] * 500
    assert result[:constant].sum() <= CONSTANT_PER_MILLE * 500


@pytest.mark.parametrize(("constant", "each"), [(3, 1000), (4, 750), (50, 60)])
def test_where_hardly_anything_else_was_answered_constant_vectors_weigh_as_a_linked_group(
    constant: int, each: int
) -> None:
    assert weights(np.concatenate([flat(constant), honest(20)])).tolist() == [each] * constant + [1000] * 20


def test_skipping_questions_makes_a_constant_vector_no_less_constant() -> None:
    vector = [5, 0, 5, 0, 0, 5, 0, 0, 5, 0, 0, 0]
    assert np.count_nonzero(vector) == FEWEST_CONSTANT
    assert (weights(rows(*[vector] * 50)) == 60).all()
    assert (weights(rows(*[[5, 5, 5, *[0] * 9]] * 50)) == 1000).all()


def test_hard_to_say_between_equal_answers_does_not_hide_them() -> None:
    points = np.zeros((QUESTIONS, 256), dtype=np.int64)
    points[:, 1:6] = [5, 4, 3, 2, 1]
    closed = np.full((50, QUESTIONS), 1, dtype=np.uint8)
    closed[np.arange(50), np.arange(50) % QUESTIONS] = 6
    assert (weights(closed, points=points) == 60).all()
    assert (weights(closed) != 60).all()


def test_of_several_caps_the_lowest_holds() -> None:
    closed = honest(30)
    links = [("device-a", "hour-b")] * 6 + [("hour-b",)] * 6 + [("invitation-c", "invitation-c")] * 18
    assert weights(closed, links).tolist() == [250] * 12 + [166] * 18


def test_no_responses_have_no_weights() -> None:
    assert weights(np.zeros((0, QUESTIONS), dtype=np.uint8)).tolist() == []


def test_a_million_different_vectors_are_distinguished_by_value_not_by_hash() -> None:
    closed = np.array(np.unravel_index(np.arange(5**8), (5,) * 8), dtype=np.uint8).T + 1
    result = capped_weights(closed, np.arange(8), [NO_LINKS] * len(closed))
    assert (result == 1000).all()


@settings(max_examples=examples(150), deadline=None)
@given(st.data())
def test_the_order_in_which_responses_came_changes_nothing_and_no_group_outweighs_its_cap(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 40))
    vector = st.lists(st.sampled_from([0, 1, 1, 1, 2]), min_size=QUESTIONS, max_size=QUESTIONS)
    pool = data.draw(st.lists(vector, min_size=1, max_size=4))
    closed = rows(*data.draw(st.lists(st.sampled_from(pool), min_size=n, max_size=n)))
    links = data.draw(st.lists(st.lists(st.sampled_from("abc"), max_size=2).map(tuple), min_size=n, max_size=n))
    order = np.array(data.draw(st.permutations(range(n))))
    result = weights(closed, links)
    assert result[order].tolist() == weights(closed[order], [links[index] for index in order]).tolist()
    for code in "abc":
        assert result[[code in codes for codes in links]].sum() <= 3000
    for one in pool:
        same = (closed == np.array(one)).all(axis=1)
        if np.count_nonzero(one) >= FEWEST_ALIKE and len(set(one) - {0}) > 1:
            assert result[same].sum() <= 3000
    same = np.array([len(set(row) - {0}) == 1 and np.count_nonzero(row) >= FEWEST_CONSTANT for row in closed.tolist()])
    assert result[same].sum() <= max(3000, 20 * n)
    assert ((result >= 0) & (result <= 1000)).all()


# Row 23. longstring: the test table of R careless 1.2.2 (ryentes/careless, inst/testdata; MIT): row k begins with
# 10·k equal answers and then alternates; the last has blocks of ten. Its tests expect 10, 20 … 90, 10.
PUBLISHED = np.array(
    [[1.0] * (10 * k) + [float(index % 2) for index in range(100 - 10 * k)] for k in range(1, 10)]
    + [[float(1 - (index // 10) % 2) for index in range(100)]]
)


def test_row_23_the_longest_run_is_what_careless_publishes() -> None:
    assert longstring(PUBLISHED).tolist() == [10, 20, 30, 40, 50, 60, 70, 80, 90, 10]


@pytest.mark.parametrize(
    ("answers", "run"),
    [
        ([1, 1, 1, 2, 2, 1], 3),
        ([1, 2, 3, 4, 5, 1], 1),
        ([5, 5, None, 5, 5, 4], 4),
        ([None, None, 3, None, None, None], 1),
        ([None] * 6, 0),
        ([1, 2, 2, 2, 2, 2], 5),
    ],
)
def test_row_23_a_run_by_hand(answers: list[int | None], run: int) -> None:
    values = np.array([[np.nan if answer is None else answer for answer in answers]], dtype=float)
    assert longstring(values).tolist() == [run]


@pytest.mark.parametrize(
    ("answers", "exact"),
    [
        ([3] * 10, 0.0),
        ([1, 2, 3, 4, 5] * 2, math.sqrt(20 / 9)),
        ([1] * 5 + [5] * 5, math.sqrt(40 / 9)),
        ([1, 2, 4, None], math.sqrt(7 / 3)),
        ([None, 5, None, 4], math.sqrt(1 / 2)),
    ],
    ids=["Curran 2016, constant", "Curran 2016, rising", "Curran 2016, split", "one missing", "two missing"],
)
def test_row_23_the_variability_is_that_of_careless(answers: list[int | None], exact: float) -> None:
    values = np.array([[np.nan if answer is None else answer for answer in answers]], dtype=float)
    assert irv(values)[0] == pytest.approx(exact, rel=1e-10)


def test_row_23_the_variability_of_one_answer_is_unknown() -> None:
    assert np.isnan(irv(np.array([[np.nan, 4.0, np.nan], [np.nan] * 3]))).all()


@pytest.mark.parametrize("degrees", [1, 2, 3, 8, 12, 30, 45, 200])
@pytest.mark.parametrize("probability", [0.001, 0.5, 0.95, 0.999])
def test_the_chi_square_quantile_is_that_of_scipy(degrees: int, probability: float) -> None:
    assert chi_square_quantile(probability, degrees) == pytest.approx(chi2.ppf(probability, degrees), rel=1e-11)


def test_the_distance_flags_what_the_textbook_formula_flags() -> None:
    rng = np.random.default_rng(4)
    values = rng.multivariate_normal(np.zeros(6), np.full((6, 6), 0.7) + 0.3 * np.eye(6), 4000)
    values[:20] = rng.normal(0, 2.5, (20, 6))
    deviations = values - values.mean(axis=0)
    squared = np.einsum("ij,jk,ik->i", deviations, np.linalg.inv(np.cov(values.T)), deviations)
    result = mahalanobis_flags(values)
    assert result.tolist() == (squared > chi2.ppf(0.999, 6)).tolist()
    assert result[:20].sum() > 10
    assert result[20:].sum() < 20


def distance(values: np.ndarray) -> float:
    """Give the squared distance of the last row by the textbook formula."""
    deviations = values - values.mean(axis=0)
    return float(deviations[-1] @ np.linalg.solve(np.cov(values.T), deviations[-1]))


def with_one_at(target: float, rows: int, columns: int) -> np.ndarray:
    """Make rows the last of which lies at a given squared distance from all."""
    values = np.random.default_rng(5).integers(1, 6, (rows, columns)).astype(float)
    direction = np.resize([1.0, -1.0], columns)
    near, far = 0.0, 1000.0
    for _ in range(100):
        middle = (near + far) / 2
        values[-1] = 3 + middle * direction
        near, far = (middle, far) if distance(values) < target else (near, middle)
    return values


@pytest.mark.parametrize("share", [0.99, 1.01])
def test_the_limit_of_the_distance_is_sharp_also_among_few(share: float) -> None:
    values = with_one_at(share * chi2.ppf(0.999, 4), 40, 4)
    assert mahalanobis_flags(values).tolist() == [False] * 39 + [share > 1]


def test_a_column_without_spread_and_a_repeated_one_add_nothing_to_the_distance() -> None:
    values = with_one_at(1.01 * chi2.ppf(0.999, 4), 300, 4)
    padded = np.column_stack([values, np.full(300, 3.0), values[:, 0]])
    assert mahalanobis_flags(values)[-1]
    assert mahalanobis_flags(padded).tolist() == mahalanobis_flags(values).tolist()


@pytest.mark.parametrize("values", [np.zeros((5, 6)), np.full((50, 3), 4.0), np.full((50, 3), np.nan)])
def test_the_distance_says_nothing_of_too_few_or_of_equal_rows(values: np.ndarray) -> None:
    assert not mahalanobis_flags(values).any()


@pytest.fixture(scope="module")
def residents() -> Compiled:
    (path,) = (path for path in shipped() if Path(path).stem == "resident")
    return compile_questionnaire(load(path))


def scored_items(compiled: Compiled) -> list[Any]:
    return [item for area in compiled.areas for item in compiled.area_items(area)]


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ([1] * 12, Flag.LONGSTRING | Flag.IRV),
        ([2] * 8 + [1, 3, 1, 3], Flag.LONGSTRING),
        ([2] * 7 + [1, 3, 1, 3, 1], Flag(0)),
        ([4] * 7 + [0] * 5, Flag(0)),
        ([3] * 11 + [4], Flag.LONGSTRING),
        ([4, 6, 4, 6, 4, 4, 4, 4, 4, 4, 0, 0], Flag.LONGSTRING | Flag.IRV),
        ([6] * 12, Flag(0)),
    ],
    ids=[
        "all alike",
        "8 of 12 alike",
        "7 of 12 alike",
        "too short",
        "one apart",
        "hard to say between",
        "nothing but hard to say",
    ],
)
def test_a_vector_raises_the_flags_of_its_pattern(residents: Compiled, first: list[int], expected: Flag) -> None:
    items = scored_items(residents)
    closed = np.zeros((1, len(residents.columns)), dtype=np.uint8)
    closed[0, [item.position for item in items[:12]]] = first
    assert Flag(int(vector_flags(closed, items)[0])) == expected


@pytest.mark.parametrize(
    ("answered", "run", "is_long"),
    [
        (8, 7, False),
        (8, 8, True),
        (11, 8, True),
        (12, 8, True),
        (13, 8, False),
        (13, 9, True),
        (14, 9, False),
        (14, 10, True),
        (15, 9, False),
        (15, 10, True),
    ],
)
def test_a_run_is_long_from_two_thirds_of_the_answers_on(
    residents: Compiled, answered: int, run: int, is_long: bool
) -> None:
    items = scored_items(residents)
    closed = np.zeros((1, len(residents.columns)), dtype=np.uint8)
    closed[0, [item.position for item in items[:answered]]] = [2] * run + [1, 3, 1, 3, 1, 3, 1][: answered - run]
    assert bool(vector_flags(closed, items)[0] & Flag.LONGSTRING) is is_long


def test_the_distance_of_incomplete_rows_is_that_of_a_loop_over_pairs() -> None:
    rng = np.random.default_rng(7)
    size = 5
    values = rng.multivariate_normal(np.zeros(size), np.full((size, size), 0.5) + 0.5 * np.eye(size), 1500) + 3
    values[rng.random(values.shape) < 0.35] = np.nan
    values[:30] += rng.normal(0, 2.2, (30, size))
    mean = [np.mean([row[j] for row in values if not np.isnan(row[j])]) for j in range(size)]
    covariance = np.zeros((size, size))
    for j, k in itertools.product(range(size), repeat=2):
        both = [(row[j] - mean[j]) * (row[k] - mean[k]) for row in values if not np.isnan(row[j] + row[k])]
        covariance[j, k] = sum(both) / (len(both) - 1)
    deviations = np.where(np.isnan(values), 0, values - mean)
    squared = np.array([row @ np.linalg.solve(covariance, row) for row in deviations])
    assert np.sort(np.abs(squared - chi2.ppf(0.999, size)))[0] > 1e-3, "no row lies on the limit"
    result = mahalanobis_flags(values)
    assert result.tolist() == (squared > chi2.ppf(0.999, size)).tolist()
    assert 5 < result.sum() < 60


def test_a_vector_against_the_grain_of_all_others_is_flagged(residents: Compiled) -> None:
    items = scored_items(residents)
    rng = np.random.default_rng(6)
    mood = rng.integers(1, 6, (600, 1))
    closed = np.zeros((601, len(residents.columns)), dtype=np.uint8)
    closed[:600, [item.position for item in items]] = np.clip(mood + rng.integers(-1, 2, (600, len(items))), 1, 5)
    closed[600, [item.position for item in items]] = [1, 5] * (len(items) // 2)
    result = vector_flags(closed, items)
    assert result[600] & Flag.MAHALANOBIS
    assert (result[:600] & Flag.MAHALANOBIS > 0).mean() < 0.02


def test_short_vectors_say_nothing_of_the_grain_of_the_others(residents: Compiled) -> None:
    items = scored_items(residents)
    rng = np.random.default_rng(8)
    closed = np.zeros((1201, len(residents.columns)), dtype=np.uint8)
    positions = [item.position for item in items]
    closed[:600, positions] = np.clip(rng.integers(1, 6, (600, 1)) + rng.integers(-1, 2, (600, len(items))), 1, 5)
    closed[600:1200, positions[:7]] = [1, 5, 1, 5, 1, 5, 1]
    closed[1200, positions[:8]] = [1, 5, 1, 5, 1, 5, 1, 5]
    result = vector_flags(closed, items)
    assert result[1200] & Flag.MAHALANOBIS
    assert not (result[600:1200] & Flag.MAHALANOBIS).any()
