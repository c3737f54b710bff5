"""Two assessors judge a revision without seeing each other's verdict; a third settles where they differ.

The first verdict changes nothing that anybody can see but its author: the case stays as it was, its row in the journal
is the same whatever was said, and nobody is told. Whoever gives one waits for the journal first, so that of two second
verdicts at once one is the second and the other is refused.
"""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.clock import day_of
from app.indicators.assessors import Assessor, get_assessor, involved_in
from app.indicators.assignments import SEATS, ask_another, asked_to_assess, keep_only, take_back
from app.indicators.case_models import Assessment
from app.indicators.cases import Case, accept, hold_case, return_case, split
from app.indicators.errors import Hindrance, MayNotAssessError, NothingToAssessError
from app.indicators.keys import CaseKey
from app.indicators.queries import get_revision
from app.indicators.states import State
from app.indicators.verdicts import CaseVerdict, Ruling, checked
from app.indicators.vocabulary import Status
from app.notices.notices import Message, notify
from app.notices.recipients import ENTERING, list_holders

THIRD = SEATS + 1
"""The seat of who settles where the two differ."""


class OpenRevision(NamedTuple):
    """What was on the screen of who judges: a revision of a case, and the version of the case."""

    key: CaseKey
    revision: int
    version: int


class Given(NamedTuple):
    """A verdict that was stored; None in `slot` is for who could not judge."""

    assessor: int
    slot: int | None
    verdict: CaseVerdict


def assess(session: Session, target: OpenRevision, ruling: Ruling, actor: Actor) -> State:
    """Store one of the two verdicts on a revision; the second decides or splits. Gives the state of the case.

    Raises MayNotAssessError, NothingToAssessError, StaleCaseError, UnknownCaseError, RulingError.
    """
    case = hold_case(session, target.key, target.version)
    assessor = _permitted(session, case.key, actor)
    given = verdicts_on(session, target.key, target.revision)
    _refuse_repeating(case.key, given, assessor)
    if case.state is not State.SENT or case.revision != target.revision:
        raise NothingToAssessError(case.key, case.state)
    in_slots = [each for each in given if each.slot]
    _refuse_taking(session, case.key, given, assessor, actor)
    slot = None if ruling.verdict is CaseVerdict.UNABLE else len(in_slots) + 1
    _store(session, target, ruling, actor, slot)
    if slot is None:
        _hand_on(session, case.key, actor, given)
    if slot != SEATS:
        return case.state
    return _decide(session, case, [in_slots[0].verdict, ruling.verdict], actor)


def adjudicate(session: Session, target: OpenRevision, ruling: Ruling, actor: Actor) -> State:
    """Store the third verdict, which decides; who cannot judge leaves the case to another. Gives the state of the case.

    Raises MayNotAssessError, NothingToAssessError, StaleCaseError, UnknownCaseError, RulingError.
    """
    case = hold_case(session, target.key, target.version)
    assessor = _permitted(session, case.key, actor)
    given = verdicts_on(session, target.key, target.revision)
    _refuse_repeating(case.key, given, assessor)
    if case.state is not State.SPLIT or case.revision != target.revision:
        raise NothingToAssessError(case.key, case.state)
    slot = None if ruling.verdict is CaseVerdict.UNABLE else THIRD
    _store(session, target, ruling, actor, slot, settles=True)
    if slot is None:
        _hand_on(session, case.key, actor, given)
        return case.state
    keep_only(session, case.key, [each.assessor for each in given if each.slot])
    return _decide(session, case, [ruling.verdict], actor)


def verdicts_on(session: Session, key: CaseKey, revision: int) -> list[Given]:
    """List all verdicts on a revision, for deciding; what people may see is `app.indicators.examination`'s."""
    rows = select(Assessment.assessor, Assessment.slot, Assessment.verdict).where(
        Assessment.period == key.period,
        Assessment.city == key.city,
        Assessment.indicator == key.indicator,
        Assessment.revision == revision,
    )
    return [
        Given(row.assessor, row.slot, CaseVerdict(row.verdict)) for row in session.execute(rows.order_by(Assessment.id))
    ]


