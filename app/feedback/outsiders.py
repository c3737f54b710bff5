"""What people from outside a city confirm or overturn: the hidings of its own moderators."""

from datetime import date
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant
from app.feedback.models import CommentDecision
from app.feedback.moderation import BY_OUTSIDERS, OUTSIDE_SINCE
from app.feedback.queries import LIVE, decision_in_force
from surveys.models.comments import Comment
from surveys.sql import week_start

WEEK = week_start(Comment.released_on)


def hidings_for(staff: int, day: date) -> Select[*tuple[Any, ...]]:
    """Select what a person may confirm or overturn: hidden in cities that are none of theirs, and by somebody else."""
    since = or_(RoleGrant.until_day.is_(None), RoleGrant.until_day >= day - OUTSIDE_SINCE)
    own = exists().where(RoleGrant.staff == staff, RoleGrant.city == Comment.city, since)
    other = or_(CommentDecision.moderator.is_(None), CommentDecision.moderator != staff)
    return (
        select(
            Comment.id,
            Comment.city,
            Comment.area,
            Comment.lang,
            Comment.text,
            Comment.version,
            CommentDecision.reason,
            WEEK.label("week"),
        )
        .join(CommentDecision, CommentDecision.id == decision_in_force())
        .where(Comment.state == "hidden_provisional", ~own, other)
    )


def count_hidings(session: Session, staff: int, day: date) -> int:
    """Count what waits for a person to confirm or overturn it."""
    return session.scalar(select(func.count()).select_from(hidings_for(staff, day).subquery())) or 0


def last_of_outsider(session: Session, staff: int) -> str | None:
    """Find the suggestion whose hiding a person confirmed or overturned last, where that still counts."""
    own = (
        select(CommentDecision.comment)
        .join(Comment, Comment.id == CommentDecision.comment)
        .where(CommentDecision.moderator == staff, CommentDecision.event.in_([str(each) for each in BY_OUTSIDERS]))
        .where(CommentDecision.id == decision_in_force(), Comment.state.in_(LIVE))
    )
    return session.scalars(own.order_by(CommentDecision.id.desc()).limit(1)).first()
