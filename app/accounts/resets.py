"""Whoever lost every factor is let in anew by two others: an admin opens the reset, a second person confirms it."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.accounts import invitations, recovery_codes
from app.accounts.errors import StaffError, StaffFault
from app.accounts.models import FactorReset, Passkey, Staff, Totp
from app.accounts.sessions import end_sessions
from app.audit.journal import Actor, Entry, record

LIFE = timedelta(hours=72)
"""How long a reset waits for its second person."""


def open_reset(session: Session, actor: Actor, staff: int) -> int:
    """Ask for a reset; gives its id. An earlier one that waits is cancelled. Raises StaffError."""
    person = session.get(Staff, staff)
    if actor.id is None or person is None or not person.active:
        raise StaffError(StaffFault.UNKNOWN)
    if actor.id == staff:
        raise StaffError(StaffFault.ONESELF)
    waiting = update(FactorReset).where(FactorReset.staff == staff, FactorReset.confirmed_by.is_(None))
    session.execute(waiting.values(cancelled=True))
    reset = FactorReset(
        staff=staff, opened_by=actor.id, opened_at=actor.at, confirmed_by=None, confirmed_at=None, cancelled=False
    )
    session.add(reset)
    session.flush()
    _record(session, actor, "reset.opened", reset.id, staff)
    return reset.id


def confirm_reset(session: Session, actor: Actor, reset_id: int) -> tuple[int, str]:
    """Confirm another person's reset: password, factors, codes and sessions of whom it is for are gone.

    Gives whom it is for, and the token of their new link. Raises StaffError.
    """
    reset = session.get(FactorReset, reset_id)
    if actor.id is None or reset is None:
        raise StaffError(StaffFault.UNKNOWN)
    if actor.id == reset.opened_by:
        raise StaffError(StaffFault.SAME_PERSON)
    if actor.id == reset.staff:
        raise StaffError(StaffFault.ONESELF)
    confirmed = (
        update(FactorReset)
        .where(FactorReset.id == reset_id, FactorReset.confirmed_by.is_(None), FactorReset.cancelled.is_(False))
        .where(FactorReset.opened_at > actor.at - LIFE)
        .values(confirmed_by=actor.id, confirmed_at=actor.at)
    )
    if session.execute(confirmed.returning(FactorReset.id)).first() is None:
        raise StaffError(StaffFault.ALREADY)
    _forget_factors(session, reset.staff)
    end_sessions(session, reset.staff)
    token = invitations.make(session, reset.staff, actor.at)
    _record(session, actor, "reset.confirmed", reset_id, reset.staff)
    return reset.staff, token


def cancel_reset(session: Session, actor: Actor, reset_id: int) -> None:
    """Let a reset fall that waits for its second person; raises StaffError."""
    waiting = update(FactorReset).where(
        FactorReset.id == reset_id, FactorReset.confirmed_by.is_(None), FactorReset.cancelled.is_(False)
    )
    staff = session.execute(waiting.values(cancelled=True).returning(FactorReset.staff)).scalar_one_or_none()
    if staff is None:
        raise StaffError(StaffFault.ALREADY)
    _record(session, actor, "reset.cancelled", reset_id, staff)


def waiting_for(session: Session, person: int, at: datetime) -> list[int]:
    """List whose resets wait for a second person who is neither their opener nor their owner: for one of those."""
    waiting = (
        FactorReset.confirmed_by.is_(None),
        FactorReset.cancelled.is_(False),
        FactorReset.opened_at > at - LIFE,
        FactorReset.opened_by != person,
        FactorReset.staff != person,
    )
    return list(session.scalars(select(FactorReset.staff).where(*waiting).order_by(FactorReset.id)))


def _forget_factors(session: Session, staff: int) -> None:
    session.execute(delete(Totp).where(Totp.staff == staff))
    session.execute(delete(Passkey).where(Passkey.staff == staff))
    recovery_codes.revoke(session, staff)
    session.execute(update(Staff).where(Staff.id == staff).values(password_hash=None))


def _record(session: Session, actor: Actor, event: str, reset: int, staff: int) -> None:
    record(
        session,
        actor,
        Entry(event=event, object_kind="staff", object_id=str(staff), detail={"reset": reset}),
    )
