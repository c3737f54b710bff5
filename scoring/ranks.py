"""Places: competition ranking on unrounded values, and how far each place could be off."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

DRAWS = 20_000
SEED = 20_260_101
"""Fixed, so that the same inputs give the same intervals."""

COVERAGE = 0.95


def competition_ranks(values: Sequence[Fraction | float]) -> list[int]:
    """Rank from the highest; equal values share a place and the next ones are skipped: 1, 1, 1, 4."""
    return [1 + sum(other > value for other in values) for value in values]


def rank_intervals(values: NDArray[np.float64], errors: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Give each city's marginal 95 % interval of places (Mogstad, Romano, Shaikh and Wilhelm, 2024).

    A city is placed surely behind those whose total lies above its own by more than the critical value of the greatest
    standardised difference, found by simulation with independent normal errors.
    """
    size = len(values)
    noise = np.random.default_rng(SEED).standard_normal((DRAWS, size)) * errors
    return [_interval(values, errors, noise, place) for place in range(size)]


def _interval(
    values: NDArray[np.float64], errors: NDArray[np.float64], noise: NDArray[np.float64], place: int
) -> tuple[int, int]:
    others = np.arange(len(values)) != place
    spread = np.sqrt(errors[place] ** 2 + errors[others] ** 2)
    above = values[others] - values[place]
    if not others.any():
        return 1, 1
    sure = spread > 0
    critical = 0.0
    if sure.any():
        standardised = np.abs(noise[:, others][:, sure] - noise[:, [place]]) / spread[sure]
        critical = float(np.quantile(standardised.max(axis=1), COVERAGE))
    better = int((above > critical * spread).sum())
    worse = int((-above > critical * spread).sum())
    return 1 + better, len(values) - worse
