"""What waits for an assessor, worst first: five statements, whatever the number of cases; no verdict but their own.

What is odd about a value stands in its case since a return was sent; figures are read of the rows that are shown alone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import Session

from app.clock import KAZAKHSTAN
from app.indicators.assessors import Assessor, get_assessor, list_assessors
from app.indicators.assignments import SEATS
from app.indicators.case_models import Assessment, Assignment, ValueCase
from app.indicators.keys import CaseKey
from app.indicators.measures import Measurement
from app.indicators.oddities import WAITING, WaitingPeriods, measurements, waiting_periods
from app.indicators.risk import Oddity, by_risk
from app.indicators.states import State
from app.indicators.verdicts import CaseVerdict

Place = tuple[int, date, CaseKey]
"""Where a case stands in the queue, or stood before it was decided."""


class QueueRow(NamedTuple):
    """A case that waits: how many have judged it, and what the viewer has to do with it."""

    key: CaseKey
    edition: str
    state: State
    revision: int
    due_on: date | None
    late: bool
    given: int
    """Verdicts of the two that are in; of a split case both are."""
    verdict: CaseVerdict | None
    """What the viewer said of this revision; None where they have not."""
    asked: bool
    """The viewer was asked and has not."""
    is_open: bool
    """The viewer may give one: they were asked, or a seat is free."""
    oddities: tuple[Oddity, ...]

    @property
    def mine(self) -> bool:
        """Tell whether the viewer has had their say."""
        return self.verdict is not None

    @property
    def waits_for_other(self) -> bool:
        """Tell whether the viewer gave one of the two verdicts, and the other is not in."""
        return self.state is State.SENT and self.verdict in {CaseVerdict.ACCEPT, CaseVerdict.RETURN}

    @property
    def order(self) -> Place:
        """Give what it is sorted by."""
        return by_risk(self.key, self.oddities, self.due_on)


class Queue(NamedTuple):
    """All that waits but what the viewer is barred from, in its order; and how many that are."""

    rows: list[QueueRow]
    barred: int
    periods: WaitingPeriods


class RowFigures(NamedTuple):
    """What was given in a case, and what in the period before: what is in force there, else what was said last."""

    measured: Measurement
    before: Measurement | None


def read_queue(session: Session, viewer: int, today: date) -> Queue:
    """Read what waits in all periods, closed ones with cases that were opened again too."""
    people = {person.id: person for person in list_assessors(session, today)}
    periods = waiting_periods(session)
    waiting = _waiting(session)
    # Nobody else takes a seat, so that who is asked for one changes nothing for them.
    asked = _asked(session, people) if viewer in people else {}
    given = _given(session, viewer)
    barred = people[viewer].barred if viewer in people else frozenset()
    shown = []
    for row in (row for row in waiting if row.city not in barred):
        key = CaseKey(row.period, row.city, row.indicator)
        seen = _Seen(viewer, viewer in people, asked.get(key, ()), given.get(key, {}))
        shown.append(_row(key, row, periods.editions[key.period], seen))
    return Queue(sorted(shown, key=lambda row: row.order), len(waiting) - len(shown), periods)


def read_figures(session: Session, rows: Collection[QueueRow], periods: WaitingPeriods) -> dict[CaseKey, RowFigures]:
    """Read what was given in cases of the queue, and before: one statement, and none for no case."""
    if not rows:
        return {}
    before = {row.key: row.key._replace(period=periods.waiting.get(row.key.period, "")) for row in rows}
    measured = measurements(session, {row.key for row in rows} | set(before.values()), periods)
    return {row.key: RowFigures(measured[row.key], measured.get(before[row.key])) for row in rows}


class _Word(NamedTuple):
    """In which seat a verdict was given, and which it was: known of the viewer's own alone."""

    slot: int | None
    verdict: CaseVerdict | None


