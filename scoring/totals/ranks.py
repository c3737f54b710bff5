"""Places: competition ranking on unrounded values, and how far each place could be off.

Intervals after M. Mogstad, J. Romano, A. Shaikh and D. Wilhelm, "Inference for ranks" (Review of Economic Studies,
2024): two cities have a clear difference only when it exceeds the 95 % critical value of the greatest standardised
difference. That value is simulated, and again, step by step, without the pairs that already have a clear difference.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.opinion.raking import Floats

Bools = NDArray[np.bool_]

DRAWS = 20_000
SEED = 20_260_101
"""Fixed, so that the same inputs give the same intervals."""

COVERAGE = 0.95
CERTAIN = 1e-9
"""An error below this many points is what rounding leaves of none."""


class RankIntervals(NamedTuple):
    """95 % bounds of ranks, per city: marginal (one city alone) and simultaneous (all cities); `group` numbers ties.

    Between cities of one group there is no clear difference, and none of them may be called better than another.
    """

    low: list[int]
    high: list[int]
    simultaneous_low: list[int]
    simultaneous_high: list[int]
    group: list[int]


def competition_ranks(values: Sequence[Fraction | float]) -> list[int]:
    """Rank from the highest; equal values share a place and the next ones are skipped: 1, 1, 1, 4."""
    return [1 + sum(other > value for other in values) for value in values]


def city_ranks(values: Mapping[str, Fraction]) -> dict[str, int]:
    """Rank cities by their totals, competition ranking; city → rank."""
    return dict(zip(values, competition_ranks(list(values.values())), strict=True))


def rank_intervals(values: Floats, errors: Floats, *, draws: int = DRAWS) -> RankIntervals:
    """Bound the ranks of independent totals (one per city, in points) with normal standard errors."""
    size = len(values)
    noise = noise_of(errors, draws)
    marginal = np.zeros((size, size), dtype=bool)
    for city in range(size):
        others = np.delete(np.arange(size), city)
        marginal[city, others] = _clear_differences(values, errors, noise, (np.full(size - 1, city), others))
    simultaneous = np.zeros((size, size), dtype=bool)
    rows, columns = np.triu_indices(size, 1)
    simultaneous[rows, columns] = simultaneous[columns, rows] = _clear_differences(
        values, errors, noise, (rows, columns)
    )
    return RankIntervals(*_bounds(values, marginal), *_bounds(values, simultaneous), _groups(values, simultaneous))


def _clear_differences(
    values: Floats, errors: Floats, noise: Floats, pairs: tuple[NDArray[np.intp], NDArray[np.intp]]
) -> Bools:
    """Give a mask of the pairs with a clear difference, all pairs tested at once with error 1 - COVERAGE.

    Each pair makes two hypotheses, "not above" and "not below". Those rejected leave; the critical value is then
    simulated again for the others, until none is rejected.
    """
    first, second = pairs
    difference, spread = values[first] - values[second], np.hypot(errors[first], errors[second])
    uncertain = spread > CERTAIN
    is_clear: Bools = ~uncertain & (difference != 0)
    if not uncertain.any():
        return is_clear
    ratio = difference[uncertain] / spread[uncertain]
    simulated = (noise[first[uncertain]] - noise[second[uncertain]]) / spread[uncertain, None]
    above = below = np.zeros(len(ratio), dtype=bool)
    while True:
        critical = critical_value(simulated, above, below)
        now_above, now_below = above | (ratio > critical), below | (ratio < -critical)
        if (now_above == above).all() and (now_below == below).all():
            break
        above, below = now_above, now_below
    is_clear[uncertain] = above | below
    return is_clear


def critical_value(simulated: Floats, above: Bools, below: Bools) -> float:
    """Simulate the critical value of the hypotheses that are left: those not rejected `above`, nor `below`.

    A row of the simulated differences is a pair, a column a draw.
    """
    greatest = np.maximum(
        simulated[~above].max(axis=0, initial=-np.inf), -simulated[~below].min(axis=0, initial=np.inf)
    )
    return float(np.quantile(greatest, COVERAGE))


def noise_of(errors: Floats, draws: int = DRAWS) -> Floats:
    """Draw what chance adds to each total (cities × draws): the same each time."""
    noise = np.random.default_rng(SEED).standard_normal((draws, len(errors))) * errors
    return np.ascontiguousarray(noise.T)


def _bounds(values: Floats, is_clear: Bools) -> tuple[list[int], list[int]]:
    above = values[None, :] > values[:, None]
    low = 1 + (is_clear & above).sum(axis=1)
    high = len(values) - (is_clear & ~above).sum(axis=1)
    return low.tolist(), high.tolist()


def _groups(values: Floats, is_clear: Bools) -> list[int]:
    """Give each city the number, from 1, of its group: a run in the order of totals without a clear difference."""
    group = np.zeros(len(values), dtype=np.int64)
    members: list[int] = []
    number = 1
    for city in np.argsort(-values, kind="stable").tolist():
        if is_clear[city, members].any():
            members, number = [], number + 1
        members.append(city)
        group[city] = number
    numbers: list[int] = group.tolist()
    return numbers
