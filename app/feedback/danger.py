"""The mark that somebody may be in danger: who is told of it, once for as long as it stands, and what ends it.

It stands until somebody takes it back, or those who were told say that it was taken care of.
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.clock import day_of
from app.feedback.models import CommentDecision
from app.feedback.queries import IS_UNDONE
from app.notices.notices import Message, close, notify
from app.notices.recipients import list_holders
from surveys.models.comments import Comment

_ELSE_TOLD = (Role.MODERATOR, Role.ANALYST)
"""Who is told in a city that has no lead."""


def tell_lead(session: Session, actor: Actor, comment: Comment) -> None:
    """Tell the lead of the akimat that somebody's life may be in danger; others of the city where it has none."""
    message = Message(
        "comment.urgent",
        cause=_cause_of(session, comment.id),
        address=f"/console/comments/{comment.city}/{comment.id}",
        parameters={"city": comment.city},
    )
    notify(session, told_of_danger(session, comment.city, day_of(actor.at)), message, actor.at)


def told_of_danger(session: Session, city: str, day: date) -> list[int]:
    """List who is told of danger in a city: its leads, its other staff where it has none."""
    return list_holders(session, (Role.LEAD,), day, city=city) or list_holders(session, _ELSE_TOLD, day, city=city)


def is_told_of_danger(roles: Collection[Role], *, has_lead: bool) -> bool:
    """Tell whether who has some roles in a city is told of danger there; `has_lead` says whether it has a lead."""
    return Role.LEAD in roles or (not has_lead and not set(_ELSE_TOLD).isdisjoint(roles))


def standing_marks(session: Session, comment: str) -> list[CommentDecision]:
    """List the marks of a suggestion that nobody took back and nobody took care of."""
    return list(session.scalars(_marks(comment).where(~IS_UNDONE, ~is_settled())))


def close_notice(session: Session, actor: Actor, comment: str) -> None:
    """Mark what the lead was told as read, before the marks end: a later one is told anew."""
    close(session, _cause_of(session, comment), actor.at)


def tell_of_calm(session: Session, actor: Actor, comment: Comment, mark: CommentDecision) -> None:
    """Tell those who were told of danger that the mark was taken back, except for who took it back."""
    message = Message(
        "comment.calmed",
        cause=f"comment.calmed:{comment.id}/{mark.id}",
        address=f"/console/comments/{comment.city}/{comment.id}",
        parameters={"city": comment.city},
    )
    people = set(told_of_danger(session, comment.city, day_of(actor.at))) - {actor.id or 0}
    notify(session, people, message, actor.at)


def is_settled() -> ColumnElement[bool]:
    """Say, beside a mark, whether somebody took care of it later."""
    settling = aliased(CommentDecision)
    is_later = settling.comment == CommentDecision.comment, settling.event == "settle", settling.id > CommentDecision.id
    return exists().where(*is_later).correlate(CommentDecision)


def _marks(comment: str) -> Select[CommentDecision]:
    return select(CommentDecision).where(CommentDecision.comment == comment, CommentDecision.event == "urgent")


def _cause_of(session: Session, comment: str) -> str:
    """Name the cause of the lead's notice: the same until a mark is taken back or taken care of."""
    ended = len(session.scalars(_marks(comment).where(or_(IS_UNDONE, is_settled()))).all())
    return f"comment.urgent:{comment}{f'/{ended}' if ended else ''}"
