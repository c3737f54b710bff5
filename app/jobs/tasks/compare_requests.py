"""Finds requests for publication whose inputs have changed since their runs were computed."""

from pathlib import Path

from app.audit.journal import Actor
from app.clock import Clock
from app.database import Database
from app.publishing.errors import BarrierError
from app.publishing.requests import inputs_changed, note_changed, open_requests


def compare_requests(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Compare the inputs of every request on its way, and note it: what takes long is done before the writing."""
    with database.reading() as session:
        waiting = open_requests(session)
    changed = [number for number in waiting if _has_changed(database, clock, number)]
    return f"requests: {len(waiting)}, out of date: {', '.join(map(str, changed)) or 'none'}"


def _has_changed(database: Database, clock: Clock, number: int) -> bool:
    try:
        with database.reading() as session:
            changed = inputs_changed(session, number)
        with database.writing() as session:
            note_changed(session, number, changed, Actor(None, clock.now()))
    except BarrierError:  # published or stopped meanwhile
        return False
    return changed
