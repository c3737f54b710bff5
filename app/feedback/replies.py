"""Replies in the name of an administration: one writes, another releases, and only what was released is public.

Each text is a version that stays. Notices are written with what they tell of, in one transaction: nobody is told of a
reply that was not released.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.clock import day_of
from app.feedback import commitments, reply_targets
from app.feedback.commitment_checks import CommitmentTerms, StepTold
from app.feedback.commitment_states import CommitmentAct, CommitmentState
from app.feedback.reply_checks import content_of, facts_of, faults_of_reply, promised_by, versions_of, writers_of
from app.feedback.reply_errors import AnswerError, AnswerFault, Flaw
from app.feedback.reply_models import Commitment, Reply, ReplyRelease
from app.feedback.reply_states import PUBLIC, ReplyEvent
from app.feedback.reply_storing import StoredTexts, add_text, columns, hold, put_stage, record_of, set_facts, texts_of
from app.feedback.reply_targets import TargetChoice
from app.feedback.reply_texts import (
    NEEDED,
    LanguageVersions,
    ReplyContent,
    faults_of_length,
    faults_of_words,
    tidy,
    versions_after,
)
from app.notices.notices import Message, close, notify
from app.notices.recipients import list_holders
from surveys.languages import Text3
from surveys.sql import hold_journal

LONGEST_REASON = 400
SHORTEST_REASON = 10


class Writing(NamedTuple):
    """What somebody wrote: the kind, the words and facts, what is promised, and languages that they checked."""

    kind: str
    content: ReplyContent
    promise: CommitmentTerms | None = None
    """Of a reply that promises something."""
    checked: tuple[str, ...] = ()


def begin(
    session: Session, actor: Actor, city: str, writing: Writing, choice: TargetChoice, *, theme: str | None = None
) -> Reply:
    """Begin a reply to suggestions that were chosen; raises AnswerError where it would reach none."""
    hold_journal(session)
    if not choice.fit:
        raise AnswerError.of(AnswerFault.NO_TARGETS)
    content = tidy(writing.content)
    _check_lengths(content)
    reply = Reply(
        city=city,
        wave=choice.wave,
        area=choice.area,
        theme=theme,
        kind=writing.kind,
        state="draft",
        correction=None,
        note="",
        author=actor.id,
        withdrawn_on=None,
        withdrawn_reason_kk="",
        withdrawn_reason_ru="",
        version=1,
        **columns(content.facts),
    )
    session.add(reply)
    session.flush()
    add_text(session, actor, reply, content, LanguageVersions(1, 1, 1))
    reply_targets.put(session, reply.id, choice.fit)
    if writing.kind == "will_do":
        place = commitments.CommitmentPlace(city, reply.area, theme, reply.id)
        commitments.draft(session, actor, place, writing.promise or CommitmentTerms())
    record_of(session, actor, "reply.begun", reply, {"kind": reply.kind, "number": len(choice.fit)})
    return reply


def save(session: Session, actor: Actor, reply_id: int, city: str, *, writing: Writing, version: int | None) -> Reply:
    """Keep another text of a reply; the same again changes nothing. Raises AnswerError, StaleAnswerError.

    Of one that waits to be released the text is a draft again; of one that was released it is a correction.
    """
    reply, stage = hold(session, reply_id, city, ReplyEvent.SAVE, version)
    is_public = stage in PUBLIC
    if is_public and writing.kind != reply.kind:
        raise AnswerError.of(AnswerFault.KIND_CHANGED, "kind")
    content = tidy(writing.content)
    _check_lengths(content)
    texts = texts_of(session, reply_id)
    last = texts.shown(stage)
    promised = False if is_public else _keep_promise(session, actor, reply, writing)
    versions = versions_after(
        content_of(last).text, versions_of(last), content.text, reply.version + 1, writing.checked
    )
    is_new = content != content_of(last) or versions != versions_of(last)
    if not (is_new or promised or writing.kind != reply.kind):
        return reply
    reply.version += 1
    reply.kind, reply.author = writing.kind, actor.id or reply.author
    if is_new:
        add_text(session, actor, reply, content, versions)
        if not is_public:
            set_facts(reply, content.facts)
    put_stage(session, actor, reply, ReplyEvent.SAVE, "reply.changed")
    return reply


def finish(session: Session, actor: Actor, reply_id: int, city: str, *, version: int | None) -> Reply:
    """Say that a reply is ready, and tell those who may release it; raises AnswerError with all it lacks."""
    reply, stage = hold(session, reply_id, city, ReplyEvent.FINISH, version)
    texts = texts_of(session, reply_id)
    faults = list(faults_of_reply(session, reply, texts.shown(stage), day_of(actor.at)))
    if faults:
        raise AnswerError(faults)
    reply.version += 1
    reply.note = ""
    put_stage(session, actor, reply, ReplyEvent.FINISH, "reply.ready")
    leads = set(list_holders(session, (Role.LEAD,), day_of(actor.at), city=city))
    message = _message("reply.to_release", reply, _cause(reply))
    notify(session, leads - excluded(session, reply, texts), message, actor.at)
    return reply


def send_back(session: Session, actor: Actor, reply_id: int, city: str, *, note: str, version: int | None) -> Reply:
    """Give a reply back to whoever wrote it, with a word why; raises AnswerError."""
    reply, _stage = hold(session, reply_id, city, ReplyEvent.SEND_BACK, version)
    words = " ".join(note.split())
    if len(words) < SHORTEST_REASON:
        raise AnswerError.of(AnswerFault.SHORT if words else AnswerFault.MISSING, "note")
    close(session, _cause(reply), actor.at)
    reply.version += 1
    reply.note = words[:LONGEST_REASON]
    put_stage(session, actor, reply, ReplyEvent.SEND_BACK, "reply.sent_back")
    message = _message("reply.sent_back", reply, f"reply.sent_back:{reply.id}/{reply.version}")
    notify(session, {reply.author} - {actor.id}, message, actor.at)
    return reply


def release(
    session: Session, actor: Actor, reply_id: int, city: str, *, version: int | None, bulk: str | None = None
) -> Reply:
    """Let everybody read a reply, or its correction; raises AnswerError with all that stands against it."""
    reply, stage = hold(session, reply_id, city, ReplyEvent.RELEASE, version)
    texts, today = texts_of(session, reply_id), day_of(actor.at)
    text = texts.shown(stage)
    faults = list(faults_of_reply(session, reply, text, today))
    writers = excluded(session, reply, texts)
    if actor.id is None or actor.id in writers:
        faults.append(Flaw("", AnswerFault.OWN_TEXT))
    if faults:
        raise AnswerError(faults)
    close(session, _cause(reply), actor.at)
    session.add(
        ReplyRelease(
            reply=reply.id,
            version=text.version,
            written_by=text.written_by,
            released_by=actor.id,
            released_on=today,
            at=actor.at,
        )
    )
    set_facts(reply, facts_of(text))
    reply.version += 1
    session.flush()
    is_first = stage not in PUBLIC
    reached = reply_targets.mark_reached(session, reply.id, today) if is_first else None
    if is_first and reply.kind == "will_do":
        _announce(session, actor, reply)
    word = "reply.released" if is_first else "reply.corrected"
    put_stage(session, actor, reply, ReplyEvent.RELEASE, word, number=reached, bulk=bulk)
    message = _message("reply.released", reply, f"reply.released:{reply.id}/{text.version}")
    notify(session, writers - {actor.id}, message, actor.at)
    return reply


def give_up(session: Session, actor: Actor, reply_id: int, city: str, *, version: int | None) -> Reply:
    """Drop a draft, or a correction in work; what was released stays. Raises AnswerError."""
    reply, stage = hold(session, reply_id, city, ReplyEvent.GIVE_UP, version)
    close(session, _cause(reply), actor.at)
    if stage not in PUBLIC:
        _forget_promise(session, actor, promised_by(session, reply.id))
        reply.withdrawn_on = day_of(actor.at)
    reply.version += 1
    put_stage(session, actor, reply, ReplyEvent.GIVE_UP, "reply.given_up")
    return reply


def withdraw(session: Session, actor: Actor, reply_id: int, city: str, *, reason: Text3, version: int | None) -> Reply:
    """Take a released reply back, and say why in Kazakh and Russian; a commitment it opened stays. Raises AnswerError.

    Its suggestions are unanswered again.
    """
    reply, _stage = hold(session, reply_id, city, ReplyEvent.WITHDRAW, version)
    words = Text3(*(" ".join(each.split()) for each in reason))
    faults = [fault for code in NEEDED for fault in _faults_of_reason(f"reason_{code}", words.pick(code))]
    if faults:
        raise AnswerError(faults)
    close(session, _cause(reply), actor.at)
    reply.withdrawn_on = day_of(actor.at)
    reply.withdrawn_reason_kk, reply.withdrawn_reason_ru = words.kk, words.ru
    reply.version += 1
    put_stage(session, actor, reply, ReplyEvent.WITHDRAW, "reply.withdrawn")
    return reply


def add_targets(session: Session, actor: Actor, reply_id: int, city: str, *, version: int | None) -> int:
    """Let a reply answer the suggestions of its theme that came since; gives how many. Raises AnswerError.

    Where it was released they are reached today, and everybody sees it.
    """
    reply, stage = hold(session, reply_id, city, None, version)
    fresh = reply_targets.new_in_theme(session, reply)
    if not fresh:
        raise AnswerError.of(AnswerFault.NOTHING_NEW)
    reply_targets.put(session, reply_id, fresh, day_of(actor.at) if stage in PUBLIC else None)
    if reply.kind == "being_looked_at" and reply_targets.told_twice(session, reply_id):
        raise AnswerError.of(AnswerFault.TWICE)
    reply.version += 1
    session.flush()
    record_of(session, actor, "reply.suggestions_added", reply, {"number": len(fresh)})
    return len(fresh)


def leave_out(session: Session, actor: Actor, reply_id: int, city: str, *, version: int | None) -> int:
    """Leave out those that were told twice that they are being looked at; gives how many. Raises AnswerError."""
    reply, stage = hold(session, reply_id, city, None, version)
    if stage in PUBLIC:
        raise AnswerError.of(AnswerFault.WRONG_STATE)
    number = reply_targets.take_off(session, reply_id, reply_targets.told_twice(session, reply_id))
    if not number:
        raise AnswerError.of(AnswerFault.NOTHING_NEW)
    reply.version += 1
    session.flush()
    record_of(session, actor, "reply.suggestions_left_out", reply, {"number": number})
    return number


def excluded(session: Session, reply: Reply, texts: StoredTexts) -> frozenset[int]:
    """Give who may not release a reply as it stands: whose words, facts, promise or kind it has."""
    writers = writers_of(texts.versions, texts.released[-1] if texts.released else 0) | {reply.author}
    promised = promised_by(session, reply.id) if reply.kind == "will_do" else None
    if promised is not None and promised.state == CommitmentState.DRAFT:
        writers |= commitments.writers_of_draft(session, promised)
    return writers


def address_of(city: str, reply: int) -> str:
    """Give the page of a reply in the console."""
    return f"/console/replies/{city}/{reply}"


def _message(kind: str, reply: Reply, cause: str) -> Message:
    return Message(kind, cause, address_of(reply.city, reply.id), {"city": reply.city, "number": reply.id})


def _cause(reply: Reply) -> str:
    """Name what those are told who may release the text that waits: each text once."""
    return f"reply.to_release:{reply.id}/{reply.version}"


def _check_lengths(content: ReplyContent) -> None:
    """Refuse what could not be stored; all else a draft may lack."""
    faults = list(faults_of_length(content))
    if faults:
        raise AnswerError(faults)


def _keep_promise(session: Session, actor: Actor, reply: Reply, writing: Writing) -> bool:
    """Keep what a reply promises, or forget it where it promises no more; tells whether anything changed."""
    row = promised_by(session, reply.id)
    if writing.kind != "will_do":
        _forget_promise(session, actor, row)
        return row is not None
    promise = writing.promise or CommitmentTerms()
    if row is None:
        place = commitments.CommitmentPlace(reply.city, reply.area, reply.theme, reply.id)
        commitments.draft(session, actor, place, promise)
        return True
    before = row.version
    return commitments.rewrite(session, actor, row.id, row.city, promise=promise, version=None).version != before


def _forget_promise(session: Session, actor: Actor, row: Commitment | None) -> None:
    if row is not None and row.state == CommitmentState.DRAFT:
        commitments.give_up_draft(session, actor, row.id, row.city, version=None)


def _announce(session: Session, actor: Actor, reply: Reply) -> None:
    row = promised_by(session, reply.id)
    if row is not None and row.state == CommitmentState.DRAFT:
        step = CommitmentAct.ANNOUNCE
        commitments.take_step(session, actor, row.id, row.city, step=step, told=StepTold(), version=None)


def _faults_of_reason(field: str, text: str) -> Iterator[Flaw]:
    if len(text) < SHORTEST_REASON:
        yield Flaw(field, AnswerFault.SHORT if text else AnswerFault.MISSING)
    else:
        yield from faults_of_words(field, text, LONGEST_REASON)
