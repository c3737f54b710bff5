"""Destroys the order in which residents said what they think of replies, hour by hour."""

from pathlib import Path

from app.clock import Clock
from app.database import Database
from app.feedback import answer_order


def shuffle_follow_answers(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Shuffle them, before their order says which suggestions one person wrote."""
    with database.writing() as session:
        shuffled = answer_order.shuffle_follow_answers(session, today=clock.today())
    database.forget_old_rows(answer_order.TABLES)
    return f"shuffled {shuffled} answers to replies"
