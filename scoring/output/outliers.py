"""Which values of one indicator are outliers. Without numpy, for pages that say so while a value can be corrected."""

from collections.abc import Sequence
from math import log

FENCE = 3.0
"""Interquartile ranges beyond the quartiles from which a value, or its logarithm, is an outlier."""

FEWEST = 5
"""Values an indicator needs before anything is said about their spread."""


def outlying(raw: Sequence[float]) -> list[bool]:
    """Tell of each value of one indicator whether it, or its logarithm, is an outlier; none of a few values."""
    if len(raw) < FEWEST:
        return [False] * len(raw)
    far = _beyond(raw)
    if min(raw) <= 0:
        return far
    return [one or other for one, other in zip(far, _beyond([log(value) for value in raw]), strict=True)]


def quartiles(values: Sequence[float]) -> tuple[float, float]:
    """Give the first and the third quartile of at least one value, between two values by a straight line.

    Definition 7 of Hyndman and Fan (1996), "Sample Quantiles in Statistical Packages", doi:10.2307/2684934.
    """
    ordered = sorted(values)
    return _at(ordered, len(ordered) - 1), _at(ordered, 3 * (len(ordered) - 1))


def _at(ordered: Sequence[float], quarters: int) -> float:
    """Give what stands at an index counted in quarters."""
    index, rest = divmod(quarters, 4)
    if rest == 0:
        return ordered[index]
    low, high = ordered[index], ordered[index + 1]
    # From the nearer end: so it is never beyond the farther one.
    return low + (high - low) * (rest / 4) if rest < 2 else high - (high - low) * (1 - rest / 4)


def _beyond(values: Sequence[float]) -> list[bool]:
    """Tell which values lie more than FENCE interquartile ranges beyond the quartiles."""
    low, high = quartiles(values)
    fence = FENCE * (high - low)
    return [fence > 0 and not low - fence <= value <= high + fence for value in values]
