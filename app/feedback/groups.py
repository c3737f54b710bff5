"""Suggestions that say the same, put together by a person: seen and answered as one, and each still counted once.

A computer only shows what is alike (comment_neighbour). A group is of one city, wave and area, and a suggestion is in
one at most; what is hidden is in none that is made anew.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.feedback.code_forgetting import leave_group
from app.feedback.errors import GroupError, GroupFault
from app.feedback.models import CommentGroup, CommentInGroup
from app.feedback.second_coding import CODABLE
from surveys.models.comments import Comment
from surveys.sql import hold_journal

LONGEST_TITLE = 120
FEWEST = 2


def put_together(session: Session, actor: Actor, ids: Sequence[str], title: str, bulk: str) -> Mapping[str, str]:
    """Make a group of suggestions, or go on with the one that this work made before; gives those left out, and why.

    Reasons: `gone`, `hidden`, `in_group`, `elsewhere` (of another wave or area than the first), `alone`. Raises
    GroupError.
    """
    tidy = " ".join(title.split())[:LONGEST_TITLE]
    if not tidy:
        raise GroupError(GroupFault.NO_TITLE)
    hold_journal(session)
    group = session.scalars(select(CommentGroup).where(CommentGroup.bulk == bulk)).first()
    there = {row.id: row for row in session.scalars(select(Comment).where(Comment.id.in_(ids)))}
    grouped = set(session.scalars(select(CommentInGroup.comment).where(CommentInGroup.comment.in_(ids))))
    left: dict[str, str] = {}
    place = (group.city, group.wave, group.area) if group else None
    fit: list[str] = []
    for each in ids:
        comment = there.get(each)
        why = _hindrance(comment, place, is_grouped=each in grouped)
        if why or comment is None:
            left[each] = why or "gone"
            continue
        place = place or (comment.city, comment.wave, comment.area)
        fit.append(each)
    if place is None or (group is None and len(fit) < FEWEST):
        return left | dict.fromkeys(fit, "alone")
    if group is None:
        city, wave, area = place
        group = CommentGroup(city=city, wave=wave, area=area, title=tidy, made_by=actor.id, bulk=bulk)
        session.add(group)
        session.flush()
    session.add_all(CommentInGroup(comment=each, grp=group.id) for each in fit)
    session.flush()
    _record(session, actor, "comment_group.made", group, len(fit), bulk=bulk)
    return left


def _hindrance(comment: Comment | None, place: tuple[str, str, str] | None, *, is_grouped: bool) -> str:
    """Say why a suggestion is not put into a group; "" where it is."""
    if comment is None or comment.state in {"pending", "taken_back"}:
        return "gone"
    if comment.state not in CODABLE:
        return "hidden"
    if is_grouped:
        return "in_group"
    return "elsewhere" if place is not None and (comment.city, comment.wave, comment.area) != place else ""


def dissolve_group(session: Session, actor: Actor, group_id: int, city: str) -> int:
    """Let the suggestions of a city's group stand by themselves again; gives how many. Raises GroupError."""
    group = _held(session, group_id, city)
    number = _size(session, group_id)
    _record(session, actor, "comment_group.dissolved", group, number)
    session.execute(delete(CommentInGroup).where(CommentInGroup.grp == group_id))
    session.execute(delete(CommentGroup).where(CommentGroup.id == group_id))
    return number


def take_out(session: Session, actor: Actor, group_id: int, city: str, comment: str) -> None:
    """Take one suggestion out of a city's group; a group of one is none. Raises GroupError."""
    group = _held(session, group_id, city)
    member = session.get(CommentInGroup, comment)
    if member is None or member.grp != group_id:
        raise GroupError(GroupFault.UNKNOWN)
    _record(session, actor, "comment_group.left", group, 1)
    leave_group(session, comment)


def dissolve_made_by(session: Session, actor: Actor, undoes: str) -> bool:
    """Dissolve the group that a work on many suggestions made; False where it is not there any more."""
    hold_journal(session)
    group = session.scalars(select(CommentGroup).where(CommentGroup.bulk == undoes)).first()
    if group is None:
        return False
    dissolve_group(session, actor, group.id, group.city)
    return True


def _held(session: Session, group_id: int, city: str) -> CommentGroup:
    hold_journal(session)
    group = session.get(CommentGroup, group_id, populate_existing=True)
    if group is None or group.city != city:
        raise GroupError(GroupFault.UNKNOWN)
    return group


def _size(session: Session, group_id: int) -> int:
    members = select(func.count()).select_from(CommentInGroup).where(CommentInGroup.grp == group_id)
    return session.execute(members).scalar_one()


def _record(
    session: Session, actor: Actor, event: str, group: CommentGroup, number: int, *, bulk: str | None = None
) -> None:
    entry = Entry(
        event=event,
        object_kind="comment_group",
        object_id=str(group.id),
        city=group.city,
        detail={"number": number},
        bulk=bulk,
    )
    record(session, actor, entry)
