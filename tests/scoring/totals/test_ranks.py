from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scoring.totals.ranks import city_ranks, competition_ranks, rank_intervals


def test_equal_values_share_a_place_and_the_next_ones_are_skipped() -> None:
    assert competition_ranks([61, 61, 61, 35]) == [1, 1, 1, 4]
    assert city_ranks({"a": Fraction(1, 3), "b": Fraction(1, 2)}) == {"a": 2, "b": 1}


def test_a_difference_too_small_to_print_still_decides_a_place() -> None:
    assert competition_ranks([Fraction(61) + Fraction(1, 10**9), Fraction(61)]) == [1, 2]


def test_totals_without_error_have_certain_places() -> None:
    ranks = rank_intervals(np.array([3.0, 1.0, 1.0]), np.zeros(3))
    assert (ranks.low, ranks.high) == ([1, 2, 2], [1, 3, 3])
    assert ranks.group == [1, 2, 2]


def test_one_city_is_first() -> None:
    assert rank_intervals(np.array([50.0]), np.array([1.0])) == ([1], [1], [1], [1], [1])


def test_no_city_gives_no_place() -> None:
    assert rank_intervals(np.zeros(0), np.zeros(0)) == ([], [], [], [], [])


def groups(*differences: float) -> list[int]:
    """Tie cities of error 1 that lie so many standardised differences above the last, which is added at 0."""
    values = np.array([*(each * np.sqrt(2) for each in differences), 0.0])
    return rank_intervals(values, np.ones(len(values))).group


def test_two_cities_differ_clearly_beyond_1_96_standardised_differences() -> None:
    assert groups(1.92) == [1, 1]
    assert groups(2.00) == [1, 2]


def test_three_cities_differ_clearly_beyond_the_studentised_range_of_three() -> None:
    """Tukey's 3.31 / √2 = 2.34."""
    assert groups(2.29, 0.05) == [1, 1, 1]
    assert groups(2.39, 0.05) == [1, 2, 2]


def test_pairs_with_a_clear_difference_no_longer_raise_the_critical_value_for_the_others() -> None:
    assert groups(100, 2.29) == [1, 2, 3]
    assert groups(100, 2.10) == [1, 2, 2]


def test_totals_at_the_critical_difference_have_the_same_intervals_each_time() -> None:
    """As in tests/app/publishing/close_totals.py: with other draws other cities would differ clearly."""
    upper = (2.85 + 0.015 * (np.arange(10) - 4.5)) * np.sqrt(2)
    values, errors = np.concatenate([upper, np.zeros(10)]), np.ones(20)
    first = rank_intervals(values, errors)
    assert len({*first.low[10:], *first.high[:10]}) > 2, "some differ clearly and some do not"
    assert rank_intervals(values, errors) == first


VALUES = st.lists(st.tuples(st.floats(0, 100), st.floats(0, 5)), min_size=1, max_size=9)


@given(VALUES)
def test_a_rank_is_between_its_bounds_and_the_simultaneous_ones_are_no_narrower(
    pairs: list[tuple[float, float]],
) -> None:
    values, errors = (np.array(part) for part in zip(*pairs, strict=True))
    ranks = rank_intervals(values, errors, draws=500)
    for rank, low, high, wide_low, wide_high in zip(competition_ranks(values.tolist()), *ranks[:4], strict=True):
        assert low <= rank <= high
        assert 1 <= wide_low <= high <= len(pairs)
        assert low <= wide_high


@given(VALUES)
def test_groups_follow_the_order_of_totals(pairs: list[tuple[float, float]]) -> None:
    values, errors = (np.array(part) for part in zip(*pairs, strict=True))
    group = np.array(rank_intervals(values, errors, draws=500).group)
    order = np.argsort(-values, kind="stable")
    assert (np.diff(group[order]) >= 0).all()
    assert group.min() == 1
