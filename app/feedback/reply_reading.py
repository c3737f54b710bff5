"""What staff read of replies: of their own city every draft, of others what was released."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased, join, outerjoin

from app.accounts.models import Staff
from app.feedback.models import Theme
from app.feedback.queries import PUBLIC_TEXT, SHOWN
from app.feedback.reply_models import Commitment, Reply, ReplyRelease, ReplyTarget, ReplyText
from app.feedback.reply_states import ReplyStage, stage_of, stored
from app.feedback.reply_storing import StoredTexts
from surveys.models.comments import Comment

_EXCERPT = 300
"""Letters of a text that a list shows at most."""
WAS_RELEASED: ColumnElement[bool] = select(ReplyRelease.reply).where(ReplyRelease.reply == Reply.id).exists()
IS_GIVEN_UP: ColumnElement[bool] = and_(Reply.state == "withdrawn", ~WAS_RELEASED)


class ReplyReaders(NamedTuple):
    """Whose replies somebody reads."""

    own: frozenset[str] = frozenset()
    """Cities of which they read drafts too."""
    reads_released: bool = False
    """Of every city what was released."""
    reads_drafts: bool = False
    """Of every city everything."""


class AnsweredSuggestion(NamedTuple):
    """A suggestion that a reply answers, as everybody reads it."""

    id: str
    lang: str
    text: str


class WrittenText(NamedTuple):
    """A version of a reply, by whom, and when another person released it."""

    text: ReplyText
    writer: str
    released_on: date | None
    releaser: str


@dataclass(frozen=True, slots=True)
class ReadReply:
    """A reply with everything that belongs to it."""

    row: Reply
    theme: Theme | None
    promise: Commitment | None
    written: Sequence[WrittenText]
    """Oldest first."""

    @property
    def stage(self) -> ReplyStage:
        """Where it stands."""
        return stage_of(self.row.state, self.row.correction)

    @property
    def texts(self) -> StoredTexts:
        """Its versions as the functions take them that change a reply."""
        released = tuple(each.text.version for each in self.written if each.released_on)
        return StoredTexts([each.text for each in self.written], released)


def replies_seen(eyes: ReplyReaders) -> Select[*tuple[Any, ...]]:
    """Select the replies that somebody reads, each with the beginning of its newest text that they may read."""
    newest = select(func.max(ReplyText.version)).where(ReplyText.reply == Reply.id).correlate(Reply)
    public = select(func.max(ReplyRelease.version)).where(ReplyRelease.reply == Reply.id).correlate(Reply)
    own = Reply.city.in_(sorted(eyes.own))
    version: ColumnElement[Any] = case((own, newest.scalar_subquery()), else_=public.scalar_subquery())
    if eyes.reads_drafts:
        version = newest.scalar_subquery()
    reached = select(func.count()).where(ReplyTarget.reply == Reply.id).correlate(Reply).scalar_subquery()
    begins = (func.substr(getattr(ReplyText, each), 1, _EXCERPT).label(each) for each in ("kk", "ru", "en"))
    columns = (
        Reply.id, Reply.city, Reply.version, Reply.kind, Reply.area, Reply.state, Reply.correction, Reply.author,
        Theme.name_kk, Theme.name_ru, Theme.name_en, *begins, reached.label("suggestions"),
        WAS_RELEASED.label("was_released"),
    )  # fmt: skip
    texts = join(Reply, ReplyText, and_(ReplyText.reply == Reply.id, ReplyText.version == version))
    rows = outerjoin(texts, Theme, Theme.code == Reply.theme)
    return select(*columns).select_from(rows).where(_is_seen(eyes))


def is_at(stage: ReplyStage) -> ColumnElement[bool]:
    """Say which replies stand at a stage; withdrawn are those alone that had been released."""
    state, correction = stored(stage)
    place = and_(Reply.state == state, Reply.correction.is_not_distinct_from(correction))
    return and_(place, WAS_RELEASED) if stage is ReplyStage.WITHDRAWN else place


def count_stages(session: Session, eyes: ReplyReaders) -> dict[str, int]:
    """Count the replies that somebody reads by where they stand; those given up by "given_up"."""
    columns = (Reply.state, Reply.correction, WAS_RELEASED.label("was_released"))
    inner = select(*columns).where(_is_seen(eyes)).subquery()
    rows = session.execute(
        select(inner.c.state, inner.c.correction, inner.c.was_released, func.count().label("n")).group_by(*inner.c)
    )
    found: dict[str, int] = {}
    for row in rows:
        is_given_up = row.state == "withdrawn" and not row.was_released
        word = "given_up" if is_given_up else str(stage_of(row.state, row.correction))
        found[word] = found.get(word, 0) + row.n
    return found


def read_reply(session: Session, reply: int, city: str, eyes: ReplyReaders) -> ReadReply | None:
    """Read a reply that somebody may see, in two statements; None where there is none."""
    statement = (
        select(Reply, Theme, Commitment)
        .outerjoin(Theme, Theme.code == Reply.theme)
        .outerjoin(Commitment, Commitment.reply == Reply.id)
        .where(Reply.id == reply, Reply.city == city, _is_seen(eyes))
        .order_by(Commitment.id)
    )
    found = session.execute(statement).first()
    if found is None:
        return None
    written = _written(session, reply)
    sees_drafts = eyes.reads_drafts or city in eyes.own
    return ReadReply(*found, [each for each in written if sees_drafts or each.released_on])


def _written(session: Session, reply: int) -> list[WrittenText]:
    writer, releaser = aliased(Staff), aliased(Staff)
    statement = (
        select(ReplyText, writer.name, ReplyRelease.released_on, releaser.name)
        .join(writer, writer.id == ReplyText.written_by)
        .outerjoin(ReplyRelease, and_(ReplyRelease.reply == ReplyText.reply, ReplyRelease.version == ReplyText.version))
        .outerjoin(releaser, releaser.id == ReplyRelease.released_by)
        .where(ReplyText.reply == reply)
        .order_by(ReplyText.version)
    )
    return [WrittenText(text, name, day, other or "") for text, name, day, other in session.execute(statement)]


def _is_seen(eyes: ReplyReaders) -> ColumnElement[bool]:
    if eyes.reads_drafts:
        return Reply.id.is_not(None)
    own = Reply.city.in_(sorted(eyes.own))
    return or_(own, WAS_RELEASED) if eyes.reads_released else own


def list_answered(session: Session, chosen: Select[str] | Sequence[str], most: int) -> list[AnsweredSuggestion]:
    """Give the first of what a reply answers, or is to answer, each as everybody reads it."""
    statement = select(Comment.id, Comment.lang, PUBLIC_TEXT.label("text"))
    shown = statement.where(Comment.id.in_(chosen), Comment.state.in_(SHOWN)).order_by(Comment.id).limit(most)
    return [AnsweredSuggestion(row.id, row.lang, row.text) for row in session.execute(shown)]


def targets_of(reply: int) -> Select[str]:
    """Select what a reply answers."""
    return select(ReplyTarget.comment).where(ReplyTarget.reply == reply)
