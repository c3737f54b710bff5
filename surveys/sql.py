"""SQL that differs between SQLite and PostgreSQL, and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from importlib import import_module
from typing import Any, NamedTuple, cast

from sqlalchemy import ClauseElement, Dialect, Executable, LargeBinary, Select, String, func, literal, select, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import ReturningUpdate
from sqlalchemy.sql.functions import FunctionElement

from surveys.db import Base


class week_start(FunctionElement[str]):  # noqa: N801 - it reads as the SQL function that it is
    """The Monday of a day's week, as 2027-03-01: week_start(column)."""

    type = String(10)
    inherit_cache = True


@compiles(week_start, "sqlite")
def _week_start_of_sqlite(element: week_start, compiler: SQLCompiler, **more: Any) -> str:
    # The next Sunday, or the day itself where it is one, and six days back.
    return f"date({compiler.process(element.clauses, **more)}, 'weekday 0', '-6 days')"


@compiles(week_start, "postgresql")
def _week_start_of_postgresql(element: week_start, compiler: SQLCompiler, **more: Any) -> str:
    return f"to_char(date_trunc('week', {compiler.process(element.clauses, **more)}), 'YYYY-MM-DD')"


Source = Select[*tuple[Any, ...]] | ReturningUpdate[*tuple[Any, ...]]
"""A statement that reads rows, or changes them and gives them back."""


def freeze_statements(table: str, dialect: str) -> tuple[str, ...]:
    """Give the statements that make a table's rows refuse UPDATE and DELETE; for migrations."""
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER frozen_{table}_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is frozen'); END"
            for verb in ("UPDATE", "DELETE")
        )
    events = "BEFORE UPDATE OR DELETE"
    return (f"CREATE TRIGGER frozen_{table} {events} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",)


def thaw_statements(table: str, dialect: str) -> tuple[str, ...]:
    """Give the statements that take those triggers off again; for migrations."""
    if dialect == "sqlite":
        return tuple(f"DROP TRIGGER frozen_{table}_{verb}" for verb in ("update", "delete"))
    return (f"DROP TRIGGER frozen_{table} ON {table}",)


REFUSE_CHANGE = (
    "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '% is frozen', TG_TABLE_NAME; END $$"
)
"""PostgreSQL's function behind those triggers; made once."""


def hold_writers(session: Session, *tables: str) -> None:
    """Wait for the writers of tables and keep new ones out until this transaction ends; SQLite has one anyway.

    To be called before anything is read or written, the tables in the order in which an answer writes them: whoever
    locks more as they go sooner or later waits for somebody who waits for them.
    """
    if not _is_sqlite(session):
        # As strong as all that follows will need: two holders of a weaker lock could not both make it stronger.
        session.execute(text(f"LOCK TABLE {', '.join(tables)} IN SHARE ROW EXCLUSIVE MODE"))


def hold_filing(session: Session) -> None:
    """Let one transaction at a time take words out of envelopes; to be held before all else. SQLite has one writer."""
    if not _is_sqlite(session):
        session.execute(text(f"SELECT pg_advisory_xact_lock({_FILING})"))


def hold_counts(session: Session) -> None:
    """Let one transaction at a time change counts; answers go on arriving meanwhile. SQLite has one writer anyway."""
    if not _is_sqlite(session):
        session.execute(text(f"SELECT pg_advisory_xact_lock({_COUNTS})"))


def hold_journal(session: Session) -> None:
    """Let one transaction at a time add to the journal, from here to its end. SQLite has one writer anyway."""
    if not _is_sqlite(session):
        session.execute(text(f"SELECT pg_advisory_xact_lock({_JOURNAL})"))


_COUNTS, _FILING, _JOURNAL = 0x7A11, 0x7A12, 0x7A13
"""Any numbers that no other lock of the product has."""


def grouped_bytes(session: Session, source: Source) -> Iterable[Any]:
    """Give the rows of a statement whose last column holds bytes and whose others are their group.

    PostgreSQL joins the bytes of a group itself; SQLite gives them row by row. No order is promised.
    """
    connection = session.connection()  # rows of the session's own making cost more than what is done with them
    if _is_sqlite(session):
        return connection.execute(source, execution_options={"yield_per": 10_000})
    *group, last = source.cte("source").c
    # A statement that changes rows cannot be read through a cursor of the server's.
    stream = {"yield_per": 200} if isinstance(source, Select) else {}
    joined = func.string_agg(last, literal(b"", LargeBinary))
    return connection.execute(select(*group, joined).group_by(*group), execution_options=stream)


