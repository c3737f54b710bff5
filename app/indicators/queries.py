"""What is known of the indicators: the values in force, the periods, and how much of a period is filled."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.indicators.measures import Measurement
from app.indicators.models import IndicatorValue, Period
from app.indicators.periods import DateRange
from app.indicators.vocabulary import OUT_OF_RANGE, Status, ValueFlag


class IndicatorRow(NamedTuple):
    """The value of a city's indicator that is in force; no number unless it was reported."""

    city: str
    indicator: str
    status: Status
    numerator: int | None
    denominator: int | None
    flag: ValueFlag
    source: str
    revision: int

    @property
    def measure(self) -> Measurement:
        """Give what was measured, without where and by whom."""
        return Measurement(self.status, self.numerator, self.denominator, self.flag)


class PeriodRow(NamedTuple):
    """A period, the edition that rates it, and its days."""

    code: str
    edition: str
    span: DateRange


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
    return None if row is None else _period(row)


def _period(row: Period) -> PeriodRow:
    return PeriodRow(row.code, row.edition, DateRange(row.starts, row.ends))


def current_values(session: Session, period: str) -> list[IndicatorRow]:
    """List the values in force in a period, by city and indicator; what was never imported is not in the list."""
    newest = (
        select(IndicatorValue.city, IndicatorValue.indicator, func.max(IndicatorValue.revision).label("revision"))
        .where(IndicatorValue.period == period)
        .group_by(IndicatorValue.city, IndicatorValue.indicator)
        .subquery()
    )
    values = select(IndicatorValue).join(
        newest,
        (IndicatorValue.period == period)
        & (IndicatorValue.city == newest.c.city)
        & (IndicatorValue.indicator == newest.c.indicator)
        & (IndicatorValue.revision == newest.c.revision),
    )
    # Sorted here: databases differ in how they order text.
    rows = sorted(session.scalars(values), key=lambda row: (row.city, row.indicator))
    return [
        IndicatorRow(
            city=row.city,
            indicator=row.indicator,
            status=Status(row.status),
            numerator=row.numerator,
            denominator=row.denominator,
            flag=ValueFlag(row.flag),
            source=row.source,
            revision=row.revision,
        )
        for row in rows
    ]


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
