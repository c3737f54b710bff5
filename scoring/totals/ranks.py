"""Places: competition ranking on unrounded values, and how far each place could be off.

Intervals after M. Mogstad, J. Romano, A. Shaikh and D. Wilhelm, "Inference for ranks" (Review of Economic Studies,
2024): two cities count as told apart only when their difference exceeds the 95 % critical value of the greatest
standardised difference, found by simulation and, step by step, again without the pairs already told apart.
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


class Ranks(NamedTuple):
    """95 % bounds of places: for one city read alone, and for all cities read together; `group` numbers ties.

    Cities of one group cannot be told apart and none of them may be called better than another.
    """

    low: list[int]
    high: list[int]
    together_low: list[int]
    together_high: list[int]
    group: list[int]


def competition_ranks(values: Sequence[Fraction | float]) -> list[int]:
    """Rank from the highest; equal values share a place and the next ones are skipped: 1, 1, 1, 4."""
    return [1 + sum(other > value for other in values) for value in values]


def places(values: Mapping[str, Fraction]) -> dict[str, int]:
    """Give each city's place by competition ranking."""
    return dict(zip(values, competition_ranks(list(values.values())), strict=True))


def rank_intervals(values: Floats, errors: Floats, *, draws: int = DRAWS) -> Ranks:
    """Bound the places of independent totals with normal errors."""
    size = len(values)
    noise = np.random.default_rng(SEED).standard_normal((draws, size)) * errors
    alone = np.zeros((size, size), dtype=bool)
    for city in range(size):
        others = np.delete(np.arange(size), city)
        alone[city, others] = _told_apart(values, errors, noise, (np.full(size - 1, city), others))
    together = np.zeros((size, size), dtype=bool)
    rows, columns = np.triu_indices(size, 1)
    together[rows, columns] = together[columns, rows] = _told_apart(values, errors, noise, (rows, columns))
    return Ranks(*_bounds(values, alone), *_bounds(values, together), _groups(values, together))


def _told_apart(
    values: Floats, errors: Floats, noise: Floats, pairs: tuple[NDArray[np.intp], NDArray[np.intp]]
) -> Bools:
    """Say of each pair whether its difference is surely not zero, all pairs at once with error 1 - COVERAGE.

    Each pair stands for two hypotheses, "not above" and "not below". Those rejected leave; the critical value is then
    found again for the others, until none is rejected.
    """
    first, second = pairs
    difference, spread = values[first] - values[second], np.hypot(errors[first], errors[second])
    uncertain = spread > CERTAIN
    apart: Bools = ~uncertain & (difference != 0)
    if not uncertain.any():
        return apart
    ratio = difference[uncertain] / spread[uncertain]
    drawn = (noise[:, first[uncertain]] - noise[:, second[uncertain]]) / spread[uncertain]
    above = below = np.zeros(len(ratio), dtype=bool)
    while True:
        greatest = np.maximum(
            drawn[:, ~above].max(axis=1, initial=-np.inf), -drawn[:, ~below].min(axis=1, initial=np.inf)
        )
        critical = float(np.quantile(greatest, COVERAGE))
        now_above, now_below = above | (ratio > critical), below | (ratio < -critical)
        if (now_above == above).all() and (now_below == below).all():
            break
        above, below = now_above, now_below
    apart[uncertain] = above | below
    return apart


def _bounds(values: Floats, apart: Bools) -> tuple[list[int], list[int]]:
    above = values[None, :] > values[:, None]
    low = 1 + (apart & above).sum(axis=1)
    high = len(values) - (apart & ~above).sum(axis=1)
    return low.tolist(), high.tolist()


def _groups(values: Floats, apart: Bools) -> list[int]:
    """Split the order of totals into runs no two members of which are told apart; number them from 1."""
    group = np.zeros(len(values), dtype=np.int64)
    members: list[int] = []
    number = 1
    for city in np.argsort(-values, kind="stable").tolist():
        if apart[city, members].any():
            members, number = [], number + 1
        members.append(city)
        group[city] = number
    numbered: list[int] = group.tolist()
    return numbered
