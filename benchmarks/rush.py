"""Sends many answers for long, beside slow clients: `make bench-rush`, or with --rate and --seconds for another rush.

`python -m app serve` and the scheduler with nothing in front, on one machine with the phones that send. Answers about
twelve areas come at a steady rate, pages beside them, and around them 200 connections that trickle a body, 200 that
read slowly and 200 that send nothing. Fails when anything was not acknowledged, or acknowledged and not stored and
counted, or when the rate was not kept. Last it tells how many answers a second are taken from clients without a pause.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func, select

from app.database import Database
from benchmarks.intake import Bench, Size, page_of
from benchmarks.load import Times, hurried, paced
from benchmarks.processes import ROOT, Store, served, store
from benchmarks.slow import MANY, crowd
from surveys.models import Response, SpentBallot
from surveys.tallies import folding
from tests.builders.country import make_country

TODAY = date(2026, 11, 24)
CLIENTS = 16
BEHIND = 1.0
"""Seconds that 99 of 100 answers may take from the moment when they were due; longer means the rate is not kept."""


class Rush(NamedTuple):
    """How many answers and pages a second, for how many seconds, beside how many clients of each slow kind."""

    rate: float
    pages: float
    seconds: float
    many: int


@contextmanager
def scheduler(at: Store) -> Iterator[None]:
    """Run the jobs of the product beside."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "jobs", "run"],
        env={**os.environ, **at.environment},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield
        if process.poll() is not None:
            raise RuntimeError(f"the scheduler ended with {process.returncode}")
    finally:
        process.terminate()
        process.wait()


def run(name: str, rush: Rush) -> bool:
    """Rush one database; true when everything was acknowledged in time, stored once and counted."""
    with (
        tempfile.TemporaryDirectory(prefix="rush", ignore_cleanup_errors=True) as folder,
        store(name, Path(folder)) as at,
    ):
        database = Database(at.url)
        bench = Bench(at, make_country(database, at.settings.keys, today=TODAY), Size(1, 1, 1, 1, 1))
        with served("app", at) as app, scheduler(at):
            view, _size = page_of(app)
            with crowd(app.port, rush.many) as slow, ThreadPoolExecutor(1) as beside:
                before = app.processor_seconds()
                looking = beside.submit(paced, app.port, view, per_second=rush.pages, seconds=rush.seconds, clients=4)
                answers = paced(app.port, bench.send, per_second=rush.rate, seconds=rush.seconds, clients=CLIENTS)
                pages = looking.result()
                used = app.processor_seconds() - before
            at_most = hurried(app.port, bench.send, count=int(rush.rate * 10), clients=CLIENTS)
        is_whole = _is_whole(database, answers.acknowledged + at_most.acknowledged)
        database.close()
    print(f"{name}: {rush.rate:g} answers and {rush.pages:g} pages a second for {rush.seconds:g} s")
    is_kept = all(_is_kept(label, times) for label, times in (("answers", answers), ("pages", pages)))
    print(f"  processor of the web server {used / rush.seconds:.0%} of one core; slow clients cut: {slow.ended}")
    # Clients take turns, so the whole took the sum of their waits divided by their number.
    print(f"  without a pause: {1000 * CLIENTS * len(at_most.durations) / sum(at_most.durations):.0f} answers a second")
    return is_kept and is_whole


def _is_kept(label: str, times: Times) -> bool:
    missing = len(times.durations) - times.acknowledged
    is_kept = not missing and times.at(99) <= 1000 * BEHIND
    print(
        f"  {label:8} {len(times.durations):7} sent, {missing} not acknowledged; p50 {times.at(50):.1f}, "
        f"p95 {times.at(95):.1f}, p99 {times.at(99):.1f} ms: {'OK' if is_kept else 'MISSED'}"
    )
    return is_kept


def _is_whole(database: Database, acknowledged: int) -> bool:
    """Compare what was acknowledged with what is stored and, after a last fold, counted."""
    with database.writing() as session:
        folding.fold(session)
    with database.reading() as session:
        responses = session.execute(select(func.count()).select_from(Response)).scalar_one()
        spent = session.execute(select(func.count()).select_from(SpentBallot)).scalar_one()
        folded = session.execute(select(func.count()).where(Response.folded.is_(True))).scalar_one()
    is_whole = acknowledged == responses == spent == folded
    print(f"{acknowledged} acknowledged, {responses} stored, {folded} folded: {'OK' if is_whole else 'LOST'}")
    return is_whole


def main() -> int:
    """Rush SQLite, then PostgreSQL; gives 1 when anything was lost or late."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=150, help="answers a second")
    parser.add_argument("--pages", type=float, default=25, help="pages a second")
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--quick", action="store_true", help="a check that it works at all")
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL"])
    chosen = parser.parse_args()
    rush = Rush(20, 5, 3, 10) if chosen.quick else Rush(chosen.rate, chosen.pages, chosen.seconds, MANY)
    names = [chosen.only] if chosen.only else ["SQLite", "PostgreSQL"]
    held = [run(name, rush) for name in names]
    return int(not all(held))


if __name__ == "__main__":
    sys.exit(main())
