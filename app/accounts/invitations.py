"""Invitations: a link that lets one person set a password and a second factor, once and within three days."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Exists, delete, exists, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.accounts.errors import LinkError
from app.accounts.models import Invitation, Staff

LIFE = timedelta(hours=72)
RECOVERY_LIFE = timedelta(minutes=15)
"""How long somebody who came in by a recovery code has to enrol a new factor."""


def make(session: Session, staff: int, at: datetime, *, life: timedelta = LIFE) -> str:
    """Give the token of a new link for a person; links made for them before open nothing any more."""
    revoke(session, staff)
    token = secrets.token_urlsafe(32)
    session.add(Invitation(mark=_mark(token), staff=staff, expires_at=at + life, used_at=None))
    session.flush()
    return token


def find(session: Session, token: str, at: datetime) -> Staff:
    """Give the person a link is for; raises LinkError for one that is unknown, used or old."""
    row = session.get(Invitation, _mark(token))
    staff = session.get_one(Staff, row.staff) if row and row.used_at is None and at < row.expires_at else None
    if staff is None or not staff.active:
        raise LinkError
    return staff


def use(session: Session, token: str, at: datetime) -> int:
    """Use a link up; gives whom it was for. Of two requests with one link one raises LinkError."""
    unused = update(Invitation).where(
        Invitation.mark == _mark(token), Invitation.used_at.is_(None), Invitation.expires_at > at
    )
    staff = session.execute(unused.values(used_at=at).returning(Invitation.staff)).scalar_one_or_none()
    if staff is None or not session.get_one(Staff, staff).active:
        raise LinkError
    return staff


def waits_for(staff: InstrumentedAttribute[int], at: datetime) -> Exists:
    """Tell in a statement whether a link waits for a person."""
    return exists().where(Invitation.staff == staff, Invitation.used_at.is_(None), Invitation.expires_at > at)


def revoke(session: Session, staff: int) -> None:
    """Let no link of a person open anything."""
    session.execute(delete(Invitation).where(Invitation.staff == staff, Invitation.used_at.is_(None)))


def _mark(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
