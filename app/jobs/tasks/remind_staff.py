"""Reminds staff in the morning: cities of their last days, everybody who wants it of what waits."""

from itertools import chain
from pathlib import Path

from app.clock import Clock
from app.database import Database
from app.indicators import reminders
from app.notices.digests import is_time, write_digests
from app.publishing import waiting
from app.staffing import services as staffing


def remind_staff(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Write the reminders and the mails of a working day; an hour later there is nothing left to write."""
    now, today = clock.now(), clock.today()
    with database.writing() as session:
        if not is_time(session, now):
            return "nobody is at work"
        reminded = reminders.remind_cities(session, today, now)
        lines = chain(reminders.digest_lines(session, today), waiting.digest_lines(session, today))
        lines = chain(lines, staffing.digest_lines(session, today))
        persons = write_digests(session, lines, today, now)
    return f"{reminded} reminders, mails for {persons} persons"
