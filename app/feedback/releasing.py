"""Hands suggestions to the desk, in rounds: until then they are pending, and nobody sees that they are there.

A round gives a wave and city all that wait for it when they are five or more, when fewer waited at a round a week
before, or when the wave takes no more answers. The rounds are a week apart (app.jobs.registry): what the desk does with
a suggestion, moment by moment, then tells no more of when it was written than the week (ADR 37).
"""

from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.feedback.models import ReleaseWait
from surveys.models.comments import Comment
from surveys.models.fieldwork import Wave
from surveys.sql import hold_filing

FEWEST = 5
"""Suggestions of a wave and city that are handed over together, unless they waited too long."""

LONGEST_WAIT = timedelta(days=7)
"""After how many days fewer than that are handed over."""

TABLES = (Comment.__tablename__, ReleaseWait.__tablename__)
"""What a round changes; the database should forget the old rows afterwards (Database.forget_old_rows)."""


class _Place(NamedTuple):
    """A wave and city from which suggestions wait."""

    wave: str
    city: str


def release_batches(session: Session, today: date) -> int:
    """Hold a round: hand over what may be, and remember where too few wait; gives the number handed over."""
    hold_filing(session)  # or suggestions that are filed meanwhile would be counted and not handed over
    waits = _waits(session)
    few = {place for place, n in waits.items() if n < FEWEST and _takes_answers(session, place)}
    ready = waits.keys() - {place for place in few if not _waited_long(session, place, today)}
    _remember(session, waits.keys() - ready, today)
    return sum(_release(session, place, today) for place in sorted(ready))


def _waits(session: Session) -> dict[_Place, int]:
    query = select(Comment.wave, Comment.city, func.count()).where(Comment.state == "pending")
    rows = session.execute(query.group_by(Comment.wave, Comment.city)).all()
    return {_Place(wave, city): n for wave, city, n in rows}


def _takes_answers(session: Session, place: _Place) -> bool:
    return session.get_one(Wave, place.wave).state == "open"


def _waited_long(session: Session, place: _Place, today: date) -> bool:
    wait = session.get(ReleaseWait, place)
    return wait is not None and today - wait.since >= LONGEST_WAIT


def _remember(session: Session, places: set[_Place], today: date) -> None:
    """Remember since when too few wait: of a city, for a suggestion bears no day."""
    known = {_Place(wait.wave, wait.city): wait for wait in session.scalars(select(ReleaseWait))}
    for place in known.keys() - places:
        session.delete(known[place])
    session.add_all(ReleaseWait(wave=wave, city=city, since=today) for wave, city in sorted(places - known.keys()))
    session.flush()


def _release(session: Session, place: _Place, today: date) -> int:
    """Hand over all that wait in the order of their random ids, in which they lie already since they were filed."""
    chosen = (Comment.wave == place.wave, Comment.city == place.city, Comment.state == "pending")
    releasing = update(Comment).where(*chosen).values(state="released", released_on=today).returning(Comment.id)
    return len(session.scalars(releasing.execution_options(synchronize_session=False)).all())
