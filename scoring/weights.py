"""Raking: one weight per cell, so that the answers' margins equal the population's (iterative proportional fitting)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SMALLEST = 10
"""Respondents a category needs; smaller ones are collapsed first."""

TOLERANCE = 1e-12
"""Greatest relative miss of any achieved margin."""

ITERATIONS = 1000
LARGEST = 5.0
"""Weights above this multiple of the mean are trimmed, and the rest raked again: a variance measure."""

TRIMS = 5
NOT_GIVEN = "-"
"""Category of people who did not tell, or told what the margin does not count: it keeps its share of the sample."""

COLLAPSED = "+"
"""Category that small ones are put together in."""


@dataclass(frozen=True, slots=True)
class Margin:
    """One dimension ready to rake on: each cell's category number, and the share of each category (sums to 1)."""

    dimension: str
    codes: NDArray[np.int64]
    shares: Floats


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights per respondent of each cell (mean 1 over respondents), and what happened on the way."""

    g: Floats
    margins: tuple[Margin, ...]
    status: str
    """"raked", "unweighted" (no margins to rake on) or "not_converged"."""

    notes: tuple[str, ...]

    def effective_n(self, n: Floats) -> float:
        """Kish's effective sample size of `n` respondents per cell."""
        total = float((n * self.g).sum())
        return total**2 / float((n * self.g**2).sum()) if total > 0 else 0.0


def prepare(
    dimension: str, categories: list[str], n: Floats, people: Mapping[str, int]
) -> tuple[Margin | None, tuple[str, ...]]:
    """Make a margin of a dimension, small and unknown categories collapsed; None when nothing is left to rake on."""
    observed: dict[str, float] = {}
    for category, count in zip(categories, n, strict=True):
        observed[category] = observed.get(category, 0.0) + float(count)
    merged = {category: _collapsed(category, observed, people) for category in observed.keys() | people.keys()}
    names = sorted({merged[category] for category in categories})
    notes = tuple(
        f"{dimension}: {category} collapsed" for category, into in sorted(merged.items()) if into == COLLAPSED
    )
    known = [name for name in names if name != NOT_GIVEN]
    if len(known) < 2:
        return None, (*notes, f"{dimension}: not raked, one category")
    unknown_share = observed.get(NOT_GIVEN, 0.0) / float(n.sum())
    totals = {name: sum(count for category, count in people.items() if merged[category] == name) for name in known}
    whole = sum(totals.values())
    shares = [unknown_share if name == NOT_GIVEN else (1 - unknown_share) * totals[name] / whole for name in names]
    numbers = {name: number for number, name in enumerate(names)}
    codes = np.array([numbers[merged[category]] for category in categories], dtype=np.int64)
    return Margin(dimension, codes, np.array(shares)), notes


def rake(n: Floats, margins: tuple[Margin, ...], notes: tuple[str, ...] = ()) -> Weights:
    """Rake respondents `n` per cell to the margins, trim above LARGEST and rake again; empty cells weigh 0."""
    occupied = n > 0
    g = np.where(occupied, 1.0, 0.0)
    if not margins:
        return Weights(g, (), "unweighted", notes)
    cap = np.full(len(n), np.inf)
    for _ in range(TRIMS):
        g, converged = _fit(n, margins, g, cap)
        high = occupied & (g > LARGEST * (1 + 1e-9))
        if not converged or not high.any():
            break
        cap[high] = LARGEST
        notes = (*notes, f"{int(high.sum())} cells trimmed")
    if not converged and np.isfinite(cap).any():
        # Trimmed weights may make a margin unreachable: the exact fit comes first.
        g, converged = _fit(n, margins, np.where(occupied, 1.0, 0.0), np.full(len(n), np.inf))
        notes = (*notes, "trimming given up: margins would be missed")
    return Weights(g, margins, "raked" if converged else "not_converged", notes)


def _fit(n: Floats, margins: tuple[Margin, ...], start: Floats, cap: Floats) -> tuple[Floats, bool]:
    free = ~np.isfinite(cap)
    g = np.where(free, start, np.minimum(cap, LARGEST) * (n > 0))
    total = float(n.sum())
    for _ in range(ITERATIONS):
        for margin in margins:
            size = len(margin.shares)
            fixed = np.bincount(margin.codes, n * g * ~free, minlength=size)
            loose = np.bincount(margin.codes, n * g * free, minlength=size)
            wanted = np.maximum(margin.shares * total - fixed, 0.0)
            factors = np.divide(wanted, loose, out=np.ones(size), where=loose > 0)
            g = np.where(free, g * factors[margin.codes], g)
        if max(_miss(n * g, margin, total) for margin in margins) <= TOLERANCE:
            return g, True
    return g, False


def _miss(weighted: Floats, margin: Margin, total: float) -> float:
    wanted = margin.shares * total
    achieved = np.bincount(margin.codes, weighted, minlength=len(wanted))
    return float(np.max(np.abs(achieved - wanted) / np.maximum(wanted, 1e-300)))


def _collapsed(category: str, observed: Mapping[str, float], people: Mapping[str, int]) -> str:
    if category == NOT_GIVEN or category not in people:
        return NOT_GIVEN
    return category if observed.get(category, 0.0) >= SMALLEST else COLLAPSED
