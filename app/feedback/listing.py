"""Suggestions as the desk's list has them: what a person may see of which, and what they are filtered by.

Lists are in the order of the week of release, and within a week of the random ids: neither says when something was
written. Nothing here tells day, district, age or any mark of an answer.
"""

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, literal, or_, select, true
from sqlalchemy.orm import aliased

from app.accounts.models import Staff
from app.feedback.danger import is_settled
from app.feedback.models import CommentAssignment, CommentCode, CommentDecision, CommentNeighbour, Theme
from app.feedback.neighbours import NEAR_COPY
from app.feedback.queries import IS_UNDONE, LIVE, SHOWN
from app.feedback.reply_models import Reply, ReplyRelease, ReplyTarget
from app.feedback.search import is_found, read_search
from app.feedback.theme_counts import is_seen_by
from surveys.models.comments import Comment
from surveys.sql import week_start

UNDECIDED = ("released", "second_look")
"""States that a moderator's own decision ends."""
_READ_AS_WRITTEN = ("released", "second_look", "shown")

WEEK = week_start(Comment.released_on)
SEEN_TEXT: ColumnElement[str] = case(
    (Comment.state.in_(_READ_AS_WRITTEN), Comment.text),
    (Comment.state == "shown_redacted", Comment.shown_text),
    else_=literal(""),
)
"""What the desk reads of a suggestion: nothing of a hidden one, and of what was blacked out only what is left."""
_IS_MARK = CommentDecision.comment == Comment.id, CommentDecision.event == "urgent", ~IS_UNDONE, ~is_settled()
IS_URGENT = exists().where(*_IS_MARK).correlate(Comment)
"""Whether somebody may be in danger, as one said, and nobody took back or took care of."""
IS_ANSWERED = exists().where(
    ReplyTarget.comment == Comment.id,
    ReplyTarget.reply == Reply.id,
    Reply.state != "withdrawn",
    Reply.kind != "being_looked_at",
    ReplyRelease.reply == Reply.id,
)
"""Whether a reply reached it that says more than that it is looked at."""
_OTHER = aliased(Comment)
COPIES = (
    select(func.count())
    .where(CommentNeighbour.comment == Comment.id, CommentNeighbour.score >= NEAR_COPY)
    .correlate(Comment)
    .scalar_subquery()
)
"""How many others are almost the same."""


class Sight(NamedTuple):
    """What a person sees of which cities; None stands for all of them."""

    whole: frozenset[str] | None = frozenset()
    """Cities of which they see everything that the desk has."""
    shown: frozenset[str] | None = frozenset()
    """Cities of which they see what everybody may."""

    def sees(self, city: str) -> bool:
        """Tell whether they see anything of a city."""
        return any(cities is None or city in cities for cities in self)


def comments_seen(sight: Sight) -> Select[*tuple[Any, ...]]:
    """Select the suggestions that a person sees, each with its text as they may read it."""
    return (
        select(
            Comment.id,
            Comment.city,
            Comment.wave,
            Comment.area,
            Comment.lang,
            Comment.state,
            Comment.kind,
            Comment.version,
            SEEN_TEXT.label("seen"),
            WEEK.label("week"),
            IS_URGENT.label("is_urgent"),
            IS_ANSWERED.label("is_answered"),
            COPIES.label("copies"),
            CommentAssignment.staff.label("assigned"),
            Staff.name.label("assignee"),
        )
        .outerjoin(CommentAssignment, CommentAssignment.comment == Comment.id)
        .outerjoin(Staff, Staff.id == CommentAssignment.staff)
        .where(or_(_within(sight.whole, LIVE), _within(sight.shown, SHOWN)))
    )


def _within(cities: Collection[str] | None, states: Collection[str]) -> ColumnElement[bool]:
    if cities is not None and not cities:
        return false()
    where = Comment.city.in_(sorted(cities)) if cities is not None else true()
    return and_(where, Comment.state.in_(states))


def found_by(words: str) -> ColumnElement[bool]:
    """Find suggestions that have all words, and the phrases in quotes, in what may be read of them."""
    return and_(Comment.state.in_((*_READ_AS_WRITTEN, "shown_redacted")), is_found(Comment.folded, read_search(words)))


def of_theme(code: str, viewer: int) -> ColumnElement[bool]:
    """Find suggestions of a theme, or of one below it, as a viewer may know it; "none" finds those without a theme."""
    seen = (CommentCode.comment == Comment.id, is_seen_by(viewer))
    below = (CommentCode.theme == Theme.code, or_(Theme.code == code, Theme.parent == code))
    return ~exists().where(*seen) if code == "none" else exists().where(*seen, *below)


def almost_like(comment: str) -> ColumnElement[bool]:
    """Find a suggestion and those that are almost the same."""
    near = exists().where(
        CommentNeighbour.comment == comment, CommentNeighbour.other == Comment.id, CommentNeighbour.score >= NEAR_COPY
    )
    return or_(Comment.id == comment, near)


def is_first_of_copies() -> ColumnElement[bool]:
    """Keep one of those that are almost the same and stand alike: the one with the smallest id."""
    other = exists().where(
        CommentNeighbour.comment == Comment.id,
        CommentNeighbour.score >= NEAR_COPY,
        CommentNeighbour.other == _OTHER.id,
        CommentNeighbour.other < Comment.id,
        _OTHER.state == Comment.state,
    )
    return ~other


def assigned_to(staff: int, word: str) -> ColumnElement[bool]:
    """Find what is given to a person ("1"), to nobody ("none") or to others ("others")."""
    own = CommentAssignment.staff
    return {"1": own == staff, "none": own.is_(None), "others": and_(own.is_not(None), own != staff)}[word]
