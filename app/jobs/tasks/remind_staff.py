"""Reminds staff in the morning: cities of their last days, everybody who wants it of what waits."""

from itertools import chain
from pathlib import Path

from app.clock import Clock
from app.database import Database
from app.feedback import reminders as feedback
from app.indicators import reminders
from app.initiatives import telling
from app.notices.digests import is_time, write_digests
from app.publishing import waiting
from app.staffing import services as staffing


def remind_staff(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Write the reminders and the mails of a working day; an hour later there is nothing left to write."""
    now, today = clock.now(), clock.today()
    with database.writing() as session:
        if not is_time(session, now):
            return "nobody is at work"
        reminded = reminders.remind_cities(session, today, now) + feedback.remind_cities(session, today, now)
        sources = (reminders, feedback, waiting, telling, staffing)
        lines = chain.from_iterable(each.digest_lines(session, today) for each in sources)
        persons = write_digests(session, lines, today, now)
    return f"{reminded} reminders, mails for {persons} persons"
