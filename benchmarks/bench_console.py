"""Measures the console with a full house: `make bench-console`, with CHECK=--check to fail on a missed limit.

Twenty cities × 101 indicators × three periods, with papers, verdicts and cases in every state, and a year of 5,000
suggestions with what became of them, beside the demo. Every page of the console that shows a list or a form is asked
for as each role that may open it, and the board that everybody reads, in this process, on SQLite and PostgreSQL: the
time is that of the application and its database, without the network. What is a file, a preview of the portal or a page
for who is not signed in is left out. A page's figure is its 95th percentile over the rounds.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.permissions import Role
from app.accounts.sessions import open_session
from app.clock import SystemClock
from app.database import Database
from app.feedback.models import CommentAudit, CommentCode, CommentDecision, CommentNeighbour
from app.feedback.reply_models import Commitment, Reply
from app.indicators.states import State
from app.initiatives.models import CityDocument, CityInitiative
from app.publishing.models import PublicationRequest
from app.ratings.models import Run
from app.web.console import access
from app.web.console_site import create_console
from app.web.memory import settle
from app.web.public import create_public
from benchmarks.console_stock import PERIODS, Stock, fill
from benchmarks.processes import ROOT, Store, store
from surveys.models import Wave
from surveys.models.comments import Comment
from tests.builders.comments import WAVE
from tests.builders.statements import statements_of
from tests.builders.suggestion_year import fill_year

LIMIT = 150
"""Milliseconds: the 95th percentile of each page."""

MOST_STATEMENTS = 8
CITY = "aktau"
FEWEST_PAGES = 250
"""Pages of all roles together; fewer would mean that something was not looked at."""

Found = dict[str, dict[str, Any]]
"""What stands in addresses, by the endpoint or its first word; under "" for all."""

NO_LIST = ("preview.", "signin.", "welcome.", "demo.", "static", "health.", "front", "look.", "drafts.")
"""Subjects whose pages are of the portal, or for who is not signed in."""

LISTS = {
    "values.values": ("", "period={period}", "period={period}&state=sent", "period={period}&sort=-due"),
    "assess.queue": ("mine=todo", "mine=asked", "mine=done", "state=split", "mine=todo&city=aktau&area=hlt", "period="),
    "journal.journal": ("", "event=value.sent", "object=aktau", "city=aktau"),
    "assess.agreement": ("", "period={period}"),
    "comments.table": (
        "all=1", "all=1&city=aktau", "all=1&city=aktau&sort=-week", "all=1&area=hcs&state=shown", "all=1&q=су",
        "all=1&q=қоқыс", "state=released&state=second_look&copies=once", "all=1&reply=no&theme=none",
    ),
    "comments.hidings": ("", "city=aktau"),
    "coding.queue": ("", "city=aktau", "q=су", "second=1"),
    "themes.table": ("", "city=aktau", "city=aktau&empty=1", "city=aktau&area=hcs&sort=share"),
    "commitments.table": ("", "state=in_progress", "flag=overdue"),
    "initiatives.table": ("", "state=supported"),
    "cockpit.comparison": ("", "city=aktau"),
    "cockpit.would_move": ("", "city=aktau"),
    "cockpit.today": ("", "city=aktau"),
}  # fmt: skip
"""Lists that are asked for by more than their address."""

BOARD = (
    "/kk/said", "/kk/said?sort=-never", "/kk/said/rules", "/kk/said/aktau", "/kk/said/aktau?area=hcs",
    "/kk/said/aktau?state=answered", "/kk/said/aktau/hcs_water", "/kk/said/aktau/hcs_water?page=2",
    "/kk/said/aktau/unsorted", "/kk/initiatives", "/kk/initiatives/aktau",
)  # fmt: skip
"""Pages that everybody reads and that are drawn anew each time."""


class Measured(NamedTuple):
    """One page of one role: milliseconds of each round, and the statements of one."""

    role: str
    address: str
    times: list[float]
    statements: int

    @property
    def p95(self) -> float:
        """Give the 95th percentile, in milliseconds."""
        return percentile(self.times)


def percentile(times: list[float]) -> float:
    """Give the 95th percentile: the smallest time that 95 of a hundred do not exceed."""
    ordered = sorted(times)
    return ordered[-(-len(ordered) * 95 // 100) - 1]


def seeded(at: Store) -> tuple[Database, Stock]:
    """Fill the demo and the periods."""
    words = [sys.executable, "-m", "app", "seed"]
    subprocess.run(words, env={**os.environ, **at.environment, "DEMO": "1"}, cwd=ROOT, check=True, stdout=sys.stderr)
    database = Database(at.url)
    with database.writing() as session:
        stock = fill(session, CITY)
        fill_year(session, SystemClock().today(), largest=CITY)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return database, stock


def addresses(app: Flask, stock: Stock, role: Role, found: Found) -> Iterator[str]:
    """List what a role may open: rules with their arguments filled in, lists in their ways."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            known = access.rule_of(app, rule.endpoint)
            is_page = "GET" in (rule.methods or ()) and known and not known.open
            if not is_page or rule.endpoint.startswith(NO_LIST) or "." in rule.rule.rpartition("/")[2]:
                continue
            for arguments in _arguments(rule.endpoint, rule.arguments, stock, role, found):
                path = app.url_for(rule.endpoint, **arguments)
                for words in LISTS.get(rule.endpoint, ("",)):
                    yield f"{path}?{words.format(period=PERIODS[-1])}".rstrip("?")


