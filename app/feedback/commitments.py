"""Commitments: what an administration promised by when, and every step of keeping it, told to everybody with its day.

The first day promised never changes; how often the day was moved, and why, stays to be seen. Steps are rows that
are never changed. Two look at a promise before it is one: whoever wrote it does not announce it.
"""

import json
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.audit.models import JournalRow
from app.clock import day_of
from app.feedback.commitment_checks import (
    TELLS_EVIDENCE,
    WHOLE,
    CommitmentTerms,
    StepContext,
    StepTold,
    faults_of_promise,
    faults_of_step,
    tells_percent,
)
from app.feedback.commitment_states import BY_RESIDENTS, CommitmentAct, CommitmentState, next_state
from app.feedback.reply_errors import AnswerError, AnswerFault, Flaw, StaleAnswerError, UnknownAnswerError
from app.feedback.reply_models import Commitment, CommitmentEvent, ReplyRelease
from app.feedback.verdicts import ResidentVerdict, count_answers, verdict_of
from app.notices.notices import Message, notify
from app.notices.recipients import ENTERING, list_holders
from surveys.languages import LANGUAGES, Text3
from surveys.sql import hold_journal

_WORDS = {
    CommitmentAct.ANNOUNCE: "commitment.announced",
    CommitmentAct.PROGRESS: "commitment.told",
    CommitmentAct.MOVE: "commitment.moved",
    CommitmentAct.REPORT_DONE: "commitment.reported_done",
    CommitmentAct.AGREE: "commitment.agreed",
    CommitmentAct.DISPUTE: "commitment.disputed",
    CommitmentAct.DROP: "commitment.dropped",
}


UNDATED = date.min
"""The day of a draft in which nobody said one yet."""
PROMISE_PARTS = ("title_kk", "title_ru", "title_en", "unit_kk", "unit_ru", "due")
"""What is promised, part by part: each may be somebody else's."""


class CommitmentPlace(NamedTuple):
    """Where a commitment belongs."""

    city: str
    area: str
    theme: str | None = None
    reply: int | None = None


def draft(session: Session, actor: Actor, place: CommitmentPlace, promise: CommitmentTerms) -> Commitment:
    """Keep a promise that nobody but staff sees yet; it may lack something. Raises AnswerError."""
    hold_journal(session)
    tidy = _checked(promise, day_of(actor.at))
    row = Commitment(
        **place._asdict(),
        **_columns(tidy),
        author=actor.id,
        state=CommitmentState.DRAFT,
        percent=0,
        version=1,
    )
    session.add(row)
    session.flush()
    _record(session, actor, "commitment.drafted", row, {"reply": place.reply})
    return row


def rewrite(
    session: Session, actor: Actor, commitment: int, city: str, *, promise: CommitmentTerms, version: int | None
) -> Commitment:
    """Change a promise that was not announced yet; the same again changes nothing. Raises AnswerError."""
    row = hold(session, commitment, city, version)
    if row.state != CommitmentState.DRAFT:
        raise AnswerError.of(AnswerFault.WRONG_STATE)
    tidy, before = _checked(promise, day_of(actor.at)), promise_of(row)
    if tidy == before:
        return row
    for name, value in _columns(tidy).items():
        setattr(row, name, value)
    row.author = actor.id or row.author
    _grow(session, row)
    changed = [part for part in PROMISE_PARTS if _part(tidy, part) != _part(before, part)]
    _record(session, actor, "commitment.changed", row, {"changed": " ".join(changed)})
    return row


def writers_of_draft(session: Session, row: Commitment) -> frozenset[int]:
    """Give whose words a draft has, as the journal has it: of each part whoever changed it last, and who saved it."""
    return writers_of_drafts(session, [row])[row.id]


