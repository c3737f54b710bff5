"""Copies of SQLite: whole, closed to others, and without what the product promises to forget."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from app.backup import sqlite_copies
from app.backup.folder import BackupError, hour_of, is_night, open_folder
from app.backup.following import follow_sqlite
from app.backup.sqlite_copies import LAST_NIGHT, MARK, NEWEST, Copier
from app.clock import FrozenClock
from app.database import PRAGMAS

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 25, 0, tzinfo=UTC)
WORDS = "Айтылмайтын сөз"
TABLES = (
    "CREATE TABLE participation (wave TEXT, contact_hash TEXT, PRIMARY KEY (wave, contact_hash)) WITHOUT ROWID",
    "CREATE TABLE response (id TEXT PRIMARY KEY, closed BLOB) WITHOUT ROWID",
)
PEOPLE = [f"{number * 7919 % 1000:064x}" for number in range(400)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return open_folder(tmp_path / "copies")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return make(tmp_path / "a.sqlite3", PEOPLE)


@pytest.fixture
def copier(file: Path, folder: Path, tmp_path: Path) -> Iterator[Copier]:
    with closing(Copier(file, folder, tmp_path / MARK)) as made:
        yield made


def make(file: Path, people: list[str]) -> Path:
    """Make a database to which people came one by one, each a transaction."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for statement in (*(f"PRAGMA {pragma}" for pragma in PRAGMAS), *TABLES):
            connection.execute(statement)
        for person in people:
            connection.execute("INSERT INTO participation VALUES ('w', ?)", (person,))
            connection.execute("INSERT INTO response VALUES (?, ?)", (person[::-1], person.encode()))
    return file


