"""Many processes write into one journal, and some of them are killed: one chain, and no change without its row."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text

from app.audit.models import JournalRow
from app.audit.verify import verify
from app.database import Database
from app.working_calendar import DayOff
from tests.app.audit.chains import fill, heads_of, rows_of
from tests.app.audit.writing import FIRST
from tests.conftest import _execute, _named
from tests.effort import by_effort

ROOT = Path(__file__).parents[3]
PROCESSES = 8
RECORDS = by_effort(40, 500)
KILLS = by_effort(12, 200)


def write(work: str, database: Database, *numbers: int) -> str:
    """Run processes that write; gives what they say."""
    words = [sys.executable, "-m", "tests.app.audit.writing", work, database.url, *map(str, numbers)]
    return subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True, timeout=600).stdout


def test_many_processes_write_one_chain(database: Database) -> None:
    write("write", database, PROCESSES, RECORDS)
    followers = select(func.count()).select_from(JournalRow).group_by(JournalRow.previous_hash).having(func.count() > 1)
    with database.reading() as session:
        finding = verify(session)
        written = session.scalars(select(JournalRow.object_id)).all()
        assert session.execute(followers).all() == [], "no row is followed twice"
    assert (finding.rows, finding.broken) == (PROCESSES * RECORDS, None)
    assert sorted(written) == sorted(f"{number}/{n}" for number in range(PROCESSES) for n in range(RECORDS))


def test_a_process_that_is_killed_leaves_a_change_with_its_row_or_neither(database: Database) -> None:
    left = [line.split() for line in write("kill", database, KILLS).splitlines()]
    assert len(left) == KILLS
    assert [pair for pair in left if pair[0] != pair[1]] == []
    assert len({rows for rows, _changes in left}) == KILLS, "each of them had kept something"
    with database.reading() as session:
        assert verify(session).is_whole


def test_a_change_without_its_row_would_be_seen(sqlite: Database) -> None:
    """The check above can fail."""
    with sqlite.writing() as session:
        session.execute(insert(DayOff).values(day=FIRST, works=False))
    assert [line.split() for line in write("kill", sqlite, 1).splitlines() if len(set(line.split())) == 1] == []


@pytest.mark.postgres
def test_a_chain_is_whole_after_pg_dump_and_restore(
    postgres: Database, postgres_template: tuple[Database, str], tmp_path: Path
) -> None:
    with postgres.writing() as session:
        fill(session, 40)
        heads = heads_of(rows_of(session))
        programs = Path(session.execute(text("SELECT setting FROM pg_config WHERE name = 'BINDIR'")).scalar_one())
    name, dump = f"restored_{secrets.token_hex(4)}", tmp_path / "dump.sql"
    old, new = (url.replace("+psycopg", "", 1) for url in (postgres.url, _named(postgres.url, name)))
    subprocess.run([programs / "pg_dump", "--file", dump, old], check=True)
    admin, _template = postgres_template
    _execute(admin, f'CREATE DATABASE "{name}"')
    restored = Database(_named(postgres.url, name))
    try:
        quiet = ("-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull)
        subprocess.run([programs / "psql", *quiet, "-f", dump, new], check=True)
        with restored.reading() as session:
            finding = verify(session, heads)
    finally:
        restored.close()
        _execute(admin, f'DROP DATABASE "{name}"')
    assert (finding.rows, finding.broken) == (40, None)
