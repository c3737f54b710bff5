"""The list of what was decided: any number can be followed back to who entered it, judged it and decided on it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, or_

from app.clock import KAZAKHSTAN
from app.indicators.assignments import SEATS
from app.indicators.decided import DECIDING, PEOPLE
from app.indicators.measures import Measurement
from app.indicators.models import IndicatorValue
from app.indicators.verdicts import CaseVerdict
from app.indicators.vocabulary import Status, ValueFlag
from app.web.console.assess.queue_page import city_names
from app.web.console.assess.words import VERDICTS
from app.web.console.tables import Column, Filter, Listing, choice
from app.web.console.values.words import value_text
from app.web.language import _, _l
from scoring.edition import load_edition

OUTCOMES: Mapping[str, str] = {CaseVerdict.ACCEPT: _l("accepted"), CaseVerdict.RETURN: _l("returned")}


def value_of(row: Any) -> str:
    """Write the value of a row."""
    indicator = load_edition(row.edition).indicator(row.indicator)
    measured = Measurement(Status(row.status), row.numerator, row.denominator, ValueFlag(row.flag))
    return value_text(indicator, measured) if indicator else ""


def third_of(row: Any) -> str:
    """Name who settled what two saw differently; nobody ("") where they agreed."""
    return row.last if row.slot > SEATS else ""


def said(verdict: str) -> str:
    """Write a verdict in words."""
    return str(VERDICTS[CaseVerdict(verdict)])


def outcome_of(row: Any) -> str:
    """Say what was decided, and whether it counts today."""
    word = str(OUTCOMES[row.verdict])
    return _("%(outcome)s, in force", outcome=word) if row.in_force else word


def address_of(row: Any) -> str:
    """Give the page of the case, with its documents and all verdicts."""
    return f"/console/assess/{row.period}/{row.city}/{row.indicator}"


def journal_of(row: Any) -> str:
    """Give the journal's rows of the value."""
    return f"/console/journal/?object={row.period}/{row.city}/{row.indicator}"


def _named(value: str) -> ColumnElement[bool]:
    """Look for a part of a name in whatever part a person had; SQLite knows small letters of Latin alone."""
    return or_(*(name.icontains(part, autoescape=True) for name in PEOPLE for part in (value, value.title())))


def _settled(value: str) -> ColumnElement[bool]:
    return (DECIDING.slot > SEATS) if value == "third" else (DECIDING.slot == SEATS)


LISTING = Listing(
    name="decided",
    columns=(
        Column("code", _l("Code"), lambda row: row.indicator),
        Column("city", _l("City"), lambda row: city_names().get(row.city, row.city)),
        Column("period", _l("Period"), lambda row: row.period),
        Column("revision", _l("Revision"), lambda row: row.revision, is_number=True),
        Column("value", _l("Value"), value_of),
        Column("entered", _l("Entered by"), lambda row: row.entered or ""),
        Column("sent", _l("Sent by"), lambda row: row.sent or ""),
        Column("one", _l("First assessor"), lambda row: row.one),
        Column("one_said", _l("Verdict"), lambda row: said(row.one_said)),
        Column("two", _l("Second assessor"), lambda row: row.two),
        Column("two_said", _l("Verdict"), lambda row: said(row.two_said)),
        Column("third", _l("Third assessor"), third_of),
        Column("outcome", _l("Decision"), outcome_of),
        Column("at", _l("Decided"), lambda row: row.given_at, sort=(DECIDING.id,)),
    ),
    filters=(
        Filter("who", _l("Who"), _named),
        choice("outcome", _l("Decision"), DECIDING.verdict, OUTCOMES),
        Filter("settled", _l("Decided by"), _settled, lambda: {"two": _("two alike"), "third": _("a third")}),
        Filter("city", _l("City"), lambda value: IndicatorValue.city == value, city_names),
        Filter("code", _l("Code"), lambda value: IndicatorValue.indicator.icontains(value, autoescape=True)),
        Filter("period", _l("Period"), lambda value: IndicatorValue.period == value),
    ),
    key=(DECIDING.id,),
    sort="-at",
)


def moment_of(row: Any) -> Any:
    """Give the moment of the decision, as it is in Kazakhstan."""
    return row.given_at.astimezone(KAZAKHSTAN)