def change(file: Path, statement: str, *values: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute(statement, values)


def held(copy: Path) -> int:
    with closing(sqlite3.connect(copy)) as connection:
        return int(connection.execute("SELECT count(*) FROM response").fetchone()[0])


def test_a_copy_holds_what_is_committed_while_others_write(copier: Copier, file: Path, folder: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as writing:
        writing.execute("INSERT INTO response VALUES ('committed', '')")
        writing.execute("BEGIN IMMEDIATE")
        writing.execute("INSERT INTO response VALUES ('not yet', '')")
        copier.copy(NOON)
        writing.execute("ROLLBACK")
    assert held(folder / NEWEST) == len(PEOPLE) + 1


def test_a_copy_is_the_same_whoever_came_first(folder: Path, tmp_path: Path) -> None:
    copies = []
    for name, people in (("b", PEOPLE), ("c", PEOPLE[::-1]), ("d", sorted(PEOPLE))):
        with closing(Copier(make(tmp_path / f"{name}.sqlite3", people), folder, tmp_path / MARK)) as copier:
            copier.copy(NOON)
        copies.append((folder / NEWEST).read_bytes())
    assert copies[0] == copies[1] == copies[2]


def test_a_copy_has_nothing_of_what_was_deleted(copier: Copier, file: Path, folder: Path) -> None:
    change(file, "INSERT INTO response VALUES ('withdrawn', ?)", WORDS)
    change(file, "DELETE FROM response WHERE id = 'withdrawn'")
    traces = [path for path in file.parent.glob("a.sqlite3*") if WORDS.encode() in path.read_bytes()]
    assert traces, "the database itself still has it, or this test sees nothing"
    copier.copy(NOON)
    assert WORDS.encode() not in (folder / NEWEST).read_bytes()


def test_what_did_not_change_is_not_copied_again(copier: Copier, file: Path, folder: Path, tmp_path: Path) -> None:
    assert [copier.copy(NOON) for _minute in range(3)] == [True, False, False]
    change(file, "INSERT INTO response VALUES ('one more', '')")
    os.utime(tmp_path / MARK, (0, 0))
    assert copier.copy(NOON)
    assert held(folder / NEWEST) == len(PEOPLE) + 1
    assert (tmp_path / MARK).stat().st_mtime > 0
    assert sorted(path.name for path in folder.iterdir()) == [NEWEST], "two copies a minute apart would tell who came"


def test_the_copy_of_the_night_is_kept_for_a_day_and_no_longer(copier: Copier, file: Path, folder: Path) -> None:
    copier.copy(NOON)
    assert not (folder / LAST_NIGHT).exists()
    copier.copy(MIDNIGHT)
    change(file, "INSERT INTO response VALUES ('later', '')")
    copier.copy(MIDNIGHT)
    copier.copy(MIDNIGHT + timedelta(hours=5))
    assert (held(folder / LAST_NIGHT), held(folder / NEWEST)) == (len(PEOPLE), len(PEOPLE) + 1)
    copier.copy(MIDNIGHT + timedelta(days=1))
    assert held(folder / LAST_NIGHT) == len(PEOPLE) + 1


def test_nobody_else_can_read_a_copy(copier: Copier, folder: Path, tmp_path: Path) -> None:
    mask = os.umask(0)
    try:
        copier.copy(MIDNIGHT)
        sqlite_copies.restore(folder, tmp_path / "back.sqlite3", night=False)
    finally:
        os.umask(mask)
    assert folder.stat().st_mode & 0o777 == 0o700
    for path in (folder / NEWEST, folder / LAST_NIGHT, tmp_path / "back.sqlite3"):
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_copy_becomes_a_database_again(copier: Copier, file: Path, folder: Path, tmp_path: Path) -> None:
    copier.copy(MIDNIGHT)
    change(file, "INSERT INTO response VALUES ('later', '')")
    copier.copy(MIDNIGHT)
    sqlite_copies.restore(folder, tmp_path / "new" / "newest.sqlite3", night=False)
    sqlite_copies.restore(folder, tmp_path / "new" / "night.sqlite3", night=True)
    assert held(tmp_path / "new" / "newest.sqlite3") == len(PEOPLE) + 1
    assert held(tmp_path / "new" / "night.sqlite3") == len(PEOPLE)


@pytest.mark.parametrize("ending", ["", "-wal", "-shm"])
def test_nothing_is_restored_over_what_is_there(copier: Copier, folder: Path, tmp_path: Path, ending: str) -> None:
    copier.copy(NOON)
    (tmp_path / f"there.sqlite3{ending}").write_bytes(b"mine")
    with pytest.raises(BackupError, match="is there: a database is restored into an empty place only"):
        sqlite_copies.restore(folder, tmp_path / "there.sqlite3", night=False)
    assert (tmp_path / f"there.sqlite3{ending}").read_bytes() == b"mine"


def test_a_damaged_copy_is_refused(copier: Copier, folder: Path, tmp_path: Path) -> None:
    copier.copy(NOON)
    whole = (folder / NEWEST).read_bytes()
    for damaged in (whole[:4096] + b"\xff" * 4096 + whole[8192:], b"nothing of SQLite's" * 500):
        (folder / NEWEST).write_bytes(damaged)
        with pytest.raises(BackupError, match="the copy is"):
            sqlite_copies.restore(folder, tmp_path / "back.sqlite3", night=False)
        assert not (tmp_path / "back.sqlite3").exists()


def test_copies_do_not_lie_where_keys_lie(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "residents-2027.key").touch()
    for folder in (tmp_path, tmp_path / "keys"):
        with pytest.raises(BackupError, match="holds keys"):
            open_folder(folder)


def test_a_minute_that_fails_is_followed_by_the_next(
    copier: Copier, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class StopError(Exception):
        pass

    minutes = iter(range(3))

    def wait(_seconds: float) -> None:
        minute = next(minutes)
        if minute == 0:
            folder.rename(folder.with_name("away"))
        if minute == 1:
            folder.with_name("away").rename(folder)
            (folder / NEWEST).unlink()
        if minute == 2:
            raise StopError

    with pytest.raises(StopError):
        follow_sqlite(copier, FrozenClock(NOON), int, 60, wait)
    assert held(folder / NEWEST) == len(PEOPLE)
    assert [record.getMessage() for record in caplog.records] == ["the database was not copied"]


@pytest.mark.parametrize(
    ("minute", "hour", "night"),
    [("00:09", 23, False), ("00:10", 0, True), ("01:09", 0, True), ("01:10", 1, False), ("12:30", 12, False)],
)
def test_copies_are_due_after_the_jobs_of_the_hour(minute: str, hour: int, night: bool) -> None:
    clock = FrozenClock(datetime.fromisoformat(f"2026-11-25T{minute}+00:00"))
    assert (hour_of(clock).hour, is_night(hour_of(clock))) == (hour, night)


def test_the_people_of_these_tests_come_in_no_order() -> None:
    assert sorted(PEOPLE) != PEOPLE
    assert len(set(islice(PEOPLE, 400))) == 400
