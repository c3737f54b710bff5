"""Second looks: what a moderator handed on is for a colleague to decide, as long as the city has one."""

from collections import Counter
from datetime import date

from sqlalchemy import ColumnElement, Exists, and_, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.accounts.models import RoleGrant, Staff
from app.accounts.permissions import Role
from app.accounts.queries import holding
from app.audit.journal import Actor
from app.clock import day_of
from app.feedback.models import CommentDecision
from app.feedback.queries import decision_in_force
from surveys.models.comments import Comment


def is_handed_on(session: Session, actor: Actor, comment: Comment, last: CommentDecision | None) -> bool:
    """Tell whether a person handed a suggestion on, and there is somebody to whom: they do not decide it themselves."""
    if last is None or actor.id is None or last.event != "second_look" or last.moderator != actor.id:
        return False
    return has_colleague(session, actor.id, comment.city, day_of(actor.at))


def has_colleague(session: Session, staff: int, city: str, day: date) -> bool:
    """Tell whether a city has a moderator besides a person."""
    return bool(session.scalar(select(is_held(Role.MODERATOR, city, day, besides=staff))))


def is_held(role: Role, city: str | InstrumentedAttribute[str], day: date, *, besides: int = 0) -> Exists:
    """Say whether a city has an active person in a role, besides one."""
    held = RoleGrant.role == role, RoleGrant.city == city, RoleGrant.staff != besides, holding(day)
    return exists().where(Staff.id == RoleGrant.staff, Staff.active, *held)


def waits_for_others(staff: int, day: date) -> ColumnElement[bool]:
    """Say, beside a row of `comment`, whether a person handed it on to colleagues who are there."""
    own = exists().where(CommentDecision.id == decision_in_force(), CommentDecision.moderator == staff)
    colleague = is_held(Role.MODERATOR, Comment.city, day, besides=staff)
    return and_(Comment.state == "second_look", own.correlate(Comment), colleague.correlate(Comment))


def count_handed_on(session: Session) -> Counter[tuple[str, int]]:
    """Count by city and moderator what each of them handed on, whether or not they have colleagues."""
    given = select(Comment.city, CommentDecision.moderator, func.count()).join(
        CommentDecision, CommentDecision.id == decision_in_force()
    )
    rows = given.where(Comment.state == "second_look").group_by(Comment.city, CommentDecision.moderator)
    return Counter({(city, staff): number for city, staff, number in session.execute(rows) if staff})
