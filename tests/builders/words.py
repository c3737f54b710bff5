"""People's words after they were filed."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from app.clock import FrozenClock
from app.database import Database
from app.jobs.tasks.file_suggestions import file_waiting
from surveys.models import Comment
from surveys.responses import filing


def filed_texts(database: Database, keys: Path) -> list[str]:
    """File all words that wait, however few; gives the texts of all suggestions, sorted."""
    file_waiting(database, FrozenClock(datetime(2026, 11, 24, tzinfo=UTC)), keys, filing.file_all)
    with database.reading() as session:
        return sorted(session.scalars(select(Comment.text)))
