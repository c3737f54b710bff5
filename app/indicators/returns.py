"""Sending a return to the ministry: all of a city's values or some, and every reason why not."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, and_, cast, exists, func, insert, not_, or_, select
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.clock import day_of
from app.indicators.case_models import Assessment, Evidence, ValueCase, ValueEvidence
from app.indicators.cases import SHORTEST_REASON, Case, case_of, change_state
from app.indicators.errors import (
    CannotSendError,
    Code,
    NotConfirmedError,
    SendCode,
    SendFault,
    StaleCaseError,
    refused,
)
from app.indicators.keys import CaseKey
from app.indicators.measures import Measurement
from app.indicators.models import IndicatorValue, Period
from app.indicators.oddities import mark_oddities
from app.indicators.queries import get_period
from app.indicators.states import Event, State
from app.indicators.vocabulary import Basis, Status, ValueFlag
from surveys.sql import hold_journal

SENDABLE = (State.OPEN, State.DRAFT)
"""States in which a value is the lead's to send."""


class ReturnOrder(NamedTuple):
    """What is to be sent: a period and a city, and the indicators with the versions that were shown."""

    period: str
    city: str
    versions: Mapping[str, int]


class ReturnPlan(NamedTuple):
    """What sending would do: cases that say something, cases that say nothing, and what stands in the way."""

    filled: tuple[Case, ...]
    empty: tuple[Case, ...]
    faults: tuple[SendFault, ...]
    late: int
    """Those whose last day has passed."""
    said: Mapping[CaseKey, Measurement]
    """What stands in the cases that say something, in those that cannot be sent too."""


class DraftCount(NamedTuple):
    """How many drafts there are, how many of them are ready to be sent, and the first of their last days."""

    of: int
    ready: int
    due_on: date | None


class _Standing(NamedTuple):
    """A case with its latest value and its papers: those there now, and those the value was last sent with."""

    case: Case
    value: IndicatorValue | None
    papers: frozenset[int]
    sent_papers: frozenset[int]
    assessed: bool
    """Somebody gave a verdict on this very revision."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said: never filled in, emptied, or undone; a sign in place of a number says something."""
        return self.value is None or (self.value.status == Status.MISSING and self.value.flag == ValueFlag.NONE)


def plan_return(session: Session, period: str, city: str, indicators: Iterable[str] | None, today: date) -> ReturnPlan:
    """Say what sending a return, or the chosen indicators of it, would do; of a whole one what was sent is left out."""
    standings = _standings(session, period, city, indicators)
    if indicators is None:
        standings = [each for each in standings if each.case.state in SENDABLE]
    return _plan(standings, today)


def count_drafts(session: Session, cities: Iterable[str]) -> Mapping[str, DraftCount]:
    """Count by open period the drafts of some cities, and those in whose way to the ministry nothing stands."""
    value, no_paper = IndicatorValue, ~exists().where(*_same_case(Evidence), Evidence.withdrawn_at.is_(None))
    says_nothing = and_(value.status == Status.MISSING, value.flag == ValueFlag.NONE)
    without_reason = and_(value.status == Status.NOT_APPLICABLE, func.length(value.note) < SHORTEST_REASON)
    is_stopped = and_(value.status != Status.MISSING, or_(no_paper, without_reason))
    is_ready = cast(not_(or_(says_nothing, is_stopped)), Integer)
    rows = session.execute(
        select(ValueCase.period, func.count(), func.sum(is_ready), func.min(ValueCase.due_on))
        .join(Period, Period.code == ValueCase.period)
        .join(value, and_(*_same_case(value), value.revision == ValueCase.revision))
        .where(ValueCase.state == State.DRAFT, ValueCase.city.in_(sorted(cities)), Period.state == "open")
        .group_by(ValueCase.period)
    )
    return {period: DraftCount(of, ready, due_on) for period, of, ready, due_on in rows}


def _same_case(table: type[IndicatorValue | Evidence]) -> tuple[ColumnElement[bool], ...]:
    return table.period == ValueCase.period, table.city == ValueCase.city, table.indicator == ValueCase.indicator


def send_return(session: Session, order: ReturnOrder, actor: Actor, *, missing: int, bulk: str) -> ReturnPlan:
    """Send values to be examined, those that say nothing as missing; all that the order names, or none.

    `missing` is the number somebody typed for those. Raises CannotSendError, NotConfirmedError, StaleCaseError.
    """
    hold_journal(session)
    period = get_period(session, order.period)
    if period is None or period.state == "planned":
        raise refused(Code.NOT_YET_OPEN, order.period)
    standings = _standings(session, order.period, order.city, order.versions)
    for case in (each.case for each in standings):
        if case.version != order.versions[case.key.indicator]:
            raise StaleCaseError(case.key, order.versions[case.key.indicator], case.version)
    plan = _plan(standings, day_of(actor.at))
    if plan.faults:
        raise CannotSendError(plan.faults)
    if len(plan.empty) != missing:
        raise NotConfirmedError(len(plan.empty))
    for standing in standings:
        _send(session, standing, actor, bulk=bulk)
    mark_oddities(session)
    return plan


