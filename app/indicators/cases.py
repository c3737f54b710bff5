"""Cases: one indicator of one city in one period, moved by events, each of them in the journal.

Whoever changes a case waits for the journal first and reads the case afterwards, so that two changes never wait for
each other, and the second sees what the first did.
"""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.clock import day_of
from app.indicators.assessors import get_assessor
from app.indicators.case_models import Assessment, ValueCase
from app.indicators.errors import (
    AlreadyAssessedError,
    Hindrance,
    MayNotAssessError,
    NotExaminedError,
    ReasonTooShortError,
    StaleCaseError,
    UnknownCaseError,
    WrongStateError,
)
from app.indicators.keys import CaseKey
from app.indicators.models import IndicatorValue, Period
from app.indicators.states import Event, State, next_state
from app.notices.notices import Message, notify
from app.notices.recipients import ENTERING, list_holders
from app.working_calendar import add_working_days
from surveys.sql import hold_journal

SHORTEST_REASON = 20
"""Characters of a reason that somebody else has to understand."""

LONGEST_REASON = 400

_WORDS = {
    Event.SAVE: "value.saved",
    Event.SEND: "value.sent",
    Event.RECALL: "value.recalled",
    Event.ACCEPT: "value.accepted",
    Event.RETURN: "value.returned",
    Event.SPLIT: "value.split",
    Event.REFUSE: "value.refused",
    Event.REOPEN: "value.reopened",
    Event.RESTORE: "value.restored",
    Event.EMPTY: "value.restored",
    Event.GIVE_BACK: "value.restored",
}


class Case(NamedTuple):
    """A case as it was read; `revision` is what the city says last, `accepted_revision` what official ratings count."""

    key: CaseKey
    state: State
    revision: int | None
    accepted_revision: int | None
    due_on: date | None
    late: bool
    unreviewed: bool
    sent_by: int | None
    reopened_reason: str
    asked_reason: str
    version: int


def get_case(session: Session, key: CaseKey, version: int | None = None) -> Case:
    """Read a case; raise UnknownCaseError, or StaleCaseError where somebody has changed it since `version`."""
    row = session.get(ValueCase, tuple(key), populate_existing=True)
    if row is None:
        raise UnknownCaseError(key)
    case = case_of(row)
    refuse_stale(case, version)
    return case


def refuse_stale(case: Case, version: int | None) -> None:
    """Raise StaleCaseError where somebody has changed a case since `version`; None for whoever saw none."""
    if version not in {None, case.version}:
        raise StaleCaseError(case.key, version or 0, case.version)


def case_of(row: ValueCase) -> Case:
    """Give what a row says."""
    return Case(
        key=CaseKey(row.period, row.city, row.indicator),
        state=State(row.state),
        revision=row.revision,
        accepted_revision=row.accepted_revision,
        due_on=row.due_on,
        late=row.late,
        unreviewed=row.unreviewed,
        sent_by=row.sent_by,
        reopened_reason=row.reopened_reason,
        asked_reason=row.asked_reason,
        version=row.version,
    )


def hold_case(session: Session, key: CaseKey, version: int | None = None) -> Case:
    """Read a case that is going to be changed: nobody else changes any until this transaction ends."""
    hold_journal(session)
    return get_case(session, key, version)


def change_state(
    session: Session, case: Case, event: Event, actor: Actor, *, bulk: str | None = None, **columns: Any
) -> Case:
    """Let an event happen to a case, with more columns to set, and record it; raise WrongStateError, StaleCaseError."""
    hold_journal(session)
    target = next_state(case.state, event)
    if target is None:
        raise WrongStateError(case.key, case.state, event)
    values = {"state": target, "version": case.version + 1, **columns}
    as_read = (*_of(ValueCase, case.key), ValueCase.version == case.version)
    done = session.execute(update(ValueCase).where(*as_read).values(values).returning(ValueCase.version))
    if done.first() is None:
        raise StaleCaseError(case.key, case.version, get_case(session, case.key).version)
    changed = get_case(session, case.key)
    detail = {"from": case.state, "to": target, "revision": changed.revision}
    entry = Entry(
        event=_WORDS[event],
        object_kind="case",
        object_id=str(case.key),
        city=case.key.city,
        detail=detail,
        bulk=bulk,
    )
    record(session, actor, entry)
    return changed


def accept(session: Session, case: Case, revision: int, actor: Actor) -> Case:
    """Put a revision in force that two assessors accepted, or a third after they differed; raise NotExaminedError."""
    _check_examined(session, case, revision, "accept")
    return change_state(session, case, Event.ACCEPT, actor, accepted_revision=revision, unreviewed=False)


def return_case(session: Session, case: Case, revision: int, actor: Actor) -> Case:
    """Give a revision back that two assessors returned, or a third after they differed; raise NotExaminedError."""
    _check_examined(session, case, revision, "return")
    return change_state(session, case, Event.RETURN, actor, due_on=_correction_ends(session, case.key, actor))


def split(session: Session, case: Case, revision: int, actor: Actor) -> Case:
    """Hand a revision to a third assessor, for the two differ; raise NotExaminedError."""
    verdicts = _verdicts(session, case, revision)
    if set(verdicts) != {1, 2} or len(set(verdicts.values())) != 2:
        raise NotExaminedError(case.key, revision)
    return change_state(session, case, Event.SPLIT, actor)


