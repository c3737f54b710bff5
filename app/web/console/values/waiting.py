"""What waits for whoever enters or sends values, for their first page."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Date, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person, Role, cities_of
from app.indicators.case_models import ValueCase
from app.indicators.models import Period
from app.indicators.returns import DraftCount, count_drafts
from app.indicators.states import State
from app.notices.recipients import holders_named
from app.web import site
from app.web.console.menu import WaitingLine
from app.web.language import _, _n, listed

_NAME = "lead"
"""Stands for the state in the rows that hold a name: all is read by one statement."""


class Senders(NamedTuple):
    """Who sends what is ready: oneself, or the leads of one's cities by name."""

    oneself: bool
    leads: tuple[str, ...] = ()
    city: str = ""
    """The one city that it is about; empty where there are several."""


def waiting(session: Session, person: Person) -> list[WaitingLine]:
    """Say what came back, what is to be filled in and what is to be sent, by period; two statements."""
    cities = cities_of(person.grants, Permission.ENTER_VALUES)
    if not cities:
        return []
    by_state = (
        select(ValueCase.period, ValueCase.state, func.count(), func.min(ValueCase.due_on))
        .join(Period, Period.code == ValueCase.period)
        .where(ValueCase.city.in_(sorted(cities)), Period.state == "open")
        .where(ValueCase.state.in_((State.OPEN, State.RETURNED)))
        .group_by(ValueCase.period, ValueCase.state)
    )
    names = holders_named(Role.LEAD, site.clock().today(), cities).add_columns(
        literal(_NAME), literal(0), cast(null(), Date)
    )
    found = session.execute(union_all(by_state, names)).all()
    rows = {(period, State(state)): (n, due) for period, state, n, due in found if state != _NAME}
    leads = sorted(name for name, state, _number, _due in found if state == _NAME)
    drafts, senders = count_drafts(session, cities), _senders(person, cities, leads)
    lines: list[WaitingLine] = []
    for period in sorted({*drafts, *(of for of, _state in rows)}):
        if (period, State.RETURNED) in rows:
            lines.append(_line(period, State.RETURNED, *rows[period, State.RETURNED]))
        if period in drafts:
            lines += _of_drafts(period, drafts[period], senders)
        if (period, State.OPEN) in rows:
            lines.append(_line(period, State.OPEN, *rows[period, State.OPEN]))
    return lines


def _lead_sentence(leads: tuple[str, ...]) -> str:
    """Say to whoever may not send a return who does."""
    if not leads:
        return _("Nobody is lead of the akimat, so nobody can send the return: ask an administrator of the ministry.")
    return _n(
        "The lead of your akimat sends the return: %(names)s.",
        "One of the leads of your akimat sends the return: %(names)s.",
        len(leads),
        names=listed(leads),
    )


def _senders(person: Person, cities: frozenset[str], leads: Sequence[str]) -> Senders:
    oneself = any(person.may(Permission.SEND_RETURN, city) for city in cities)
    return Senders(oneself, () if oneself else tuple(leads), next(iter(cities)) if len(cities) == 1 else "")


def _line(period: str, state: State, n: int, due: date | None) -> WaitingLine:
    if state is State.RETURNED:
        sentence = _n("%(period)s: %(num)s value came back", "%(period)s: %(num)s values came back", n, period=period)
    else:
        sentence = _n("%(period)s: %(num)s value to fill in", "%(period)s: %(num)s values to fill in", n, period=period)
    return WaitingLine(sentence, _list_of(period, state), _is_urgent(due))


def _of_drafts(period: str, count: DraftCount, senders: Senders) -> Iterator[WaitingLine]:
    drafts = _list_of(period, State.DRAFT)
    if count.ready:
        words = _n(
            "%(period)s: %(num)s value is ready to be sent",
            "%(period)s: %(num)s values are ready to be sent",
            count.ready,
            period=period,
        )
        to_send = f"/console/values/{period}/{senders.city}/send" if senders.oneself and senders.city else drafts
        told = words if senders.oneself else f"{words}. {_lead_sentence(senders.leads)}"
        yield WaitingLine(told, to_send, _is_urgent(count.due_on))
    if count.of > count.ready:
        words = _n(
            "%(period)s: %(num)s draft lacks something and cannot be sent yet",
            "%(period)s: %(num)s drafts lack something and cannot be sent yet",
            count.of - count.ready,
            period=period,
        )
        yield WaitingLine(words, drafts, _is_urgent(count.due_on))


def _list_of(period: str, state: State) -> str:
    return f"/console/values/?period={period}&state={state}"


def _is_urgent(due: date | None) -> bool:
    return due is not None and due <= site.clock().today()