def writers_of_drafts(session: Session, drafts: Iterable[Commitment]) -> dict[int, frozenset[int]]:
    """Give the same of many by their numbers, in one statement."""
    authors = {row.id: row.author for row in drafts}
    rows = (
        select(JournalRow.object_id, JournalRow.actor, JournalRow.detail)
        .where(JournalRow.object_kind == "commitment", JournalRow.object_id.in_(map(str, authors)))
        .where(JournalRow.event.in_(("commitment.drafted", "commitment.changed")))
        .order_by(JournalRow.seq)
    )
    writers: dict[int, dict[str, int | None]] = {number: {} for number in authors}
    for number, actor, detail in session.execute(rows):
        # Whoever drafts it writes all; so does whoever changed it before the parts were named.
        writers[int(number)] |= dict.fromkeys(json.loads(detail).get("changed", "").split() or PROMISE_PARTS, actor)
    return {
        number: frozenset({author, *(each for each in writers[number].values() if each)})
        for number, author in authors.items()
    }


def give_up_draft(session: Session, actor: Actor, commitment: int, city: str, *, version: int | None) -> None:
    """Forget a promise that was never announced; raises AnswerError."""
    row = hold(session, commitment, city, version)
    if row.state != CommitmentState.DRAFT:
        raise AnswerError.of(AnswerFault.WRONG_STATE)
    _record(session, actor, "commitment.forgotten", row, {})
    session.delete(row)
    session.flush()


def take_step(
    session: Session,
    actor: Actor,
    commitment: int,
    city: str,
    *,
    step: CommitmentAct,
    told: StepTold,
    version: int | None,
) -> Commitment:
    """Let staff take a step and tell everybody of it; raises AnswerError, StaleAnswerError, UnknownAnswerError."""
    row = hold(session, commitment, city, version)
    if step in BY_RESIDENTS or next_state(CommitmentState(row.state), step) is None:
        raise AnswerError.of(AnswerFault.WRONG_STATE)
    if step is CommitmentAct.ANNOUNCE and _waits_for_reply(session, row):
        raise AnswerError.of(AnswerFault.WRONG_STATE)
    tidy = told._replace(
        body=Text3(*(" ".join(each.split()) for each in told.body)), evidence_address=told.evidence_address.strip()
    )
    if step is CommitmentAct.ANNOUNCE:
        tidy = StepTold()  # the promise itself is what is said
    standing = StepContext(CommitmentState(row.state), row.due, day_of(actor.at))
    faults = list(faults_of_step(standing, step, tidy))
    if step is CommitmentAct.ANNOUNCE:
        faults += list(faults_of_promise(promise_of(row), standing.today))
        if actor.id in writers_of_draft(session, row):
            faults.append(Flaw("", AnswerFault.OWN_TEXT))
    if faults:
        raise AnswerError(faults)
    _go(session, actor, row, step, tidy)
    return row


def turn_by_answers(session: Session, actor: Actor, commitment: int | None = None) -> int:
    """Let what residents answered decide: agreed or disputed; gives of how many commitments the state changed."""
    hold_journal(session)
    changed = 0
    for number, answers in sorted(count_answers(session, commitment).items()):
        verdict = verdict_of(answers)
        row = session.get(Commitment, number, populate_existing=True, with_for_update=True)
        if verdict is None or row is None or row.state == verdict:
            continue
        step = CommitmentAct.AGREE if verdict is ResidentVerdict.AGREED else CommitmentAct.DISPUTE
        if next_state(CommitmentState(row.state), step) is not None:
            _go(session, actor, row, step, StepTold())
            changed += 1
            if step is CommitmentAct.DISPUTE:
                _tell_of_dispute(session, actor, row)
    return changed


def hold(session: Session, commitment: int, city: str, version: int | None = None) -> Commitment:
    """Read a commitment that is going to be changed; raises UnknownAnswerError and StaleAnswerError."""
    hold_journal(session)
    row = session.get(Commitment, commitment, populate_existing=True, with_for_update=True)
    if row is None or row.city != city:
        raise UnknownAnswerError(commitment)
    if version not in {None, row.version}:
        raise StaleAnswerError(version or 0, row.version)
    return row


def _waits_for_reply(session: Session, row: Commitment) -> bool:
    """Tell whether it is a promise of a reply that nobody released: that release announces it."""
    if row.reply is None:
        return False
    found = select(ReplyRelease.version).where(ReplyRelease.reply == row.reply).limit(1)
    return session.scalars(found).first() is None


