"""What is shown of examiners' words: one's own, and others' once both are in; to the city what was decided, and why.

Nothing else in the console reads a word for a person to see: what must stay hidden is left out by the statement itself.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Staff
from app.clock import day_of
from app.initiatives.examining import SEATS, THIRD
from app.initiatives.models import InitiativeExamination
from app.initiatives.opinions import ChecklistPoint, Opinion

BY_EXAMINERS = frozenset(
    {"initiative.supported", "initiative.returned", "initiative.not_supported", "initiative.evaluated"}
)
"""Events of the journal that an examiner is the actor of: to the city the role is named, never the person."""

AMONG_EXAMINERS = ("examination.given", "initiative.differed")
"""Events that are none of a city's business."""


class WordRow(NamedTuple):
    """A word as somebody may see it; `slot` is None for who could not judge."""

    revision: int
    slot: int | None
    examiner: int
    name: str
    opinion: Opinion
    points: ChecklistPoint
    conditions_kk: str
    conditions_ru: str
    note: str
    private_note: str
    given_at: datetime


class CityWord(NamedTuple):
    """What a city is told of a text that was decided: the points, conditions and note of one whose word it became."""

    revision: int
    opinion: Opinion
    open_points: ChecklistPoint
    conditions_kk: str
    conditions_ru: str
    note: str
    given_on: date


def visible_words(session: Session, initiative: int, viewer: int) -> list[WordRow]:
    """List the words on all texts of an initiative that a person may see, the newest text first."""
    rows = session.execute(
        select(InitiativeExamination, Staff.name)
        .join(Staff, Staff.id == InitiativeExamination.examiner)
        .where(InitiativeExamination.initiative == initiative)
        .where((InitiativeExamination.examiner == viewer) | _both_are_in())
    )
    found = [_shown(row, name) for row, name in rows]
    return sorted(found, key=lambda row: (-row.revision, row.slot or 0, row.given_at))


def told_to_city(session: Session, initiative: int) -> list[CityWord]:
    """List what a city reads of all its decided texts, the newest first: nothing of who was overruled, no names."""
    statement = select(InitiativeExamination).where(InitiativeExamination.initiative == initiative)
    rows = sorted((_shown(row, "") for row in session.scalars(statement)), key=lambda row: row.slot or 0)
    revisions = sorted({row.revision for row in rows}, reverse=True)
    return [told for revision in revisions for told in _told([row for row in rows if row.revision == revision])]


def outcome_of(given: Iterable[WordRow]) -> Opinion | None:
    """Tell what the words on one text decide; None while they do not."""
    by_slot = {row.slot: row.opinion for row in given if row.slot}
    if THIRD in by_slot:
        return by_slot[THIRD]
    said = set(by_slot.values())
    return said.pop() if len(by_slot) == SEATS and len(said) == 1 else None


def _told(given: list[WordRow]) -> list[CityWord]:
    outcome = outcome_of(given)
    return [
        CityWord(
            row.revision,
            row.opinion,
            ~row.points & ChecklistPoint(255),
            row.conditions_kk,
            row.conditions_ru,
            row.note,
            day_of(row.given_at),
        )
        for row in given
        if row.slot and row.opinion is outcome
    ]


@cache
def _both_are_in() -> Any:
    other = aliased(InitiativeExamination)
    same = (other.initiative == InitiativeExamination.initiative, other.revision == InitiativeExamination.revision)
    count = select(func.count()).select_from(other).where(*same, other.slot <= SEATS)
    return count.scalar_subquery() == SEATS


def _shown(row: InitiativeExamination, name: str) -> WordRow:
    return WordRow(
        revision=row.revision,
        slot=row.slot,
        examiner=row.examiner,
        name=name,
        opinion=Opinion(row.opinion),
        points=ChecklistPoint(row.points),
        conditions_kk=row.conditions_kk,
        conditions_ru=row.conditions_ru,
        note=row.note,
        private_note=row.private_note,
        given_at=row.given_at,
    )
