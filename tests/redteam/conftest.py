"""The country that is attacked: a thief comes at the best moment for a thief."""

import sqlite3
from typing import Any

import pytest
from sqlalchemy import event

from app.database import Database
from tests.builders.country import Country


@pytest.fixture
def country(country: Country) -> Country:
    """Two open waves whose journal of changes, on SQLite, is never begun anew by SQLite itself."""
    if country.database.is_sqlite:
        keep_whole_journal(country.database)
    return country


def keep_whole_journal(database: Database) -> None:
    """Let SQLite's journal keep every change until a job of ours empties it.

    SQLite begins it anew after 1,000 pages. What a thief finds then hangs on how many pages were written before they
    come, which is how large the schema is and whether the country was made or copied: a leak that is there was found
    whole, in part or not at all.
    """

    @event.listens_for(database.engine, "connect")
    def never_by_itself(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute("PRAGMA wal_autocheckpoint=0")

    database.close()  # those that are open were told otherwise
