"""Indicators: from one reported value to its percent of implementation, on exact fractions."""

from fractions import Fraction
from typing import NamedTuple

from scoring.edition import Indicator

ZERO, HUNDRED = Fraction(0), Fraction(100)


class ScoredValue(NamedTuple):
    """A reported value and its score on 0-100; `flag` says on which side it was clipped, "" when it was not."""

    value: Fraction
    score: Fraction
    flag: str


def score_value(indicator: Indicator, value: Fraction) -> ScoredValue:
    """Score one value on 0-100.

    yes_no: Table 1, 1 → 100, 0 → 0. percentage: as given. ratio: ·100. measured: by its place between the edition's
    bounds after `per`. All are clipped to 0-100: one indicator may not make up for others without limit.
    """
    raw = _unclipped(indicator, value)
    flag = "above_100" if raw > HUNDRED else "below_0" if raw < ZERO else ""
    return ScoredValue(value, min(HUNDRED, max(ZERO, raw)), flag)


def _unclipped(indicator: Indicator, value: Fraction) -> Fraction:
    if indicator.method == "percentage":
        return value
    if indicator.low is not None and indicator.high is not None:
        return (value * indicator.per - indicator.low) / (indicator.high - indicator.low) * 100
    return value * 100
