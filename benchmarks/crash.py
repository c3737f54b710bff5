"""Kills the server again and again under load and counts what was acknowledged: `make crash`, or with --kills N.

Sixteen clients send answers by PUT and repeat each until it is acknowledged, as phones do. Meanwhile the web server's
process group is killed (SIGKILL) and started anew; on PostgreSQL every fourth kill takes the database server as well.
Fails when an acknowledged answer or the suggestion it brought is not there, when one is there twice, or when time is
over before enough happened.
"""

import argparse
import http.client
import secrets
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func, select

from app.database import Database
from benchmarks.load import Client, new_id, put
from benchmarks.processes import Served, Store, store
from surveys.ballots import ballots, keys, receipts
from surveys.models import Response, SpentBallot
from tests.builders.country import RESIDENTS, make_country
from tests.builders.payloads import a_payload
from tests.builders.words import filed_texts

TODAY = date(2026, 11, 24)
CLIENTS = 16


class Aim(NamedTuple):
    """How much must happen before the run may end, and how long it may take."""

    kills: int
    acknowledged: int
    seconds: float


@dataclass
class Phones:
    """The clients, what was acknowledged to them, and how often they had to send."""

    port: int
    payloads: list[dict[str, object]]
    acknowledged: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    """Sent, and not acknowledged before the run ended: these may be stored or not."""
    attempts: int = 0
    over: bool = False

    def work(self) -> None:
        """Send answers one after another; the last one is sent until it is acknowledged."""
        while not self.over:
            name = new_id()
            while not (acknowledged := self._send(name)) and not self.over:
                time.sleep(0.05)
            (self.acknowledged if acknowledged else self.given_up).append(name)

    def _send(self, name: str) -> bool:
        client = Client(self.port)
        self.attempts += 1
        try:
            return put(client, name, self.payloads[int(name[:4], 16) % len(self.payloads)])
        except (OSError, http.client.HTTPException):
            return False
        finally:
            client.close()


def run(name: str, aim: Aim) -> bool:
    """Crash one kind of database; true when the aim was reached, nothing was lost and nothing doubled."""
    with (
        tempfile.TemporaryDirectory(prefix="crash", ignore_cleanup_errors=True) as folder,
        store(name, Path(folder)) as at,
    ):
        database = Database(at.url)
        country = make_country(database, at.settings.keys, today=TODAY)
        database.close()
        server = Served("app", at.environment)
        words = [{"area": "ctm", "text": "Жарық керек"}]
        bodies = [a_payload(country.residents, RESIDENTS, seed=seed, suggestions=words) for seed in range(20)]
        phones = Phones(server.port, bodies)
        threads = [threading.Thread(target=phones.work) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        try:
            kills, database_kills, server = _crash(at, server, phones, aim)
        finally:
            phones.over = True
            for thread in threads:
                thread.join()
        server.kill()
        enough = kills >= aim.kills and len(phones.acknowledged) >= aim.acknowledged
        return _check(name, at, phones, (kills, database_kills)) and enough


def _crash(at: Store, server: Served, phones: Phones, aim: Aim) -> tuple[int, int, Served]:
    end = time.monotonic() + aim.seconds
    kills = database_kills = 0
    while time.monotonic() < end and (kills < aim.kills or len(phones.acknowledged) < aim.acknowledged):
        before = len(phones.acknowledged)
        share = max(1, (aim.acknowledged - before) // max(1, aim.kills - kills))
        # A kill at no particular moment: some time after the share of this round is reached.
        while len(phones.acknowledged) < before + share and time.monotonic() < end:
            time.sleep(0.005)
        time.sleep(secrets.randbelow(20) / 1000)
        server.kill()
        kills += 1
        if at.name != "SQLite" and kills % 4 == 0:
            at.crash()
            database_kills += 1
        server = Served("app", at.environment, port=phones.port)
        if kills % 10 == 0:
            print(f"{at.name}: {kills} kills, {len(phones.acknowledged)} acknowledged so far", flush=True)
    return kills, database_kills, server


def _check(name: str, at: Store, phones: Phones, kills: tuple[int, int]) -> bool:
    """Compare what was acknowledged with what is stored: every id spends one ballot and makes one response."""
    database = Database(at.url)
    with database.reading() as session:
        responses = session.execute(select(func.count()).select_from(Response)).scalar_one()
        spent = session.execute(select(func.count()).select_from(SpentBallot)).scalar_one()
        there = set(session.scalars(select(Response.id)))
    suggestions = len(filed_texts(database, at.settings.keys))
    database.close()
    key = keys.load(at.settings.keys, RESIDENTS)
    promised = {_response_id(key, name) for name in phones.acknowledged}
    lost = len(promised - there)
    doubled = responses - len(there & (promised | {_response_id(key, name) for name in phones.given_up}))
    print(
        f"{name}: {kills[0]} kills of the web server, {kills[1]} of the database, {phones.attempts} sent, "
        f"{len(phones.acknowledged)} acknowledged, {responses} stored, {lost} lost, {doubled} doubled, "
        f"{suggestions} suggestions"
    )
    return bool(phones.acknowledged) and lost == 0 and doubled == 0 and spent == responses == suggestions


def _response_id(key: bytes, name: str) -> str:
    """Give the id under which the answer of a phone's id is stored."""
    ballot = ballots.Ballot(RESIDENTS, "almaty", "resident", "open", bytes.fromhex(name))
    return receipts.response_id(key, receipts.withdrawal_code(key, ballot))


def main() -> None:
    """Crash SQLite, then PostgreSQL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="of each database")
    parser.add_argument("--acknowledged", type=int, default=50_000, help="of each database")
    parser.add_argument("--seconds", type=float, default=1800, help="for each database at most")
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL"])
    chosen = parser.parse_args()
    aim = Aim(chosen.kills, chosen.acknowledged, chosen.seconds)
    names = [chosen.only] if chosen.only else ["SQLite", "PostgreSQL"]
    sys.exit(not min([run(name, aim) for name in names]))


if __name__ == "__main__":
    main()