def _plan(standings: Sequence[_Standing], today: date) -> ReturnPlan:
    faults = [fault for each in standings for fault in _faults(each)]
    ready = [each for each in standings if each.case.state in SENDABLE]
    return ReturnPlan(
        filled=tuple(each.case for each in ready if not each.is_empty),
        empty=tuple(each.case for each in ready if each.is_empty),
        faults=tuple(faults),
        late=sum(_is_late(each.case, today) for each in ready),
        said={each.case.key: _measured(each.value) for each in standings if each.value and not each.is_empty},
    )


def _measured(value: IndicatorValue) -> Measurement:
    return Measurement(Status(value.status), value.numerator, value.denominator, ValueFlag(value.flag))


def _faults(standing: _Standing) -> Iterable[SendFault]:
    case, value = standing.case, standing.value
    if case.state not in SENDABLE:
        yield SendFault(case.key, SendCode.NOT_A_DRAFT)
        return
    if value is None or value.status == Status.MISSING:
        return
    if not standing.papers:
        yield SendFault(case.key, SendCode.NO_EVIDENCE)
    if value.status == Status.NOT_APPLICABLE and len(value.note) < SHORTEST_REASON:
        yield SendFault(case.key, SendCode.NO_REASON)


def _send(session: Session, standing: _Standing, actor: Actor, *, bulk: str) -> None:
    case, known = standing.case, standing.sent_papers
    late = case.late or _is_late(case, day_of(actor.at))
    if standing.value is None or case.state is State.OPEN:
        case = _as_missing(session, case, actor, bulk=bulk)
    elif standing.assessed or (known and known != standing.papers):
        # What was assessed, or stood on other papers, stays as it was: what is sent now is a revision of its own.
        case, known = _again(session, standing.value, case, actor, bulk=bulk), frozenset()
    papers = [
        {**case.key._asdict(), "revision": case.revision, "evidence": paper}
        for paper in sorted(standing.papers - known)
    ]
    if papers:
        session.execute(insert(ValueEvidence), papers)
    change_state(session, case, Event.SEND, actor, bulk=bulk, late=late, sent_by=actor.id)


def _as_missing(session: Session, case: Case, actor: Actor, *, bulk: str) -> Case:
    """Write down that nothing was given."""
    row = {
        **case.key._asdict(),
        "revision": (case.revision or 0) + 1,
        "status": Status.MISSING,
        "flag": ValueFlag.NONE,
        "source": "",
        "basis": Basis.NONE,
        "note": "",
        "imported_on": day_of(actor.at),
        "entered_by": actor.id,
    }
    session.execute(insert(IndicatorValue), [row])
    return change_state(session, case, Event.SAVE, actor, bulk=bulk, revision=row["revision"])


def _again(session: Session, value: IndicatorValue, case: Case, actor: Actor, *, bulk: str) -> Case:
    copied = {name: getattr(value, name) for name in IndicatorValue.__table__.columns.keys() if name != "id"}  # noqa: SIM118 - not a dict
    session.execute(insert(IndicatorValue), [copied | {"revision": value.revision + 1}])
    return change_state(session, case, Event.SAVE, actor, bulk=bulk, revision=value.revision + 1)


def _is_late(case: Case, today: date) -> bool:
    return case.due_on is not None and today > case.due_on


def _standings(session: Session, period: str, city: str, indicators: Iterable[str] | None) -> list[_Standing]:
    """Read the cases of a city, or the chosen ones, in the order of their keys: five statements, however many."""

    def of_city(table: type[ValueCase | IndicatorValue | Evidence | ValueEvidence | Assessment]) -> tuple[Any, ...]:
        return table.period == period, table.city == city

    chosen = None if indicators is None else frozenset(indicators)
    rows = session.scalars(select(ValueCase).where(*of_city(ValueCase)).execution_options(populate_existing=True))
    cases = sorted(case_of(row) for row in rows if chosen is None or row.indicator in chosen)
    values = {
        (row.indicator, row.revision): row
        for row in session.scalars(select(IndicatorValue).where(*of_city(IndicatorValue)))
    }
    there: dict[str, set[int]] = defaultdict(set)
    papers = select(Evidence.indicator, Evidence.id).where(*of_city(Evidence), Evidence.withdrawn_at.is_(None))
    for row in session.execute(papers):
        there[row.indicator].add(row.id)
    sent: dict[tuple[str, int], set[int]] = defaultdict(set)
    for paper in session.scalars(select(ValueEvidence).where(*of_city(ValueEvidence))):
        sent[paper.indicator, paper.revision].add(paper.evidence)
    given = select(Assessment.indicator, Assessment.revision)
    assessed = {tuple(row) for row in session.execute(given.where(*of_city(Assessment), Assessment.slot.is_not(None)))}
    standings = []
    for case in cases:
        latest = case.key.indicator, case.revision or 0
        papers_of = frozenset(there[case.key.indicator]), frozenset(sent[latest])
        standings.append(_Standing(case, values.get(latest), *papers_of, assessed=latest in assessed))
    return standings