def rewrite_in_key_order(
    session: Session, table: str, key: str, *, where: str = "TRUE", values: Mapping[str, str | date] | None = None
) -> int:
    """Write rows of a table anew in the order of a key and in this transaction; gives their number.

    Rows stand on disk in the order they came, and PostgreSQL numbers every transaction (`xmin`): both orders are
    replaced. `table`, `key` and `where` are our own words, never a person's; `values` are bound.
    """
    if not _is_sqlite(session):
        # Whoever marks or adds a row meanwhile waits: a mark set on the old row would be lost with it.
        session.execute(text(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))
    bound = dict(values or {})
    session.execute(text(f"CREATE TEMPORARY TABLE rewritten AS SELECT * FROM {table} WHERE {where}"), bound)  # noqa: S608 - see above
    session.execute(text(f"DELETE FROM {table} WHERE {where}"), bound)  # noqa: S608 - see above
    session.execute(text(f"INSERT INTO {table} SELECT * FROM rewritten ORDER BY {key}"))  # noqa: S608 - see above
    count: int = session.execute(text("SELECT count(*) FROM rewritten")).scalar_one()
    session.execute(text("DROP TABLE rewritten"))
    return count


class DriverStatement(NamedTuple):
    """A statement in the text of its driver; `names` are its values in order, none where the text names them."""

    text: str
    names: tuple[str, ...]


class DriverConnection(NamedTuple):
    """A connection of sqlite3 or psycopg inside a transaction, and the dialect that its statements are compiled for."""

    driver: Any
    dialect: Dialect

    def run(self, statement: DriverStatement, values: Mapping[str, Any]) -> Any:
        """Run a statement with plain values (days as ISO text); gives a cursor, raises the driver's errors."""
        bound = tuple([values[name] for name in statement.names]) if statement.names else values
        return self.driver.execute(statement.text, bound)


def for_driver(statement: Executable, dialect: Dialect) -> DriverStatement:
    """Compile a statement without values of its own once: SQLAlchemy's look-up of it costs as much as an INSERT."""
    compiled = cast(SQLCompiler, cast(ClauseElement, statement).compile(dialect=dialect))
    return DriverStatement(str(compiled), tuple(compiled.positiontup or ()))


def insert_unless_there(
    table: type[Base], columns: Sequence[str], source: Select[*tuple[Any, ...]] | None, dialect: str
) -> Executable:
    """Insert the rows of a SELECT, or one row of values, leaving out those whose key is there already.

    Another transaction that inserts the same key is waited for.
    """
    # By its name: a process that works on one database does not load the other's dialect.
    insert = import_module(f"sqlalchemy.dialects.{dialect}").insert(table)
    rows = insert.from_select(list(columns), source) if source is not None else insert
    once: Executable = rows.on_conflict_do_nothing().inline()  # or SQLAlchemy would ask for the keys back
    return once


def insert_missing(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of values, leaving out those whose key, or what else is unique, is there already."""
    session.execute(insert_unless_there(table, (), None, session.get_bind().dialect.name), list(rows))


def add_to_count(session: Session, table: type[Base], key: Mapping[str, Any], column: str) -> None:
    """Add one to a count of the row with this key, which is made when it is not there."""
    insert = import_module(f"sqlalchemy.dialects.{session.get_bind().dialect.name}").insert(table)
    more = {column: getattr(table, column) + 1}
    session.execute(insert.values(**key, **{column: 1}).on_conflict_do_update(index_elements=list(key), set_=more))


def put_row(session: Session, table: type[Base], key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Store a row in place of the one with its key, if there is one; of two transactions at once the later counts."""
    insert = import_module(f"sqlalchemy.dialects.{session.get_bind().dialect.name}").insert(table)
    session.execute(insert.values(**key, **values).on_conflict_do_update(index_elements=list(key), set_=values))


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
