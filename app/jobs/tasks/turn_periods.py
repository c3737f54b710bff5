"""Opens periods on their days, and refuses returned values that were not mended in theirs."""

from pathlib import Path

from app.audit.journal import Actor
from app.clock import Clock
from app.database import Database
from app.indicators.cases import refuse_overdue
from app.indicators.openings import open_due_periods


def turn_periods(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Open the periods whose day has come and refuse what is overdue; an hour later there is nothing left to do."""
    actor = Actor(None, clock.now())
    with database.writing() as session:
        opened = open_due_periods(session, actor)
    with database.writing() as session:
        refused = refuse_overdue(session, actor)
    return f"opened {opened} periods, refused {refused} values"
