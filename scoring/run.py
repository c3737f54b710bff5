"""The one public function of scoring: inputs and an edition in, the rating out."""

from fractions import Fraction

import pandas as pd

from scoring.blend import Opinion, filled, joined
from scoring.edition import Edition
from scoring.errors import RatingError
from scoring.frames import Inputs
from scoring.indicators import area_indicators
from scoring.opinion import AudienceOpinion, audience_opinion
from scoring.rating import CityScores, Rating, assemble

RESIDENT, BUSINESS = "resident", "business"
NOT_ASKED = Opinion(None, None, "not_asked")


def rate(inputs: Inputs, edition: Edition, *, alpha: Fraction | None = None) -> Rating:
    """Rate every city that has indicator values under an edition.

    `alpha` is the share of opinion, 0 to 1, the edition's own when None; at 0 the result is the edition's rule to the
    last bit. The same inputs and edition give the same bytes. Raises RatingError for inputs the edition does not know.
    """
    share = edition.alpha if alpha is None else alpha
    if not 0 <= share <= 1:
        raise RatingError(f"alpha {share} is not between 0 and 1")
    indicators = area_indicators(edition, inputs.indicators)
    residents = _audience(inputs, edition, RESIDENT, list(indicators))
    businesses = _audience(inputs, edition, BUSINESS, list(indicators))
    opinions = _opinions(edition, list(indicators), residents, businesses)
    cities = [
        CityScores(
            city=city,
            indicators=areas,
            residents=residents.get(city),
            businesses=businesses.get(city),
            opinions=opinions[city],
        )
        for city, areas in indicators.items()
    ]
    return assemble(edition, share, cities)


def _audience(inputs: Inputs, edition: Edition, audience: str, cities: list[str]) -> dict[str, AudienceOpinion]:
    cells = _of(inputs.cells, "audience", audience)
    key = _of(inputs.cell_key, "audience", audience)
    margins = _of(inputs.margins, "audience", audience)
    scales = _of(inputs.scales, "audience", audience)
    factors = dict(zip(scales["area"].tolist(), scales["scale"].tolist(), strict=True))
    by_city = dict(iter(cells.groupby("city")))
    return {
        city: audience_opinion(by_city[city], key, _of(margins, "city", city), factors, edition.minimum_n)
        for city in cities
        if city in by_city
    }


def _opinions(
    edition: Edition,
    cities: list[str],
    residents: dict[str, AudienceOpinion],
    businesses: dict[str, AudienceOpinion],
) -> dict[str, dict[str, Opinion]]:
    """Give P of every area of every city, areas without enough answers filled from the other cities."""
    result: dict[str, dict[str, Opinion]] = {city: {} for city in cities}
    for area in edition.areas:
        own = {
            city: joined(area, residents[city].areas, businesses[city].areas if city in businesses else {})
            for city in cities
            if city in residents
        }
        whole = filled(own)
        for city in cities:
            result[city][area.code] = whole.get(city, NOT_ASKED)
    return result


def _of(frame: pd.DataFrame, column: str, value: str) -> pd.DataFrame:
    return frame[frame[column] == value]
