"""Keeps the database's own statistics fresh."""

from pathlib import Path

from app.clock import Clock
from app.database import Database


def tend_database(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Let the database refresh what it knows of its own tables."""
    return database.refresh_statistics()
