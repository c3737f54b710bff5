"""What is shown of verdicts: one's own, and others' once both are in; to the city what became of its value, and why.

Nothing else reads a verdict for a person to see: what must stay hidden is left out by the statement itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Staff
from app.clock import day_of
from app.indicators.assignments import SEATS
from app.indicators.case_models import Assessment, ValueCase
from app.indicators.keys import CaseKey
from app.indicators.states import EDITABLE
from app.indicators.verdicts import CaseVerdict, ReturnReason, Tick

BY_ASSESSORS = frozenset({"assessment.given", "value.accepted", "value.returned", "value.split", "value.reopened"})
"""Events of the journal that an assessor is the actor of: to the city the role is named, never the person."""


class VerdictRow(NamedTuple):
    """A verdict as somebody may see it; `slot` is None for who could not judge."""

    revision: int
    slot: int | None
    assessor: int
    name: str
    verdict: CaseVerdict
    ticks: Tick
    reasons: tuple[ReturnReason, ...]
    note: str
    private_note: str
    given_at: datetime


class CityNote(NamedTuple):
    """What the city is told of a revision that was decided: the reasons and the note of one whose word it became."""

    revision: int
    verdict: CaseVerdict
    reasons: tuple[ReturnReason, ...]
    note: str
    given_on: date


class ReturnTold(NamedTuple):
    """Why a value is the city's to correct: the ministry's reason for opening it again, and what assessors said."""

    reopened: str
    notes: tuple[CityNote, ...]


def visible_verdicts(session: Session, key: CaseKey, viewer: int) -> list[VerdictRow]:
    """List the verdicts on all revisions of a case that a person may see, the newest revision first."""
    rows = session.execute(_verdicts(key).where((Assessment.assessor == viewer) | _both_are_in()))
    found = [_shown(row, name) for row, name in rows]
    return sorted(found, key=lambda row: (-row.revision, row.slot or 0, row.given_at))


def told_of_city_cases(session: Session, period: str, cities: Iterable[str]) -> Mapping[CaseKey, ReturnTold]:
    """Tell of all values of a period that came back to some cities, and were not sent since, why; one statement."""
    of_city = (Assessment.period == ValueCase.period, Assessment.city == ValueCase.city)
    of_case = and_(*of_city, Assessment.indicator == ValueCase.indicator, Assessment.slot.is_not(None))
    came_back = or_(Assessment.id.is_not(None), ValueCase.reopened_reason != "")
    rows = session.execute(
        select(ValueCase.city, ValueCase.indicator, ValueCase.reopened_reason, Assessment)
        .outerjoin(Assessment, of_case)
        .where(ValueCase.period == period, ValueCase.city.in_(sorted(cities)), ValueCase.state.in_(EDITABLE), came_back)
    )
    reopened: dict[CaseKey, str] = {}
    given: dict[CaseKey, dict[int, list[Assessment]]] = defaultdict(lambda: defaultdict(list))
    for city, indicator, reason, assessment in rows:
        key = CaseKey(period, city, indicator)
        reopened[key] = reason
        if assessment is not None:
            given[key][assessment.revision].append(assessment)
    return {key: ReturnTold(reason, _newest_told(given[key])) for key, reason in reopened.items()}


def _newest_told(given: Mapping[int, Iterable[Assessment]]) -> tuple[CityNote, ...]:
    told = (told_to_city(of_revision) for _revision, of_revision in sorted(given.items(), reverse=True))
    return tuple(next(filter(None, told), ()))


def told_to_city(given: Iterable[Assessment]) -> list[CityNote]:
    """Make of all verdicts on one revision what its city reads: nothing of who was overruled, and no names."""
    rows = sorted((_shown(row, "") for row in given), key=lambda row: row.slot or 0)
    outcome = outcome_of(rows)
    return [
        CityNote(row.revision, row.verdict, row.reasons, row.note, day_of(row.given_at))
        for row in rows
        if row.slot and row.verdict is outcome and (row.note or row.reasons)
    ]


def outcome_of(given: Iterable[VerdictRow]) -> CaseVerdict | None:
    """Tell what the verdicts on one revision decide; None while they do not."""
    by_slot = {row.slot: row.verdict for row in given if row.slot}
    if SEATS + 1 in by_slot:
        return by_slot[SEATS + 1]
    said = set(by_slot.values())
    return said.pop() if len(by_slot) == SEATS and len(said) == 1 else None


def _verdicts(key: CaseKey) -> Select[Assessment, str]:
    return (
        select(Assessment, Staff.name)
        .join(Staff, Staff.id == Assessment.assessor)
        .where(Assessment.period == key.period, Assessment.city == key.city, Assessment.indicator == key.indicator)
    )


@cache
def _both_are_in() -> Any:
    other = aliased(Assessment)
    of_case = (other.period == Assessment.period, other.city == Assessment.city)
    of_revision = (other.indicator == Assessment.indicator, other.revision == Assessment.revision)
    count = select(func.count()).select_from(other).where(*of_case, *of_revision, other.slot <= SEATS)
    return count.scalar_subquery() == SEATS


def _shown(row: Assessment, name: str) -> VerdictRow:
    return VerdictRow(
        revision=row.revision,
        slot=row.slot,
        assessor=row.assessor,
        name=name,
        verdict=CaseVerdict(row.verdict),
        ticks=Tick(row.ticks),
        reasons=tuple(ReturnReason(code) for code in row.reasons.split()),
        note=row.note,
        private_note=row.private_note,
        given_at=row.given_at,
    )
