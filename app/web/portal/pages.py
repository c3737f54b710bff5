"""What the portal's templates are given: rows in order, with the words of the request's language looked up later."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.publishing.bundle import AreaName, Bundle, CityName
from app.publishing.results import AreaResult, CityResult
from app.web.language import current_language, pick
from app.web.portal.charts import Axis, Mark, axis
from surveys.collation import kazakh_key


@dataclass(frozen=True, slots=True)
class RankRow:
    """A city in the ranking."""

    name: CityName
    result: CityResult
    mark: Mark | None
    parted: bool
    """Whether its place range lies wholly behind that of the city before it."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The whole ranking, with what can honestly be said of its head."""

    rows: tuple[RankRow, ...]
    unrated: tuple[RankRow, ...]
    axis: Axis
    leaders: tuple[CityName, ...]
    """Cities that could hold the first place."""


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area of one city."""

    area: AreaName
    city: CityName
    result: AreaResult

    @property
    def gap(self) -> float | None:
        """Points by which people rate the area above (+) or below (-) the indicators."""
        if self.result.opinion is None or self.result.indicators is None:
            return None
        return round(self.result.opinion - self.result.indicators, 1)


def ranking(bundle: Bundle) -> Ranking:
    """Order the cities by place, unrated ones apart by name."""
    names = city_names(bundle)
    rated = sorted((row for row in bundle.city_results if row.place is not None), key=lambda row: (row.place, row.city))
    drawn = axis(rated)
    rows = []
    for number, row in enumerate(rated):
        behind = number > 0 and (row.place_low or 0) > max(before.place_high or 0 for before in rated[:number])
        rows.append(RankRow(names[row.city], row, drawn.mark(row), parted=behind))
    rest = [RankRow(names[row.city], row, None, parted=False) for row in bundle.city_results if row.place is None]
    leaders = tuple(row.name for row in rows if row.result.place_low == 1)
    return Ranking(tuple(rows), tuple(sorted(rest, key=lambda row: name_key(row.name))), drawn, leaders)


def city_names(bundle: Bundle) -> Mapping[str, CityName]:
    """Give the cities by code."""
    return {city.code: city for city in bundle.cities}


def city_areas(bundle: Bundle, city: str) -> list[AreaRow]:
    """List the areas of a city in the edition's order."""
    names = city_names(bundle)
    results = {(row.city, row.area): row for row in bundle.area_results}
    return [AreaRow(area, names[city], results[city, area.code]) for area in bundle.areas]


def area_cities(bundle: Bundle, area: AreaName) -> list[AreaRow]:
    """List the cities of an area from the highest blend; those without one last, by name."""
    names = city_names(bundle)
    rows = [AreaRow(area, names[row.city], row) for row in bundle.area_results if row.area == area.code]
    return sorted(rows, key=lambda row: (row.result.blended is None, -(row.result.blended or 0), name_key(row.city)))


def name_key(city: CityName) -> Any:
    """Sort names by the alphabet of the request's language."""
    return kazakh_key(pick(city.name)) if current_language() == "kk" else pick(city.name)
