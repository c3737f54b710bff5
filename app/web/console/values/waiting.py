"""What waits for whoever enters or sends values, for their first page."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person, cities_of
from app.indicators.case_models import ValueCase
from app.indicators.models import Period
from app.indicators.states import State
from app.web import site
from app.web.console.menu import WaitingLine
from app.web.language import _n


def waiting(session: Session, person: Person) -> list[WaitingLine]:
    """Say what came back, what is to be filled in and what is to be sent, by period; one statement."""
    cities = cities_of(person.grants, Permission.ENTER_VALUES)
    if not cities:
        return []
    by_state = (
        select(ValueCase.period, ValueCase.state, func.count(), func.min(ValueCase.due_on))
        .join(Period, Period.code == ValueCase.period)
        .where(ValueCase.city.in_(sorted(cities)), Period.state == "open")
        .where(ValueCase.state.in_((State.OPEN, State.DRAFT, State.RETURNED)))
        .group_by(ValueCase.period, ValueCase.state)
    )
    rows = sorted(session.execute(by_state), key=lambda row: (row[0], -len(row[1])))
    return [_line(period, State(state), n, due) for period, state, n, due in rows]


def _line(period: str, state: State, n: int, due: date | None) -> WaitingLine:
    if state is State.RETURNED:
        sentence = _n("%(period)s: %(num)s value came back", "%(period)s: %(num)s values came back", n, period=period)
    elif state is State.DRAFT:
        sentence = _n("%(period)s: %(num)s draft to send", "%(period)s: %(num)s drafts to send", n, period=period)
    else:
        sentence = _n("%(period)s: %(num)s value to fill in", "%(period)s: %(num)s values to fill in", n, period=period)
    is_urgent = due is not None and due <= site.clock().today()
    return WaitingLine(sentence, f"/console/values/?period={period}&state={state}", is_urgent)
