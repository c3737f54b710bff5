"""Removes what members of staff had open and did not come back to."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.workspace import claims, drafts, selections
from app.workspace.models import FormDraft, Selection, SoftClaim, Task

TASK_KEPT = timedelta(days=7)
"""How long work that ended, or of which nothing more was heard, is kept with its file."""


def forget_old(session: Session, at: datetime) -> dict[str, int]:
    """Remove what is over for everybody, as each does of their own; gives the numbers by what it was."""
    old = {
        "tasks": delete(Task).where(Task.touched_at < at - TASK_KEPT).returning(Task.id),
        "drafts": delete(FormDraft).where(FormDraft.at < at - drafts.LIFE).returning(FormDraft.staff),
        "selections": delete(Selection).where(Selection.made_at < at - selections.KEPT).returning(Selection.id),
        "claims": delete(SoftClaim).where(SoftClaim.at < at - claims.LIFE).returning(SoftClaim.staff),
    }
    return {name: len(session.execute(statement).all()) for name, statement in old.items()}
