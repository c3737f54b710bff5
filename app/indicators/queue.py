"""What waits for an assessor, worst first: five statements, whatever the number of cases; no verdict among them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from app.indicators.assessors import Assessor, list_assessors
from app.indicators.assignments import SEATS
from app.indicators.case_models import Assessment, Assignment, Evidence, ValueCase
from app.indicators.catalogue import indicators_of
from app.indicators.keys import CaseKey
from app.indicators.measures import Measurement
from app.indicators.models import IndicatorValue, Period
from app.indicators.risk import Oddity, RiskInputs, by_risk, oddities
from app.indicators.states import State
from app.indicators.vocabulary import Status, ValueFlag

WAITING = (State.SENT, State.SPLIT)


class QueueRow(NamedTuple):
    """A case that waits: what was given, how many have judged it, and what the viewer has to do with it."""

    key: CaseKey
    edition: str
    state: State
    measured: Measurement
    before: Measurement | None
    due_on: date | None
    late: bool
    given: int
    """Verdicts of the two that are in; of a split case both are."""
    mine: bool
    """The viewer has given theirs on this revision."""
    asked: bool
    """The viewer was asked and has not."""
    is_open: bool
    """The viewer may give one: they were asked, or a seat is free."""
    oddities: tuple[Oddity, ...]

    @property
    def order(self) -> tuple[int, date, CaseKey]:
        """Give what it is sorted by."""
        return by_risk(self.key, self.oddities, self.due_on)


class Queue(NamedTuple):
    """All that waits but what the viewer is barred from, in its order; and how many that are."""

    rows: list[QueueRow]
    barred: int


class _Periods(NamedTuple):
    """Periods in which something waits, with the one before each, and their editions."""

    waiting: Mapping[str, str]
    """The period before by period; "" for none."""
    editions: Mapping[str, str]


def read_queue(session: Session, viewer: int, today: date) -> Queue:
    """Read what waits in all periods, closed ones with cases that were opened again too."""
    periods = _periods(session)
    rows = _cases(session, periods, viewer)
    people = {person.id: person for person in list_assessors(session, today)}
    asked = _asked(session, periods, people)
    found = _oddities(rows, periods, _shared(session, periods))
    barred = people[viewer].barred if viewer in people else frozenset()
    before = {(row.period, row.city, row.indicator): _measurement(row) for row in rows}
    waiting = [row for row in rows if row.waits]
    shown = []
    for row in (row for row in waiting if row.city not in barred):
        key = CaseKey(row.period, row.city, row.indicator)
        earlier = before.get((periods.waiting[row.period], row.city, row.indicator))
        seen = _Seen(viewer, viewer in people, asked.get(key, set()), found[key])
        shown.append(_row(row, earlier, periods.editions[row.period], seen))
    return Queue(sorted(shown, key=lambda row: row.order), len(waiting) - len(shown))


class _Seen(NamedTuple):
    """What is known of a case besides its row."""

    viewer: int
    is_assessor: bool
    asked: Collection[int]
    oddities: tuple[Oddity, ...]


def _row(row: Any, before: Measurement | None, edition: str, seen: _Seen) -> QueueRow:
    state, asked = State(row.state), seen.viewer in seen.asked
    is_free = state is State.SPLIT or row.given + len(seen.asked) < SEATS
    return QueueRow(
        key=CaseKey(row.period, row.city, row.indicator),
        edition=edition,
        state=state,
        measured=_measurement(row),
        before=before,
        due_on=row.due_on,
        late=row.late,
        given=row.given,
        mine=bool(row.mine),
        asked=asked,
        is_open=seen.is_assessor and not row.mine and (asked or is_free),
        oddities=seen.oddities,
    )


def next_in(rows: Iterable[QueueRow], after: CaseKey | None) -> QueueRow | None:
    """Give the first case that the viewer may judge, after one where it is among them, else from the beginning."""
    ours = [row for row in rows if row.is_open and row.key != after]
    if after is None or not ours:
        return ours[0] if ours else None
    place = next((row.order for row in rows if row.key == after), None)
    return next((row for row in ours if place is None or row.order > place), ours[0])


def _periods(session: Session) -> _Periods:
    waits = exists().where(ValueCase.period == Period.code, ValueCase.state.in_(WAITING))
    rows = session.execute(select(Period.code, Period.edition, Period.starts, Period.ends, waits.label("waits"))).all()
    earlier = sorted(rows, key=lambda row: (row.ends, row.code))
    before = {
        row.code: next((each.code for each in reversed(earlier) if each.ends < row.starts), "")
        for row in rows
        if row.waits
    }
    return _Periods(before, {row.code: row.edition for row in rows})


def _cases(session: Session, periods: _Periods, viewer: int) -> Sequence[Any]:
    """Read the cases of those periods, each with its figure; of those before, what is in force or was said last."""
    waiting, earlier = sorted(periods.waiting), sorted(set(periods.waiting.values()))
    is_waiting = and_(ValueCase.period.in_(waiting), ValueCase.state.in_(WAITING))
    of_revision = (
        Assessment.period == ValueCase.period,
        Assessment.city == ValueCase.city,
        Assessment.indicator == ValueCase.indicator,
        Assessment.revision == ValueCase.revision,
    )
    given = select(func.count()).where(*of_revision, Assessment.slot <= SEATS).scalar_subquery()
    mine = select(func.count()).where(*of_revision, Assessment.assessor == viewer).scalar_subquery()
    counts = case(
        (ValueCase.period.in_(waiting), ValueCase.revision),
        else_=func.coalesce(ValueCase.accepted_revision, ValueCase.revision),
    )
    value = IndicatorValue
    its = and_(value.period == ValueCase.period, value.city == ValueCase.city, value.indicator == ValueCase.indicator)
    return session.execute(
        select(
            ValueCase.period,
            ValueCase.city,
            ValueCase.indicator,
            ValueCase.state,
            ValueCase.due_on,
            ValueCase.late,
            value.status,
            value.numerator,
            value.denominator,
            value.flag,
            is_waiting.label("waits"),
            case((is_waiting, given), else_=0).label("given"),
            case((is_waiting, mine), else_=0).label("mine"),
        )
        .join(value, and_(its, value.revision == counts))
        .where(or_(ValueCase.period.in_(waiting), ValueCase.period.in_(earlier)))
    ).all()


def _asked(session: Session, periods: _Periods, people: Mapping[int, Assessor]) -> Mapping[CaseKey, set[int]]:
    """List who is asked to judge the cases that wait, still may and has not."""
    given = exists().where(
        Assessment.period == ValueCase.period,
        Assessment.city == ValueCase.city,
        Assessment.indicator == ValueCase.indicator,
        Assessment.revision == ValueCase.revision,
        Assessment.assessor == Assignment.assessor,
    )
    rows = session.execute(
        select(Assignment.period, Assignment.city, Assignment.indicator, Assignment.assessor)
        .join(
            ValueCase,
            (ValueCase.period == Assignment.period)
            & (ValueCase.city == Assignment.city)
            & (ValueCase.indicator == Assignment.indicator),
        )
        .where(Assignment.period.in_(sorted(periods.waiting)), ValueCase.state.in_(WAITING), ~given)
    )
    asked: dict[CaseKey, set[int]] = defaultdict(set)
    for period, city, indicator, assessor in rows:
        if assessor in people and city not in people[assessor].barred:
            asked[CaseKey(period, city, indicator)].add(assessor)
    return asked


def _shared(session: Session, periods: _Periods) -> frozenset[CaseKey]:
    """List the cases of which a file stands behind another case too, of whatever city, indicator or period."""
    case_name = Evidence.period + "/" + Evidence.city + "/" + Evidence.indicator
    there = Evidence.withdrawn_at.is_(None) & Evidence.sha256.is_not(None)
    several = select(Evidence.sha256).where(there).group_by(Evidence.sha256)
    several = several.having(func.count(case_name.distinct()) > 1)
    rows = select(Evidence.period, Evidence.city, Evidence.indicator).where(
        there, Evidence.period.in_(sorted(periods.waiting)), Evidence.sha256.in_(several)
    )
    return frozenset(CaseKey(*row) for row in session.execute(rows))


def _oddities(
    rows: Sequence[Any], periods: _Periods, shared: Collection[CaseKey]
) -> Mapping[CaseKey, tuple[Oddity, ...]]:
    figures: dict[str, dict[tuple[str, str], Measurement]] = defaultdict(dict)
    for row in rows:
        figures[row.period][row.city, row.indicator] = _measurement(row)
    found: dict[CaseKey, tuple[Oddity, ...]] = {}
    for period, before in periods.waiting.items():
        inputs = RiskInputs(figures[period], figures.get(before, {}), shared)
        found |= oddities(period, inputs, indicators_of(periods.editions[period]))
    return found


def _measurement(row: Any) -> Measurement:
    return Measurement(Status(row.status), row.numerator, row.denominator, ValueFlag(row.flag))
