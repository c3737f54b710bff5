"""Working days: Monday to Friday, but for the days that the Government moved, which the table `day_off` lists.

The file they come in has two columns, `day,works`: a day off in the week is `2027-03-22,no`, a Saturday that is worked
is `2027-03-20,yes`. A later file replaces the days it names and leaves the others.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from typing import NamedTuple

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.notices.models import DayOff

COLUMNS = ["day", "works"]
_WORKS = {"yes": True, "no": False}
_SATURDAY = 6


class CalendarFileError(ValueError):
    """A file of days off that cannot be read; the message names the line."""


class CalendarDay(NamedTuple):
    """A day that is not what its place in the week says, or says so on purpose."""

    day: date
    works: bool


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The days that differ from their week, read once for a page or a job."""

    moved: Mapping[date, bool]

    def works(self, day: date) -> bool:
        """Tell whether the country works on a day."""
        return self.moved.get(day, day.isoweekday() < _SATURDAY)

    def add(self, day: date, number: int) -> date:
        """Give the working day that comes `number` of them after a day, which may be none itself."""
        while number > 0:
            day += timedelta(days=1)
            number -= self.works(day)
        return day

    def between(self, day: date, until: date) -> int:
        """Count the working days after a day, up to and with another; below zero when that one is past."""
        if until < day:
            return -self.between(until, day)
        return sum(self.works(day + timedelta(days=n)) for n in range(1, (until - day).days + 1))


def get_calendar(session: Session) -> WorkingCalendar:
    """Read the calendar: some dozens of rows."""
    return WorkingCalendar({row.day: row.works for row in session.execute(select(DayOff.day, DayOff.works))})


def add_working_days(session: Session, day: date, number: int) -> date:
    """Give the working day that comes `number` of them after a day."""
    return get_calendar(session).add(day, number)


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
