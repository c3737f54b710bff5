"""Raking as arithmetic: weights per stratum that meet every margin, for one sample or for many replicates at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

TOLERANCE = 1e-12
"""Greatest relative miss of any achieved margin; the change of the table says nothing (SCORING §3.1)."""

ITERATIONS = 1000
STUCK = 0.9
"""A miss that shrinks by less than this factor over the second half of the iterations will never vanish."""


@dataclass(frozen=True, slots=True, eq=False)
class RakingMargin:
    """One dimension to rake on: its categories, each stratum's category number, and each category's share.

    The shares sum to 1. `unknown` is the number of the category of people who did not tell: it keeps its share of the
    sample at hand, and `shares` then divide the rest.
    """

    dimension: str
    names: tuple[str, ...]
    codes: NDArray[np.int64]
    shares: Floats
    unknown: int | None = None

    def indicator(self) -> Floats:
        """Give the (strata × categories) matrix of who belongs where."""
        members: Floats = np.eye(len(self.shares))[self.codes]
        return members

    def targets(self, base: Floats) -> Floats:
        """Give the weighted total each category must reach, per replicate, for base totals (replicates × strata)."""
        whole = base.sum(axis=1, keepdims=True)
        if self.unknown is None:
            everyone: Floats = self.shares * whole
            return everyone
        reached = base @ self.indicator()
        unknown = reached[:, [self.unknown]]
        targets: Floats = self.shares * (whole - unknown)
        targets[:, [self.unknown]] = unknown
        return targets


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Weighted totals (replicates × strata), which replicates meet their margins, and how far the worst is off."""

    totals: Floats
    converged: Bools
    miss: float
    iterations: int
    is_stuck: bool


def fit(base: Floats, margins: tuple[RakingMargin, ...], start: Floats, *, fixed: Bools | None = None) -> Fit:
    """Scale the totals `start` (replicates × strata) until they meet the margins of `base` within TOLERANCE.

    Strata that are `fixed` keep their total. Stops after ITERATIONS; a replicate that has not converged by then is
    reported, never passed over.
    """
    is_fixed = np.zeros(base.shape[1], dtype=bool) if fixed is None else fixed
    indicators = [margin.indicator() for margin in margins]
    targets = [margin.targets(base) for margin in margins]
    free_targets = [
        np.maximum(target - start[:, is_fixed] @ indicator[is_fixed], 0.0)
        for target, indicator in zip(targets, indicators, strict=True)
    ]
    totals, misses = start.copy(), np.zeros(len(base))
    halfway, iteration = np.inf, 0
    for iteration in range(1, ITERATIONS + 1):
        for margin, indicator, target in zip(margins, indicators, free_targets, strict=True):
            _scale(totals, (margin, indicator, target), ~is_fixed)
        misses = _misses(totals, indicators, targets)
        if misses.max() <= TOLERANCE:
            break
        if iteration == ITERATIONS // 2:
            halfway = float(misses.max())
    worst = float(misses.max())
    return Fit(totals, misses <= TOLERANCE, worst, iteration, is_stuck=worst > STUCK * halfway)


def worst_margin(totals: Floats, base: Floats, margins: tuple[RakingMargin, ...]) -> int:
    """Say which margin a single sample misses most."""
    misses = [_misses(totals, [margin.indicator()], [margin.targets(base)])[0] for margin in margins]
    return int(np.argmax(misses))


def _scale(totals: Floats, part: tuple[RakingMargin, Floats, Floats], free: Bools) -> None:
    margin, indicator, target = part
    if free.all():
        sums = totals @ indicator
        factors = np.divide(target, sums, out=np.ones_like(sums), where=sums > 0)
        totals *= factors[:, margin.codes]
        return
    sums = totals[:, free] @ indicator[free]
    factors = np.divide(target, sums, out=np.ones_like(sums), where=sums > 0)
    totals[:, free] *= factors[:, margin.codes[free]]


def _misses(totals: Floats, indicators: list[Floats], targets: list[Floats]) -> Floats:
    """Give each replicate's greatest relative distance of an achieved margin from its target."""
    worst = np.zeros(len(totals))
    for indicator, target in zip(indicators, targets, strict=True):
        achieved = totals @ indicator
        relative = np.abs(achieved - target) / np.where(target > 0, target, 1.0)
        worst = np.maximum(worst, relative.max(axis=1))
    return worst
