"""Removes what nobody can use any more."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.accounts import signing_in
from app.accounts.models import Invitation, LoginSession, PasskeyChallenge

SESSIONS_KEPT = timedelta(days=7)
"""How long a session that is over says whose it was: what was typed into a form that met its end is kept so long."""


def forget_old(session: Session, at: datetime) -> str:
    """Forget ended sessions, links that are used or old, answered challenges and counts of wrong tries."""
    removed = {
        "sessions": delete(LoginSession).where(LoginSession.seen_at < at - SESSIONS_KEPT).returning(LoginSession.mark),
        "links": delete(Invitation).where(Invitation.expires_at < at).returning(Invitation.mark),
        "challenges": delete(PasskeyChallenge).where(PasskeyChallenge.expires_at < at).returning(PasskeyChallenge.mark),
    }
    numbers = {name: len(session.execute(statement).all()) for name, statement in removed.items()}
    numbers["counts of tries"] = signing_in.forget_old(session, at)
    return "forgot " + ", ".join(f"{number} {name}" for name, number in numbers.items())
