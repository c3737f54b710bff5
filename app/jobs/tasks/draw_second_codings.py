"""Draws five of a hundred coded suggestions for a second person of their city."""

from pathlib import Path

from app.audit.journal import Actor
from app.clock import Clock
from app.database import Database
from app.feedback.second_coding import draw


def draw_second_codings(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Draw from what was coded since the last draw, so that few have seen what the first person said."""
    with database.writing() as session:
        return f"{draw(session, Actor(None, clock.now()))} suggestions for a second coder"
