"""The engine and its kinds of transaction: reading, writing with a Session, and inserting by statements alone."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from contextvars import ContextVar
from pathlib import Path
from threading import Lock, get_ident
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, CursorResult, Engine, Update, create_engine, event
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from surveys.sql import DriverConnection


class DurabilityError(RuntimeError):
    """The database would acknowledge an answer before it is safe on disk."""


class StorageError(RuntimeError):
    """The database did not say that it kept a transaction: the same is to be tried again."""


class StaleRowsError(RuntimeError):
    """Deleted rows can still be read: somebody reads the database as it was. Forgetting is to be tried again."""


Result = TypeVar("Result")

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY")
"""What every SQLite connection is told first; deleted content is overwritten, or the file would keep old orders."""


class Database:
    """One engine; an acknowledged transaction survives a power cut."""

    def __init__(self, url: str) -> None:
        """Open the engine of a SQLAlchemy URL; nothing is connected yet."""
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url)
        self._writer = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        # SQLite's own waiting for its one writer is to sleep and to try again: threads of one process take turns here.
        self._turn = _Turn() if self.is_sqlite else nullcontext()

    @property
    def file(self) -> Path:
        """The file of a SQLite database."""
        return Path(str(self.engine.url.database))

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
        with self._turn, Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def insert(self, work: Callable[[DriverConnection], Result]) -> Result:
        """Do `work` in such a transaction on a driver's connection, by statements compiled once; raises StorageError.

        The same pool, BEGIN and turn as `writing`; what SQLAlchemy keeps around a connection would double the cost of
        storing an answer (ADR 18). When the connection turns out to be dead, the work is done once more on a new one:
        the first try may have been kept, so it must be work that may be repeated.
        """
        try:
            with self._turn:
                try:
                    return self._insert(work)
                except DisconnectionError:
                    self.engine.dispose()  # the others that lie in the pool died with it
                    return self._insert(work)
        except (SQLAlchemyError, self.engine.dialect.loaded_dbapi.Error) as error:
            raise StorageError from error

    def _insert(self, work: Callable[[DriverConnection], Result]) -> Result:
        """Do it once; raises DisconnectionError when the connection is dead."""
        with _unasked(), closing(self.engine.raw_connection()) as pooled:
            connection = DriverConnection(pooled.driver_connection, self.engine.dialect)
            try:
                if self.is_sqlite:
                    connection.driver.execute("BEGIN IMMEDIATE")
                done = work(connection)
                connection.driver.commit()  # without it the pool rolls back what it gets
            except self.engine.dialect.loaded_dbapi.Error as error:
                if self.engine.dialect.is_disconnect(error, connection.driver, None):
                    pooled.invalidate(error)
                    raise DisconnectionError from error
                raise
            return done

    def forget_old_rows(self, tables: Iterable[str], *, whole: bool = False) -> None:
        """Let nothing of deleted rows be left to read: neither in the file nor in SQLite's journal of changes.

        PostgreSQL leaves bytes of them in its files until others need the room; `whole` writes the tables anew, for
        which they wait. Raises StaleRowsError when SQLite waited in vain for a reader that needs the journal.
        """
        if self.is_sqlite:
            # Deleted content is overwritten at once (secure_delete); the journal still has every page as it was.
            with self.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                busy, _pages, _copied = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
                connection.exec_driver_sql("BEGIN")
            if busy:
                raise StaleRowsError("a reader holds the journal of changes, and old rows can be read in it")
            return
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            full = "(FULL) " if whole else ""
            connection.exec_driver_sql(f"VACUUM {full}{', '.join(tables)}")

    def refresh_statistics(self) -> str:
        """Let the database refresh what it knows of its own tables; gives the statement."""
        if self.is_sqlite:
            statement = "PRAGMA optimize"
            with self.writing() as session:
                session.connection().exec_driver_sql(statement)
            return statement
        # Each table by itself: one transaction would hold a lock on each, in an order that no freeze keeps.
        statement = "ANALYZE"
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(statement)
        return statement

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


class _Turn:
    """The turn of one thread after another; one that has it and asks again would wait for itself for ever."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._holder: int | None = None

    def __enter__(self) -> None:
        if self._holder == get_ident():
            raise RuntimeError("a transaction that writes was begun inside another of the same thread")
        self._lock.acquire()
        self._holder = get_ident()

    def __exit__(self, *_error: object) -> None:
        self._holder = None
        self._lock.release()


def count_changed(session: Session, statement: Update) -> int:
    """Run an UPDATE and give how many rows it changed."""
    return cast(CursorResult[Any], session.execute(statement)).rowcount


def _sqlite_engine(url: str) -> Engine:
    """Make an engine whose connections sync every commit and leave BEGIN to us."""
    engine = create_engine(url, connect_args={"timeout": 30}, hide_parameters=True)

    @event.listens_for(engine, "do_connect")
    def keep_private(*_what: Any) -> None:
        if engine.url.database not in {None, "", ":memory:"}:
            _make_private(Path(str(engine.url.database)))

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        # SQLite's own knows the letters of English alone: a search would tell "ӘКІМДІК" from "әкімдік".
        connection.create_function("lower", 1, _lower, deterministic=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # On the driver itself: a statement of SQLAlchemy's own would cost as much as the INSERT that follows.
        driver: Any = connection.connection.driver_connection
        driver.execute(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


def _lower(value: object) -> str | None:
    """Write a text in small letters, as PostgreSQL's lower() does in a UTF-8 locale."""
    return None if value is None else str(value).lower()


def _make_private(file: Path) -> None:
    """Let nobody but its owner read a database: neither its file nor those that SQLite lays beside it.

    SQLite makes a file that the whole machine can read; those beside it take after the first.
    """
    # Only one that is not there yet: to close a file that SQLite has open would free the locks it holds on it.
    with suppress(OSError):  # one that cannot be made SQLite refuses too, as an error of the database
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    for each in (file, *(file.with_name(f"{file.name}-{kind}") for kind in ("wal", "shm", "journal"))):
        with suppress(FileNotFoundError):  # those beside it come and go
            if each.stat().st_mode & 0o077:
                each.chmod(0o600)


def _postgresql_engine(url: str) -> Engine:
    """Make an engine that asks a connection whether it still lives before it gives it away, but for `insert`.

    SQLAlchemy's own `pool_pre_ping` asks there too, which costs a round trip for each answer stored.
    """
    engine = create_engine(url, hide_parameters=True)

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, _record: ConnectionPoolEntry, _proxy: Any) -> None:
        if _ASKS.get():
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error  # the pool opens another one and asks again

    return engine


_ASKS = ContextVar("asks", default=True)
"""Whether a connection is asked before it is used."""


@contextmanager
def _unasked() -> Iterator[None]:
    """Take connections as they are: who does so repeats the work on another when one is dead."""
    token = _ASKS.set(False)
    try:
        yield
    finally:
        _ASKS.reset(token)
