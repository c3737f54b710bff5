"""Long work is done in a child process: it is begun soon, may break off, and ends with the console."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.clock import SystemClock
from app.config import Settings
from app.database import Database
from app.notices.models import Notice
from app.web.console import worker
from app.web.console.worker import Worker
from app.workspace import tasks
from app.workspace.models import Task
from app.workspace.tasks import BulkOrder
from tests.builders.staff import NOW, make_staff
from tests.conftest import SECRET

PATIENCE = 60
"""Seconds a busy machine may take for a process."""


@pytest.fixture(autouse=True)
def environment(sqlite: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the child reads."""
    values = {"SECRET_KEY": SECRET, "DATABASE_URL": sqlite.url, "INSTANCE": str(settings.instance)}
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[4]))


def order(database: Database, period: str = "1999") -> str:
    """Order a trial run of a period that has no values."""
    with database.writing() as session:
        person = make_staff(session, Role.REVIEWER)
        wanted = BulkOrder(kind="runs.make", ids=(period,), values={"waves": "", "kind": "trial"})
        return tasks.start(session, Actor(person.id, NOW), wanted)


def state(database: Database, name: str) -> tuple[str, str]:
    with database.reading() as session:
        task = session.get_one(Task, name)
        return task.state, task.result


def wait(until: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_work_is_done_in_a_child_one_after_the_other(sqlite: Database, capfd: pytest.CaptureFixture[str]) -> None:
    first, second, third = (order(sqlite) for _each in range(3))
    does = Worker(sqlite, SystemClock())
    does.order(first)
    does.order(second)
    wait(lambda: state(sqlite, second)[0] == "done")
    assert state(sqlite, first)[0] == "done"
    does.order(third)
    wait(lambda: state(sqlite, third)[0] == "done")  # by now the second child has ended
    assert "Fatal" not in capfd.readouterr().err
    assert '"1999":"refused"' in state(sqlite, first)[1]


def test_a_child_that_fails_leaves_work_that_says_so(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    name = order(sqlite)
    monkeypatch.setattr(worker, "command", lambda _task: ["/bin/sh", "-c", "kill -KILL $$"])
    does = Worker(sqlite, SystemClock())
    does.order(name)
    wait(lambda: state(sqlite, name)[0] == "failed")
    monkeypatch.undo()
    with sqlite.reading() as session:
        told = session.scalars(select(Notice)).one()
        assert (told.kind, told.address) == ("work.failed", f"/console/tasks/{name}")


def test_work_is_known_to_be_alive(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    name = order(sqlite)
    monkeypatch.setattr(worker, "SIGN_OF_LIFE", 0.05)
    monkeypatch.setattr(worker, "command", lambda _task: ["/bin/sleep", "1"])
    Worker(sqlite, SystemClock()).order(name)

    def is_touched() -> bool:
        with sqlite.reading() as session:
            return bool(session.scalars(select(Task.touched_at).where(Task.id == name)).one() > NOW)

    wait(is_touched)


def test_a_child_ends_with_the_console(sqlite: Database) -> None:
    """The console is killed: nobody asks its child to end."""
    name = order(sqlite)
    holder = f"import subprocess, time; p = subprocess.Popen({worker.command(name)}, stdin=subprocess.PIPE)"
    code = f"{holder}; print(p.pid, flush=True); time.sleep({PATIENCE})"
    # The database is held by this test: the child cannot come to an end of its own.
    with sqlite.writing() as session:
        session.get_one(Task, name).touched_at = NOW
        session.flush()
        console = subprocess.Popen([worker.command(name)[0], "-c", code], stdout=subprocess.PIPE, text=True)
        assert console.stdout
        child = int(console.stdout.readline())
        assert is_there(child)
        console.kill()
        console.wait()
        wait(lambda: not is_there(child))
    console.stdout.close()
    assert state(sqlite, name)[0] == "waiting", "whoever looks at it goes on with it"


def is_there(pid: int) -> bool:
    """Tell whether a process runs; one that ended and that nobody asked about is none."""
    try:
        os.kill(pid, signal.SIG_DFL)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
