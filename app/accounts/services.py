"""Members of staff come, go and come back."""

import re
import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import grants, invitations, passkeys
from app.accounts.errors import StaffError, StaffFault
from app.accounts.grants import GrantOrder
from app.accounts.models import Staff
from app.accounts.sessions import end_sessions
from app.accounts.signing_in import fold
from app.audit.journal import Actor, Entry, record
from app.clock import day_of

IDLE = timedelta(days=90)
"""Who does not sign in for so long is closed out until an admin opens the account again."""

WARNINGS = (timedelta(days=14), timedelta(days=3))
"""How long before that a person is told."""

_EMAIL = re.compile(r"[^@\s,;<>\"()]+@[^@\s,;<>\"()]+\.[^@\s,;<>\"()]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitee:
    """Whom to invite, and the roles they are to have."""

    email: str
    name: str
    language: str = "kk"
    orders: tuple[GrantOrder, ...] = ()


def invite(session: Session, actor: Actor, invitee: Invitee) -> tuple[int, str]:
    """Make an account with its roles; gives its id and the token of its link. Raises StaffError."""
    email, name = fold(invitee.email), " ".join(invitee.name.split())
    if not _EMAIL.fullmatch(email) or len(email) > 254 or not email.isprintable():
        raise StaffError(StaffFault.EMAIL)
    if not name or len(name) > 120 or not name.isprintable():
        raise StaffError(StaffFault.NAME)
    grants.hold_grants(session)
    if session.scalars(select(Staff.id).where(Staff.email == email)).first() is not None:
        raise StaffError(StaffFault.EMAIL_TAKEN)
    staff = Staff(
        email=email,
        name=name,
        language=invitee.language,
        password_hash=None,
        handle=secrets.token_bytes(passkeys.HANDLE),
        active=True,
        created_at=actor.at,
        active_since=day_of(actor.at),
        last_seen_on=None,
        keys_on=True,
        digest_on=True,
    )
    session.add(staff)
    session.flush()
    _record(session, actor, "staff.invited", staff.id)
    for order in invitee.orders:
        grants.grant(session, actor, staff.id, order)
    return staff.id, invitations.make(session, staff.id, actor.at)


def invite_again(session: Session, actor: Actor, staff: int) -> str:
    """Give the token of a new link to somebody who was never in; raises StaffError.

    A link to an account that was in use takes two persons, each time (app.accounts.resets).
    """
    person = _person(session, staff)
    if not person.active or person.password_hash is not None or person.last_seen_on is not None:
        raise StaffError(StaffFault.ALREADY)
    token = invitations.make(session, staff, actor.at)
    _record(session, actor, "staff.invited_again", staff)
    return token


def deactivate(session: Session, actor: Actor, staff: int) -> None:
    """Close an account: its sessions end, its links open nothing. Raises StaffError."""
    grants.hold_grants(session)
    person = _person(session, staff)
    if actor.id == staff:
        raise StaffError(StaffFault.ONESELF)
    if not person.active:
        raise StaffError(StaffFault.ALREADY)
    today = day_of(actor.at)
    if grants.is_last_admin(session, staff, today):
        raise StaffError(StaffFault.LAST_ADMIN)
    person.active = False
    end_sessions(session, staff)
    invitations.revoke(session, staff)
    _record(session, actor, "staff.deactivated", staff)


def reactivate(session: Session, actor: Actor, staff: int) -> None:
    """Open a closed account again, with the roles it had; raises StaffError."""
    person = _person(session, staff)
    if actor.id == staff:
        raise StaffError(StaffFault.ONESELF)
    if person.active:
        raise StaffError(StaffFault.ALREADY)
    person.active, person.active_since = True, day_of(actor.at)
    _record(session, actor, "staff.reactivated", staff)


def closes_on(person: Staff) -> date:
    """Tell the day on which an account is closed unless it is used before."""
    return max(person.active_since, person.last_seen_on or person.active_since) + IDLE


def close_idle(session: Session, actor: Actor) -> list[int]:
    """Close the accounts that were not used for long, but never that of the last admin; gives whose."""
    today = day_of(actor.at)
    grants.hold_grants(session)
    closed = []
    for person in session.scalars(select(Staff).where(Staff.active).order_by(Staff.id)):
        if closes_on(person) <= today:
            try:
                deactivate(session, actor, person.id)
            except StaffError:
                continue
            closed.append(person.id)
    return closed


def soon_closed(session: Session, today: date) -> list[tuple[int, date, int]]:
    """List whom to tell that their account will be closed: (who, the day, days before of the warning that is due)."""
    told = []
    for person in session.scalars(select(Staff).where(Staff.active).order_by(Staff.id)):
        day = closes_on(person)
        due = [warning.days for warning in WARNINGS if today >= day - warning]
        if due and today < day:
            told.append((person.id, day, min(due)))
    return told


def _person(session: Session, staff: int) -> Staff:
    person = session.get(Staff, staff)
    if person is None:
        raise StaffError(StaffFault.UNKNOWN)
    return person


def _record(session: Session, actor: Actor, event: str, staff: int) -> None:
    record(session, actor, Entry(event=event, object_kind="staff", object_id=str(staff)))
