"""What waits in a city today: its values by state, suggestions by age, promises that are overdue."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.feedback.city_waiting import (
    OverdueCommitments,
    WaitingSuggestions,
    overdue_commitments,
    waiting_suggestions,
)
from app.indicators.case_models import ValueCase
from app.indicators.models import Period
from app.indicators.states import State
from app.web.language import _n

TO_DO = (State.RETURNED, State.DRAFT, State.OPEN)
"""What is to be done with a value in a city, what came back first."""


@dataclass(frozen=True, slots=True)
class DueValues:
    """Values of a period that are in one state, and the next of their days."""

    words: str
    address: str
    due: date | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class CityToday:
    """What waits in a city."""

    values: tuple[DueValues, ...]
    suggestions: WaitingSuggestions
    commitments: OverdueCommitments

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        waits = (self.suggestions.undecided, *self.suggestions.ages, self.commitments.n)
        return not self.values and not any(waits)


def read_today(session: Session, city: str, staff: int, today: date) -> CityToday:
    """Read what waits; four statements."""
    return CityToday(
        _values(session, city, today),
        waiting_suggestions(session, city, staff, today),
        overdue_commitments(session, city, today),
    )


def _values(session: Session, city: str, today: date) -> tuple[DueValues, ...]:
    statement = (
        select(ValueCase.period, ValueCase.state, func.count(), func.min(ValueCase.due_on))
        .join(Period, Period.code == ValueCase.period)
        .where(ValueCase.city == city, Period.state == "open", ValueCase.state.in_(TO_DO))
        .group_by(ValueCase.period, ValueCase.state)
    )
    rows = sorted(session.execute(statement), key=lambda row: (row[0], TO_DO.index(State(row[1]))))
    return tuple(
        DueValues(
            _words(State(state), period, n),
            f"/console/values/?period={period}&city={city}&state={state}",
            due,
            due is not None and due < today,
        )
        for period, state, n, due in rows
    )


def _words(state: State, period: str, n: int) -> str:
    if state is State.RETURNED:
        return _n("%(period)s: %(num)s value came back", "%(period)s: %(num)s values came back", n, period=period)
    if state is State.DRAFT:
        return _n("%(period)s: %(num)s draft", "%(period)s: %(num)s drafts", n, period=period)
    return _n("%(period)s: %(num)s value to fill in", "%(period)s: %(num)s values to fill in", n, period=period)
