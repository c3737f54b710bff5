"""The engine and its two kinds of transaction: reading and writing."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session


class DurabilityError(RuntimeError):
    """The database would acknowledge an answer before it is safe on disk."""


class Database:
    """One engine; an acknowledged transaction survives a power cut."""

    def __init__(self, url: str) -> None:
        """Open the engine of a SQLAlchemy URL; nothing is connected yet."""
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.engine = _sqlite_engine(url) if self.is_sqlite else create_engine(url, pool_pre_ping=True)
        self._writer = self.engine.execution_options(begin="BEGIN IMMEDIATE")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session whose changes are never kept."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that commits on leaving and rolls back on an exception.

        On SQLite it begins IMMEDIATE: a transaction that reads first and writes later
        would otherwise meet "database is locked" under several writers.
        """
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def assert_durable(self) -> None:
        """Refuse to go on when a commit is acknowledged before it is synced; raise DurabilityError."""
        query = "PRAGMA synchronous" if self.is_sqlite else "SHOW synchronous_commit"
        with self.engine.connect() as connection:
            level = str(connection.exec_driver_sql(query).scalar_one())
        if level not in {"2", "3", "on", "remote_apply"}:
            raise DurabilityError(f"{query} answers {level!r}: acknowledged answers could be lost")

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _sqlite_engine(url: str) -> Engine:
    """Make an engine whose connections sync every commit and leave BEGIN to us."""
    engine = create_engine(url, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine
