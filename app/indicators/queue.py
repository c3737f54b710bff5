"""What waits for an assessor, worst first: six statements, whatever the number of cases; no verdict among them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import and_, case, exists, func, select
from sqlalchemy.orm import Session

from app.clock import KAZAKHSTAN
from app.indicators.assessors import Assessor, get_assessor, list_assessors
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
    rows = _cases(session, periods)
    people = {person.id: person for person in list_assessors(session, today)}
    asked = _asked(session, periods, people)
    given = _given(session, periods)
    measured = {CaseKey(row.period, row.city, row.indicator): _measurement(row) for row in rows}
    found = _oddities(measured, periods, _shared(session, periods))
    barred = people[viewer].barred if viewer in people else frozenset()
    waiting = [row for row in rows if row.period in periods.waiting and row.state in WAITING]
    shown = []
    for row in (row for row in waiting if row.city not in barred):
        key = CaseKey(row.period, row.city, row.indicator)
        earlier = measured.get(key._replace(period=periods.waiting[row.period]))
        seen = _Seen(viewer, viewer in people, asked.get(key, set()), given.get(key, {}), found[key])
        shown.append(_row(row, (measured[key], earlier), periods.editions[row.period], seen))
    return Queue(sorted(shown, key=lambda row: row.order), len(waiting) - len(shown))


class _Seen(NamedTuple):
    """What is known of a case besides its row."""

    viewer: int
    is_assessor: bool
    asked: Collection[int]
    given: Mapping[int, int | None]
    """Who has given a verdict on the revision that stands, and in which seat."""
    oddities: tuple[Oddity, ...]


def _row(row: Any, now_and_before: tuple[Measurement, Measurement | None], edition: str, seen: _Seen) -> QueueRow:
    state, asked, mine = State(row.state), seen.viewer in seen.asked, seen.viewer in seen.given
    in_seats = sum(slot is not None and slot <= SEATS for slot in seen.given.values())
    is_free = state is State.SPLIT or in_seats + len(seen.asked) < SEATS
    return QueueRow(
        key=CaseKey(row.period, row.city, row.indicator),
        edition=edition,
        state=state,
        measured=now_and_before[0],
        before=now_and_before[1],
        due_on=row.due_on,
        late=row.late,
        given=in_seats,
        mine=mine,
        asked=asked,
        is_open=seen.is_assessor and not mine and (asked or is_free),
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


def _cases(session: Session, periods: _Periods) -> Sequence[Any]:
    """Read the cases of those periods, each with its figure; of those before, what is in force or was said last."""
    waiting = sorted(periods.waiting)
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
        )
        .join(value, and_(its, value.revision == counts))
        .where(ValueCase.period.in_(sorted({*waiting, *periods.waiting.values()})))
    ).all()


def _given(session: Session, periods: _Periods) -> Mapping[CaseKey, dict[int, int | None]]:
    """List who has given a verdict on the revisions that wait, and in which seat; never the verdict."""
    rows = session.execute(
        select(Assessment.period, Assessment.city, Assessment.indicator, Assessment.assessor, Assessment.slot)
        .join(
            ValueCase,
            (ValueCase.period == Assessment.period)
            & (ValueCase.city == Assessment.city)
            & (ValueCase.indicator == Assessment.indicator)
            & (ValueCase.revision == Assessment.revision),
        )
        .where(Assessment.period.in_(sorted(periods.waiting)), ValueCase.state.in_(WAITING))
    )
    given: dict[CaseKey, dict[int, int | None]] = defaultdict(dict)
    for period, city, indicator, assessor, slot in rows:
        given[CaseKey(period, city, indicator)][assessor] = slot
    return given


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
    measured: Mapping[CaseKey, Measurement], periods: _Periods, shared: Collection[CaseKey]
) -> Mapping[CaseKey, tuple[Oddity, ...]]:
    figures: dict[str, dict[tuple[str, str], Measurement]] = defaultdict(dict)
    for (period, city, indicator), figure in measured.items():
        figures[period][city, indicator] = figure
    found: dict[CaseKey, tuple[Oddity, ...]] = {}
    for period, before in periods.waiting.items():
        inputs = RiskInputs(figures[period], figures.get(before, {}), shared)
        found |= oddities(period, inputs, indicators_of(periods.editions[period]))
    return found


def _measurement(row: Any) -> Measurement:
    return Measurement(Status(row.status), row.numerator, row.denominator, ValueFlag(row.flag))


def count_waiting_for(session: Session, viewer: int, today: date) -> tuple[int, int]:
    """Count what a person was asked to judge and has not, of one that is no split and of splits: for the home page."""
    person = get_assessor(session, viewer, today)
    if person is None:
        return 0, 0
    mine = exists().where(
        Assessment.period == ValueCase.period,
        Assessment.city == ValueCase.city,
        Assessment.indicator == ValueCase.indicator,
        Assessment.revision == ValueCase.revision,
        Assessment.assessor == viewer,
    )
    asked = exists().where(
        Assignment.period == ValueCase.period,
        Assignment.city == ValueCase.city,
        Assignment.indicator == ValueCase.indicator,
        Assignment.assessor == viewer,
    )
    rows = select(ValueCase.state, func.count()).where(ValueCase.city.not_in(person.barred), ~mine)
    is_mine = (ValueCase.state == State.SPLIT) | ((ValueCase.state == State.SENT) & asked)
    counts = dict(session.execute(rows.where(is_mine).group_by(ValueCase.state)).all())
    return counts.get(State.SENT, 0), counts.get(State.SPLIT, 0)


def count_given_this_month(session: Session, viewer: int, today: date) -> int:
    """Count the verdicts that somebody gave since the first of the month."""
    first = datetime.combine(today.replace(day=1), time(), KAZAKHSTAN)
    given = select(func.count()).where(Assessment.assessor == viewer, Assessment.given_at >= first)
    return session.execute(given).scalar_one()
