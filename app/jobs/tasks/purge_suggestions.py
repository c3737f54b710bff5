"""Erases originals with personal data once their time is over."""

from datetime import timedelta
from pathlib import Path

from app.audit.journal import Actor
from app.clock import Clock
from app.database import Database
from app.feedback import purging


def purge_suggestions(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Erase them, and let nothing of the old rows be left to read; that is tried again the day after."""
    with database.writing() as session:
        number = purging.purge(session, Actor(None, clock.now()))
        is_recent = purging.purged_since(session, clock.today() - timedelta(days=1))
    if is_recent:
        database.forget_old_rows(purging.TABLES, whole=True)
    return f"erased {number} originals"
