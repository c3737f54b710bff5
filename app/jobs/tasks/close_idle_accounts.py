"""Closes accounts that nobody uses, and tells their owners before."""

from pathlib import Path

from app.accounts import services
from app.audit.journal import Actor
from app.clock import Clock
from app.database import Database
from app.notices.notices import Message, notify
from app.staffing import services as staffing


def close_idle_accounts(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Close what was idle for long; tell those whose turn is soon."""
    now = clock.now()
    with database.writing() as session:
        soon = services.soon_closed(session, clock.today())
        for staff, day, before in soon:
            cause = f"account.idle:{day.isoformat()}-{before}"
            notify(session, [staff], Message("account.idle", cause, "/console/", {"day": day.isoformat()}), now)
        closed = staffing.close_idle(session, Actor(None, now))
    return f"closed {len(closed)} accounts, told {len(soon)}"
