"""Everything that was ever given for one indicator of a city: its revisions, earlier periods, and what was said."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.indicators.case_models import Assessment, ValueCase
from app.indicators.cases import Case, case_of
from app.indicators.errors import UnknownCaseError
from app.indicators.keys import CaseKey
from app.indicators.models import IndicatorValue, Period
from app.indicators.queries import IndicatorRow, PeriodRow, period_row, value_row
from app.indicators.remarks import fraction_of
from app.indicators.vocabulary import Status

EARLIER = 3
"""Periods before that are shown beside a value."""


class Revision(NamedTuple):
    """One revision of a value: what it says, who entered it and on which day; by the command line, nobody."""

    row: IndicatorRow
    entered_by: str
    on: date
    from_file: bool
    accepted: bool


class Earlier(NamedTuple):
    """The value of an earlier period: what is in force there, else what was given last."""

    period: str
    row: IndicatorRow
    accepted: bool


class ToldVerdict(NamedTuple):
    """What an assessor told the city of a revision, once it was decided."""

    revision: int
    verdict: str
    reasons: tuple[str, ...]
    note: str


class History(NamedTuple):
    """The revisions of this period, the newest first, and the values of the periods before it, the nearest first."""

    revisions: tuple[Revision, ...]
    earlier: tuple[Earlier, ...]
    elsewhere: tuple[Fraction, ...]
    """Accepted numbers of the other cities in this period, in order of size."""

    @property
    def latest(self) -> IndicatorRow | None:
        """Give what was given last."""
        return self.revisions[0].row if self.revisions else None


def get_case_and_period(session: Session, key: CaseKey) -> tuple[Case, PeriodRow]:
    """Read a case and its period; raise UnknownCaseError."""
    statement = select(ValueCase, Period).join(Period, Period.code == ValueCase.period)
    row = session.execute(statement.where(*_of(ValueCase, key), ValueCase.period == key.period)).first()
    if row is None:
        raise UnknownCaseError(key)
    return case_of(row[0]), period_row(row[1])


def get_history(session: Session, key: CaseKey, period: PeriodRow) -> History:
    """Read all revisions of a value, those of the periods before, and what other cities have; one statement."""
    value = IndicatorValue
    in_force_elsewhere = (value.period == key.period) & (ValueCase.accepted_revision == value.revision)
    rows = session.execute(
        select(value, ValueCase, Period.ends, Staff.name)
        .join(Period, Period.code == value.period)
        .join(
            ValueCase,
            (ValueCase.period == value.period)
            & (ValueCase.city == value.city)
            & (ValueCase.indicator == value.indicator),
        )
        .outerjoin(Staff, Staff.id == value.entered_by)
        .where(value.indicator == key.indicator, Period.ends <= period.span.ends)
        .where((value.city == key.city) | in_force_elsewhere)
        .order_by(Period.ends.desc(), value.revision.desc())
    ).all()
    own = [row for row in rows if row[0].city == key.city]
    others = [value_row(row[0]) for row in rows if row[0].city != key.city]
    earlier = [
        Earlier(value.period, value_row(value), accepted=case.accepted_revision is not None)
        for value, case, ends, _name in own
        if ends < period.span.starts and value.revision == (case.accepted_revision or case.revision)
    ]
    return History(
        tuple(_revision(value, case, name) for value, case, _ends, name in own if value.period == key.period),
        tuple(earlier[:EARLIER]),
        tuple(sorted(fraction_of(each.measure) for each in others if each.status is Status.REPORTED)),
    )


def _revision(value: IndicatorValue, case: ValueCase, name: str | None) -> Revision:
    is_accepted = case.accepted_revision == value.revision
    return Revision(value_row(value), name or "", value.imported_on, value.imported_by is not None, is_accepted)


def told_verdicts(session: Session, key: CaseKey) -> Mapping[int, tuple[ToldVerdict, ...]]:
    """Give what assessors told the city, by revision; nothing of a revision on which it is not decided yet."""
    given = session.scalars(
        select(Assessment)
        .where(*_of(Assessment, key), Assessment.period == key.period, Assessment.slot.is_not(None))
        .order_by(Assessment.slot)
    )
    by_revision: dict[int, list[Assessment]] = defaultdict(list)
    for row in given:
        by_revision[row.revision].append(row)
    return {
        revision: tuple(ToldVerdict(revision, row.verdict, tuple(row.reasons.split()), row.note) for row in rows)
        for revision, rows in sorted(by_revision.items(), reverse=True)
        if _is_decided(rows)
    }


def _is_decided(rows: list[Assessment]) -> bool:
    verdicts = {row.slot: row.verdict for row in rows}
    return 3 in verdicts or (len(verdicts) == 2 and len(set(verdicts.values())) == 1)


def _of(table: type[Assessment | IndicatorValue | ValueCase], key: CaseKey) -> tuple[Any, ...]:
    return table.city == key.city, table.indicator == key.indicator
