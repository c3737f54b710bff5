"""The SQL statements of a piece of work, counted by tests and by the benchmark of the console."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from app.database import Database


@contextmanager
def statements_of(database: Database) -> Iterator[list[str]]:
    """List the SQL statements that are sent to a database meanwhile."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
