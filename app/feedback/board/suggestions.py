"""Suggestions that everybody may read: of a theme, a page at a time, newest week first and in no order within it."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.feedback.models import CityTheme, CommentCode
from app.feedback.queries import PUBLIC_TEXT, SHOWN
from app.feedback.reply_models import Reply, ReplyRelease, ReplyTarget
from surveys.models.comments import Comment

_READ = (Comment.id, Comment.area, Comment.lang, PUBLIC_TEXT.label("text"), Comment.released_on)
"""What is read of a suggestion, in the order of `_shown`."""


class Answering(NamedTuple):
    """A released reply as a suggestion knows it: its number, kind, and the theme that was answered as a whole."""

    reply: int
    kind: str
    theme: str | None
    """None where the reply was written to suggestions and not to a theme: it stands under theirs."""


class PublicSuggestion(NamedTuple):
    """What people may read of one suggestion; `week` is the Monday of the week in which the desk got it."""

    id: str
    area: str
    lang: str
    text: str
    week: date
    replies: tuple[Answering, ...] = ()
    """Those that answer it, and were not withdrawn."""


def list_ids(session: Session, city: str, themes: Collection[str], *, area: str | None = None) -> list[str]:
    """List what is shown of some themes of a city, newest week first; without themes what has none yet."""
    coded = select(CommentCode.theme).where(CommentCode.comment == Comment.id)
    belongs = exists(coded.where(CommentCode.theme.in_(themes))) if themes else ~exists(coded)
    statement = select(Comment.id, Comment.released_on).where(Comment.city == city, is_shown(), belongs)
    if area:
        statement = statement.where(Comment.area == area)
    rows = session.execute(statement).all()
    return [row.id for row in sorted(rows, key=lambda row: (-week_of(row.released_on).toordinal(), row.id))]


def get_suggestions(session: Session, ids: Sequence[str]) -> list[PublicSuggestion]:
    """Give suggestions in the order of their ids, without those that nobody may read any more."""
    released = exists(select(ReplyRelease.reply).where(ReplyRelease.reply == Reply.id))
    statement = (
        select(*_READ)
        .add_columns(Reply.id, Reply.kind, Reply.theme)
        .outerjoin(ReplyTarget, ReplyTarget.comment == Comment.id)
        .outerjoin(Reply, (Reply.id == ReplyTarget.reply) & (Reply.state != "withdrawn") & released)
        .where(Comment.id.in_(ids), is_shown())
    )
    suggestions: dict[str, PublicSuggestion] = {}
    for comment, area, lang, text, released_on, *reply in session.execute(statement):
        before = suggestions.get(comment) or _shown(comment, area, lang, text, released_on)
        replies = (*before.replies, Answering(*reply)) if reply[0] else before.replies
        suggestions[comment] = before._replace(replies=tuple(sorted(replies, key=lambda each: each.reply)))
    return [suggestions[each] for each in ids if each in suggestions]


class Quoted(NamedTuple):
    """What cards quote: by theme what staff picked to stand for it; by theme and area one of the newest week.

    That of no theme (None) in an area stands there too.
    """

    typical: dict[str, list[PublicSuggestion]]
    newest: dict[tuple[str | None, str], PublicSuggestion]


def list_quoted(session: Session, city: str) -> Quoted:
    """Give what the cards of a city quote, as far as it is shown, in one statement."""
    quoted = Quoted({}, {})
    rows = session.execute(union_all(_typical(city), _newest(city))).all()
    for is_typical, theme, *of in sorted(rows, key=lambda row: row.id):
        suggestion = _shown(*of)
        if is_typical:
            quoted.typical.setdefault(theme, []).append(suggestion)
        else:
            quoted.newest[theme, suggestion.area] = suggestion
    return quoted


def _typical(city: str) -> Select[*tuple[Any, ...]]:
    return (
        select(literal(1).label("is_typical"), CityTheme.theme, *_READ)
        .join(CommentCode, CommentCode.theme == CityTheme.theme)
        .join(Comment, (Comment.id == CommentCode.comment) & (Comment.wave == CityTheme.wave))
        .where(CityTheme.city == city, Comment.city == city, is_shown(), CityTheme.typical.contains(Comment.id))
    )


def _newest(city: str) -> Select[*tuple[Any, ...]]:
    rank = func.row_number().over(
        partition_by=(CommentCode.theme, Comment.area), order_by=(Comment.released_on.desc(), Comment.id)
    )
    ranked = (
        select(CommentCode.theme, *_READ, rank.label("rank"))
        .select_from(Comment)
        .outerjoin(CommentCode, CommentCode.comment == Comment.id)
        .where(Comment.city == city, is_shown())
        .subquery("ranked")
    )
    names = ("theme", "id", "area", "lang", "text", "released_on")
    return select(literal(0), *(ranked.c[name] for name in names)).where(ranked.c.rank == 1)


def is_shown() -> ColumnElement[bool]:
    """Tell in a statement whether everybody may read a suggestion."""
    return Comment.state.in_(SHOWN)


def week_of(day: date) -> date:
    """Give the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _shown(comment: str, area: str, lang: str, text: str | None, released_on: date | None) -> PublicSuggestion:
    """Make a suggestion of a row that is shown: it has words and was released."""
    if text is None or released_on is None:
        raise ValueError("nobody may read this")
    return PublicSuggestion(comment, area, lang, text, week_of(released_on))
