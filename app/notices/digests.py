"""The morning's mail: one a person on each working day, with what waits, what is due and what is overdue, as counts."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.clock import KAZAKHSTAN
from app.notices import outbox
from app.notices.outbox import Mail
from app.notices.wording import DIGEST
from app.working_calendar import get_calendar

FROM, UNTIL = time(8), time(18)
"""Hours in Kazakhstan at which it is written; later ones are for the day on which no scheduler ran at eight."""

DUE_DAYS = (7, 3, 1)
"""Days before its last day at which a thing has a line of its own."""


class DigestLine(NamedTuple):
    """A number of things of one kind (app.notices.wording.DIGEST) for one person."""

    staff: int
    kind: str
    number: int


def is_time(session: Session, now: datetime) -> bool:
    """Tell whether staff are at work: they are reminded of nothing on their days off and at night."""
    there = now.astimezone(KAZAKHSTAN)
    return FROM <= there.time() < UNTIL and get_calendar(session).works(there.date())


def due_lines(subject: str, due_on: date | None, today: date) -> list[str]:
    """Name the line in which a thing with a last day is counted: the nearest of the terms, overdue, or none.

    For values these are values.due_7, values.due_3, values.due_1 and values.overdue.
    """
    if due_on is None:
        return []
    if due_on < today:
        return [f"{subject}.overdue"]
    within = [days for days in DUE_DAYS if due_on <= today + timedelta(days=days)]
    return [f"{subject}.due_{min(within)}"] if within else []


class Term(NamedTuple):
    """Of what a last day is reminded on a day; the mark stays the same while it is reminded of once."""

    is_over: bool
    mark: str


def term_of(today: date, due_on: date, days_before: Iterable[int], about: str = "") -> Term | None:
    """Say of what is reminded: so many days before the last day, and from the Monday after it once a week."""
    monday = today - timedelta(days=today.weekday())
    if due_on < monday:
        return Term(is_over=True, mark=f"{due_on.isoformat()}{about}@{monday.isoformat()}")
    passed = [days for days in days_before if today <= due_on <= today + timedelta(days=days)]
    return Term(is_over=False, mark=f"{due_on.isoformat()}{about}-{min(passed)}") if passed else None


def write_digests(session: Session, lines: Iterable[DigestLine], day: date, at: datetime) -> int:
    """Put a mail into the outbox for everybody for whom something waits and who wants one; gives how many persons."""
    by_staff: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for line in lines:
        if line.number:
            by_staff[line.staff][line.kind] += line.number
    wanting = select(Staff.id).where(Staff.active, Staff.digest_on, Staff.id.in_(by_staff)).order_by(Staff.id)
    persons = list(session.scalars(wanting))
    order = list(DIGEST)
    for staff in persons:
        said = sorted(by_staff[staff].items(), key=lambda line: order.index(line[0]))
        outbox.enqueue(session, staff, Mail("digest", f"digest:{day.isoformat()}", "/console/", {"lines": said}), at)
    return len(persons)
