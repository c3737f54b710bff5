"""Measures whether the console keeps respondents waiting: `make bench-uploads`; CHECK=--check fails on a missed limit.

Public site and console as two processes of one machine over one database. Phones' answers are sent at a steady rate,
alternately with nobody at the console and while one analyst sends files of 20,000 rows, one after the other, and
another's file of 10 MB arrives at 50 KB a second. A round's figure is p95 beside them over p95 of the quiet times
before and after; the median round counts, for a shared machine disturbs some.
"""

import argparse
import itertools
import re
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple

from app.accounts.permissions import Role
from app.accounts.sessions import open_session
from app.audit.journal import Actor
from app.database import Database
from app.indicators.catalogue import indicators_of
from app.indicators.openings import PeriodPlan, open_period
from app.indicators.sheet import MOST_ROWS
from benchmarks.intake import Bench, Size
from benchmarks.load import Client, Job, Times, paced
from benchmarks.processes import Served, served, store
from tests.builders.country import make_country
from tests.builders.staff import make_staff

TODAY = date(2026, 11, 24)
RATE = 25
"""Answers a second."""

LIMIT = 1.2
LARGE, SPEED = 10_000_000, 50_000
"""Bytes of the file that arrives slowly, and bytes of it a second."""

PERIOD, CITY = "2026", "aktau"
_BORDER = "border-of-the-benchmark"


class Count(NamedTuple):
    """How often something is measured, and for how many seconds quietly and beside the console's work."""

    rounds: int
    quiet: float
    beside: float


FULL, QUICK = Count(3, 20, LARGE / SPEED), Count(1, 2, 4)


class Analysts(threading.Thread):
    """Two analysts at the console, each with a session of their own."""

    def __init__(self, port: int, tokens: tuple[str, str]) -> None:
        super().__init__(daemon=True)
        self._over, self._port, self._tokens = threading.Event(), port, tokens
        self._slow = threading.Thread(target=self._send_slowly, daemon=True)
        self.files = 0
        """Files of 20,000 rows that were read and are shown."""
        self.arrived = 0
        """Bytes of the large file."""

    def run(self) -> None:
        """Send files until it is enough, and the large one beside them."""
        self._slow.start()
        client = self._client(self._tokens[0])
        token, content = _form_token(client), many_rows()
        fields = {"csrf_token": token, "period": PERIOD, "city": CITY}
        body = multipart(fields, ("file", "values.csv", content))
        while not self._over.is_set():
            kind = {"Content_Type": f"multipart/form-data; boundary={_BORDER}"}
            if client.ask("POST", "/console/import", body, **kind).status != 303:
                raise RuntimeError("a file was not taken")
            self.files += 1
        client.close()

    def stop(self) -> None:
        """Let the file at hand be read to its end, and hang up the large one."""
        self._over.set()
        self.join()
        self._slow.join()

    def _send_slowly(self) -> None:
        address = f"/console/values/{PERIOD}/{CITY}/ctm_1/evidence"
        client = self._client(self._tokens[1])
        fields = {"csrf_token": _form_token(client), "kind": "file", "file-caption": "Report"}
        client.close()
        body = multipart(fields, ("file-file", "report.pdf", b"%PDF-1.7\n" + b"x" * LARGE))
        head = (
            f"POST {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {_cookies(client)}\r\n"
            f"Content-Type: multipart/form-data; boundary={_BORDER}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", self._port), 30) as connection:
            connection.sendall(head.encode())
            start, piece = time.monotonic(), SPEED // 10
            for number in itertools.count():
                if self.arrived >= len(body) or self._over.wait(max(0.0, start + number / 10 - time.monotonic())):
                    return
                connection.sendall(body[self.arrived : self.arrived + piece])
                self.arrived += piece

    def _client(self, token: str) -> Client:
        client = Client(self._port)
        client.cookies["console"] = token
        return client


def many_rows() -> bytes:
    """Write a file of as many lines as are read: each indicator of a city over and over, so nearly all are faults."""
    codes = itertools.cycle(indicators_of("standard_2019"))
    lines = (f"{CITY};{next(codes)};{number % 100};;Statistics of the city" for number in range(MOST_ROWS - 1))
    return "\n".join(("city;indicator;value;status;source", *lines)).encode()


