"""Which groups of people are too small to be spoken of."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.opinion.small_groups import COVER, FEWEST, Part, hidden, sizes, tens
from scoring.opinion.weights import weigh


@pytest.mark.parametrize(
    ("n", "out"),
    [
        ([10, 30, 40], [False, False, False]),
        ([9, 30, 40], [True, True, False]),
        ([9, 9, 40], [True, True, False]),
        ([5, 4, 30, 40], [True, True, True, False]),
        ([5, 5, 30, 40], [True, True, False, False]),
        ([9, 1, 30, 40], [True, True, True, False]),
        ([0, 30, 40], [True, True, False]),
        ([10], [False]),
        ([9], [True]),
    ],
)
def test_a_group_is_shown_from_ten_and_no_more_is_hidden_than_must_be(n: list[int], out: list[bool]) -> None:
    assert hidden(n) == out


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8))
def test_no_hidden_number_can_be_found_by_subtraction(n: list[int]) -> None:
    out = hidden(n)
    assert all(is_out for each, is_out in zip(n, out, strict=True) if each < FEWEST)
    concealed = [each for each, is_out in zip(n, out, strict=True) if is_out]
    if concealed and len(n) > 1:
        assert len(concealed) > 1
        assert sum(concealed) >= min(FEWEST, sum(n))
        for each in concealed:
            if each < FEWEST and len(concealed) < len(n):
                assert sum(concealed) - each >= COVER * each


@pytest.mark.parametrize(("n", "shown"), [(0, 0), (9, 0), (9.99, 0), (10, 10), (797, 790), (60.0, 60)])
def test_people_are_written_in_whole_tens(n: float, shown: int) -> None:
    assert tens(n) == shown


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_no_difference_of_counts_proves_that_one_to_nine_people_exist(a: int, b: int, c: int) -> None:
    """What remains of a published total after exact parts lies in a range of ten: nobody, or ten and more."""
    whole = tens(a + b + c)
    possible = [rest for total in range(whole, whole + FEWEST) if (rest := total - a - b) >= 0]
    assert possible[0] == 0 or possible[-1] >= FEWEST


def test_the_size_of_a_group_is_its_people_or_fewer_effective_ones() -> None:
    weights = weigh(np.array([1.0, 11.0, 40.0]), np.array([1000.0, 1.0, 1000.0]), [])
    heads = weights.gather(np.array([[1.0, 0.0], [11.0, 0.0], [0.0, 40.0]]))
    one, forty = sizes([Part(weights, heads, np.ones(2))])
    assert one == pytest.approx(1011**2 / (1000**2 + 11))
    assert forty == 40
