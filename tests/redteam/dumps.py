"""What a thief of the whole machine holds: every row, what the database keeps beside it, and raw bytes of files."""

import re
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from urllib.parse import urlsplit

from app.database import Database

KEYS = {
    "participation": "contact_hash",
    "access_code": "locator",
    "response": "id",
    "spent_ballot": "ballot_hash",
    "counted_receipt": "receipt",
    "envelope": "id",
    "comment": "id",
    "follow_answer": "comment",
}
_PAGE, _HEAD, _FRAME = 4096, 32, 24
"""Bytes of a page, of the journal's head and of the head of one change in it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One stored row: its key, its own columns, and every number the database keeps about it."""

    key: str
    columns: dict[str, object]
    traces: dict[str, int] = field(default_factory=dict)


Dump = dict[str, list[Row]]


def take(database: Database) -> Dump:
    """Dump both sides; PostgreSQL's system columns, or the places of each row in SQLite's files."""
    return {table: _rows(database, table, key) for table, key in KEYS.items()}


def _rows(database: Database, table: str, key: str) -> list[Row]:
    hidden = "" if database.is_sqlite else ", xmin::text AS xmin, xmax::text AS xmax, ctid::text AS ctid"
    with database.engine.connect() as connection:
        records = connection.exec_driver_sql(f"SELECT *{hidden} FROM {table}").mappings().all()  # noqa: S608 - our tables
    files = files_of(database) if database.is_sqlite else {}
    commits = _commits(files.get("journal", b""))
    rows = []
    for index, row in enumerate(records):
        columns = {name: value for name, value in row.items() if name not in {"xmin", "xmax", "ctid"}}
        traces = {"order of reading": index}
        traces |= (
            _in_files(str(row[key]), files, commits)
            if database.is_sqlite
            else _in_system(row["xmin"], row["xmax"], row["ctid"])
        )
        rows.append(Row(str(row[key]), columns, traces))
    return rows


def _in_system(xmin: str, xmax: str, ctid: str) -> dict[str, int]:
    """Read who wrote a row, who held it last (a row that refers to it holds it too), and where it lies."""
    page, line = map(int, re.findall(r"\d+", ctid))
    return {"xmin": int(xmin), "xmax": int(xmax), "ctid": page * 1_000 + line}


def files_of(database: Database) -> dict[str, bytes]:
    main = Path(urlsplit(database.url).path.removeprefix("/"))
    main = main if main.exists() else Path("/") / main
    files = {"file": main, "journal": main.with_name(main.name + "-wal")}
    return {name: path.read_bytes() for name, path in files.items() if path.exists()}


def _commits(journal: bytes) -> list[int]:
    """Count, for each changed page in SQLite's journal, the commits before it: those of one number came together."""
    heads = range(_HEAD, len(journal) - _FRAME, _PAGE + _FRAME)
    # The last page of a transaction carries the size of the database in its head, the others zero.
    ends = (journal[head + 4 : head + 8] != bytes(4) for head in heads)
    return [0, *accumulate(map(int, ends))]


def _in_files(key: str, files: dict[str, bytes], commits: list[int]) -> dict[str, int]:
    traces = {}
    for name, content in files.items():
        first, last = content.find(key.encode()), content.rfind(key.encode())
        if first >= 0:
            traces |= {f"first in {name}": first, f"last in {name}": last}
    if "first in journal" in traces:
        traces["change in journal"] = (traces["first in journal"] - _HEAD) // (_PAGE + _FRAME)
        traces["transaction in journal"] = commits[traces["change in journal"]]
    if "first in file" in traces:
        # A page is filled from its end: the lower, the later.
        traces["place in page"] = -(traces["first in file"] % _PAGE)
    return traces
