"""The morning's mail: one a person on each working day, with what waits, what is due and what is overdue, as counts."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.clock import KAZAKHSTAN
from app.notices import outbox
from app.notices.outbox import Mail
from app.notices.wording import DIGEST
from app.notices.working_days import get_calendar

FROM, UNTIL = time(8), time(18)
"""Hours in Kazakhstan at which it is written; later ones are for the day on which no scheduler ran at eight."""


class DigestLine(NamedTuple):
    """A number of things of one kind (app.notices.wording.DIGEST) for one person."""

    staff: int
    kind: str
    number: int


def is_time(session: Session, now: datetime) -> bool:
    """Tell whether staff are at work: they are reminded of nothing on their days off and at night."""
    there = now.astimezone(KAZAKHSTAN)
    return FROM <= there.time() < UNTIL and get_calendar(session).works(there.date())


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
