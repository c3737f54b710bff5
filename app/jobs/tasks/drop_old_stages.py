"""Removes imported files that waited for a day and were not confirmed, and those that were."""

from pathlib import Path

from app.clock import Clock
from app.database import Database
from app.indicators import staging
from app.initiatives import lists


def drop_old_stages(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Remove what was sent more than a day ago."""
    with database.writing() as session:
        removed = staging.drop_old_stages(session, clock.now()) + lists.drop_old_lists(session, clock.now())
    return f"removed {removed} files that waited"
