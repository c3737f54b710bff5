"""One decision about many suggestions, and taking it back: exactly those that were chosen, the unfit ones named."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.feedback.errors import DecisionError
from app.feedback.moderation import UNCOVERING, CommentState, Decision, DecisionEvent, take, take_back
from app.feedback.queries import LIVE
from app.feedback.standing import standing_of
from surveys.models.comments import Comment
from surveys.sql import hold_journal


class Unfit(StrEnum):
    """Why one of many suggestions is left as it is."""

    GONE = "gone"
    """Whoever wrote it took it back."""
    OTHER_CITY = "other_city"
    SAME = "same"
    """It stands there already."""
    COVERED = "covered"
    """It is shown with parts blacked out, which many at once do not uncover."""
    PURGED = "purged"
    CHANGED = "changed"
    """Somebody decided about it meanwhile."""


_ALREADY: Mapping[DecisionEvent, frozenset[CommentState]] = {
    DecisionEvent.SHOW: frozenset({CommentState.SHOWN}),
    DecisionEvent.HIDE: frozenset({CommentState.HIDDEN_PROVISIONAL, CommentState.HIDDEN}),
    DecisionEvent.SECOND_LOOK: frozenset({CommentState.SECOND_LOOK}),
}
Left = dict[str, str]


def unfit_for(session: Session, ids: Sequence[str], event: DecisionEvent, cities: Collection[str] | None) -> Left:
    """Find those that a decision would leave as they are, each with its reason; None for all cities."""
    rows = select(Comment.id, Comment.city, Comment.state, (Comment.text == "").label("empty"))
    there = {row.id: row for row in session.execute(rows.where(Comment.id.in_(ids)))}
    left: Left = {}
    for each in ids:
        row = there.get(each)
        if row is None or row.state not in LIVE:
            left[each] = Unfit.GONE
        elif cities is not None and row.city not in cities:
            left[each] = Unfit.OTHER_CITY
        elif row.state in _ALREADY.get(event, ()):
            left[each] = Unfit.SAME
        elif (CommentState(row.state), event) in UNCOVERING:
            left[each] = Unfit.COVERED
        elif row.empty and event is not DecisionEvent.HIDE:
            left[each] = Unfit.PURGED
    return left


def decide_many(
    session: Session,
    actor: Actor,
    ids: Sequence[str],
    decision: Decision,
    cities: Collection[str] | None,
    *,
    bulk: str,
) -> Left:
    """Take a decision about many; gives those that are left as they are, each with its reason."""
    held = _held(session, ids)
    left = unfit_for(session, ids, decision.event, cities)
    standing = standing_of(session, list(held))
    for each in ids:
        if each in left:
            continue
        try:
            take(session, actor, held[each], decision, standing[each], bulk=bulk)
        except DecisionError as error:
            left[each] = error.fault
    return left


def take_back_many(session: Session, actor: Actor, ids: Sequence[str], undone: str, *, bulk: str) -> Left:
    """Take the decisions of one press back; what was decided about meanwhile stays."""
    held = _held(session, ids)
    standing = standing_of(session, list(held))
    left: Left = {}
    for each in ids:
        comment, last = held.get(each), standing[each].last if each in standing else None
        if comment is None or comment.state not in LIVE:
            left[each] = Unfit.GONE
        elif last is None or last.bulk != undone:
            left[each] = Unfit.CHANGED
        else:
            take_back(session, actor, comment, standing[each], bulk=bulk)
    return left


def _held(session: Session, ids: Sequence[str]) -> dict[str, Comment]:
    """Read suggestions that are going to be changed, in one order for everybody."""
    hold_journal(session)
    rows = select(Comment).where(Comment.id.in_(ids)).order_by(Comment.id).with_for_update()
    found = session.scalars(rows, execution_options={"populate_existing": True})
    return {row.id: row for row in found}
