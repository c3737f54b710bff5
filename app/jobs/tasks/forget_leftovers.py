"""Removes what was left lying in the office: work that ended, forms half typed, files that nothing names, old runs."""

from pathlib import Path

from app.clock import Clock
from app.database import Database
from app.indicators.orphans import remove_orphans
from app.jobs.forgetting import forget_runs
from app.workspace.forgetting import forget_old


def forget_leftovers(database: Database, clock: Clock, keys: Path) -> str:
    """Remove it; files of evidence lie beside the wave keys (Settings.evidence)."""
    now = clock.now()
    with database.writing() as session:
        numbers = forget_old(session, now) | {"runs of jobs": forget_runs(session, now)}
    with database.reading() as session:
        numbers["files of evidence"] = remove_orphans(session, keys.with_name("evidence"), now)
    return "forgot " + ", ".join(f"{number} {name}" for name, number in numbers.items())
