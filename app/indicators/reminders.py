"""What cities and assessors are reminded of: values to send and their last day, cases to assess."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant
from app.accounts.permissions import Role
from app.accounts.queries import holding
from app.audit.journal import Actor, Entry, record
from app.indicators.case_models import Assessment, Assignment, ValueCase
from app.indicators.models import Period
from app.indicators.states import State
from app.notices.digests import DUE_DAYS, DigestLine, due_lines, term_of
from app.notices.models import Notice
from app.notices.notices import Message, notify
from app.notices.recipients import ENTERING, list_holders

DAYS_BEFORE = (14, 7, 3, 1)
"""Days before the last day at which a city is reminded of its return; of values that came back from 7 days on."""

_KINDS = ("return.due", "return.overdue")
_UNSENT = (State.OPEN, State.DRAFT, State.RETURNED)


class _Waiting(NamedTuple):
    """Cases of a city that wait to be sent, by state and last day."""

    period: str
    city: str
    state: str
    due_on: date | None
    number: int


class Reminder(NamedTuple):
    """That a city was reminded: when, of how many values with which last day, and how many persons in which roles."""

    city: str
    kind: str
    at: datetime
    due_on: date
    values: int
    persons: Mapping[Role, int]


def digest_lines(session: Session, today: date) -> Iterator[DigestLine]:
    """Give the lines of the morning's mail about values and their examination."""
    by_city: Counter[tuple[str, str]] = Counter()
    for each in _waiting(session):
        if each.state == State.RETURNED:
            by_city[each.city, "values.returned"] += each.number
        for kind in due_lines("values", each.due_on, today):
            by_city[each.city, kind] += each.number
    persons = {
        city: list_holders(session, ENTERING, today, city=city) for city in sorted({city for city, _ in by_city})
    }
    for (city, kind), number in by_city.items():
        yield from (DigestLine(staff, kind, number) for staff in persons[city])
    yield from _assessors_lines(session, today)


def _waiting(session: Session) -> list[_Waiting]:
    columns = (ValueCase.period, ValueCase.city, ValueCase.state, ValueCase.due_on)
    statement = (
        select(*columns, func.count())
        .join(Period, Period.code == ValueCase.period)
        .where(Period.state == "open", ValueCase.state.in_(_UNSENT))
        .group_by(*columns)
        .order_by(*columns)
    )
    return [_Waiting(*row) for row in session.execute(statement)]


def _assessors_lines(session: Session, today: date) -> Iterator[DigestLine]:
    """Count for each assessor the cases they were asked to look at, and those that need a third person."""
    given = and_(_of_case(Assessment), Assessment.revision == ValueCase.revision)
    asked = (
        select(Assignment.assessor, func.count())
        .join(ValueCase, _of_case(Assignment))
        .where(ValueCase.state == State.SENT)
        .where(~exists().where(given, Assessment.assessor == Assignment.assessor))
        .group_by(Assignment.assessor)
    )
    for staff, number in session.execute(asked):
        yield DigestLine(staff, "cases.to_assess", number)
    third = (
        select(RoleGrant.staff, func.count())
        .select_from(RoleGrant)
        .join(ValueCase, ValueCase.state == State.SPLIT)
        .where(RoleGrant.role == Role.REVIEWER, holding(today))
        .where(~exists().where(given, Assessment.assessor == RoleGrant.staff))
        .group_by(RoleGrant.staff)
    )
    for staff, number in session.execute(third):
        yield DigestLine(staff, "cases.split", number)


def _of_case(table: type[Assessment] | type[Assignment]) -> ColumnElement[bool]:
    return and_(table.period == ValueCase.period, table.city == ValueCase.city, table.indicator == ValueCase.indicator)


def remind_cities(session: Session, today: date, at: datetime) -> int:
    """Remind cities of what is due soon, and from the Monday after once a week of what is overdue; gives how often."""
    groups: Counter[tuple[str, str, date, bool]] = Counter()
    for each in _waiting(session):
        if each.due_on:
            groups[each.period, each.city, each.due_on, each.state == State.RETURNED] += each.number
    done = 0
    for (period, city, due_on, came_back), number in sorted(groups.items()):
        cause = _cause(today, due_on, came_back=came_back)
        if cause:
            kind, mark = cause
            parameters: dict[str, str | int] = {
                "period": period,
                "city": city,
                "day": due_on.isoformat(),
                "count": number,
            }
            message = Message(kind, f"{kind}:{period}/{city}:{mark}", "/console/values/", parameters)
            done += _remind(session, message, at, today)
    return done


def _cause(today: date, due_on: date, *, came_back: bool) -> tuple[str, str] | None:
    """Say of what a city is reminded on a day; the mark is the same for as long as it is reminded of it once."""
    days = [number for number in DAYS_BEFORE if not came_back or number <= max(DUE_DAYS)]
    term = term_of(today, due_on, days, "/returned" if came_back else "")
    return ("return.overdue" if term.is_over else "return.due", term.mark) if term else None


def _remind(session: Session, message: Message, at: datetime, today: date) -> int:
    city, period = str(message.parameters["city"]), message.parameters["period"]
    told = notify(session, list_holders(session, ENTERING, today, city=city), message, at)
    if not told:
        return 0
    detail: dict[str, str | int] = {"kind": message.kind, "persons": len(told), "day": message.parameters["day"]}
    entry = Entry(event="return.reminded", object_kind="return", object_id=f"{period}/{city}", city=city, detail=detail)
    record(session, Actor(None, at), entry)
    return 1


def list_reminders(session: Session, period: str, cities: Collection[str]) -> list[Reminder]:
    """List the reminders of a period to some cities, the newest first; one statement."""
    of_period = or_(*(Notice.cause.startswith(f"{kind}:{period}/", autoescape=True) for kind in _KINDS))
    enters = and_(RoleGrant.staff == Notice.staff, RoleGrant.role.in_(ENTERING))
    columns = (Notice.cause, Notice.kind, Notice.at, Notice.parameters, Notice.staff, RoleGrant.role, RoleGrant.city)
    statement = select(*columns).join(RoleGrant, enters).where(of_period).order_by(Notice.at.desc(), Notice.cause)
    told: dict[tuple[str, str, datetime, str], dict[int, set[Role]]] = defaultdict(lambda: defaultdict(set))
    for cause, kind, at, parameters, staff, role, city in session.execute(statement):
        if city in cities and json.loads(parameters)["city"] == city:
            told[cause, kind, at, parameters][staff].add(Role(role))
    return [
        _reminder(kind, at, json.loads(parameters), roles.values())
        for (_cause, kind, at, parameters), roles in told.items()
    ]


def _reminder(kind: str, at: datetime, said: Mapping[str, Any], roles: Iterable[set[Role]]) -> Reminder:
    """Count each person once: of who enters values and sends them too, as who sends."""
    counts = Counter(Role.LEAD if Role.LEAD in of_one else Role.ANALYST for of_one in roles)
    return Reminder(said["city"], kind, at, date.fromisoformat(said["day"]), said["count"], counts)
