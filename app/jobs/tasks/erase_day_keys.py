"""Destroys the keys of days that are over, whether or not anybody answers afterwards."""

from pathlib import Path

from app.clock import Clock
from app.database import Database
from surveys.ballots import keys as key_files


def erase_day_keys(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Destroy the keys of all days but today: nobody can then try out where an answer of those days came from."""
    return f"erased {key_files.erase_day_keys(keys, but=clock.today())} keys of days"
