"""Who of a city works on which suggestions: given by a colleague, taken by oneself, and back to all when they leave."""

from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant, Staff
from app.accounts.permissions import CITY_ROLES
from app.accounts.queries import holding
from app.audit.journal import Actor, Entry, record
from app.feedback.models import CommentAssignment
from app.feedback.queries import LIVE
from surveys.models.comments import Comment
from surveys.sql import hold_journal

TAKEN = 20
"""Suggestions that one press takes."""


class Unassigned(StrEnum):
    """Why a suggestion was given to nobody else."""

    GONE = "gone"
    OTHER_CITY = "other_city"
    NOT_THERE = "not_there"
    """The person has no role in its city."""
    SAME = "same"
    TAKEN = "taken"
    """Somebody was quicker."""
    CHANGED = "changed"


Left = dict[str, str]


class Colleague(NamedTuple):
    """Somebody with a role in cities."""

    id: int
    name: str
    cities: frozenset[str]


def list_colleagues(session: Session, cities: Collection[str] | None, day: date) -> list[Colleague]:
    """List by name who has a role in one of some cities on a day; None for all cities."""
    held = select(Staff.id, Staff.name, RoleGrant.city).join(RoleGrant, RoleGrant.staff == Staff.id)
    held = held.where(Staff.active, holding(day), RoleGrant.role.in_(sorted(CITY_ROLES)))
    if cities is not None:
        held = held.where(RoleGrant.city.in_(sorted(cities)))
    found: dict[tuple[str, int], set[str]] = {}
    for staff, name, city in session.execute(held):
        found.setdefault((name, staff), set()).add(str(city))
    return [Colleague(staff, name, frozenset(own)) for (name, staff), own in sorted(found.items())]


class AssignmentOrder(NamedTuple):
    """To whom suggestions are given (None: to everybody again), of which cities, in which press."""

    to: Colleague | None
    cities: frozenset[str] | None
    bulk: str
    only_free: bool = False
    """Whether those that somebody has are left alone."""


def assign(session: Session, actor: Actor, ids: Sequence[str], order: AssignmentOrder) -> Left:
    """Give suggestions to a person; gives those that are left as they are, each with its reason."""
    hold_journal(session)
    rows = {row.id: row for row in session.execute(_with_assignee(ids))}
    left: Left = {}
    for each in ids:
        row = rows.get(each)
        why = _why_not(row.city, row.staff, order) if row else Unassigned.GONE
        if row is None or why:
            left[each] = why or Unassigned.GONE
            continue
        _give(session, actor, each, (row.city, row.staff, order.to.id if order.to else None), order.bulk)
    return left


def unfit_for_assignment(session: Session, ids: Sequence[str], cities: frozenset[str] | None) -> Left:
    """Find those that could be given to nobody, whoever it were."""
    rows = {row.id: row for row in session.execute(_with_assignee(ids))}
    other = {each: Unassigned.OTHER_CITY for each, row in rows.items() if cities is not None and row.city not in cities}
    return {each: other.get(each, Unassigned.GONE) for each in ids if each in other or each not in rows}


def take_back(session: Session, actor: Actor, ids: Sequence[str], undone: str, *, bulk: str) -> Left:
    """Give suggestions of one press back to whoever had them before; what was given on meanwhile stays."""
    hold_journal(session)
    rows = select(CommentAssignment, Comment.city).join(Comment, Comment.id == CommentAssignment.comment)
    there = {row.comment: (row, city) for row, city in session.execute(rows.where(CommentAssignment.comment.in_(ids)))}
    left: Left = {}
    for each in ids:
        row, city = there.get(each, (None, ""))
        if row is None or row.bulk != undone:
            left[each] = Unassigned.CHANGED
        else:
            _give(session, actor, each, (city, row.staff, row.before), bulk)
    return left


def release_of_gone(session: Session, actor: Actor, day: date, staff: int | None = None, *, bulk: str) -> int:
    """Give back to everybody what people (or one of them) have of a city where no role of theirs holds any more."""
    hold_journal(session)
    rows = session.execute(_of_gone(day, staff).order_by(Comment.id)).all()
    for row in rows:
        _give(session, actor, row.id, (row.city, row.staff, None), bulk)
    return len(rows)


def count_of(session: Session, staff: int, city: str | None = None) -> int:
    """Count the suggestions that a person has, of a city where it is given."""
    own = select(func.count()).select_from(CommentAssignment).join(Comment, Comment.id == CommentAssignment.comment)
    own = own.where(CommentAssignment.staff == staff, Comment.state.in_(LIVE))
    return session.scalar(own if city is None else own.where(Comment.city == city)) or 0


def _of_gone(day: date, staff: int | None) -> Any:
    here = (
        select(RoleGrant.id)
        .join(Staff, Staff.id == RoleGrant.staff)
        .where(RoleGrant.staff == CommentAssignment.staff, RoleGrant.city == Comment.city, holding(day), Staff.active)
    )
    gone = select(Comment.id, Comment.city, CommentAssignment.staff)
    gone = gone.join(CommentAssignment, CommentAssignment.comment == Comment.id)
    gone = gone.where(CommentAssignment.staff.is_not(None), ~here.exists())
    return gone if staff is None else gone.where(CommentAssignment.staff == staff)


def _with_assignee(ids: Sequence[str]) -> Any:
    rows = select(Comment.id, Comment.city, CommentAssignment.staff)
    rows = rows.outerjoin(CommentAssignment, CommentAssignment.comment == Comment.id)
    return rows.where(Comment.id.in_(ids), Comment.state.in_(LIVE))


def _why_not(city: str, has: int | None, order: AssignmentOrder) -> Unassigned | None:
    if order.cities is not None and city not in order.cities:
        return Unassigned.OTHER_CITY
    if order.to and city not in order.to.cities:
        return Unassigned.NOT_THERE
    if has == (order.to.id if order.to else None):
        return Unassigned.SAME
    return Unassigned.TAKEN if order.only_free and has is not None else None


def _give(session: Session, actor: Actor, comment: str, change: tuple[str, int | None, int | None], bulk: str) -> None:
    city, before, after = change
    row = session.get(CommentAssignment, comment) or CommentAssignment(comment=comment)
    row.staff, row.before, row.bulk = after, before, bulk
    session.add(row)
    entry = Entry(
        event="comment.assigned",
        object_kind="comment",
        object_id=comment,
        city=city,
        detail={"assignee_before": before, "assignee": after},
        bulk=bulk,
    )
    record(session, actor, entry)