class _Seen(NamedTuple):
    """What is known of a case besides its row."""

    viewer: int
    is_assessor: bool
    asked: Collection[int]
    given: Mapping[int, _Word]
    """Who has given a verdict on the revision that stands."""


def _row(key: CaseKey, row: Any, edition: str, seen: _Seen) -> QueueRow:
    state, asked = State(row.state), seen.viewer in seen.asked
    own = seen.given.get(seen.viewer)
    in_seats = sum(word.slot is not None and word.slot <= SEATS for word in seen.given.values())
    is_free = state is State.SPLIT or in_seats + len(seen.asked) < SEATS
    return QueueRow(
        key=key,
        edition=edition,
        state=state,
        revision=row.revision,
        due_on=row.due_on,
        late=row.late,
        given=in_seats,
        verdict=own.verdict if own else None,
        asked=asked,
        is_open=seen.is_assessor and own is None and (asked or is_free),
        oddities=_oddities_of(row.oddities),
    )


def place_of(session: Session, key: CaseKey) -> Place | None:
    """Tell where a case stands in the queue, whether it waits or not; None where there is no such case."""
    row = session.get(ValueCase, tuple(key))
    return None if row is None else by_risk(key, _oddities_of(row.oddities), row.due_on)


def next_in(rows: Iterable[QueueRow], after: Place | None) -> QueueRow | None:
    """Give the first case that the viewer may judge behind a place; at the end of the list, from its beginning.

    What was passed over before that place stays passed over until then.
    """
    ours = [row for row in rows if row.is_open and (after is None or row.key != after[2])]
    behind = (row for row in ours if after is None or row.order > after)
    return next(behind, ours[0] if ours else None)


@cache
def _oddities_of(words: str) -> tuple[Oddity, ...]:
    return tuple(map(Oddity, words.split()))


def _waiting(session: Session) -> Sequence[Any]:
    columns = (ValueCase.period, ValueCase.city, ValueCase.indicator, ValueCase.state, ValueCase.revision)
    rest = (ValueCase.due_on, ValueCase.late, ValueCase.oddities)
    return session.execute(select(*columns, *rest).where(ValueCase.state.in_(WAITING))).all()


def _given(session: Session, viewer: int) -> Mapping[CaseKey, dict[int, _Word]]:
    """List who has given a verdict on the revisions that wait, and in which seat; the verdict of the viewer alone."""
    own = case((Assessment.assessor == viewer, Assessment.verdict))
    rows = session.execute(
        select(Assessment.period, Assessment.city, Assessment.indicator, Assessment.assessor, Assessment.slot, own)
        .join(
            ValueCase,
            (ValueCase.period == Assessment.period)
            & (ValueCase.city == Assessment.city)
            & (ValueCase.indicator == Assessment.indicator)
            & (ValueCase.revision == Assessment.revision),
        )
        .where(ValueCase.state.in_(WAITING))
    )
    given: dict[CaseKey, dict[int, _Word]] = defaultdict(dict)
    for period, city, indicator, assessor, slot, verdict in rows:
        given[CaseKey(period, city, indicator)][assessor] = _Word(slot, CaseVerdict(verdict) if verdict else None)
    return given


def _asked(session: Session, people: Mapping[int, Assessor]) -> Mapping[CaseKey, set[int]]:
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
        .where(ValueCase.state.in_(WAITING), ~given)
    )
    asked: dict[CaseKey, set[int]] = defaultdict(set)
    for period, city, indicator, assessor in rows:
        if assessor in people and city not in people[assessor].barred:
            asked[CaseKey(period, city, indicator)].add(assessor)
    return asked


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
    """Count the verdicts that somebody gave since the first of the month; "cannot judge" is none."""
    first = datetime.combine(today.replace(day=1), time(), KAZAKHSTAN)
    given = select(func.count()).where(Assessment.assessor == viewer, Assessment.given_at >= first)
    given = given.where(Assessment.verdict != CaseVerdict.UNABLE)
    return session.execute(given).scalar_one()
