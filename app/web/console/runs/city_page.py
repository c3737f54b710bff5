"""A city in one run: its total followed down to areas, reported values and counts of answers; without pandas."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.ratings.models import Run
from app.ratings.stored import rows_of, table_bytes
from app.web.console.publications.views import STATUSES
from app.web.console.values.words import number_text
from app.web.language import _, number, pick
from scoring.edition import Area, Edition, Indicator, load_edition
from surveys.languages import Text3

TEN = 10
"""Answers are told in whole tens, rounded down, and what fewer people said is not: as on the portal."""


class Voice(NamedTuple):
    """What people said of an area, from 0 to 100, and how many answered; both in words."""

    score: str
    answers: str


class RatedValue(NamedTuple):
    """A value as the run counts it."""

    code: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class AreaLine:
    """An area of a city: the two sides, the blend, and what the sides are made of."""

    name: str
    indicators: str
    reported: int
    applicable: int
    residents: Voice
    businesses: Voice
    opinion: str
    blended: str
    share: Fraction
    """Of opinion in the blend."""
    values: tuple[RatedValue, ...]


def read_city(session: Session, run: Run, city: str) -> list[AreaLine]:
    """Read a city of a run, area by area in the order of its edition; empty for a city that is not in it."""
    edition = load_edition(run.edition)
    values = {
        row["indicator"]: row
        for row in rows_of(table_bytes(session, run.id, "input", "indicators"))
        if row["city"] == city
    }
    rows = {row["area"]: row for row in rows_of(table_bytes(session, run.id, "output", "areas")) if row["city"] == city}
    alpha = Fraction(run.alpha)
    return [_line(edition, area, rows[area.code], values, alpha) for area in edition.areas if area.code in rows]


def _line(
    edition: Edition, area: Area, row: Mapping[str, str], values: Mapping[str, Mapping[str, str]], alpha: Fraction
) -> AreaLine:
    return AreaLine(
        name=pick(Text3(*area.name)),
        indicators=_score(row["indicators"]),
        reported=int(row["reported"]),
        applicable=int(row["applicable"]),
        residents=_voice(row["residents"], row["residents_n"]),
        businesses=_voice(row["businesses"], row["businesses_n"]),
        opinion=_score(row["opinion"]),
        blended=_score(row["blended"]),
        share=(alpha if area.alpha is None else area.alpha) if row["opinion"] else Fraction(0),
        values=tuple(_value(each, values.get(each.code)) for each in edition.indicators if each.area == area.code),
    )


def _score(text: str) -> str:
    return number(float(text), 1) if text else "–"


def _voice(score: str, answers: str) -> Voice:
    told = int(answers) // TEN * TEN
    return Voice(_score(score) if told else "–", number(told) if told else _("fewer than 10"))


def _value(indicator: Indicator, row: Mapping[str, str] | None) -> RatedValue:
    status = row["status"] if row else "missing"
    said = str(STATUSES[status]) if row is None or status in STATUSES else _figure(indicator, row)
    return RatedValue(indicator.code, pick(Text3(*indicator.name)), said)


def _figure(indicator: Indicator, row: Mapping[str, str]) -> str:
    return number_text(indicator, Fraction(int(row["numerator"]), int(row["denominator"])))
