"""Measures whether the console keeps respondents waiting: `make bench-uploads`; CHECK=--check fails on a missed limit.

Public site and console as two processes of one machine over one database. Phones' answers are sent at a steady rate,
by turns of some seconds with nobody at the console and while one analyst sends files of 20,000 rows, one after the
other, and another's file of 10 MB arrives at 50 KB a second, until it is there. The figure is p95 of all answers beside
them over p95 of all answers of the quiet turns: whatever else disturbs the machine meets both alike.
"""

import argparse
import itertools
import os
import re
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
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


class Turns(NamedTuple):
    """How often quiet and work take turns, and for how many seconds each."""

    number: int
    quiet: float
    beside: float


FULL, QUICK = Turns(16, 3, LARGE / SPEED / 16), Turns(1, 2, 4)


class Analysts(threading.Thread):
    """Two analysts at the console, each with a session of their own."""

    def __init__(self, port: int, tokens: tuple[str, str]) -> None:
        super().__init__(daemon=True)
        self._port, self._tokens, self._over = port, tokens, False
        self._turn, self._file_at_hand = threading.Event(), threading.Lock()
        self._slow = threading.Thread(target=self._send_slowly, daemon=True)
        self.files = 0
        """Files of 20,000 rows that were read and are shown."""
        self.arrived = 0
        """Bytes of the large file."""

    def run(self) -> None:
        """Send files whenever it is their turn, and the large one beside them."""
        self._slow.start()
        client = self._client(self._tokens[0])
        fields = {"csrf_token": _form_token(client), "period": PERIOD, "city": CITY}
        body = multipart(fields, ("file", "values.csv", many_rows()))
        kind = {"Content_Type": f"multipart/form-data; boundary={_BORDER}"}
        while self._is_their_turn():
            with self._file_at_hand:
                if client.ask("POST", "/console/import", body, **kind).status != 303:
                    raise RuntimeError("a file was not taken")
            self.files += 1
        client.close()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let them work for a while; the file at hand is read to its end."""
        self._turn.set()
        yield
        self._turn.clear()
        with self._file_at_hand:
            pass

    def stop(self) -> None:
        """Send them home, and hang up the large file."""
        self._over = True
        self._turn.set()
        self.join()
        self._slow.join()

    def _is_their_turn(self) -> bool:
        self._turn.wait()
        return not self._over

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
            while self.arrived < len(body) and self._is_their_turn():
                connection.sendall(body[self.arrived : self.arrived + SPEED // 10])
                self.arrived += SPEED // 10
                time.sleep(0.1)

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


class Measured(NamedTuple):
    """Every answer of the quiet turns and of those beside the console's work; what the console did meanwhile."""

    quiet: Times
    beside: Times
    files: int
    arrived: int

    @property
    def ratio(self) -> float:
        """Say how much longer an answer took beside the console's work."""
        return self.beside.at(95) / self.quiet.at(95)


def run(name: str, turns: Turns) -> bool:
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
            _step_forward()
            analysts = Analysts(console.port, tokens)
            analysts.start()
            found = _measure(app, bench.send, analysts, turns)
    print(f"{name}: milliseconds of an answer at {RATE} a second")
    for label, times in (("quiet", found.quiet), ("beside the console's work", found.beside)):
        print(f"  {times.at(50):9.1f} p50{times.at(95):9.1f} p95   of {times.acknowledged:,} answers, {label}")
    print(f"  {found.files} files of {MOST_ROWS:,} rows, {found.arrived / 1e6:.1f} MB slowly")
    has_held = found.ratio <= LIMIT and found.files > 0 and found.arrived > 0
    print(f"  {found.ratio:.2f} times quiet, limit {LIMIT}: {'OK' if has_held else 'MISSED'}", flush=True)
    return has_held


def sign_two_in(database: Database) -> tuple[str, str]:
    """Open a period for a city and give the sessions of two of its analysts."""
    now = datetime.now(UTC)
    with database.writing() as session:
        people = [make_staff(session, Role.ANALYST, CITY) for _number in range(2)]
        open_period(session, PeriodPlan(PERIOD, "standard_2019", (CITY,)), Actor(people[0].id, now))
        one, two = (open_session(session, person.id, now, "Benchmark") for person in people)
    return one, two


def _measure(app: Served, job: Job, analysts: Analysts, turns: Turns) -> Measured:
    def answers(seconds: float) -> Times:
        times = paced(app.port, job, per_second=RATE, seconds=seconds)
        if times.acknowledged != len(times.durations):
            raise RuntimeError("some answers were not acknowledged")
        return times

    answers(2)  # warm up
    quiet, beside = [], []
    for _number in range(turns.number):
        quiet.append(answers(turns.quiet))
        with analysts.at_work():
            beside.append(answers(turns.beside))
    analysts.stop()
    return Measured(_all(quiet), _all(beside), analysts.files, analysts.arrived)


def _step_forward() -> None:
    """Measure the site and not the wait of whoever measures for the processor, where that is allowed (root)."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, -15)
        Path("/proc/self/autogroup").write_text("-15", encoding="ascii")


def _all(parts: Iterable[Times]) -> Times:
    durations = sorted(itertools.chain.from_iterable(each.durations for each in parts))
    return Times(durations, len(durations))


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
