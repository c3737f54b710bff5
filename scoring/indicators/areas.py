"""Scores of areas and groups from indicators: formulas (1) to (4), on exact fractions."""

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from scoring.edition import Edition, Indicator
from scoring.errors import FrameError
from scoring.indicators.values import ScoredValue, score_value

ZERO = Fraction(0)


ValueRow = tuple[str, str, str, int, int]
"""A row of the table of indicators: city, indicator, status, numerator, denominator."""


class AreaIndicators(NamedTuple):
    """S of one area of one city, in percent.

    `score` counts a value that was not reported as 0 (otherwise not reporting would pay); `available_case`
    is the mean of the reported ones alone, published beside it. `score` is None when no indicator is applicable,
    `available_case` when none was reported.
    """

    score: Fraction | None
    available_case: Fraction | None
    reported: int
    applicable: int


class CityIndicators(NamedTuple):
    """Everything the indicators say about one city: its areas, and each reported value with its score."""

    areas: Mapping[str, AreaIndicators]
    values: Mapping[str, ScoredValue]
    not_applicable: frozenset[str]

    @property
    def is_complete(self) -> bool:
        """Whether every area has a score: formulas (2) and (3) divide by fixed numbers."""
        return all(area.score is not None for area in self.areas.values())


def city_indicators(edition: Edition, rows: Iterable[ValueRow]) -> dict[str, CityIndicators]:
    """Compute S of every area of every city in the table, in the order of their codes; raises FrameError."""
    by_code = {indicator.code: indicator for indicator in edition.indicators}
    values: dict[str, dict[str, ScoredValue]] = {}
    not_applicable: dict[str, set[str]] = {}
    for city, code, status, numerator, denominator in rows:
        if code not in by_code:
            raise FrameError(f"indicators: {code!r} is not in edition {edition.code}")
        reported, inapplicable = values.setdefault(city, {}), not_applicable.setdefault(city, set())
        if status == "reported":
            reported[code] = score_value(by_code[code], Fraction(numerator, denominator))
        elif status == "not_applicable":
            inapplicable.add(code)
    by_area = {area.code: edition.indicators_of(area.code) for area in edition.areas}
    return {
        city: CityIndicators(
            {area: score_area(own, values[city], not_applicable[city]) for area, own in by_area.items()},
            values[city],
            frozenset(not_applicable[city]),
        )
        for city in sorted(values)
    }


def group_scores(edition: Edition, areas: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Average the areas of each group, formulas (2), (3) and (4)."""
    return {group.code: mean([areas[area.code] for area in edition.areas_of(group.code)]) for group in edition.groups}


def mean(values: list[Fraction]) -> Fraction:
    """Average exactly."""
    return sum(values, ZERO) / len(values)


def score_area(
    indicators: tuple[Indicator, ...], values: Mapping[str, ScoredValue], not_applicable: Collection[str]
) -> AreaIndicators:
    """Average the percents of implementation over the N applicable indicators, formula (1)."""
    applicable = [indicator.code for indicator in indicators if indicator.code not in not_applicable]
    reported = [values[code].score for code in applicable if code in values]
    return AreaIndicators(
        score=sum(reported, ZERO) / len(applicable) if applicable else None,
        available_case=mean(reported) if reported else None,
        reported=len(reported),
        applicable=len(applicable),
    )
