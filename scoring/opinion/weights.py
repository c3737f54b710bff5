"""Weights of one sample: small categories collapsed, raked to the population's margins, trimmed, and reported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.opinion.raking import Fit, Floats, RakingMargin, fit, worst_margin

SMALLEST = 10
"""Respondents a category needs; smaller ones are collapsed first."""

LARGEST = 5.0
"""Weights above this multiple of the mean are trimmed, the rest raked again: against variance, not against fraud."""

TRIMS = 5
NOT_GIVEN = "-"
"""Category of people without an answer, or with one the margin does not count: it keeps its share of the sample."""

NOMINAL = frozenset({"district", "lang", "sector"})
"""Dimensions whose categories have no order: a small one joins the next smallest, elsewhere its smaller neighbour."""

DISAGREEMENT = 1e-6
"""Greatest relative difference between the totals of margins that speak of the same people."""

_DECIMALS = 9

REFUSED = frozenset({"margins_disagree", "margin_target_zero", "not_converged", "margins_infeasible"})
"""Statuses under which nothing may be published."""


class Dimension(NamedTuple):
    """One dimension as it comes in: the category of every cell, and the population's count of each category."""

    name: str
    categories: Sequence[str]
    people: Mapping[str, int]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Weights:
    """Weights of one audience of one tier of one city.

    Cells that are raked alike and share a base weight form a stratum. `stratum` numbers each cell's; `n` is heads,
    `base` the base weight and `w` the final weight of one head, per stratum; the mean of `w` over heads is 1.
    """

    stratum: NDArray[np.int64]
    n: Floats
    base: Floats
    w: Floats
    margins: tuple[RakingMargin, ...]
    status: str
    notes: tuple[str, ...]
    iterations: int = 0
    miss: float = 0.0
    trimmed: NDArray[np.bool_]

    @property
    def is_usable(self) -> bool:
        """Whether estimates under these weights may be published."""
        return self.status not in REFUSED

    def gather(self, cells: Floats) -> Floats:
        """Add counts per cell (cells × …) up to strata."""
        sums = np.zeros((len(self.n), *cells.shape[1:]))
        np.add.at(sums, self.stratum, cells)
        return sums

    def effective_n(self, n: Floats) -> Floats:
        """Give Kish's effective size (Σw)²/Σw² of `n` heads per stratum (strata × items), one number per item."""
        squares = self.w**2 @ n
        sizes = np.divide((self.w @ n) ** 2, squares, out=np.zeros_like(squares), where=squares > 0)
        # Sixty people of equal weight are sixty, not 59.999…: limits are compared with these sizes.
        rounded: Floats = np.round(sizes, _DECIMALS).astype(np.float64)
        return rounded


def weigh(
    n: Floats, base: Floats, dimensions: Sequence[Dimension], *, smallest: int = SMALLEST, largest: float = LARGEST
) -> Weights:
    """Weight cells of `n` heads with base weight `base` each to the margins of the dimensions.

    Categories are collapsed until each has `smallest` heads, and further while raking cannot meet the margins; each
    such step is a note. Weights above `largest` times the mean are trimmed. A margins file that contradicts itself or
    the sample gives a status in REFUSED and no raking.
    """
    refusal = _refusal(n, dimensions)
    if refusal:
        return replace(_unweighted(n, base), status=refusal)
    groups, notes = _collapsed(n, dimensions, smallest)
    while True:
        margins = tuple(_margin(n, d, groups[d.name]) for d in dimensions if len(groups[d.name]) > 1)
        if not margins:
            return replace(_unweighted(n, base), notes=tuple(notes))
        weights, raking = _raked(n, base, margins, largest)
        if raking.converged.all():
            return replace(weights, notes=(*notes, *weights.notes))
        reason = "margins_infeasible" if raking.is_stuck else "not_converged"
        worst = worst_margin(raking.totals, (weights.n * weights.base)[None, :], weights.margins)
        name = weights.margins[worst].dimension
        dimension = next(d for d in dimensions if d.name == name)
        notes.append(f"{name}: {_merge_smallest(groups[name], _observed(n, dimension), name)} collapsed, {reason}")


def _refusal(n: Floats, dimensions: Sequence[Dimension]) -> str:
    totals = [sum(dimension.people.values()) for dimension in dimensions]
    if totals and max(totals) - min(totals) > DISAGREEMENT * max(totals):
        return "margins_disagree"
    for dimension in dimensions:
        observed = _observed(n, dimension)
        if any(count == 0 and observed.get(category, 0.0) > 0 for category, count in dimension.people.items()):
            return "margin_target_zero"
    return ""


def _observed(n: Floats, dimension: Dimension) -> dict[str, float]:
    observed: dict[str, float] = dict.fromkeys(dimension.people, 0.0)
    for category, count in zip(dimension.categories, n, strict=True):
        if category in observed:
            observed[category] += float(count)
    return observed