def recall(session: Session, key: CaseKey, version: int | None, actor: Actor) -> Case:
    """Take back what was sent, as long as nobody assessed it; raise AlreadyAssessedError, WrongStateError.

    The city's page names no version of what is under examination: it would tell that two assessors differ, and so would
    a refusal of an old one.
    """
    case = hold_case(session, key)
    if case.state in {State.SENT, State.SPLIT} and _verdicts(session, case, case.revision or 0):
        raise AlreadyAssessedError(key)
    refuse_stale(case, version)
    return change_state(session, case, Event.RECALL, actor)


def ask_to_reopen(session: Session, key: CaseKey, version: int, reason: str, actor: Actor) -> Case:
    """Ask the ministry to let a decided value be changed, with a reason; raise WrongStateError, ReasonTooShortError."""
    case = hold_case(session, key, version)
    if next_state(case.state, Event.REOPEN) is None:
        raise WrongStateError(key, case.state, Event.REOPEN)
    row = session.get_one(ValueCase, tuple(key))
    row.asked_reason, row.version = checked_reason(reason), case.version + 1
    session.flush()
    asked = Entry(event="value.reopening_asked", object_kind="case", object_id=str(key), city=key.city)
    record(session, actor, asked)
    return case_of(row)


def reopen(session: Session, key: CaseKey, version: int, reason: str, actor: Actor) -> Case:
    """Let the city change a decided value; the accepted revision stays in force until another one is.

    A value of a closed period is late from then on. Nobody does so for a city of whose values they may judge none.
    Raises MayNotAssessError, WrongStateError, ReasonTooShortError.
    """
    reviewer = None if actor.id is None else get_assessor(session, actor.id, day_of(actor.at))
    if reviewer is not None and key.city in reviewer.barred:
        raise MayNotAssessError(key, Hindrance.OWN_CITY)
    case = hold_case(session, key, version)
    return change_state(
        session,
        case,
        Event.REOPEN,
        actor,
        reopened_reason=checked_reason(reason),
        asked_reason="",
        due_on=_correction_ends(session, key, actor),
        late=case.late or case.state is State.LOCKED,
    )


def refuse_overdue(session: Session, actor: Actor) -> int:
    """Refuse what was returned and not mended in its days, and tell the city; gives how many. For `turn-periods`."""
    hold_journal(session)
    overdue = select(ValueCase).where(ValueCase.state == State.RETURNED, ValueCase.due_on < day_of(actor.at))
    cases = sorted(map(case_of, session.scalars(overdue)))
    for case in cases:
        change_state(session, case, Event.REFUSE, actor)
        _tell_refusal(session, case, actor)
    return len(cases)


def _tell_refusal(session: Session, case: Case, actor: Actor) -> None:
    """Tell who enters and sends the city's values; the last day tells one refusal of a revision from a later one."""
    message = Message(
        "value.refused",
        cause=f"value.refused:{case.key}/{case.revision}@{case.due_on}",
        address=f"/console/values/{case.key}",
        parameters=case.key._asdict(),
    )
    notify(session, list_holders(session, ENTERING, day_of(actor.at), city=case.key.city), message, actor.at)


def checked_reason(reason: str) -> str:
    """Tidy a reason; raise ReasonTooShortError where nobody could understand it."""
    tidy = " ".join(reason.split())[:LONGEST_REASON]
    if len(tidy) < SHORTEST_REASON:
        raise ReasonTooShortError(SHORTEST_REASON)
    return tidy


def _check_examined(session: Session, case: Case, revision: int, verdict: str) -> None:
    """Keep the rule that nothing is decided but by two who agree, or by the third, none of whom entered or sent it."""
    verdicts = _verdicts(session, case, revision)
    decided = verdicts.get(3) == verdict if case.state is State.SPLIT else verdicts == {1: verdict, 2: verdict}
    own = exists().where(
        *_of(Assessment, case.key),
        Assessment.revision == revision,
        Assessment.slot.is_not(None),
        *_of(IndicatorValue, case.key),
        IndicatorValue.revision == revision,
        (Assessment.assessor == IndicatorValue.entered_by) | (Assessment.assessor == case.sent_by),
    )
    if revision != case.revision or not decided or session.scalar(select(own)):
        raise NotExaminedError(case.key, revision)


def _verdicts(session: Session, case: Case, revision: int) -> dict[int, str]:
    """Give what the assessors said of a revision, by slot."""
    given = select(Assessment.slot, Assessment.verdict)
    given = given.where(*_of(Assessment, case.key), Assessment.revision == revision, Assessment.slot.is_not(None))
    return {slot: verdict for slot, verdict in session.execute(given) if slot is not None}


def _of(table: type[Assessment | IndicatorValue | ValueCase], key: CaseKey) -> tuple[Any, ...]:
    return (table.period == key.period, table.city == key.city, table.indicator == key.indicator)


def _correction_ends(session: Session, key: CaseKey, actor: Actor) -> date:
    """Give the last day of the correction: so many working days from today."""
    days = session.scalars(select(Period.correction_days).where(Period.code == key.period)).one()
    return add_working_days(session, day_of(actor.at), days)