def multipart(fields: dict[str, str], file: tuple[str, str, bytes]) -> bytes:
    """Write a form with a file, as a browser sends it."""
    name, file_name, content = file
    parts = [
        f'--{_BORDER}\r\nContent-Disposition: form-data; name="{each}"\r\n\r\n{value}\r\n'.encode()
        for each, value in fields.items()
    ]
    disposition = f'form-data; name="{name}"; filename="{file_name}"'
    head = f"--{_BORDER}\r\nContent-Disposition: {disposition}\r\nContent-Type: application/octet-stream\r\n\r\n"
    return b"".join((*parts, head.encode(), content, f"\r\n--{_BORDER}--\r\n".encode()))


def _form_token(client: Client) -> str:
    page = client.ask("GET", "/console/import", Accept_Encoding="identity").text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    if not found:
        raise RuntimeError("the analyst is not signed in")
    return found[1]


def _cookies(client: Client) -> str:
    return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


@contextmanager
def at_work(port: int, tokens: tuple[str, str]) -> Iterator[Analysts]:
    """Let the analysts work for a while."""
    analysts = Analysts(port, tokens)
    analysts.start()
    try:
        yield analysts
    finally:
        analysts.stop()


class Round(NamedTuple):
    """p95 of an answer, in milliseconds; files of 20,000 rows that were read, and bytes that arrived slowly."""

    before: float
    beside: float
    after: float
    files: int
    arrived: int

    @property
    def ratio(self) -> float:
        """Say how much longer it took beside the console's work."""
        return self.beside / max(self.before, self.after)


def run(name: str, count: Count) -> bool:
    """Measure one database; true when the limit held, everything was answered, and the console did work."""
    with (
        tempfile.TemporaryDirectory(prefix="uploads", ignore_cleanup_errors=True) as folder,
        store(name, Path(folder)) as at,
    ):
        database = Database(at.url)
        bench = Bench(at, make_country(database, at.settings.keys, today=TODAY), Size(1, 1, 1, 1, 1))
        tokens = sign_two_in(database)
        database.close()
        with served("app", at) as app, served("console", at) as console:
            rounds = list(_rounds(app, console, bench.send, tokens, count))
    print(f"{name}: p95 of an answer in milliseconds at {RATE} a second")
    for one in rounds:
        print(
            f"  {one.before:9.1f} before{one.beside:9.1f} beside{one.after:9.1f} after{one.ratio:8.2f}"
            f"   {one.files} files of {MOST_ROWS:,} rows, {one.arrived / 1e6:.1f} MB slowly"
        )
    ratio = median(one.ratio for one in rounds)
    has_worked = all(one.files and one.arrived for one in rounds)
    print(f"  {ratio:.2f} times quiet, limit {LIMIT}: {'OK' if ratio <= LIMIT and has_worked else 'MISSED'}")
    return ratio <= LIMIT and has_worked


def sign_two_in(database: Database) -> tuple[str, str]:
    """Open a period for a city and give the sessions of two of its analysts."""
    now = datetime.now(UTC)
    with database.writing() as session:
        people = [make_staff(session, Role.ANALYST, CITY) for _number in range(2)]
        open_period(session, PeriodPlan(PERIOD, "standard_2019", (CITY,)), Actor(people[0].id, now))
        one, two = (open_session(session, person.id, now, "Benchmark") for person in people)
    return one, two


def _rounds(app: Served, console: Served, job: Job, tokens: tuple[str, str], count: Count) -> Iterator[Round]:
    def measure(seconds: float) -> Times:
        times = paced(app.port, job, per_second=RATE, seconds=seconds)
        if times.acknowledged != len(times.durations):
            raise RuntimeError("some answers were not acknowledged")
        return times

    measure(2)  # warm up
    for _number in range(count.rounds):
        before = measure(count.quiet)
        with at_work(console.port, tokens) as analysts:
            beside = measure(count.beside)
        after = measure(count.quiet)
        yield Round(before.at(95), beside.at(95), after.at(95), analysts.files, analysts.arrived)


def main() -> int:
    """Measure, print, and give 1 when a limit is missed and --check asks for it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail on a missed limit")
    parser.add_argument("--quick", action="store_true", help="a check that it works at all")
    parser.add_argument("--rounds", type=int, default=FULL.rounds, help="rounds of each database")
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL"])
    chosen = parser.parse_args()
    names = [chosen.only] if chosen.only else ["SQLite", "PostgreSQL"]
    held = [run(name, QUICK if chosen.quick else FULL._replace(rounds=chosen.rounds)) for name in names]
    return int(chosen.check and not all(held))


if __name__ == "__main__":
    sys.exit(main())