def _permitted(session: Session, key: CaseKey, actor: Actor) -> Assessor:
    """Keep everybody out who has to do with the city or the value; the command line too."""
    assessor = None if actor.id is None else get_assessor(session, actor.id, day_of(actor.at))
    if assessor is None:
        raise MayNotAssessError(key, Hindrance.NO_REVIEWER)
    if key.city in assessor.barred:
        raise MayNotAssessError(key, Hindrance.OWN_CITY)
    if assessor.id in involved_in(session, key):
        raise MayNotAssessError(key, Hindrance.OWN_VALUE)
    return assessor


def _refuse_repeating(key: CaseKey, given: list[Given], assessor: Assessor) -> None:
    if assessor.id in {each.assessor for each in given}:
        raise MayNotAssessError(key, Hindrance.GIVEN_ALREADY)


def _refuse_taking(session: Session, key: CaseKey, given: list[Given], assessor: Assessor, actor: Actor) -> None:
    """Keep the seats of those who were asked; whoever was not may take one that is free."""
    asked = asked_to_assess(session, key, actor) - {each.assessor for each in given}
    seats = SEATS - sum(each.slot is not None for each in given)
    if assessor.id not in asked and len(asked) >= seats:
        raise MayNotAssessError(key, Hindrance.GIVEN_TO_OTHERS)


def _store(
    session: Session, target: OpenRevision, ruling: Ruling, actor: Actor, slot: int | None, *, settles: bool = False
) -> None:
    value = get_revision(session, target.key, target.revision)
    whole = checked(ruling, has_evidence=value.status is not Status.MISSING, settles=settles)
    row = {
        **target.key._asdict(),
        "revision": target.revision,
        "assessor": actor.id,
        "slot": slot,
        "ticks": int(whole.ticks),
        "verdict": whole.verdict,
        "reasons": " ".join(whole.reasons),
        "note": whole.note,
        "private_note": whole.private_note,
        "given_at": actor.at,
    }
    session.execute(insert(Assessment), [row])
    # The same words whatever was said: neither a verdict nor a digest of one, which could be guessed.
    detail = {"revision": target.revision}
    entry = Entry(
        event="assessment.given",
        object_kind="case",
        object_id=str(target.key),
        city=target.key.city,
        detail=detail,
    )
    record(session, actor, entry)


def _decide(session: Session, case: Case, verdicts: list[CaseVerdict], actor: Actor) -> State:
    revision = case.revision or 0
    if len(set(verdicts)) > 1:
        changed = split(session, case, revision, actor)
        given = {each.assessor for each in verdicts_on(session, case.key, revision)}
        third = ask_another(session, case.key, actor, without=given)
        _tell(session, "value.split", [] if third is None else [third], changed, actor)
        return changed.state
    if verdicts[0] is CaseVerdict.ACCEPT:
        return accept(session, case, revision, actor).state
    changed = return_case(session, case, revision, actor)
    city = list_holders(session, ENTERING, day_of(actor.at), city=case.key.city)
    _tell(session, "value.returned", city, changed, actor)
    return changed.state


def _tell(session: Session, kind: str, staff: Collection[int], case: Case, actor: Actor) -> None:
    """Tell people what two verdicts came to; of a first one nobody is told anything."""
    place = "values" if kind == "value.returned" else "assess/split"
    message = Message(
        kind,
        cause=f"{kind}:{case.key}/{case.revision}",
        address=f"/console/{place}/{case.key}",
        parameters=case.key._asdict(),
    )
    notify(session, staff, message, actor.at)


def _hand_on(session: Session, key: CaseKey, actor: Actor, given: list[Given]) -> None:
    """Take a case from who cannot judge it; where somebody had been asked, ask another."""
    if take_back(session, key, actor.id or 0):
        ask_another(session, key, actor, without={each.assessor for each in given} | {actor.id or 0})
