"""Everything that was ever given for one indicator of a city: its revisions, earlier periods, and what was said."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.audit.models import JournalRow
from app.indicators.case_models import Assessment, ValueCase
from app.indicators.cases import Case, case_of
from app.indicators.errors import UnknownCaseError
from app.indicators.examination import BY_ASSESSORS, CityNote, told_to_city
from app.indicators.keys import CaseKey
from app.indicators.models import IndicatorValue, Period
from app.indicators.queries import IndicatorRow, PeriodRow, period_row, value_row
from app.indicators.remarks import fraction_of
from app.indicators.undoing import RESTORED
from app.indicators.vocabulary import Status

SAVED, SENT = "value.saved", "value.sent"
"""Events of a value that somebody saved, and that its city has sent."""

EARLIER = 3
"""Periods before that are shown beside a value."""


class Revision(NamedTuple):
    """One revision of a value: what it says, who entered it and on which day; by the command line, nobody."""

    row: IndicatorRow
    entered_by: str
    on: date
    from_file: bool
    accepted: bool
    notes: tuple[CityNote, ...]
    """What the city was told of it, once it was decided."""
    enterer: int | None = None
    """The id of who entered it."""


class Entered(NamedTuple):
    """When a revision was entered, and whether undoing an import made it."""

    at: datetime
    restored: bool


class CaseEvents(NamedTuple):
    """What the journal tells of a case."""

    sent: tuple[str, datetime] | None
    """Who sent it last, and when; None where nobody did, or no member of staff."""
    entered: Mapping[int, Entered]
    """When each revision was entered; of what came in a file the journal names the file alone."""


class Earlier(NamedTuple):
    """The value of an earlier period: what is in force there, else what was given last."""

    period: str
    row: IndicatorRow
    accepted: bool


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
    """Read all revisions of a value with what was said of them, those of the periods before, and other cities' values.

    One statement; of a revision on which it is not decided yet nothing is told.
    """
    rows: Sequence[Any] = session.execute(_everything_of(key, period)).all()
    own, others = _parted(rows, key.city)
    given: dict[tuple[str, int], list[Assessment]] = defaultdict(list)
    for each, _case, _ends, _name, assessment in rows:
        if assessment is not None:
            given[each.period, each.revision].append(assessment)
    earlier = [
        Earlier(each.period, value_row(each), accepted=case.accepted_revision is not None)
        for each, case, ends, _name, _assessment in own
        if ends < period.span.starts and each.revision == (case.accepted_revision or case.revision)
    ]
    return History(
        tuple(
            _revision(each, case, name, told_to_city(given[key.period, each.revision]))
            for each, case, _ends, name, _assessment in own
            if each.period == key.period
        ),
        tuple(earlier[:EARLIER]),
        tuple(sorted(fraction_of(each.measure) for each in others if each.status is Status.REPORTED)),
    )


def read_events(session: Session, key: CaseKey) -> CaseEvents:
    """Read what the journal tells of a case, in one statement."""
    rows = session.execute(
        select(JournalRow.event, JournalRow.detail, JournalRow.at, Staff.name)
        .outerjoin(Staff, Staff.id == JournalRow.actor)
        .where(JournalRow.object_kind == "case", JournalRow.object_id == str(key))
        .where(JournalRow.event.in_((SAVED, RESTORED, SENT)))
        .order_by(JournalRow.seq)
    ).all()
    sent: tuple[str, datetime] | None = None
    entered: dict[int, Entered] = {}
    for event, detail, at, name in rows:
        moment = datetime.fromisoformat(at)
        if event == SENT:
            sent = (name, moment) if name else sent
        else:
            entered.setdefault(json.loads(detail)["revision"], Entered(moment, event == RESTORED))
    return CaseEvents(sent, entered)


def last_change(session: Session, key: CaseKey) -> tuple[str, datetime] | None:
    """Tell who changed a case last, and when; None where the journal has nothing of it alone.

    The name is empty where an assessor did: the page is the city's too. A verdict alone changes nothing of a case.
    """
    row = session.execute(
        select(Staff.name, JournalRow.at, JournalRow.event)
        .join(Staff, Staff.id == JournalRow.actor)
        .where(JournalRow.object_kind == "case", JournalRow.object_id == str(key))
        .where(JournalRow.event != "assessment.given")
        .order_by(JournalRow.seq.desc())
        .limit(1)
    ).first()
    return ("" if row[2] in BY_ASSESSORS else row[0], datetime.fromisoformat(row[1])) if row else None


def _everything_of(key: CaseKey, period: PeriodRow) -> Any:
    """Select a value's revisions in its period and before, with who entered them and their verdicts; others' too."""
    value = IndicatorValue
    in_force_elsewhere = (value.period == key.period) & (ValueCase.accepted_revision == value.revision)
    return (
        select(value, ValueCase, Period.ends, Staff.name, Assessment)
        .join(Period, Period.code == value.period)
        .join(ValueCase, _same_case(ValueCase, value))
        .outerjoin(Staff, Staff.id == value.entered_by)
        .outerjoin(
            Assessment,
            _same_case(Assessment, value)
            & (Assessment.revision == value.revision)
            & (Assessment.city == key.city)
            & Assessment.slot.is_not(None),
        )
        .where(value.indicator == key.indicator, Period.ends <= period.span.ends)
        .where((value.city == key.city) | in_force_elsewhere)
        .order_by(Period.ends.desc(), value.revision.desc(), Assessment.slot)
    )


def _parted(rows: Sequence[Any], city: str) -> tuple[list[Any], list[IndicatorRow]]:
    """Part the rows of the city, each revision once, from the values of others."""
    once = {(row[0].period, row[0].revision): row for row in rows if row[0].city == city}
    return list(once.values()), [value_row(row[0]) for row in rows if row[0].city != city]


def _revision(value: IndicatorValue, case: ValueCase, name: str | None, told: list[CityNote]) -> Revision:
    is_accepted = case.accepted_revision == value.revision
    from_file = value.imported_by is not None
    return Revision(
        value_row(value), name or "", value.imported_on, from_file, is_accepted, tuple(told), value.entered_by
    )


def _same_case(table: type[Assessment | ValueCase], value: type[IndicatorValue]) -> Any:
    return (table.period == value.period) & (table.city == value.city) & (table.indicator == value.indicator)


def _of(table: type[IndicatorValue | ValueCase], key: CaseKey) -> tuple[Any, ...]:
    return table.city == key.city, table.indicator == key.indicator
