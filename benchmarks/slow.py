"""Measures whether slow clients keep others waiting: `make bench-slow`, with CHECK=--check to fail on a missed limit.

`python -m app serve` with nothing in front. Pages and phones' answers are asked for at a steady rate, alternately with
nobody else there and beside 200 connections that trickle a body, 200 that read a byte now and then of what they asked
for, and 200 that send nothing. A round's figure is p95 beside them over p95 of the quiet times before and after; the
median round counts, for a shared machine disturbs some. Whoever does not send must be cut by 408, and comes back.
"""

import argparse
import select
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from typing import NamedTuple

from app.database import Database
from benchmarks.intake import Bench, Size, page_of
from benchmarks.load import Job, Times, paced
from benchmarks.processes import Served, served, store
from tests.builders.country import make_country

TODAY = date(2026, 11, 24)
RATE = 25
"""Pages and answers a second, of each."""

MANY = 200
"""Connections of each slow kind."""

LIMIT = 2.0
PATIENCE = 10
"""Seconds after which the server of this run cuts: shorter than by default, so that cutting is part of each round."""

SETTLE = 5
"""Seconds after which the slow clients have asked for what they ask for."""

BODY = (
    b"PUT /r/0123456789abcdef0123456789abcdef HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: application/json\r\nContent-Length: 150\r\n\r\n"
)
"""A request whose body is read: others are answered by their head alone, by any server."""

FILES = b"GET /static/js/screens.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 4
"""More than the system takes for a client whose window is small."""

FIRST = {"trickle": BODY, "read slowly": FILES, "idle": b""}


class Count(NamedTuple):
    """How often something is measured, and for how many seconds."""

    rounds: int
    seconds: float
    many: int


FULL, QUICK = Count(5, 12, MANY), Count(1, 3, 20)


class Crowd(threading.Thread):
    """The slow clients; each that is cut comes back."""

    def __init__(self, port: int, many: int) -> None:
        super().__init__(daemon=True)
        self._port, self._over = port, threading.Event()
        self._clients = {self._connect(kind): kind for kind in FIRST for _ in range(many)}
        self.timeouts = dict.fromkeys(FIRST, 0)
        """Connections cut by 408, by kind."""
        self.ended = dict.fromkeys(FIRST, 0)
        """Connections that the server ended, by kind."""

    def run(self) -> None:
        """Be slow: each sends a byte every two seconds, and reads one."""
        while not self._over.is_set():
            for client in list(self._clients):
                if self._over.wait(2 / len(self._clients)):
                    break
                if self._is_ended(client):
                    kind = self._clients.pop(client)
                    client.close()
                    self.ended[kind] += 1
                    self._clients[self._connect(kind)] = kind
        for client in self._clients:
            client.close()

    def stop(self) -> None:
        """Hang up."""
        self._over.set()
        self.join()

    def _is_ended(self, client: socket.socket) -> bool:
        kind = self._clients[client]
        try:
            if kind == "trickle":
                client.send(b"x")
            if not select.select([client], [], [], 0)[0]:
                return False
            received = client.recv(1 if kind == "read slowly" else 4096)
        except OSError:
            return True
        self.timeouts[kind] += received.startswith(b"HTTP/1.1 408 ")
        return not received

    def _connect(self, kind: str) -> socket.socket:
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(30)
        client.connect(("127.0.0.1", self._port))
        client.sendall(FIRST[kind])
        return client


@contextmanager
def crowd(port: int, many: int) -> Iterator[Crowd]:
    """Be slow for a while."""
    slow = Crowd(port, many)
    slow.start()
    time.sleep(SETTLE)
    try:
        yield slow
    finally:
        slow.stop()


def measure(port: int, jobs: dict[str, Job], seconds: float) -> dict[str, Times]:
    """Do every job at its rate, side by side."""
    with ThreadPoolExecutor(len(jobs)) as pool:
        running = {name: pool.submit(paced, port, job, per_second=RATE, seconds=seconds) for name, job in jobs.items()}
        return {name: one.result() for name, one in running.items()}


class Round(NamedTuple):
    """Percentiles of one job, in milliseconds."""

    before: float
    beside: float
    after: float

    @property
    def ratio(self) -> float:
        """Say how much longer it took beside the slow clients."""
        return self.beside / max(self.before, self.after)


def run(name: str, count: Count) -> bool:
    """Measure one database; true when the limit held, everything was answered and slow clients were cut."""
    with (
        tempfile.TemporaryDirectory(prefix="slow", ignore_cleanup_errors=True) as folder,
        store(name, Path(folder)) as at,
    ):
        database = Database(at.url)
        bench = Bench(at, make_country(database, at.settings.keys, today=TODAY), Size(1, 1, 1, 1, 1))
        database.close()
        with served("app", at, PATIENCE=f"{PATIENCE}") as app:
            jobs = {"page": page_of(app)[0], "PUT": bench.send}
            rounds, seen = _rounds(app, jobs, count)
    print(f"{name}: p95 in milliseconds at {RATE} a second of each, beside {count.many} of each slow kind")
    for job, all_rounds in rounds.items():
        for one in all_rounds:
            print(f"  {job:5}{one.before:9.1f} before{one.beside:9.1f} beside{one.after:9.1f} after{one.ratio:8.2f}")
    ratios = {job: median(one.ratio for one in all_rounds) for job, all_rounds in rounds.items()}
    for job, ratio in ratios.items():
        print(f"  {job}: {ratio:.2f} times quiet, limit {LIMIT}: {'OK' if ratio <= LIMIT else 'MISSED'}")
    print(f"  ended by the server: {seen.ended}, of these by 408: {seen.timeouts}")
    return all(ratio <= LIMIT for ratio in ratios.values()) and _is_timed(seen)


class Ended(NamedTuple):
    """How many slow clients the server ended."""

    ended: dict[str, int]
    timeouts: dict[str, int]


def _is_timed(seen: Ended) -> bool:
    return min(seen.timeouts["trickle"], seen.timeouts["idle"]) > 0


def _rounds(app: Served, jobs: dict[str, Job], count: Count) -> tuple[dict[str, list[Round]], Ended]:
    rounds: dict[str, list[Round]] = {job: [] for job in jobs}
    seen = Ended(dict.fromkeys(FIRST, 0), dict.fromkeys(FIRST, 0))
    measure(app.port, jobs, 2)  # warm up
    for _number in range(count.rounds):
        before = measure(app.port, jobs, count.seconds / 2)
        with crowd(app.port, count.many) as slow:
            beside = measure(app.port, jobs, max(count.seconds, PATIENCE + 3))
        for kind in FIRST:
            seen.ended[kind] += slow.ended[kind]
            seen.timeouts[kind] += slow.timeouts[kind]
        after = measure(app.port, jobs, count.seconds / 2)
        for job in jobs:
            times = before[job], beside[job], after[job]
            if any(one.acknowledged != len(one.durations) for one in times):
                raise RuntimeError(f"{job}: some were not answered")
            rounds[job].append(Round(*(one.at(95) for one in times)))
    return rounds, seen


def main() -> int:
    """Measure, print, and give 1 when a limit is missed and --check asks for it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail on a missed limit")
    parser.add_argument("--quick", action="store_true", help="a check that it works at all")
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL"])
    chosen = parser.parse_args()
    names = [chosen.only] if chosen.only else ["SQLite", "PostgreSQL"]
    held = [run(name, QUICK if chosen.quick else FULL) for name in names]
    return int(chosen.check and not all(held))


if __name__ == "__main__":
    sys.exit(main())
