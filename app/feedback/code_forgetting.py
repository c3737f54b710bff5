"""What the desk said of a suggestion goes with its words, when whoever wrote it takes them back.

The survey's site calls it too, so nothing of this module knows staff or the journal.
"""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.feedback.models import (
    CityTheme,
    CommentCode,
    CommentCoding,
    CommentGroup,
    CommentInGroup,
    SecondCoding,
)
from surveys.models.comments import Comment


def forget_codes(session: Session, comment_id: str) -> None:
    """Delete themes, kind, earlier codings, picks and group of a suggestion."""
    for table in (CommentCode, CommentCoding, SecondCoding):
        session.execute(delete(table).where(table.comment == comment_id))
    session.execute(update(Comment).where(Comment.id == comment_id).values(kind=None))
    for row in session.scalars(select(CityTheme).where(CityTheme.typical.contains(comment_id, autoescape=True))):
        row.typical = " ".join(each for each in row.typical.split() if each != comment_id)
    leave_group(session, comment_id)


def leave_group(session: Session, comment_id: str) -> int | None:
    """Take a suggestion out of its group; one that has a single one left is none. Gives the group it was in."""
    group = session.scalars(select(CommentInGroup.grp).where(CommentInGroup.comment == comment_id)).first()
    if group is None:
        return None
    session.execute(delete(CommentInGroup).where(CommentInGroup.comment == comment_id))
    left = session.scalars(select(CommentInGroup.comment).where(CommentInGroup.grp == group)).all()
    if len(left) < 2:
        session.execute(delete(CommentInGroup).where(CommentInGroup.grp == group))
        session.execute(delete(CommentGroup).where(CommentGroup.id == group))
    return group
