"""Who was reminded of a return, in words: what waits in each city, until when, and when whom was told of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.accounts.permissions import Role
from app.indicators.overviews import Standing
from app.indicators.reminders import Reminder
from app.indicators.states import State
from app.web.console.values.views import due_text
from app.web.language import _n, day, listed, moment
from app.working_calendar import WorkingCalendar


@dataclass(frozen=True, slots=True)
class RemindedCity:
    """A city of a period: what waits, until when, and the reminders, the newest first."""

    name: str
    waiting: str
    """What is not sent yet; empty where everything is."""
    due: str
    is_overdue: bool
    reminders: tuple[str, ...]


def reminded_city(
    name: str, cases: Iterable[Standing], reminders: Iterable[Reminder], today: date, calendar: WorkingCalendar
) -> RemindedCity:
    """Put into words how a city stands."""
    waiting = [case for case in cases if case.state in {State.OPEN, State.DRAFT, State.RETURNED}]
    days = [case.due_on for case in waiting if case.due_on]
    return RemindedCity(
        name=name,
        waiting=_waiting(waiting),
        due=due_text(min(days), today, calendar) if days else "",
        is_overdue=bool(days) and min(days) < today,
        reminders=tuple(_sentence(each) for each in reminders),
    )


def _waiting(cases: Iterable[Standing]) -> str:
    states = [case.state for case in cases]
    of_open, of_draft, of_returned = (states.count(each) for each in (State.OPEN, State.DRAFT, State.RETURNED))
    parts = [
        _n("%(num)s value to fill in", "%(num)s values to fill in", of_open) if of_open else "",
        _n("%(num)s draft to send", "%(num)s drafts to send", of_draft) if of_draft else "",
        _n("%(num)s value to correct", "%(num)s values to correct", of_returned) if of_returned else "",
    ]
    return listed(filter(None, parts))


def _sentence(reminder: Reminder) -> str:
    """Say when a city was told, of what, and which roles were told."""
    gaps = {"at": moment(reminder.at), "day": day(reminder.due_on), "persons": _persons(reminder)}
    if reminder.kind == "return.overdue":
        return _n(
            "%(at)s: %(num)s value overdue since %(day)s. Told: %(persons)s.",
            "%(at)s: %(num)s values overdue since %(day)s. Told: %(persons)s.",
            reminder.values,
            **gaps,
        )
    return _n(
        "%(at)s: %(num)s value to send by %(day)s. Told: %(persons)s.",
        "%(at)s: %(num)s values to send by %(day)s. Told: %(persons)s.",
        reminder.values,
        **gaps,
    )


def _persons(reminder: Reminder) -> str:
    leads, analysts = reminder.persons.get(Role.LEAD, 0), reminder.persons.get(Role.ANALYST, 0)
    parts = [
        _n("%(num)s lead of the akimat", "%(num)s leads of the akimat", leads) if leads else "",
        _n("%(num)s analyst", "%(num)s analysts", analysts) if analysts else "",
    ]
    return listed(filter(None, parts))
