"""What a city's values would come to if they stayed as they are: the total of its indicators, without opinion."""

from collections.abc import Iterable
from fractions import Fraction

from app.indicators.queries import IndicatorRow
from scoring.edition import Edition
from scoring.indicators.areas import city_indicators
from scoring.totals.rules import total


def total_of(edition: Edition, values: Iterable[IndicatorRow]) -> Fraction | None:
    """Give the total, 0 to 100, of one city's values, whatever is not among them being missing.

    None where an area has no applicable indicator: such a city is not rated.
    """
    rows = [
        (row.city, row.indicator, str(row.status), row.numerator or 0, row.denominator or 1)
        for row in values
        if edition.indicator(row.indicator)
    ]
    scored = city_indicators(edition, rows)
    areas = next((city.areas for city in scored.values()), None)
    if areas is None:
        return Fraction(0)
    scores = {code: area.score for code, area in areas.items() if area.score is not None}
    return total(edition.headline, edition, scores) if len(scores) == len(areas) else None
