"""A city beside others: its own trend, cities of its size, and the mean of all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from app.ratings.stored import rows_of
from app.web.console.cockpit.moves import places_text
from app.web.console.cockpit.sources import CockpitScope, RatedRun, Tables, gap_areas
from app.web.language import _, number
from app.web.rating.gap import GapArea
from surveys.population.places import load_places

THIRDS = 3


@dataclass(frozen=True, slots=True)
class TrendRow:
    """The city in one publication."""

    publication: int
    published_on: date
    edition: str
    is_break: bool
    """Whether the edition is another than in the row before: its numbers are not comparable."""
    total: str
    places: str
    without: str


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A number of the city, and the means beside it."""

    name: str
    own: float | None
    peers: float | None
    everyone: float | None


@dataclass(frozen=True, slots=True)
class CityComparison:
    """Everything the page shows."""

    trend: tuple[TrendRow, ...]
    rows: tuple[ComparedRow, ...]
    peers: tuple[str, ...]
    """Codes of the cities of its size, without itself."""


def wanted_tables(scope: CockpitScope) -> dict[str, tuple[str, ...]]:
    """Say which tables of which runs the page reads."""
    wanted: dict[str, tuple[str, ...]] = {each.run.id: ("cities",) for each in scope.publications}
    if scope.chosen:
        wanted[scope.chosen.run.id] = ("cities", "areas")
    return wanted


def read_comparison(scope: CockpitScope, tables: Tables) -> CityComparison:
    """Set a city beside others."""
    rated = scope.chosen
    rows = list(rows_of(tables[rated.run.id, "cities"])) if rated else []
    peers = _peers([row["city"] for row in rows], scope.city)
    compared = [
        _compared(_("Total"), {row["city"]: _float(row["total"]) for row in rows}, scope.city, peers),
        _compared(
            _("Total without opinion"),
            {row["city"]: _float(row["total_without_opinion"]) for row in rows},
            scope.city,
            peers,
        ),
    ]
    if rated:
        compared += _of_areas(gap_areas(scope.edition, tables[rated.run.id, "areas"]), scope.city, peers)
    return CityComparison(tuple(_trend(scope.publications, tables, scope.city)), tuple(compared), peers)


def _of_areas(areas: dict[str, list[GapArea]], city: str, peers: Sequence[str]) -> list[ComparedRow]:
    rows = []
    for index, area in enumerate(areas.get(city, [])):
        for column, name in (
            (1, _("%(area)s: indicators", area=area.name)),
            (2, _("%(area)s: opinion", area=area.name)),
        ):
            values = {of: own[index][column] for of, own in areas.items() if index < len(own)}
            rows.append(_compared(name, {of: _number(value) for of, value in values.items()}, city, peers))
    return rows


def _compared(name: str, values: dict[str, float | None], city: str, peers: Sequence[str]) -> ComparedRow:
    return ComparedRow(name, values.get(city), _mean(values.get(each) for each in peers), _mean(values.values()))


def _peers(cities: Sequence[str], city: str) -> tuple[str, ...]:
    """List the cities in the third of the rated ones, by population, in which a city is; without itself."""
    people = {each.code: each.population for each in load_places().cities}
    order = sorted((each for each in cities if each in people), key=lambda each: (-people[each], each))
    if city not in order:
        return ()
    third = order.index(city) * THIRDS // len(order)
    return tuple(each for number_, each in enumerate(order) if number_ * THIRDS // len(order) == third and each != city)


def _trend(publications: Sequence[RatedRun], tables: Tables, city: str) -> Iterable[TrendRow]:
    before = ""
    for each in publications:
        row = next((row for row in rows_of(tables[each.run.id, "cities"]) if row["city"] == city), None)
        if row is None or each.publication is None or each.published_on is None:
            continue
        places = (int(float(row["place_low"])), int(float(row["place_high"]))) if row["place_low"] else None
        yield TrendRow(
            publication=each.publication,
            published_on=each.published_on,
            edition=each.run.edition,
            is_break=before not in {"", each.run.edition},
            total=_text(row["total"]),
            places=places_text(places),
            without=_text(row["total_without_opinion"]),
        )
        before = each.run.edition


def _mean(values: Iterable[float | None]) -> float | None:
    known = [each for each in values if each is not None]
    return fmean(known) if known else None


def _float(text: str) -> float | None:
    return float(text) if text else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _text(text: str) -> str:
    return number(float(text), 1) if text else "–"
