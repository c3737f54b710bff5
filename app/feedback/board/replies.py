"""What an administration answered, as far as it was released: the newest words, earlier ones, what was withdrawn."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ScalarSelect, Select, Subquery, and_, case, func, select, true, union
from sqlalchemy.orm import Session

from app.feedback.board.suggestions import is_shown
from app.feedback.board.themes import UNSORTED
from app.feedback.models import CommentCode
from app.feedback.reply_models import Reply, ReplyRelease, ReplyTarget, ReplyText
from app.feedback.verdicts import ANSWERS, answers_by_reply
from surveys.languages import LANGUAGES, Text3
from surveys.models.comments import Comment


class ReleasedText(NamedTuple):
    """One version of a reply, and the day on which it was released; what is later than the first is a correction."""

    version: int
    day: date
    text: Text3
    """The English one may be empty."""


class PublicReply(NamedTuple):
    """A reply that was released; of one that was withdrawn only when and why, and when it had been released."""

    id: int
    city: str
    area: str
    themes: tuple[str, ...]
    """Codes; UNSORTED where neither the reply nor what it answers has a theme."""
    kind: str
    texts: tuple[ReleasedText, ...]
    """Oldest first. Earlier ones have words only where they were asked for, and none has once it was withdrawn."""
    reached: int
    """Shown suggestions that it answers."""
    answers: dict[str, int]
    """What those who wrote them said of it."""
    done_on: date | None
    evidence_address: str
    next_word_on: date | None
    body_name: Text3
    body_address: str
    withdrawn_on: date | None
    withdrawn_reason: Text3

    @property
    def released_on(self) -> date:
        """Give the day of the first version."""
        return self.texts[0].day

    @property
    def newest(self) -> ReleasedText:
        """Give the version in force."""
        return self.texts[-1]


def list_replies(
    session: Session, city: str, themes: Collection[str] | None = None, *, earlier: bool = False
) -> list[PublicReply]:
    """List the released replies of a city, newest first; of some themes, and with the words of earlier versions."""
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(_statement(city, themes, earlier=earlier)):
        rows[row.Reply.id].append(row)
    replies = [_reply(each) for each in rows.values()]
    return sorted(replies, key=lambda reply: (-reply.newest.day.toordinal(), -reply.id))


def _statement(city: str, themes: Collection[str] | None, *, earlier: bool) -> Select[*tuple[Any, ...]]:
    """Select a row for each released version and theme of a reply."""
    belongs = _themes_of_replies(city)
    newest = select(func.max(ReplyRelease.version)).where(ReplyRelease.reply == Reply.id).correlate(Reply)
    is_asked_for = true() if earlier else ReplyRelease.version == newest.scalar_subquery()
    has_words = and_(Reply.withdrawn_on.is_(None), is_asked_for)
    words = (case((has_words, getattr(ReplyText, each)), else_="").label(each) for each in LANGUAGES)
    said = answers_by_reply()
    statement = (
        select(Reply, ReplyRelease.version, ReplyRelease.released_on, *words, belongs.c.theme)
        .add_columns(_reached().label("reached"), *(func.coalesce(said.c[each], 0).label(each) for each in ANSWERS))
        .join(ReplyRelease, ReplyRelease.reply == Reply.id)
        .join(ReplyText, (ReplyText.reply == Reply.id) & (ReplyText.version == ReplyRelease.version))
        .outerjoin(belongs, belongs.c.reply == Reply.id)
        .outerjoin(said, said.c.reply == Reply.id)
        .where(Reply.city == city)
        .order_by(Reply.id, ReplyRelease.version)
    )
    if themes is None:
        return statement
    if UNSORTED in themes:
        return statement.where(belongs.c.theme.is_(None))
    return statement.where(Reply.id.in_(select(belongs.c.reply).where(belongs.c.theme.in_(themes))))


def _themes_of_replies(city: str) -> Subquery:
    """Select under which themes replies stand: their own, else those of the shown suggestions that they answer."""
    own = select(Reply.id.label("reply"), Reply.theme.label("theme")).where(
        Reply.city == city, Reply.theme.is_not(None)
    )
    through = (
        select(ReplyTarget.reply, CommentCode.theme)
        .join(Reply, Reply.id == ReplyTarget.reply)
        .join(Comment, Comment.id == ReplyTarget.comment)
        .join(CommentCode, CommentCode.comment == ReplyTarget.comment)
        .where(Reply.city == city, Reply.theme.is_(None), is_shown())
    )
    return union(own, through).subquery("belongs")


def _reached() -> ScalarSelect[int]:
    targets = select(func.count()).select_from(ReplyTarget).join(Comment, Comment.id == ReplyTarget.comment)
    return targets.where(ReplyTarget.reply == Reply.id, is_shown()).correlate(Reply).scalar_subquery()


def _reply(rows: Sequence[Any]) -> PublicReply:
    first, reply = rows[0], rows[0].Reply
    texts = {row.version: ReleasedText(row.version, row.released_on, Text3(row.kk, row.ru, row.en)) for row in rows}
    reason = Text3(reply.withdrawn_reason_kk, reply.withdrawn_reason_ru, "")
    stands = reply.withdrawn_on is None
    return PublicReply(
        id=reply.id,
        city=reply.city,
        area=reply.area,
        themes=tuple(sorted({row.theme or UNSORTED for row in rows})),
        kind=reply.kind,
        texts=tuple(texts.values()),
        reached=first.reached,
        answers={each: getattr(first, each) for each in ANSWERS},
        done_on=reply.done_on if stands else None,
        evidence_address=reply.evidence_address if stands else "",
        next_word_on=reply.next_word_on if stands else None,
        body_name=Text3(reply.body_name_kk, reply.body_name_ru, reply.body_name_en) if stands else Text3("", "", ""),
        body_address=reply.body_address if stands else "",
        withdrawn_on=reply.withdrawn_on,
        withdrawn_reason=reason,
    )
