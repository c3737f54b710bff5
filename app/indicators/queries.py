"""What is known of the indicators: the values in force, the periods, and how much of a period is filled."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date
from typing import Literal, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.indicators.case_models import ValueCase
from app.indicators.keys import CaseKey
from app.indicators.measures import Measurement
from app.indicators.models import IndicatorValue, Period
from app.indicators.periods import DateRange
from app.indicators.vocabulary import OUT_OF_RANGE, Basis, Status, ValueFlag


class IndicatorRow(NamedTuple):
    """A city's value of an indicator; no number unless it was reported and, where only such count, accepted."""

    city: str
    indicator: str
    status: Status
    numerator: int | None
    denominator: int | None
    flag: ValueFlag
    source: str
    revision: int
    """0 for a value that does not count because it is not accepted."""
    basis: Basis = Basis.NONE
    note: str = ""
    not_accepted: bool = False
    """Something was given, and nobody has accepted it: it counts as missing."""
    unreviewed: bool = False
    """It was in force before values were examined."""
    late: bool = False

    @property
    def measure(self) -> Measurement:
        """Give what was measured, without where and by whom."""
        return Measurement(self.status, self.numerator, self.denominator, self.flag)


class PeriodRow(NamedTuple):
    """A period, the edition that rates it, its days, and how far its return is."""

    code: str
    edition: str
    span: DateRange
    state: str
    opens_on: date | None
    due_on: date | None
    correction_days: int


class CoverageRow(NamedTuple):
    """How much of an edition a city has answered."""

    city: str
    reported: int
    missing: int
    not_applicable: int
    flagged: int


def get_period(session: Session, code: str) -> PeriodRow | None:
    """Find a period by its code."""
    row = session.get(Period, code)
    return None if row is None else period_row(row)


def list_periods(session: Session) -> list[PeriodRow]:
    """List all periods, the newest first."""
    rows = map(period_row, session.scalars(select(Period)))
    return sorted(rows, key=lambda period: (period.span.ends, period.code), reverse=True)


def period_row(row: Period) -> PeriodRow:
    """Give what a row says."""
    span = DateRange(row.starts, row.ends)
    return PeriodRow(row.code, row.edition, span, row.state, row.opens_on, row.due_on, row.correction_days)


def current_values(
    session: Session, period: str, basis: Literal["accepted", "latest"] = "accepted"
) -> list[IndicatorRow]:
    """List what was given for a period, by city and indicator; a case in which nothing was is not in the list.

    For an official rating a value counts when it was accepted, and any other is missing, not applicable ones too: a
    city's own word does not lower the number of indicators it is rated by. A trial takes the latest of everything.
    """
    counts = ValueCase.accepted_revision if basis == "accepted" else ValueCase.revision
    joined = (
        (IndicatorValue.period == ValueCase.period)
        & (IndicatorValue.city == ValueCase.city)
        & (IndicatorValue.indicator == ValueCase.indicator)
        & (IndicatorValue.revision == counts)
    )
    rows = session.execute(
        select(ValueCase, IndicatorValue)
        .outerjoin(IndicatorValue, joined)
        .where(ValueCase.period == period, ValueCase.revision.is_not(None))
    )
    # Sorted here: databases differ in how they order text.
    return sorted(_value_in_force(case, value) for case, value in rows)


def get_revision(session: Session, key: CaseKey, revision: int) -> IndicatorRow:
    """Read one revision of a value, which must be there."""
    which = select(IndicatorValue).where(
        IndicatorValue.period == key.period,
        IndicatorValue.city == key.city,
        IndicatorValue.indicator == key.indicator,
        IndicatorValue.revision == revision,
    )
    return value_row(session.scalars(which).one())


def value_row(value: IndicatorValue) -> IndicatorRow:
    """Give what a stored revision says."""
    return IndicatorRow(
        city=value.city,
        indicator=value.indicator,
        status=Status(value.status),
        numerator=value.numerator,
        denominator=value.denominator,
        flag=ValueFlag(value.flag),
        source=value.source,
        revision=value.revision,
        basis=Basis(value.basis),
        note=value.note,
    )


def _value_in_force(case: ValueCase, value: IndicatorValue | None) -> IndicatorRow:
    if value is not None:
        return value_row(value)._replace(unreviewed=case.unreviewed, late=case.late)
    nothing = IndicatorRow(case.city, case.indicator, Status.MISSING, None, None, ValueFlag.NONE, "", 0)
    return nothing._replace(not_accepted=True, late=case.late)


def coverage(values: Iterable[IndicatorRow], cities: Iterable[str], indicators: Collection[str]) -> list[CoverageRow]:
    """Count per city what was given of an edition's indicators; what is not in the values is missing."""
    statuses: Counter[tuple[str, Status]] = Counter()
    flagged: Counter[str] = Counter()
    for value in values:
        if value.indicator in indicators:
            statuses[value.city, value.status] += 1
            flagged[value.city] += value.flag in OUT_OF_RANGE
    return [_covered(city, statuses, flagged, len(indicators)) for city in cities]


def _covered(city: str, statuses: Counter[tuple[str, Status]], flagged: Counter[str], all_of_them: int) -> CoverageRow:
    reported, not_applicable = statuses[city, Status.REPORTED], statuses[city, Status.NOT_APPLICABLE]
    return CoverageRow(city, reported, all_of_them - reported - not_applicable, not_applicable, flagged[city])