def _arguments(endpoint: str, names: set[str], stock: Stock, role: Role, found: Found) -> Iterator[dict[str, Any]]:
    if names == {"period", "city", "indicator"}:
        state = State.SPLIT if endpoint == "assess.split" else State.SENT
        states = list(State) if endpoint.startswith("cases.") else [state]
        yield from (stock.cases[each]._asdict() for each in states if each in stock.cases)
        return
    own = {"period": PERIODS[-1], "code": PERIODS[-1], "city": CITY, "staff_id": stock.people[role]}
    whole = {**own, **found[""], **found.get(endpoint.partition(".")[0], {}), **found.get(endpoint, {})}
    if names <= whole.keys():
        yield {name: whole[name] for name in names}


def _found(database: Database) -> Found:
    """Find what stands in addresses: of the demo a run, a request, a wave; of the city one of each kind."""
    of_city = select(Comment.id).where(Comment.city == CITY)
    initiative = select(CityInitiative.id).where(CityInitiative.city == CITY)
    with database.reading() as session:
        first = partial(_first, session)
        likened = select(CommentNeighbour.comment).join(Comment, Comment.id == CommentNeighbour.comment)
        audits = select(CommentAudit.decision).join(CommentDecision, CommentDecision.id == CommentAudit.decision)
        return {
            "": {
                "run": first(select(Run.id)),
                "request_id": first(select(PublicationRequest.id).order_by(PublicationRequest.id.desc())),
                "wave": first(select(Wave.code).order_by(Wave.code.desc())),
            },
            "comments": {"comment": first(likened.where(Comment.city == CITY, Comment.state == "shown"))},
            "comments.read_original": {"comment": first(of_city.where(Comment.state == "hidden"))},
            "comments.drawn_decision": {"number": first(audits)},
            "coding": {"comment": first(of_city.where(Comment.state == "shown", ~_is_coded()))},
            "themes": {"code": "hcs_water", "wave": WAVE},
            "commitments": {"number": first(select(Commitment.id).where(Commitment.city == CITY))},
            "replies": {"number": first(select(Reply.id).where(Reply.city == CITY))},
            "initiatives": {"number": first(initiative.where(CityInitiative.state == "evaluated"))},
            "initiatives.edit": {"number": first(initiative.where(CityInitiative.state == "returned"))},
            "initiatives.examine": {"number": first(initiative.where(CityInitiative.state == "submitted"))},
            "initiatives.evaluation": {"number": first(initiative.where(CityInitiative.state == "finished"))},
            "documents": {"number": first(select(CityDocument.id).where(CityDocument.city == CITY))},
        }


