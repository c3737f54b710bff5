"""The commands that start and end the server."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

import pytest

from app.database import Database
from benchmarks.load import Client
from benchmarks.processes import ROOT, Served, store
from tests.app.serving.clients import BODY, PATIENCE, many
from tests.builders.country import make_country
from tests.ports import free_port


def answers(port: int) -> bool:
    with suppress(OSError), closing(Client(port)) as client:
        return client.ask("GET", "/kk/").status == 200
    return False


def test_it_ends_soon_when_asked_though_slow_clients_are_there(tmp_path: Path) -> None:
    with store("SQLite", tmp_path) as at:
        server = Served("app", at.environment)
        with many(server.port, [BODY, b""] * 5):
            os.killpg(server.pids()[0], signal.SIGTERM)
            assert server._process.wait(PATIENCE) in {0, -signal.SIGTERM}


TWO = """
from app.serving import server
from app.serving.connections import ConnectionLimits
server.serve("wsgi:application", ("127.0.0.1", {port}), ConnectionLimits(30, 100), 2)
"""
"""Two workers without the command, which wants a Redis for them (tests/app/web/resident/test_limits.py)."""


@pytest.mark.postgres
def test_several_workers_serve_and_one_that_dies_is_replaced() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="workers", ignore_cleanup_errors=True) as folder,
        store("PostgreSQL", Path(folder)) as at,
    ):
        with closing(Database(at.url)) as database:
            make_country(database, at.settings.keys, today=date(2026, 11, 24))
        port = free_port()
        words = [sys.executable, "-c", TWO.format(port=port)]
        server = subprocess.Popen(words, cwd=ROOT, env=os.environ | at.environment | {"PORT": f"{port}"})
        try:
            wait_until_served(port)
            victim = children(server.pid)[-1]
            os.kill(victim, signal.SIGKILL)
            end = time.monotonic() + PATIENCE
            while victim in (now := children(server.pid)) or len(now) < 2:
                assert time.monotonic() < end
                time.sleep(0.1)
            wait_until_served(port)
        finally:
            server.terminate()
            server.wait(PATIENCE)


def wait_until_served(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while not answers(port):
        assert time.monotonic() < end
        time.sleep(0.1)


def children(pid: int) -> list[int]:
    """List the web processes of a supervisor: Python starts one more, that watches over what they share."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and f"\nPPid:\t{pid}\n" in (entry / "status").read_text():
                words = (entry / "cmdline").read_text()
                found += [int(entry.name)] if "spawn_main" in words else []
    return sorted(found)
