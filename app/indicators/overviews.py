"""How a return stands: every case of a period in one statement, and what the lists and pages say of them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from app.indicators.case_models import ValueCase
from app.indicators.measures import Measurement
from app.indicators.models import IndicatorValue
from app.indicators.queries import IndicatorRow
from app.indicators.remarks import fraction_of
from app.indicators.states import State
from app.indicators.vocabulary import Status, ValueFlag


class Standing(NamedTuple):
    """A case and what was measured; None where nothing was given, or where of another city nothing is accepted."""

    city: str
    indicator: str
    state: State
    due_on: date | None
    late: bool
    measured: Measurement | None

    @property
    def as_row(self) -> IndicatorRow:
        """Give it as a value to be scored."""
        status, numerator, denominator, flag = self.measured or Measurement(Status.MISSING)
        return IndicatorRow(self.city, self.indicator, status, numerator, denominator, flag, "", 0)


class ReturnProgress(NamedTuple):
    """How many of a city's cases stand where; `given` are those with a number."""

    of: int
    given: int
    unfilled: int
    """Nothing was entered."""
    missing: int
    """There is no number, and is not to be one; those never filled in are among them."""
    not_applicable: int
    to_send: int
    examined: int
    returned: int
    accepted: int
    refused: int
    overdue: int


def standings(session: Session, period: str, own: Iterable[str]) -> list[Standing]:
    """Read all cases of a period: of the own cities the latest values, of others those that are accepted."""
    counts = case((ValueCase.city.in_(sorted(own)), ValueCase.revision), else_=ValueCase.accepted_revision)
    value = IndicatorValue
    rows = session.execute(
        select(
            ValueCase.city,
            ValueCase.indicator,
            ValueCase.state,
            ValueCase.due_on,
            ValueCase.late,
            value.status,
            value.numerator,
            value.denominator,
            value.flag,
        )
        .outerjoin(
            value,
            (value.period == ValueCase.period)
            & (value.city == ValueCase.city)
            & (value.indicator == ValueCase.indicator)
            & (value.revision == counts),
        )
        .where(ValueCase.period == period)
    )
    return [
        Standing(
            row.city,
            row.indicator,
            State(row.state),
            row.due_on,
            row.late,
            _measured(row.status, row.numerator, row.denominator, row.flag),
        )
        for row in rows
    ]


def progress(cases: Iterable[Standing], today: date) -> ReturnProgress:
    """Count where cases stand."""
    rows = list(cases)
    states = Counter(row.state for row in rows)
    statuses = Counter(row.measured.status for row in rows if row.measured)
    open_or_back = (State.OPEN, State.DRAFT, State.RETURNED)
    return ReturnProgress(
        of=len(rows),
        given=statuses[Status.REPORTED],
        unfilled=states[State.OPEN],
        missing=len(rows) - statuses[Status.REPORTED] - statuses[Status.NOT_APPLICABLE],
        not_applicable=statuses[Status.NOT_APPLICABLE],
        to_send=states[State.DRAFT],
        examined=states[State.SENT] + states[State.SPLIT],
        returned=states[State.RETURNED],
        accepted=states[State.ACCEPTED],
        refused=states[State.REFUSED],
        overdue=sum(row.state in open_or_back and row.due_on is not None and row.due_on < today for row in rows),
    )


def numbers_by_indicator(cases: Iterable[Standing], without: str) -> Mapping[str, Sequence[Fraction]]:
    """Gather the reported numbers of all cities but one, by indicator."""
    found: dict[str, list[Fraction]] = defaultdict(list)
    for row in cases:
        if row.city != without and row.measured and row.measured.status is Status.REPORTED:
            found[row.indicator].append(fraction_of(row.measured))
    return found


def _measured(
    status: str | None, numerator: int | None, denominator: int | None, flag: str | None
) -> Measurement | None:
    return None if status is None else Measurement(Status(status), numerator, denominator, ValueFlag(flag or ""))