def promise_of(row: Commitment) -> CommitmentTerms:
    """Give what a commitment promises."""
    title = Text3(row.title_kk, row.title_ru, row.title_en)
    return CommitmentTerms(title, row.owner_unit_kk, row.owner_unit_ru, dated(row.due))


def dated(day: date) -> date | None:
    """Give the day of a commitment; None for a draft without one."""
    return None if day == UNDATED else day


def _checked(promise: CommitmentTerms, today: date) -> CommitmentTerms:
    """Tidy a promise that is a draft still: only what could not be stored is refused."""
    tidy = CommitmentTerms(
        Text3(*(" ".join(each.split()) for each in promise.title)),
        " ".join(promise.unit_kk.split()),
        " ".join(promise.unit_ru.split()),
        promise.due,
    )
    faults = [each for each in faults_of_promise(tidy, today) if each.code is AnswerFault.LONG]
    if faults:
        raise AnswerError(faults)
    return tidy


def _part(promise: CommitmentTerms, part: str) -> object:
    name, _mark, language = part.partition("_")
    return promise.title.pick(language) if name == "title" else getattr(promise, part)


def _columns(promise: CommitmentTerms) -> dict[str, object]:
    day = promise.due or UNDATED
    titles = {f"title_{code}": promise.title.pick(code) for code in LANGUAGES}
    return titles | {
        "owner_unit_kk": promise.unit_kk, "owner_unit_ru": promise.unit_ru, "first_due": day, "due": day
    }  # fmt: skip


def _go(session: Session, actor: Actor, row: Commitment, step: CommitmentAct, told: StepTold) -> None:
    """Take a step that may be taken: the row it leaves, the state it leads to, the journal."""
    before = CommitmentState(row.state)
    row.state = next_state(before, step) or before
    if step is CommitmentAct.ANNOUNCE:
        row.first_due = row.due
    if step is CommitmentAct.MOVE and told.due is not None:
        row.due = told.due
    if tells_percent(before, step) and told.percent is not None:
        row.percent = told.percent
    if step is CommitmentAct.REPORT_DONE:
        row.percent = WHOLE
    is_dated = step in {CommitmentAct.ANNOUNCE, CommitmentAct.MOVE}
    has_percent = step is CommitmentAct.REPORT_DONE or tells_percent(before, step)
    session.add(
        CommitmentEvent(
            commitment=row.id,
            event=step,
            state=row.state,
            due=row.due if is_dated else None,
            percent=row.percent if has_percent else None,
            done_on=told.done_on if step is CommitmentAct.REPORT_DONE else None,
            body_kk=told.body.kk,
            body_ru=told.body.ru,
            body_en=told.body.en,
            evidence_address=told.evidence_address if step in TELLS_EVIDENCE else "",
            day=day_of(actor.at),
            by=actor.id,
            at=actor.at,
        )
    )
    _grow(session, row)
    _record(session, actor, _WORDS[step], row, {"from": before, "to": row.state})


def _tell_of_dispute(session: Session, actor: Actor, row: Commitment) -> None:
    message = Message(
        "commitment.disputed",
        cause=f"commitment.disputed:{row.id}/{row.version}",
        address=address_of(row.city, row.id),
        parameters={"city": row.city, "number": row.id},
    )
    notify(session, list_holders(session, ENTERING, day_of(actor.at), city=row.city), message, actor.at)


def address_of(city: str, commitment: int) -> str:
    """Give the page of a commitment in the console."""
    return f"/console/commitments/{city}/{commitment}"


def _grow(session: Session, row: Commitment) -> None:
    row.version += 1
    session.flush()


def _record(
    session: Session, actor: Actor, event: str, row: Commitment, detail: dict[str, str | int | bool | None]
) -> None:
    entry = Entry(event=event, object_kind="commitment", object_id=str(row.id), city=row.city, detail=detail)
    record(session, actor, entry)
