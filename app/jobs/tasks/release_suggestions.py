"""Hands suggestions to the desk, week by week."""

from pathlib import Path

from app.clock import Clock
from app.database import Database
from app.feedback import releasing


def release_suggestions(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Hold a round of handing suggestions over: five or more of a wave and city together."""
    with database.writing() as session:
        released = releasing.release_batches(session, clock.today())
    database.forget_old_rows(releasing.TABLES)
    return f"handed over {released} suggestions"
