"""A kill cannot show a power cut: so the system calls themselves show that the sync comes before the reply."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from app.database import Database
from benchmarks.load import Client, new_id, put
from benchmarks.processes import Served, Store, store
from tests.builders.country import RESIDENTS, make_country
from tests.builders.payloads import a_payload

CALLS = "trace=write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,fsync,fdatasync"
SYNC = re.compile(r"\b(?:fsync|fdatasync)\(")
WRITTEN = re.compile(r"\b(?:pwrite64|pwritev2?|write|writev)\(\d+<[^>]*(?:-wal|pg_wal/)")
REPLY = re.compile(r"\b(?:sendto|sendmsg|write|writev)\(\d+<[^>]*>, .*HTTP/1\.1 201")


@pytest.fixture(autouse=True)
def strace() -> None:
    if shutil.which("strace") is None:
        assert not os.environ.get("CI"), "CI installs strace by ops/install-test-tools"
        pytest.skip("strace is not installed: sh ops/install-test-tools")


@contextmanager
def traced(pids: list[int], report: Path) -> Iterator[None]:
    """Write down the calls of some processes and of all their threads and children."""
    attached = [part for pid in pids for part in ("-p", str(pid))]
    command = ["strace", "-f", "-y", "-ttt", "-s", "64", "-e", CALLS, "-o", str(report), *attached]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert tracer.stderr
    line = tracer.stderr.readline()
    if "attached" not in line:
        tracer.wait()
        assert not os.environ.get("CI"), line
        pytest.skip(f"strace may not attach here: {line.strip()}")
    time.sleep(1)
    try:
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.communicate(timeout=30)


def sequence(report: Path) -> list[str]:
    """Say what was seen, in order of time: writes to the log of the database, syncs, and replies of 201."""
    kinds = (("reply", REPLY), ("write", WRITTEN), ("sync", SYNC))
    lines = sorted(report.read_text(errors="replace").splitlines(), key=lambda line: float(line.split()[1]))
    steps_of_lines = [next((name for name, pattern in kinds if pattern.search(line)), "") for line in lines]
    return [name for name in steps_of_lines if name]


def processes(at: Store, server: Served) -> list[int]:
    return server.pids() + at.pids()


@pytest.mark.full
@pytest.mark.parametrize("name", ["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.postgres)])
def test_every_answer_is_synced_after_it_is_written_and_before_the_reply(name: str, tmp_path: Path) -> None:
    report = tmp_path / "calls.txt"
    # Not below tmp_path: PostgreSQL runs as a user of its own, and a path of a socket has about 100 bytes.
    with (
        tempfile.TemporaryDirectory(prefix="trace", ignore_cleanup_errors=True) as folder,
        store(name, Path(folder)) as at,
    ):
        database = Database(at.url)
        country = make_country(database, at.settings.keys, today=date(2026, 11, 24))
        database.close()
        server = Served("app", at.environment)
        client = Client(server.port)
        try:
            assert put(client, new_id(), a_payload(country.residents, RESIDENTS))
            with traced(processes(at, server), report):
                for seed in range(5):
                    assert put(client, new_id(), a_payload(country.residents, RESIDENTS, seed=seed))
        finally:
            client.close()
            server.kill()
    all_calls = sequence(report)
    assert all_calls.count("reply") == 5
    for turn in " ".join(all_calls).split("reply")[:5]:
        calls = turn.split()
        assert "write" in calls, all_calls
        assert "sync" in calls[calls.index("write") :], all_calls
