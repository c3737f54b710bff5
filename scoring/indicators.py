"""Indicators: from a city's reported values to the score S of each area, on exact fractions."""

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

import pandas as pd

from scoring.edition import Edition, Indicator
from scoring.errors import FrameError

_COLUMNS = ("city", "indicator", "status", "numerator", "denominator")
ZERO, HUNDRED = Fraction(0), Fraction(100)


class AreaIndicators(NamedTuple):
    """S of one area of one city, in percent.

    `score` counts a value that was not reported as 0 (otherwise not reporting would pay); `available_case`
    is the mean of the reported ones alone, published beside it. Both are None when nothing is applicable.
    """

    score: Fraction | None
    available_case: Fraction | None
    reported: int
    applicable: int


def indicator_score(indicator: Indicator, value: Fraction) -> Fraction:
    """Score one value on 0-100.

    yes_no: Table 1, 1 → 100, 0 → 0. percentage: as given. ratio: ·100. measured: by its place between the edition's
    bounds after `per`. All are clipped to 0-100: one indicator may not make up for others without limit.
    """
    if indicator.method == "percentage":
        score = value
    elif indicator.low is not None and indicator.high is not None:
        score = (value * indicator.per - indicator.low) / (indicator.high - indicator.low) * 100
    else:
        score = value * 100
    return min(HUNDRED, max(ZERO, score))


def area_indicators(edition: Edition, frame: pd.DataFrame) -> dict[str, dict[str, AreaIndicators]]:
    """Compute S of every area of every city that has values, formulas (1) and (4); city → area → result."""
    known = {indicator.code: indicator for indicator in edition.indicators}
    values: dict[str, dict[str, Fraction | None]] = {}
    not_applicable: set[tuple[str, str]] = set()
    for name, code, status, numerator, denominator in zip(
        *(frame[column].tolist() for column in _COLUMNS), strict=True
    ):
        indicator = known.get(code)
        if indicator is None:
            raise FrameError(f"indicators: {code!r} is not in edition {edition.code}")
        city = values.setdefault(name, {})
        if status == "reported":
            city[code] = indicator_score(indicator, Fraction(numerator, denominator))
        elif status == "not_applicable":
            not_applicable.add((name, code))
    return {
        city: {area.code: _area(edition, area.code, scores, not_applicable, city) for area in edition.areas}
        for city, scores in sorted(values.items())
    }


def _area(
    edition: Edition,
    area: str,
    scores: Mapping[str, Fraction | None],
    not_applicable: set[tuple[str, str]],
    city: str,
) -> AreaIndicators:
    applicable = [i.code for i in edition.indicators_of(area) if (city, i.code) not in not_applicable]
    reported = [score for code in applicable if (score := scores.get(code)) is not None]
    total = sum(reported, ZERO)
    return AreaIndicators(
        score=total / len(applicable) if applicable else None,
        available_case=total / len(reported) if reported else None,
        reported=len(reported),
        applicable=len(applicable),
    )