def _first(session: Session, statement: Any) -> Any:
    return session.scalars(statement.limit(1)).one()


def _is_coded() -> Any:
    return select(CommentCode.comment).where(CommentCode.comment == Comment.id).exists()


def measure(at: Store, rounds: int) -> list[Measured]:
    """Ask for every page of every role, so many times."""
    database, stock = seeded(at)
    app = create_console(at.settings, database)
    settle()  # as wsgi.py does
    measured = []
    with statements_of(database) as statements:
        for role, staff in stock.people.items():
            client = _signed_in(app, database, staff)
            for address in dict.fromkeys(addresses(app, stock, role, _found(database))):
                page = _page(client, role, address, rounds, statements)
                measured += [page] if page else []
        reader = create_public(at.settings, database).test_client()
        for address in BOARD:
            page = _page(reader, "everybody", address, rounds, statements)
            if page is None:
                raise RuntimeError(f"{address} is no page")
            measured.append(page)
    database.engine.dispose()
    return measured


def _page(client: FlaskClient, role: str, address: str, rounds: int, statements: list[str]) -> Measured | None:
    """Ask for a page once unmeasured and then in rounds; None for what the role may not open or what leads on."""
    answer = client.get(address)
    if answer.status_code >= 500:
        raise RuntimeError(f"{address} answered {answer.status_code} to {role}")
    if answer.status_code != 200 or answer.mimetype != "text/html":
        return None
    times = []
    for _round in range(rounds):
        statements.clear()
        begun = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - begun) * 1000)
    return Measured(role, address, times, len(statements))


def _signed_in(app: Flask, database: Database, staff: int) -> FlaskClient:
    now = SystemClock().now()
    with database.writing() as session:
        token = open_session(session, staff, now, "Benchmark")
    client = app.test_client()
    client.set_cookie("console", token, path=access.PATH)
    return client


def report(name: str, pages: list[Measured]) -> bool:
    """Print the slowest pages, those with most statements, and the verdict; gives whether the limits hold."""
    slow = [page for page in pages if page.p95 > LIMIT]
    many = [page for page in pages if page.statements > MOST_STATEMENTS]
    whole = percentile([each for page in pages for each in page.times])
    print(f"\n{name}: {len(pages)} pages of {len(Role)} roles; p95 over all {whole:.0f} ms")
    print(f"  {'role':10} {'p95 ms':>7} {'SQL':>4}  page")
    shown = sorted(pages, key=lambda page: -page.p95)[:25]
    for page in [*shown, *(each for each in many if each not in shown)]:
        word = " MISSED" if page in slow or page in many else ""
        print(f"  {page.role:10} {page.p95:7.1f} {page.statements:4}  {page.address}{word}")
    worst = max(page.statements for page in pages)
    print(f"  most statements of one page: {worst} (at most {MOST_STATEMENTS}); slowest p95: {shown[0].p95:.0f} ms")
    if len(pages) < FEWEST_PAGES:
        print(f"MISSED only {len(pages)} pages were looked at, at least {FEWEST_PAGES} are there")
    return not slow and not many and len(pages) >= FEWEST_PAGES


def main() -> int:
    """Measure, print, and give 1 when a limit is missed and --check asks for it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail on a missed limit")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--database", choices=("SQLite", "PostgreSQL"), action="append")
    asked = parser.parse_args()
    held = True
    for name in asked.database or ("SQLite", "PostgreSQL"):
        with tempfile.TemporaryDirectory() as folder, store(name, Path(folder)) as at:
            held &= report(name, measure(at, asked.rounds))
    return int(asked.check and not held)


if __name__ == "__main__":
    sys.exit(main())
