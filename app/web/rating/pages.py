"""What the portal's templates are given: rows in order, with the words of the request's language looked up later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.publishing.bundle import AreaName, Bundle, CityName
from app.publishing.results import AreaResult, CityResult, PlaceResult, UnverifiedResult
from app.web.language import alphabetical, pick
from app.web.rating.charts import Axis, Mark, axis


@dataclass(frozen=True, slots=True)
class RankRow:
    """A city in the ranking; `low` and `high` are the places it could hold when the whole table is read."""

    name: CityName
    result: CityResult
    place: PlaceResult | None
    mark: Mark | None
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class RankGroup:
    """Cities without a clear difference, in the order of the alphabet, and the places they share."""

    rows: tuple[RankRow, ...]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """The whole ranking, with what can honestly be said of its head."""

    groups: tuple[RankGroup, ...]
    unrated: tuple[RankRow, ...]
    axis: Axis
    leaders: tuple[CityName, ...]
    """Cities that could hold the first place."""

    unverified: Mapping[str, UnverifiedResult]
    """The second total and place of each city, where the rating has them."""

    @property
    def rows(self) -> tuple[RankRow, ...]:
        """Every city, group by group, those not rated last."""
        return (*(row for group in self.groups for row in group.rows), *self.unrated)


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
    """Gather the cities into groups from the first place down; nothing inside a group says who is ahead."""
    names = city_names(bundle)
    rated = sorted((row for row in bundle.city_results if row.place is not None), key=lambda row: (row.place, row.city))
    score_axis = axis(rated)
    place_results = {row.city: row for row in bundle.place_results}
    groups, first = [], 1
    for members in _groups(rated, place_results):
        rows = [_rank_row(names, row, place_results.get(row.city), score_axis.mark(row)) for row in members]
        rows.sort(key=lambda row: name_key(row.name))
        groups.append(RankGroup(tuple(rows), first, first + len(rows) - 1))
        first += len(rows)
    rest = [
        _rank_row(names, row, place_results.get(row.city), None) for row in bundle.city_results if row.place is None
    ]
    leaders = tuple(row.name for group in groups for row in group.rows if row.low in {1, None} and group.first == 1)
    unrated = tuple(sorted(rest, key=lambda row: name_key(row.name)))
    return Ranking(tuple(groups), unrated, score_axis, leaders, {row.city: row for row in bundle.unverified_results})


def _rank_row(names: Mapping[str, CityName], row: CityResult, place: PlaceResult | None, mark: Mark | None) -> RankRow:
    has_simultaneous = place is not None and place.together_low is not None
    low, high = (
        (place.together_low, place.together_high) if place and has_simultaneous else (row.place_low, row.place_high)
    )
    return RankRow(names[row.city], row, place, mark, low, high)


def _groups(rated: Sequence[CityResult], place_results: Mapping[str, PlaceResult]) -> list[list[CityResult]]:
    """Split cities in order of place into groups: the run's own, or by ranges of places in old publications."""
    groups: list[list[CityResult]] = []
    for row in rated:
        place = place_results.get(row.city)
        if groups and _is_tied(row, groups[-1], place, place_results.get(groups[-1][-1].city)):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _is_tied(row: CityResult, group: list[CityResult], own: PlaceResult | None, other: PlaceResult | None) -> bool:
    if own and other and own.tied_group is not None and other.tied_group is not None:
        return own.tied_group == other.tied_group
    lowest_rank = max((before.place_high or before.place or 0) for before in group)
    return (row.place_low or row.place or 0) <= lowest_rank or row.place == group[-1].place


def city_names(bundle: Bundle) -> Mapping[str, CityName]:
    """Give the cities by code."""
    return {city.code: city for city in bundle.cities}


def city_areas(bundle: Bundle, city: str) -> list[AreaRow]:
    """List the areas of a city in the edition's order."""
    names = city_names(bundle)
    results = {(row.city, row.area): row for row in bundle.area_results}
    return [AreaRow(area, names[city], results[city, area.code]) for area in bundle.areas]


def area_cities(bundle: Bundle, area: AreaName) -> list[AreaRow]:
    """List the cities of an area in the order of the alphabet: places are given to totals, not to areas."""
    names = city_names(bundle)
    rows = [AreaRow(area, names[row.city], row) for row in bundle.area_results if row.area == area.code]
    return sorted(rows, key=lambda row: name_key(row.city))


def name_key(city: CityName) -> Any:
    """Sort names by the alphabet of the request's language."""
    return alphabetical(pick(city.name))
