"""Destroys the order in which people were let in, hour by hour."""

from pathlib import Path

from app.clock import Clock
from app.database import Database
from surveys.identity import shuffling


def shuffle_participations(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Shuffle who took part, before anybody can compare the order with that of the answers."""
    with database.writing() as session:
        shuffled = shuffling.shuffle_participations(session)
    database.forget_old_rows(shuffling.TABLES)
    return f"shuffled {shuffled} participations"
