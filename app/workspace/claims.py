"""Who else has an object open just now: a word between colleagues, never a lock."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.audit.journal import Actor
from app.workspace.models import SoftClaim
from surveys.sql import put_row

LIFE = timedelta(minutes=15)
"""So long a claim is told of."""


class OpenedBy(NamedTuple):
    """Somebody else who opened an object, and when."""

    name: str
    at: datetime


def claim(session: Session, actor: Actor, kind: str, object_id: str) -> list[OpenedBy]:
    """Note that somebody opened an object; tells who else did within a quarter of an hour, the last first."""
    session.execute(delete(SoftClaim).where(SoftClaim.at < actor.at - LIFE))
    statement = (
        select(Staff.name, SoftClaim.at)
        .join(Staff, Staff.id == SoftClaim.staff)
        .where(SoftClaim.kind == kind, SoftClaim.object_id == object_id, SoftClaim.staff != actor.id)
        .order_by(SoftClaim.at.desc())
    )
    others = [OpenedBy(row.name, row.at) for row in session.execute(statement)]
    put_row(session, SoftClaim, {"kind": kind, "object_id": object_id, "staff": actor.id}, {"at": actor.at})
    return others


def release(session: Session, actor: Actor, kind: str, object_id: str) -> None:
    """Take a claim back: the object was dealt with."""
    own = (SoftClaim.kind == kind, SoftClaim.object_id == object_id, SoftClaim.staff == actor.id)
    session.execute(delete(SoftClaim).where(*own))
