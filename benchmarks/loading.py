"""Loads synthetic rows by each driver's quickest way."""

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any


def load(driver: Any, table: str, rows: Iterable[Mapping[str, Any]], *, is_sqlite: bool) -> None:
    """Load rows of our own generators, whose names are the columns; the references are not checked by PostgreSQL."""
    waiting = iter(rows)
    first = next(waiting)
    columns, read = ", ".join(first), itemgetter(*first)
    values = (read(row) for row in (first, *waiting))
    if is_sqlite:
        marks = ", ".join("?" * len(first))
        driver.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)  # noqa: S608 - see above
        return
    driver.execute("SET LOCAL session_replication_role = replica")
    with driver.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)
