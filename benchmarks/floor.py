"""The floor of `make bench-intake`: nothing but the durable insert, and nothing but a page of the same size."""

import os
import queue
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from flask import Flask

from app.config import Settings
from app.database import Database
from benchmarks.load import new_id
from surveys.ballots import ballots, keys
from surveys.models import Response, Wave
from surveys.questionnaire.versions import get_compiled
from surveys.responses import intake, storing
from tests.builders.country import RESIDENTS
from tests.builders.payloads import a_payload

settings = Settings.from_env(os.environ)
database = Database(settings.database_url)

_COMPUTED = ("base_weight", "folded", "receipt")
_COLUMNS = [name for name in Response.__table__.columns.keys() if name not in _COMPUTED]  # noqa: SIM118 - SQLAlchemy's


def _entry() -> storing.NewResponse:
    """Make the row of an answer about twelve areas once."""
    key = keys.load(settings.keys, RESIDENTS)
    ballot = ballots.sign(key, ballots.Ballot(RESIDENTS, "almaty", "resident", "open", ballots.random_nonce()))
    with database.reading() as session:
        wave = session.get(Wave, RESIDENTS)
        compiled = get_compiled(session, wave.version if wave else "")
    body = a_payload(compiled, RESIDENTS)
    submission = intake.Submission(answers=body["answers"], extra=frozenset(body["extra"]), lang="kk")
    return intake.prepare(key, ballot, submission, compiled, today=date(2026, 11, 24)).entry


ENTRY, DAY = _entry(), "2026-11-24"


def _statements() -> tuple[str, ...]:
    """Write the fewest statements that store an answer once, and only while its wave is open, in the driver's own SQL.

    SQLite has one transaction of four; PostgreSQL takes all in one statement, which is a transaction by itself.
    """
    names = ", ".join(_COLUMNS)
    row = ", ".join(f":{name}" for name in _COLUMNS)
    asks = (
        "SELECT wave.code FROM wave JOIN wave_city ON wave_city.wave = wave.code WHERE wave.code = :wave "
        "AND wave_city.city = :city AND wave.state = 'open'"
    )
    if database.is_sqlite:
        return (
            "BEGIN IMMEDIATE",
            asks,
            "INSERT INTO spent_ballot (ballot_hash, payload_mac) VALUES (:ballot_hash, :payload_mac)",
            f"INSERT INTO response ({names}, base_weight, folded) VALUES ({row}, 1000, FALSE)",  # noqa: S608 - names of our own columns
            "COMMIT",
        )
    whole = (
        f"WITH asks AS ({asks}), spent AS (INSERT INTO spent_ballot (ballot_hash, payload_mac) "  # noqa: S608 - as above
        "SELECT :ballot_hash, :payload_mac FROM asks ON CONFLICT DO NOTHING RETURNING 1) "
        f"INSERT INTO response ({names}, base_weight, folded) SELECT {row}, 1000, FALSE FROM spent"
    )
    return (_for_psycopg(whole),)


def _for_psycopg(statement: str) -> str:
    for name in sorted(ENTRY._fields, key=len, reverse=True):
        statement = statement.replace(f":{name}", f"%({name})s")
    return statement


STATEMENTS = _statements()
_connections: queue.SimpleQueue[Any] = queue.SimpleQueue()


def _connection() -> Any:
    """Take a bare driver connection, as durable as the product's own."""
    try:
        return _connections.get_nowait()
    except queue.Empty:
        connection = database.engine.raw_connection()
        driver: Any = connection.driver_connection
        connection.detach()
        if not database.is_sqlite:
            driver.autocommit = True
        return driver


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Read a body, store the ready row under a new id, acknowledge."""
    environ["wsgi.input"].read()
    entry = ENTRY._replace(id=new_id(), ballot_hash=new_id() + new_id())._asdict() | {"day": DAY}
    driver = _connection()
    for statement in STATEMENTS:
        driver.execute(statement, entry if ":" in statement or "%(" in statement else ())
    _connections.put(driver)
    start_response("201 CREATED", [("Content-Type", "application/json")])
    return [b'{"receipt":"XXXX-XXXX-XXXX"}']


page = Flask("bare")
PAGE = "қ" * (int(os.environ.get("PAGE_BYTES", "10000")) // 2)


@page.get("/page")
def _page() -> str:
    return PAGE