Groups = list[tuple[str, ...]]


def _collapsed(n: Floats, dimensions: Sequence[Dimension], smallest: int) -> tuple[dict[str, Groups], list[str]]:
    """Put categories together until each group has `smallest` heads; gives the groups of each dimension, and notes."""
    groups: dict[str, Groups] = {}
    notes = []
    for dimension in dimensions:
        own: Groups = [(category,) for category in sorted(dimension.people)]
        observed = _observed(n, dimension)
        while len(own) > 1 and min(_size(group, observed) for group in own) < smallest:
            notes.append(f"{dimension.name}: {_merge_smallest(own, observed, dimension.name)} collapsed, too_few")
        if len(own) < 2:
            notes.append(f"{dimension.name}: not raked, one category")
        groups[dimension.name] = own
    return groups, notes


def _merge_smallest(groups: Groups, observed: Mapping[str, float], dimension: str) -> str:
    """Merge the smallest group into the smaller of its partners, in place; gives the merged name."""
    sizes = [_size(group, observed) for group in groups]
    index = sizes.index(min(sizes))
    near = range(len(groups)) if dimension in NOMINAL else (index - 1, index + 1)
    partner = min((p for p in near if 0 <= p < len(groups) and p != index), key=lambda p: (sizes[p], p))
    first, second = sorted((index, partner))
    groups[first] += groups.pop(second)
    return "+".join(groups[first])


def _size(group: tuple[str, ...], observed: Mapping[str, float]) -> float:
    return sum(observed[category] for category in group)


def _margin(n: Floats, dimension: Dimension, groups: Groups) -> RakingMargin:
    """Make the margin of the cells, the unknown category last; a category the margin does not count is unknown."""
    number = {category: index for index, group in enumerate(groups) for category in group}
    codes = np.array([number.get(category, len(groups)) for category in dimension.categories], dtype=np.int64)
    people = np.array([sum(dimension.people[category] for category in group) for group in groups], dtype=np.float64)
    shares = people / people.sum()
    names = tuple("+".join(group) for group in groups)
    if (n[codes == len(groups)] > 0).any():
        return RakingMargin(dimension.name, (*names, NOT_GIVEN), codes, np.append(shares, 0.0), unknown=len(groups))
    codes[codes == len(groups)] = 0  # cells without anyone in them
    return RakingMargin(dimension.name, names, codes, shares)


def _raked(n: Floats, base: Floats, margins: tuple[RakingMargin, ...], largest: float) -> tuple[Weights, Fit]:
    start = _strata(n, base, margins)
    totals = (start.n * start.base)[None, :]
    trimmed = np.zeros(len(start.n), dtype=bool)
    first = raking = fit(totals, start.margins, totals)
    for _ in range(TRIMS):
        w = _per_head(raking.totals[0], start.n)
        high = (w > largest * (1 + 1e-9)) & ~trimmed
        if not raking.converged.all() or not high.any():
            break
        trimmed |= high
        capped = np.where(trimmed, largest * start.n, raking.totals[0])[None, :]
        raking = fit(totals, start.margins, capped, fixed=trimmed)
    notes: tuple[str, ...] = (f"weights trimmed in {int(trimmed.sum())} strata",) if trimmed.any() else ()
    if not raking.converged.all() and first.converged.all():
        raking, trimmed = first, np.zeros_like(trimmed)
        notes = ("not trimmed: margins would be missed",)
    w = _per_head(raking.totals[0], start.n)
    weights = replace(start, w=w, status="raked", notes=notes, trimmed=trimmed)
    return replace(weights, iterations=raking.iterations, miss=raking.miss), raking


def _strata(n: Floats, base: Floats, margins: tuple[RakingMargin, ...]) -> Weights:
    """Gather cells that are raked alike; base weights are scaled to a mean of 1 over heads."""
    keys = np.column_stack([*(margin.codes for margin in margins), base]) if margins else base[:, None]
    unique, stratum = np.unique(keys, axis=0, return_inverse=True)
    heads = np.bincount(stratum, n, minlength=len(unique)).astype(np.float64)
    scaled_base = unique[:, -1] * heads.sum() / max(1e-300, float((heads * unique[:, -1]).sum()))
    own = tuple(replace(m, codes=unique[:, column].astype(np.int64)) for column, m in enumerate(margins))
    none = np.zeros(len(unique), dtype=bool)
    return Weights(
        stratum=stratum,
        n=heads,
        base=scaled_base,
        w=scaled_base,
        margins=own,
        status="unweighted",
        notes=(),
        trimmed=none,
    )


def _unweighted(n: Floats, base: Floats) -> Weights:
    return _strata(n, base, ())


def _per_head(totals: Floats, n: Floats) -> Floats:
    return np.divide(totals, n, out=np.zeros_like(totals), where=n > 0)
