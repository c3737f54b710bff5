"""How a reply and its versions are read and stored: for the functions that change one, and for nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.feedback.reply_errors import AnswerError, AnswerFault, StaleAnswerError, UnknownAnswerError
from app.feedback.reply_models import Reply, ReplyRelease, ReplyText
from app.feedback.reply_states import IN_WORK, ReplyEvent, ReplyStage, next_stage, stage_of, stored
from app.feedback.reply_texts import LanguageVersions, ReplyContent, ReplyFacts
from surveys.languages import LANGUAGES
from surveys.sql import hold_journal


class StoredTexts(NamedTuple):
    """All versions of a reply, oldest first, and the numbers of those that were released."""

    versions: Sequence[ReplyText]
    released: tuple[int, ...]

    def shown(self, stage: ReplyStage) -> ReplyText:
        """Give the version that staff go on from: the newest, or the one that is public where none is in work."""
        if stage in IN_WORK or not self.released:
            return self.versions[-1]
        return next(each for each in self.versions if each.version == self.released[-1])


def texts_of(session: Session, reply: int) -> StoredTexts:
    """Read the versions of a reply."""
    statement = (
        select(ReplyText, ReplyRelease.version)
        .outerjoin(ReplyRelease, (ReplyRelease.reply == ReplyText.reply) & (ReplyRelease.version == ReplyText.version))
        .where(ReplyText.reply == reply)
        .order_by(ReplyText.version)
    )
    rows = session.execute(statement).all()
    return StoredTexts([text for text, _version in rows], tuple(version for _text, version in rows if version))


def hold(
    session: Session, reply: int, city: str, event: ReplyEvent | None, version: int | None
) -> tuple[Reply, ReplyStage]:
    """Read a reply that is going to be changed, and where it stands.

    Raises UnknownAnswerError, StaleAnswerError, and AnswerError where the event may not happen.
    """
    hold_journal(session)
    row = session.get(Reply, reply, populate_existing=True, with_for_update=True)
    if row is None or row.city != city:
        raise UnknownAnswerError(reply)
    if version not in {None, row.version}:
        raise StaleAnswerError(version or 0, row.version)
    stage = stage_of(row.state, row.correction)
    is_over = stage is ReplyStage.WITHDRAWN if event is None else next_stage(stage, event) is None
    if is_over:
        raise AnswerError.of(AnswerFault.WRONG_STATE)
    return row, stage


def put_stage(
    session: Session,
    actor: Actor,
    reply: Reply,
    event: ReplyEvent,
    word: str,
    *,
    number: int | None = None,
    bulk: str | None = None,
) -> None:
    """Put a reply where an event leads, and record it under a word; `number` is that of suggestions it is about."""
    before = stage_of(reply.state, reply.correction)
    after = next_stage(before, event) or before
    reply.state, reply.correction = stored(after)
    session.flush()
    record_of(session, actor, word, reply, {"from": before, "to": after, "number": number}, bulk=bulk)


def record_of(
    session: Session,
    actor: Actor,
    word: str,
    reply: Reply,
    detail: Mapping[str, str | int | bool | None],
    *,
    bulk: str | None = None,
) -> None:
    """Record what happened to a reply."""
    entry = Entry(event=word, object_kind="reply", object_id=str(reply.id), city=reply.city, detail=detail, bulk=bulk)
    record(session, actor, entry)


def add_text(session: Session, actor: Actor, reply: Reply, content: ReplyContent, versions: LanguageVersions) -> None:
    """Keep a text as the version that the reply has now."""
    texts = {code: content.text.pick(code) for code in LANGUAGES}
    numbers = {f"{code}_version": number for code, number in versions._asdict().items()}
    session.add(
        ReplyText(
            reply=reply.id,
            version=reply.version,
            at=actor.at,
            written_by=actor.id,
            **texts,
            **numbers,
            **columns(content.facts),
        )
    )
    session.flush()


def set_facts(reply: Reply, facts: ReplyFacts) -> None:
    """Put facts where pages read them."""
    for name, value in columns(facts).items():
        setattr(reply, name, value)


def columns(facts: ReplyFacts) -> dict[str, Any]:
    """Give the columns that hold facts."""
    names = {f"body_name_{code}": facts.body_name.pick(code) for code in LANGUAGES}
    others = {name: value for name, value in facts._asdict().items() if name != "body_name"}
    return others | names
