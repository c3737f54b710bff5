"""The file of days that the Government moved, and keeping them in the table `day_off` (app.working_calendar).

The file has two columns, `day,works`: a day off in the week is `2027-03-22,no`, a Saturday that is worked
is `2027-03-20,yes`. A later file replaces the days it names and leaves the others.
"""

import csv
from collections.abc import Iterable
from datetime import date
from io import StringIO
from typing import NamedTuple

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.working_calendar import DayOff, get_calendar

COLUMNS = ["day", "works"]
_WORKS = {"yes": True, "no": False}


class CalendarFileError(ValueError):
    """A file of days off that cannot be read; the message names the line."""


class CalendarDay(NamedTuple):
    """A day that is not what its place in the week says, or says so on purpose."""

    day: date
    works: bool


def read_days(text: str) -> tuple[CalendarDay, ...]:
    """Read a file of days off; raises CalendarFileError for the first line that cannot be read."""
    rows = list(csv.reader(StringIO(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))))
    if not rows or rows[0] != COLUMNS:
        raise CalendarFileError(f"line 1: the columns are {','.join(COLUMNS)}")
    days = tuple(_read_line(number, row) for number, row in enumerate(rows[1:], 2) if row)
    doubled = sorted({each.day for each in days if [other.day for other in days].count(each.day) > 1})
    if doubled:
        raise CalendarFileError(f"{doubled[0]} stands there twice")
    return days


def _read_line(number: int, row: list[str]) -> CalendarDay:
    try:
        day, works = row
        return CalendarDay(date.fromisoformat(day.strip()), _WORKS[works.strip()])
    except (ValueError, KeyError):
        raise CalendarFileError(f"line {number}: a day such as 2027-03-22, then yes or no, is needed") from None


def store_days(session: Session, actor: Actor, days: Iterable[CalendarDay]) -> int:
    """Keep days in place of those of the same date; gives how many differ from what stood there."""
    stood = get_calendar(session).moved
    changed = [each for each in days if stood.get(each.day) is not each.works]
    if not changed:
        return 0
    session.execute(delete(DayOff).where(DayOff.day.in_([each.day for each in changed])))
    session.execute(insert(DayOff), [each._asdict() for each in changed])
    first, last = min(each.day for each in changed), max(each.day for each in changed)
    detail: dict[str, str | int] = {"days": len(changed), "first": first.isoformat(), "last": last.isoformat()}
    record(session, actor, Entry(event="calendar.changed", object_kind="calendar", object_id="KZ", detail=detail))
    return len(changed)
