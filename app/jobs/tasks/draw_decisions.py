"""Draws the auditor's sample of last month's decisions about suggestions."""

from pathlib import Path

from app.audit.journal import Actor
from app.clock import Clock
from app.database import Database
from app.feedback import audit_draws


def draw_decisions(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Draw once a month."""
    with database.writing() as session:
        return f"drew {audit_draws.draw(session, Actor(None, clock.now()))} decisions"
