"""Journals for tests: filled, forged, and read as rows."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from app.audit.journal import HASHED, Actor, Entry, record
from app.audit.models import JournalRow
from app.audit.verify import Head
from app.database import Database
from surveys.sql import thaw_statements
from tests.conftest import NOW

Row = dict[str, Any]
COLUMNS = (*HASHED, "hash")


def fill(session: Session, number: int) -> None:
    """Write so many rows of different shapes."""
    for n in range(number):
        detail: dict[str, str | int | bool | None] = {"note": "Қызылорда", "n": n, "flag": n % 2 == 0, "none": None}
        entry = Entry(
            event=("value.sent", "staff.invited", "publication.published")[n % 3],
            object_kind="value",
            object_id=f"2024/aktau/hlt_{n}",
            detail=detail if n % 4 else {},
            bulk=f"b{n // 5}" if n % 5 else None,
        )
        record(session, Actor(None, NOW + timedelta(seconds=n)), entry)


def rows_of(session: Session) -> list[Row]:
    """Read the journal as it is stored, in its order."""
    columns = [getattr(JournalRow, name) for name in COLUMNS]
    return [dict(row._mapping) for row in session.execute(select(*columns).order_by(JournalRow.seq))]


def heads_of(rows: list[Row], every: int = 7) -> list[Head]:
    """Give the heads that somebody kept: every so many rows, and the last."""
    return [Head("2026-11-24", row["seq"], row["hash"]) for row in (*rows[every - 1 :: every], rows[-1])]


def thaw(database: Database) -> None:
    """Take the triggers off, as somebody could who owns the database."""
    with database.writing() as session:
        for statement in thaw_statements("journal", database.engine.dialect.name):
            session.execute(text(statement))


def put(session: Session, rows: Iterable[Row]) -> None:
    """Write rows in place of the journal."""
    session.execute(delete(JournalRow))
    session.execute(insert(JournalRow), list(rows))
