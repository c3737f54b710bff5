"""Takes what web processes counted by step of the form into the database, in tens, once a day."""

from pathlib import Path

from app.clock import Clock
from app.database import Database
from app.fieldwork.step_counts import fold_steps as fold


def fold_steps(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Fold the counts of the running web server, which counts beside the wave keys (Settings.metrics)."""
    with database.writing() as session:
        added = fold(session, keys.with_name("metrics"))
    return f"added {added} steps"
