"""Forgets sessions that are over, links that open nothing any more, and yesterday's wrong tries."""

from pathlib import Path

from app.accounts import forgetting
from app.clock import Clock
from app.database import Database


def forget_sign_ins(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Remove what nobody can use any more."""
    with database.writing() as session:
        return forgetting.forget_old(session, clock.now())
