"""Outliers without numpy are those that numpy's quartiles give."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scoring.output.outliers import FENCE, FEWEST, outlying, quartiles

NUMBERS = st.floats(-1e9, 1e9, allow_subnormal=False) | st.integers(-20, 20).map(float)
SIZES = {"min_size": 1, "max_size": 40}


@given(st.lists(NUMBERS, **SIZES))
def test_quartiles_are_numpy_s_to_the_last_bit(values: list[float]) -> None:
    assert quartiles(values) == tuple(np.quantile(values, [0.25, 0.75]))


@given(st.lists(NUMBERS | st.floats(1e-6, 1e6), **SIZES))
def test_a_value_is_an_outlier_if_it_or_its_logarithm_is_beyond_the_fence(values: list[float]) -> None:
    scales = [np.array(values)]
    if min(values) > 0:
        scales.append(np.array([math.log(value) for value in values]))
    expected = np.zeros(len(values), dtype=bool)
    for scale in scales if len(values) >= FEWEST else ():
        low, high = np.quantile(scale, [0.25, 0.75])
        fence = FENCE * (high - low)
        expected |= (fence > 0) & ((scale < low - fence) | (scale > high + fence))
    assert outlying(values) == expected.tolist()


def test_an_outlier_is_one_on_either_scale() -> None:
    assert outlying([1.0, 2.0, 3.0, 4.0, 100.0]) == [False, False, False, False, True]
    assert outlying([1000.0, 1001.0, 1002.0, 1003.0, 1.0]) == [False, False, False, False, True]
    assert outlying([1.0, 2.0, 3.0, 100.0]) == [False] * 4, "too few to speak of a spread"
    assert outlying([5.0] * 9 + [6.0]) == [False] * 10, "no spread, no fence"
