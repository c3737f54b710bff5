"""Somebody has shown who they are: a code is used up, a session begins or goes on with a new token."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.accounts import invitations, recovery_codes, sessions, signing_in, totp
from app.accounts.models import LoginSession, Staff
from app.accounts.sealing import Keys
from app.accounts.sessions import mark_of
from app.audit.journal import Actor, Entry, record
from app.clock import day_of


def use_code(session: Session, staff: int, typed: str, at: datetime, keys: Keys) -> str:
    """Use up what somebody typed; gives "totp" or "recovery" by what it was, and "" when it is not right."""
    if not recovery_codes.looks_like_one(typed):
        return "totp" if totp.use(session, staff, typed, at, keys) else ""
    if not recovery_codes.use(session, staff, typed, day_of(at)):
        return ""
    _record(session, Actor(staff, at), "code.used")
    return "recovery"


def begin_session(session: Session, actor: Actor, browser: tuple[str, str], by: str, keys: Keys) -> str:
    """Begin a session of a person who gave two factors, by "passkey", "totp", "link" or "demo"; gives its new token.

    `browser` is its label and the token it brought: whatever session that one named is over.
    """
    label, brought = browser
    person = session.get_one(Staff, actor.id)
    session.execute(delete(LoginSession).where(LoginSession.mark == mark_of(brought)))
    token = sessions.open_session(session, person.id, actor.at, label)
    person.last_seen_on = day_of(actor.at)
    if by == "totp":  # a passkey never waited, and must not end the wait of whoever guesses meanwhile
        signing_in.forget(session, keys, person.email)
    _record(session, actor, "session.begun", by=by)
    return token


def step_up(session: Session, actor: Actor, token: str, by: str) -> str:
    """Note that a factor was given once more; gives the session's new token."""
    fresh = sessions.step_up(session, token, actor.at)
    _record(session, actor, "session.stepped_up", by=by)
    return fresh


def recover(session: Session, actor: Actor) -> str:
    """Give the token of a link by which somebody who used a recovery code enrols a new factor at once."""
    person = session.get_one(Staff, actor.id)
    token = invitations.make(session, person.id, actor.at, life=invitations.RECOVERY_LIFE)
    _record(session, actor, "factor.link_made")
    return token


def end_session(session: Session, actor: Actor, public_id: str) -> bool:
    """End one of a person's own sessions; False when it is not theirs."""
    own = delete(LoginSession).where(LoginSession.public_id == public_id, LoginSession.staff == actor.id)
    if session.execute(own.returning(LoginSession.mark)).first() is None:
        return False
    _record(session, actor, "session.ended")
    return True


def _record(session: Session, actor: Actor, event: str, **detail: str) -> None:
    record(session, actor, Entry(event=event, object_kind="staff", object_id=str(actor.id), detail=detail))
