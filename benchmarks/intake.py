"""Measures how answers are taken: `make bench-intake`, or with --quick for a check that it works at all.

In one run on one machine, for SQLite and PostgreSQL: a bare durable insert (the floor), a stock WTForms and ORM survey,
PUT of an answer about twelve areas, the walk page by page without script, and one page beside a bare Flask page.
Prints processor time per request, waiting times, the ratios with their limits, and rows stored beside acknowledged.
"""

import argparse
import sys
import tempfile
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median
from typing import NamedTuple

from sqlalchemy import func, select

from app.database import Database
from benchmarks.load import BROWSER, Client, Job, Times, Walk, hurried, new_id, paced, put
from benchmarks.processes import Served, Store, served, store
from surveys.ballots.ballots import Ballot
from surveys.models import Response
from surveys.questionnaire.routing import other_areas
from tests.builders.country import RESIDENTS, Country, make_country
from tests.builders.payloads import a_payload

TODAY = date(2026, 11, 24)
PAGES, EXTRA = 13, 2
"""Pages of the walk, and the areas added to the rotation's to make so many."""

RATE = 50
FLOOR, PUT, STOCK, WALK = "floor: durable insert alone", "PUT of 12 areas", "stock WTForms and ORM rows", "walk"
BARE, PAGE = "bare Flask page of the same size", "page of questions"


class Size(NamedTuple):
    """How much is asked of each part in each round."""

    rounds: int
    requests: int
    stock: int
    walks: int
    seconds: float


FULL, QUICK = Size(12, 330, 20, 14, 10), Size(1, 60, 10, 3, 1)


@dataclass
class Cost:
    """What one kind of request cost in each round; the median round counts, for a shared machine disturbs some."""

    application: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    durations: list[float] = field(default_factory=list)

    def add(self, times: Times, application: float, database: float) -> None:
        """Add a round."""
        self.application.append(application * 1000 / len(times.durations))
        self.database.append(database * 1000 / len(times.durations))
        self.durations = sorted(self.durations + times.durations)

    @property
    def milliseconds(self) -> float:
        """Processor time of application and database for one request."""
        return median(map(sum, zip(self.application, self.database, strict=True)))

    def line(self, name: str) -> str:
        """Write the row of the table."""
        times = Times(self.durations, 0)
        return (
            f"  {name:34} {len(self.durations):6} {median(self.application):8.3f} {median(self.database):8.3f}"
            f" {times.at(50):8.1f} {times.at(95):8.1f} {times.at(99):8.1f}"
        )


class Bench:
    """One database, with everything that is measured on it."""

    def __init__(self, at: Store, country: Country, size: Size) -> None:
        self.at, self.country, self.size = at, country, size
        self.payloads = [a_payload(country.residents, RESIDENTS, seed=seed) for seed in range(50)]
        self.acknowledged = 0

    def send(self, client: Client) -> bool:
        """PUT an answer under a new id, its extra areas those that the id's rotation left out, as on a phone."""
        name = new_id()
        ballot = Ballot(RESIDENTS, "almaty", "resident", "open", bytes.fromhex(name))
        extra = other_areas(self.country.residents.questionnaire, ballot.seed, ballot.city)
        return put(client, name, self.payloads[int(name[:4], 16) % len(self.payloads)] | {"extra": extra})

    def walk(self, client: Client) -> bool:
        """Walk page by page; a person of its own each time."""
        client.cookies.clear()
        walk = Walk(client, RESIDENTS, extra=EXTRA)
        finished = walk.finish()
        if walk.pages != PAGES:
            raise RuntimeError(f"the walk has {walk.pages} pages")
        return finished

    def take_stock(self, client: Client) -> bool:
        """Post the stock survey."""
        answers = self.payloads[0]["answers"]
        fields = [
            (name, code) for name, answer in answers.items() for code in ([answer] if type(answer) is str else answer)
        ]
        body = urllib.parse.urlencode(fields).encode()
        return client.ask("POST", "/survey", body, Content_Type="application/x-www-form-urlencoded").status == 303

    def measure(self, cost: Cost, server: Served, job: Job, count: int) -> None:
        """Warm up, then add a round of one job to its cost."""
        warm = hurried(server.port, job, count=min(count, 8))
        before = server.processor_seconds(), self.at.processor_seconds()
        times = hurried(server.port, job, count=count)
        after = server.processor_seconds(), self.at.processor_seconds()
        if times.acknowledged != len(times.durations):
            raise RuntimeError(f"{len(times.durations) - times.acknowledged} of {len(times.durations)} requests failed")
        cost.add(times, after[0] - before[0], after[1] - before[1])
        if job in (self.send, self.walk):
            self.acknowledged += warm.acknowledged + times.acknowledged

    def costs(self, app: Served) -> dict[str, Cost]:
        """Measure everything that is compared by its processor time; rounds alternate, so disturbances are shared."""
        view, size = page_of(app)
        costs = {name: Cost() for name in (FLOOR, PUT, STOCK, WALK, BARE, PAGE)}
        with (
            served("benchmarks.floor:application", self.at) as floor,
            served("benchmarks.floor:page", self.at, PAGE_BYTES=str(size)) as bare,
            served("benchmarks.stock:application", self.at) as stock,
        ):
            for _round in range(self.size.rounds):
                self.measure(costs[FLOOR], floor, self.send, self.size.requests)
                self.measure(costs[PUT], app, self.send, self.size.requests)
                self.measure(costs[STOCK], stock, self.take_stock, self.size.stock)
                self.measure(costs[WALK], app, self.walk, self.size.walks)
                self.measure(costs[BARE], bare, _get_bare, self.size.requests)
                self.measure(costs[PAGE], app, view, self.size.requests)
        return costs

    def waits(self, app: Served) -> dict[str, Times]:
        """Let 50 people a second send while as many look at pages."""
        view, _size = page_of(app)
        rate = {"per_second": RATE, "seconds": self.size.seconds}
        with ThreadPoolExecutor(1) as beside:
            looking = beside.submit(paced, app.port, view, **rate)
            submitting = paced(app.port, self.send, **rate)
        self.acknowledged += submitting.acknowledged
        return {f"PUT, {RATE} a second": submitting, f"page beside them, {RATE} a second": looking.result()}


