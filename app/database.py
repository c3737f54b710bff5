"""The engine and its two kinds of transaction: reading and writing."""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from threading import Lock
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session


class DurabilityError(RuntimeError):
    """The database would acknowledge an answer before it is safe on disk."""


class StorageError(RuntimeError):
    """The database did not say that it kept a transaction: the same is to be tried again."""


Result = TypeVar("Result")


PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY")
"""What every SQLite connection is told first; deleted content is overwritten, or the file would keep old orders."""


class Database:
    """One engine; an acknowledged transaction survives a power cut."""

    def __init__(self, url: str) -> None:
        """Open the engine of a SQLAlchemy URL; nothing is connected yet."""
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.engine = _sqlite_engine(url) if self.is_sqlite else create_engine(url, pool_pre_ping=True)
        self._writer = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        self._drivers: deque[Any] = deque()
        # SQLite's own waiting for its one writer is to sleep and to try again: threads of one process take turns here.
        self._turn = Lock() if self.is_sqlite else nullcontext()
        self._failures: type[Exception] = sqlite3.Error if self.is_sqlite else psycopg.Error

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

    def record(self, work: Callable[[Any], Result]) -> Result:
        """Do one short durable transaction on a bare driver connection; raises StorageError.

        On SQLite `work` runs between BEGIN IMMEDIATE and COMMIT; on PostgreSQL each of its statements is a transaction.
        It must be safe to repeat: a connection that died while it lay idle is replaced, and the work done again.
        """
        with suppress(IndexError, self._failures), self._turn:
            return self._on_driver(self._drivers.pop(), work)
        try:
            with self._turn:
                return self._on_driver(self._new_driver(), work)
        except (self._failures, SQLAlchemyError) as error:
            raise StorageError from error

    def _on_driver(self, driver: Any, work: Callable[[Any], Result]) -> Result:
        try:
            if self.is_sqlite:
                driver.execute("BEGIN IMMEDIATE")
            result = work(driver)
            if self.is_sqlite:
                driver.execute("COMMIT")
        except self._failures:
            driver.close()
            raise
        except BaseException:
            driver.rollback()
            self._drivers.append(driver)
            raise
        self._drivers.append(driver)
        return result

    def _new_driver(self) -> Any:
        """Open a connection as the engine does, outside of its pool."""
        connection = self.engine.raw_connection()
        driver: Any = connection.driver_connection
        connection.detach()
        if not self.is_sqlite:
            driver.autocommit = True
        return driver

    def forget_old_rows(self, tables: Iterable[str]) -> None:
        """Let nothing of deleted rows be left to read: neither in the file nor in SQLite's journal of changes."""
        if self.is_sqlite:
            # Deleted content is overwritten at once (secure_delete); the journal still has every page as it was.
            with self.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
            return
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"VACUUM {', '.join(tables)}")

    def assert_durable(self) -> None:
        """Refuse to go on when a commit is acknowledged before it is synced; raise DurabilityError."""
        query = "PRAGMA synchronous" if self.is_sqlite else "SHOW synchronous_commit"
        with self.engine.connect() as connection:
            level = str(connection.exec_driver_sql(query).scalar_one())
        if level not in {"2", "3", "on", "remote_apply"}:
            raise DurabilityError(f"{query} answers {level!r}: acknowledged answers could be lost")

    def close(self) -> None:
        """Close all connections."""
        while self._drivers:
            self._drivers.pop().close()
        self.engine.dispose()


def _sqlite_engine(url: str) -> Engine:
    """Make an engine whose connections sync every commit and leave BEGIN to us."""
    engine = create_engine(url, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine
