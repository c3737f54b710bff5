"""Watches a console at its work: whatever a request changes has its row in the journal, in one transaction."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import has_request_context, request
from sqlalchemy import event

from app.database import Database

SILENT = {
    "soft_claim": "who has a value open, for a quarter of an hour",
    "form_draft": "one's own half-typed form",
    "UPDATE login_session": "the moment of its last use; that it begins and ends is recorded",
    "UPDATE task": "how far ordered work is; its order, and what it does, are recorded",
    "UPDATE notice": "that one has read one's own notice",
    "selection": "what somebody has marked on a list, for half an hour",
    "passkey_challenge": "a challenge of a passkey, for five minutes",
    "sign_in_delay": "the count of wrong tries; the first wait is recorded with it",
}
"""What a request may change without a row, tables or one kind of change, and why: nothing of others' changes."""

_WRITES = re.compile(r'\s*(INSERT|UPDATE|DELETE)(?: OR \w+)?(?: INTO| FROM)? "?(\w+)')


class ChangeReader:
    """Which transactions of a console's requests changed something and left no row."""

    def __init__(self, database: Database) -> None:
        self.silent: list[str] = []
        self._changed: defaultdict[int, set[str]] = defaultdict(set)
        self._open: dict[int, tuple[str, int]] = {}
        engine = database.engine
        event.listen(engine, "before_cursor_execute", lambda connection, *_more: self._settle(connection))
        event.listen(engine, "after_cursor_execute", self._note)
        event.listen(engine, "rollback", self._forget)
        event.listen(engine, "commit", self._commit)

    def _key(self, connection: Any) -> int:
        return id(connection.connection.dbapi_connection)

    def _forget(self, connection: Any) -> None:
        for changes in (self._changed, self._open):
            changes.pop(self._key(connection), None)  # type: ignore[attr-defined]

    def _note(self, connection: Any, cursor: Any, statement: str, *_more: Any) -> None:
        found = _WRITES.match(statement)
        if not found or not has_request_context():
            return
        change, key = f"{found[1]} {found[2]}", self._key(connection)
        if connection.dialect.name == "sqlite" and "RETURNING" in statement:
            self._open[key] = (change, _total(connection))
        elif cursor.rowcount != 0:
            self._changed[key].add(change)

    def _settle(self, connection: Any) -> None:
        """Look whether what gives rows back changed any: SQLite counts them once they are read."""
        key = self._key(connection)
        change, before = self._open.pop(key, ("", 0))
        if change and _total(connection) != before:
            self._changed[key].add(change)

    def _commit(self, connection: Any) -> None:
        self._settle(connection)
        changes = self._changed.pop(self._key(connection), set())
        loud = sorted(each for each in changes if each not in SILENT and each.split()[1] not in SILENT)
        if loud and "INSERT journal" not in changes:
            self.silent.append(f"{request.method} {request.endpoint}: {', '.join(loud)}")


def _total(connection: Any) -> int:
    return int(connection.connection.driver_connection.total_changes)


@contextmanager
def every_change_recorded(database: Database) -> Iterator[None]:
    """Fail where a request changes something meanwhile and leaves no row in the journal."""
    changes = ChangeReader(database)
    yield
    if changes.silent:
        pytest.fail("no row in the journal: " + "; ".join(changes.silent))
