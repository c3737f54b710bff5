"""A publication as data: everything the portal shows, with the numbers already rounded once.

Scores are on 0-100 with one decimal, standard errors with two, rounded half up when the bundle is
built; page, CSV and JSON therefore show the same digits. The run keeps the unrounded values.
"""

import json
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, NamedTuple


class Words(NamedTuple):
    """One text in the three languages."""

    kk: str
    ru: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaName:
    """An area of the edition, in the edition's order."""

    code: str
    name: Words
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CityName:
    """A rated city with the forms its name takes in a sentence."""

    code: str
    name: Words
    name_in: Words
    name_of: Words
    region: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CityResult:
    """One city's place in the rating; None where it is not rated."""

    city: str
    status: str
    total: float | None
    se: float | None
    low: float | None
    high: float | None
    place: int | None
    place_low: int | None
    place_high: int | None
    total_without_opinion: float | None
    place_without_opinion: int | None
    total_opinion_only: float | None
    residents_n: int
    businesses_n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaResult:
    """One area of one city: indicators, residents, businesses and their blend; `note` is a reason code or empty."""

    city: str
    area: str
    indicators: float | None
    available_case: float | None
    reported: int
    applicable: int
    residents: float | None
    residents_n: int
    residents_se: float | None
    businesses: float | None
    businesses_n: int
    businesses_se: float | None
    opinion: float | None
    opinion_se: float | None
    blended: float | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """One city's total under one named rule of the edition."""

    city: str
    rule: str
    total: float | None
    place: int | None
    total_without_opinion: float | None
    place_without_opinion: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as it was asked, for the method card."""

    audience: str
    area: str
    scored: bool
    wording: Words
    options: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodCard:
    """What is required of a published poll: who, for whom, when, how, how many, how sure."""

    conducted_by: Words
    ordered_by: Words
    collected_from: date
    collected_to: date
    mode: Words
    residents_n: int
    businesses_n: int
    half_width: float | None
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """The edition's choices that a reader needs to redo the arithmetic."""

    edition: str
    title: Words
    edition_digest: str
    headline: str
    alpha: float
    business_share: dict[str, float]
    minimum_n: int
    groups: dict[str, float]
    indicators_illustrative: bool
    opinion_illustrative: bool
    stands_for: Words | None
    source: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """One publication; `number` counts from 1 and never changes its content."""

    number: int
    published_on: date
    run: str
    input_digest: str
    output_digest: str
    method: Method
    areas: tuple[AreaName, ...]
    cities: tuple[CityName, ...]
    city_results: tuple[CityResult, ...]
    area_results: tuple[AreaResult, ...]
    rule_results: tuple[RuleResult, ...]
    card: MethodCard

    def to_json(self) -> str:
        """Write the bundle canonically: the same bundle is the same text."""
        return json.dumps(
            asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=date.isoformat
        )

    @classmethod
    def from_json(cls, text: str) -> "Bundle":
        """Read a bundle written by `to_json`."""
        return _bundle(json.loads(text))


def _bundle(data: dict[str, Any]) -> Bundle:
    card = data["card"]
    return Bundle(
        **{**data, "published_on": date.fromisoformat(data["published_on"])}
        | {
            "method": _made(Method, data["method"]),
            "areas": tuple(_made(AreaName, row) for row in data["areas"]),
            "cities": tuple(_made(CityName, row) for row in data["cities"]),
            "city_results": tuple(CityResult(**row) for row in data["city_results"]),
            "area_results": tuple(AreaResult(**row) for row in data["area_results"]),
            "rule_results": tuple(RuleResult(**row) for row in data["rule_results"]),
            "card": _made(
                MethodCard,
                card
                | {day: date.fromisoformat(card[day]) for day in ("collected_from", "collected_to")}
                | {"asked": tuple(_asked(row) for row in card["asked"])},
            ),
        }
    )


def _asked(row: dict[str, Any]) -> Asked:
    asked: Asked = _made(Asked, row | {"options": tuple(Words(*option) for option in row["options"])})
    return asked


def _made(kind: type[Any], row: dict[str, Any]) -> Any:
    """Make a dataclass whose three-language fields arrive as lists of three."""
    worded = {field.name for field in fields(kind) if "Words" in str(field.type) and "tuple" not in str(field.type)}
    return kind(**{name: Words(*value) if name in worded and value else value for name, value in row.items()})
