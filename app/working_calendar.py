"""Working days: Monday to Friday, but for the days that the Government moved, which the table `day_off` lists.

By them the terms of staff are reckoned and the public figures of answering too, so nothing here knows staff.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Boolean, Date, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from surveys.db import Base

_SATURDAY = 6


class DayOff(Base):
    """A day on which the country does not work though it is in the week, or works though it is a weekend."""

    __tablename__ = "day_off"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    works: Mapped[bool] = mapped_column(Boolean)


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
