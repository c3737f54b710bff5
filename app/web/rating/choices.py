"""The picture of what each choice of the method does: bars with their numbers, and where it puts the cities."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.publishing.bundle import Bundle, CityName, PublishedSensitivity
from app.publishing.results import CityResult, PlaceResult, RangeResult
from app.web.language import _, number, pick
from app.web.rating import words
from app.web.rating.charts import bar_length
from app.web.rating.pages import city_names, name_key


@dataclass(frozen=True, slots=True)
class Bar:
    """One choice: its indices, the length of their bars in units of charts.WIDTH, and the cities it moves most."""

    name: str
    first: float
    total: float
    first_width: int
    total_width: int
    moved: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """All choices varied together, with or without rounding to points among them."""

    key: str
    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class CitySpan:
    """The range of a city's place over all choices, and without rounding to points among them."""

    city: CityName
    result: RangeResult
    continuous: RangeResult | None


def variants(bundle: Bundle) -> list[Variant]:
    """Give the bars of both variants; none where sensitivity was not computed."""
    if bundle.sensitivity is None:
        return []
    titles = {
        "all": _("All choices, rounding to points among them"),
        "continuous": _("Without rounding to points, which hides the others"),
    }
    bars_of = ((key, title, _bars(bundle, bundle.sensitivity, key)) for key, title in titles.items())
    return [Variant(key, title, bars) for key, title, bars in bars_of if bars]


def _bars(bundle: Bundle, sensitivity: PublishedSensitivity, variant: str) -> tuple[Bar, ...]:
    names = {city.code: pick(city.name) for city in bundle.cities}
    moved: dict[str, list[tuple[str, float]]] = {}
    for row in sensitivity.moved:
        if row.variant not in {variant, ""}:
            continue
        moved.setdefault(row.factor, []).append((names[row.city], row.mean_change))
    rows = [row for row in sensitivity.indices if row.variant == variant]
    return tuple(
        Bar(
            name=str(words.FACTORS.get(row.factor, row.factor)),
            # An index just below nothing is what chance leaves of none.
            first=round(row.first, 2) + 0.0,
            total=round(row.total, 2) + 0.0,
            first_width=bar_length(row.first),
            total_width=bar_length(row.total),
            moved=tuple(moved.get(row.factor, ())),
        )
        for row in sorted(rows, key=lambda row: -row.total)
    )


def spans(bundle: Bundle) -> list[CitySpan]:
    """Give the cities by the alphabet with the places that all choices could give them."""
    names = city_names(bundle)
    rows = [
        CitySpan(names[code], by_variant["all"], by_variant.get("continuous"))
        for code, by_variant in ranges(bundle).items()
    ]
    return sorted(rows, key=lambda span: name_key(span.city))


def ranges(bundle: Bundle) -> dict[str, dict[str, RangeResult]]:
    """Give the range of each city's place; city → variant → range."""
    by_city: dict[str, dict[str, RangeResult]] = {}
    for row in bundle.sensitivity.ranges if bundle.sensitivity else ():
        by_city.setdefault(row.city, {})[row.variant] = row
    return by_city


@dataclass(frozen=True, slots=True)
class CityOfOutsiders:
    """A city with and without the answers of people who work in an akimat, and the difference in words."""

    city: CityName
    result: CityResult
    place: PlaceResult
    words: str


def outsiders(bundle: Bundle) -> list[CityOfOutsiders]:
    """Give the cities by the alphabet; none where nobody was asked where they work."""
    names, results = city_names(bundle), {row.city: row for row in bundle.city_results}
    rows = [
        CityOfOutsiders(names[row.city], results[row.city], row, _change(results[row.city], row))
        for row in bundle.place_results
        if row.employees is not None
    ]
    return sorted(rows, key=lambda row: name_key(row.city))


def _change(result: CityResult, place: PlaceResult) -> str:
    if not place.employees:
        return _("Fewer than ten such answers: nothing is said.")
    if result.total is None or place.total_without_employees is None:
        return _("Not rated.")
    # Of what is printed, in decimals: the difference of two floats may lie just below a half.
    more = Decimal(repr(place.total_without_employees)) - Decimal(repr(result.total))
    points = float(more.quantize(Decimal("0.1"), ROUND_HALF_UP))
    if not points:
        return _("The total is the same to a tenth of a point.")
    words = number(abs(points), 1)
    if points > 0:
        return _("Without them the total is higher by %(points)s points.", points=words)
    return _("Without them the total is lower by %(points)s points.", points=words)