def _get_bare(client: Client) -> bool:
    return client.ask("GET", "/page", **BROWSER).status == 200


def page_of(server: Served) -> tuple[Job, int]:
    """Walk to the first page of questions; gives the view of it by the same browser, and its size."""
    client = Client(server.port)
    walk = Walk(client, RESIDENTS, extra=0)
    address = f"/s/{RESIDENTS}"
    while "/p/" not in address:
        walk.open(address)
        address = walk.answer(address)
    cookies, size = dict(client.cookies), len(client.ask("GET", address).text.encode())
    client.close()

    def view(client: Client) -> bool:
        client.cookies = dict(cookies)
        return client.ask("GET", address, **BROWSER).status == 200

    return view, size


def run(name: str, size: Size) -> tuple[bool, bool]:
    """Measure one database; tells whether every limit held and every acknowledged row is there."""
    with (
        tempfile.TemporaryDirectory(prefix="bench", ignore_cleanup_errors=True) as folder,
        store(name, Path(folder)) as at,
    ):
        database = Database(at.url)
        bench = Bench(at, make_country(database, at.settings.keys, today=TODAY), size)
        with served("app", at) as app:
            costs, waits = bench.costs(app), bench.waits(app)
        with database.reading() as session:
            rows = session.execute(select(func.count()).select_from(Response)).scalar_one()
        database.close()
    print(f"{name}: processor milliseconds for one in the application and the database, waiting times in milliseconds")
    print(f"  {'':34} {'count':>6} {'app':>8} {'database':>8} {'p50':>8} {'p95':>8} {'p99':>8}")
    print("\n".join(cost.line(label) for label, cost in costs.items()))
    for label, times in waits.items():
        print(
            f"  {label:34} {len(times.durations):6} {'':17} {times.at(50):8.1f} {times.at(95):8.1f} {times.at(99):8.1f}"
        )
    is_within = [_limit(*limit) for limit in _limits(costs, list(waits.values()))]
    print(f"  stock / PUT {costs[STOCK].milliseconds / costs[PUT].milliseconds:27.2f}  (no limit)")
    print(f"  rows stored {rows}, acknowledged {bench.acknowledged}: {'OK' if rows == bench.acknowledged else 'LOST'}")
    return all(is_within), rows == bench.acknowledged


def _limits(costs: dict[str, Cost], waits: list[Times]) -> list[tuple[str, float, str, float]]:
    floor, put_, walk, bare, page = (costs[name].milliseconds for name in (FLOOR, PUT, WALK, BARE, PAGE))
    return [
        ("PUT / floor", put_ / floor, "≤", 3.0),
        ("page / bare Flask page", page / bare, "≤", 2.5),
        (f"walk of {PAGES} pages, ms", walk, "≤", 14.0),
        ("p95 of PUT, ms", waits[0].at(95), "≤", 100.0),
        ("p95 of a page, ms", waits[1].at(95), "≤", 50.0),
    ]


def _limit(name: str, value: float, sign: str, limit: float) -> bool:
    is_within = value <= limit if sign == "≤" else value >= limit
    print(f"  {name:34} {value:8.2f} {sign} {limit:g}  {'OK' if is_within else 'MISSED'}")
    return is_within


def main() -> None:
    """Measure SQLite, then PostgreSQL; fails when a row is missing, and without --quick when a limit was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL"])
    chosen = parser.parse_args()
    names = [chosen.only] if chosen.only else ["SQLite", "PostgreSQL"]
    results = [run(name, QUICK if chosen.quick else FULL) for name in names]
    sys.exit(not all(kept and (is_within or chosen.quick) for is_within, kept in results))


if __name__ == "__main__":
    main()
