"""Erases what was hidden or blacked out as personal data, thirty days after it was decided for good.

Of a hidden suggestion nothing of the text is left, of a blacked out one what everybody may read. What remains to prove
the original is its digest with the reason; nobody can show it again, nor take back what was decided before.
"""

from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session, aliased

from app.audit.journal import Actor, Entry, record
from app.clock import day_of
from app.feedback.models import CommentDecision, CommentNeighbour, CommentPurge
from app.feedback.moderation import HidingReason, hold_comment
from app.feedback.queries import newest_decisions
from app.feedback.standing import PURGE
from app.workspace.models import FormDraft
from surveys.models.comments import Comment
from surveys.responses.search_fold import fold_for_search

KEPT = timedelta(days=30)
"""How long an original stays after an outsider confirmed its hiding, or after parts of it were blacked out."""

TABLES = (Comment.__tablename__, CommentNeighbour.__tablename__, FormDraft.__tablename__)
"""What a purge changes; the database should forget the old rows afterwards (Database.forget_old_rows)."""

_ERASED = aliased(CommentDecision)


def purge(session: Session, actor: Actor) -> int:
    """Erase the originals whose time is over; gives how many."""
    ids = list_due(session, actor.at)
    for comment in ids:
        _purge(session, actor, comment)
    return len(ids)


def list_due(session: Session, at: datetime) -> list[str]:
    """List the suggestions whose originals are to be erased: an overturned hiding, or one nobody confirmed, is none."""
    newest = newest_decisions()
    purged = select(_ERASED.id).where(_ERASED.comment == Comment.id, _ERASED.event == PURGE, _ERASED.id > newest.c.id)
    due = (
        select(Comment.id)
        .join(newest, newest.c.comment == Comment.id)
        .join(CommentDecision, CommentDecision.id == newest.c.id)
        .where(CommentDecision.reason == HidingReason.PERSONAL_DATA, CommentDecision.at <= at - KEPT)
        .where(or_(Comment.state == "hidden", Comment.state == "shown_redacted"), ~purged.exists())
    )
    return sorted(session.scalars(due))


def purged_since(session: Session, day: date) -> bool:
    """Tell whether an original was erased on a day or later."""
    return (
        session.scalars(select(CommentPurge.comment).where(CommentPurge.purged_on >= day).limit(1)).first() is not None
    )


def _purge(session: Session, actor: Actor, comment_id: str) -> None:
    comment = hold_comment(session, comment_id)
    digest = sha256(comment.text.encode()).hexdigest()
    comment.text = comment.shown_text or ""
    comment.folded = fold_for_search(comment.text)
    comment.version += 1
    reason = HidingReason.PERSONAL_DATA
    if session.get(CommentPurge, comment_id) is None:
        row = CommentPurge(comment=comment_id, sha256=digest, reason=reason, purged_on=day_of(actor.at))
        session.add(row)
    decision = CommentDecision(
        comment=comment_id, moderator=actor.id, event=PURGE, reason=reason, spans="", state=comment.state, at=actor.at
    )
    session.add(decision)
    near = or_(CommentNeighbour.comment == comment_id, CommentNeighbour.other == comment_id)
    session.execute(delete(CommentNeighbour).where(near))
    # What somebody began to type about it may repeat what it said.
    session.execute(delete(FormDraft).where(FormDraft.object_id.contains(comment_id, autoescape=True)))
    entry = Entry(
        event="comment.purged",
        object_kind="comment",
        object_id=comment_id,
        city=comment.city,
        detail={"reason": reason, "sha256": digest},
    )
    record(session, actor, entry)
