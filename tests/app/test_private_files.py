"""What only its owner may read: database, keys, and files in which people or few of them stand."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from app.cli.commands import cli
from app.cli.context import Context
from app.cli.demo import demo_environment
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database, _make_private
from app.publishing.bundle import Bundle
from tests.builders.country import RESIDENTS
from tests.conftest import SECRET


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    """Let new files be readable by all, as on most machines."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> dict[str, str]:
    """List what anybody but the owner may read, write or enter, with its mode."""
    return {
        str(path.relative_to(folder)): oct(path.stat().st_mode & 0o777)
        for path in folder.rglob("*")
        if path.stat().st_mode & 0o077
    }


def write_something(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("CREATE TABLE IF NOT EXISTS said (words TEXT)"))
        session.execute(text("INSERT INTO said VALUES ('water')"))


def test_a_new_database_is_its_owners_with_all_that_lies_beside_it(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    write_something(database)
    assert {path.suffix for path in tmp_path.iterdir()} == {".sqlite3", ".sqlite3-wal", ".sqlite3-shm"}
    assert open_to_others(tmp_path) == {}
    database.close()


def test_a_database_of_an_earlier_release_is_closed_to_others_when_it_is_opened(tmp_path: Path) -> None:
    first = Database(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    write_something(first)
    for path in tmp_path.iterdir():
        path.chmod(0o644)
    second = Database(first.url)
    write_something(second)
    assert open_to_others(tmp_path) == {}
    first.close()
    second.close()


def test_opening_a_database_frees_no_lock_that_another_connection_of_the_process_holds(tmp_path: Path) -> None:
    """POSIX frees all locks of a process on a file when the process closes that file anywhere."""
    file = tmp_path / "locked.sqlite3"
    database = Database(f"sqlite:///{file}")
    database.engine.connect().close()
    database.close()  # a connection left in its pool would be closed whenever Python collects it, and free the lock
    with file.open("rb+") as held:
        fcntl.lockf(held, fcntl.LOCK_EX)
        _make_private(file)
        script = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'rb+'), fcntl.LOCK_EX | fcntl.LOCK_NB)"
        # Another process, for the locks of one are its own whatever it opens.
        assert subprocess.run(
            [sys.executable, "-c", script, str(file)], check=False, stderr=subprocess.DEVNULL
        ).returncode


def test_the_folders_of_an_instance_are_its_owners(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "restored" / "keys").mkdir(parents=True)
    for name in ("fresh", "restored"):
        monkeypatch.setenv("SECRET_KEY", SECRET)
        monkeypatch.setenv("INSTANCE", str(tmp_path / name))
        assert CliRunner().invoke(cli, ["db", "upgrade"]).exit_code == 0
    left = open_to_others(tmp_path)
    left.pop("restored")  # the folder itself was there before: it may be somebody else's
    assert left == {}


def test_the_demos_folder_is_its_owners(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    demo_environment(8999)
    left = open_to_others(tmp_path)
    left.pop("instance", None)
    assert left == {}


def test_files_in_which_people_stand_are_their_owners(
    published: tuple[Database, Bundle], settings: Settings, clock: FrozenClock, tmp_path: Path
) -> None:
    folder = tmp_path / "written"
    folder.mkdir()
    (folder / "forms.pdf").touch(mode=0o644)
    source = Path(str(published[0].engine.url.database))
    shutil.copy(source, tmp_path / "own.sqlite3")
    database = Database(f"sqlite:///{tmp_path / 'own.sqlite3'}")
    shutil.copytree(source.with_name("keys"), settings.keys)
    context = Context(settings, database, clock)
    with database.writing() as session:
        run = session.execute(text("SELECT id FROM run")).scalar_one()
        # Publishing needed closed waves; forms are made for open ones.
        session.execute(text("UPDATE wave SET state = 'open' WHERE code = :code"), {"code": RESIDENTS})
    for words in (
        ["rating", "export", run, str(folder / "tables")],
        ["fieldwork", "forms", RESIDENTS, "--city", "oral", "--out", str(folder / "forms.pdf")],
    ):
        done = CliRunner().invoke(cli, words, obj=context)
        assert done.exit_code == 0, done.output
    assert len(list(folder.rglob("*"))) > 10
    assert open_to_others(folder) == {}
    database.close()
