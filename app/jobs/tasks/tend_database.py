"""Keeps the database's own statistics fresh."""

from pathlib import Path

from app.clock import Clock
from app.database import Database
from surveys.sql import refresh_statistics


def tend_database(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Let the database refresh what it knows of its own tables."""
    with database.writing() as session:
        return refresh_statistics(session)
