"""The floor of `make bench-intake`: nothing but the durable insert, and nothing but a page of the same size."""

import os
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from flask import Flask

from app.config import Settings
from app.database import Database
from benchmarks.load import new_id
from surveys.ballots import ballots, keys
from surveys.models import Wave
from surveys.questionnaire.versions import get_compiled
from surveys.responses import intake, storing
from tests.builders.country import RESIDENTS
from tests.builders.payloads import a_payload

settings = Settings.from_env(os.environ)
database = Database(settings.database_url)


def _entry() -> storing.Entry:
    """Make the row of an answer about twelve areas once."""
    key = keys.load(settings.keys, RESIDENTS)
    ballot = ballots.sign(key, ballots.Ballot(RESIDENTS, "almaty", "resident", "open", ballots.random_nonce()))
    with database.reading() as session:
        wave = session.get(Wave, RESIDENTS)
        compiled = get_compiled(session, wave.version if wave else "")
    sent = a_payload(compiled, RESIDENTS)
    submission = intake.Submission(answers=sent["answers"], extra=frozenset(sent["extra"]), lang="kk")
    return intake.prepare(key, ballot, submission, compiled, today=date(2026, 11, 24)).entry


ENTRY = _entry()


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Read a body, store the ready row under a new id, acknowledge."""
    environ["wsgi.input"].read()
    entry = ENTRY._replace(id=new_id(), ballot_hash=new_id() + new_id())
    database.record(lambda driver: storing.store(driver, entry))
    start_response("201 CREATED", [("Content-Type", "application/json")])
    return [b'{"receipt":"XXXX-XXXX-XXXX"}']


page = Flask("bare")
PAGE = "қ" * (int(os.environ.get("PAGE_BYTES", "10000")) // 2)


@page.get("/page")
def _page() -> str:
    return PAGE
