"""What is counted while people answer, and that nothing a request says can become a label or a line of it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.config import Settings
from app.monitoring import counters
from app.monitoring.counters import CLASSES, REASONS, STATUSES, WORDS, Counters
from app.process_counts import start_of
from app.web import errors, site
from app.web.counting import class_of
from app.web.public import create_public
from app.web.resident.phone import put
from tests.builders.country import RESIDENTS, Country
from tests.builders.payloads import a_payload

ROOT = Path(__file__).parents[3]
ID = "0123456789abcdef" * 2


def counts(app: Flask) -> dict[str, float]:
    """Give every count that is not zero, by its name and labels."""
    own: Counters = app.extensions[site.KEY].counters
    found = {f"request {' '.join(key)}": child for key, child in own._requests.items()}
    found |= {f"refusal {' '.join(key)}": child for key, child in own._refusals.items()}
    found |= {"acknowledged": own.acknowledged}
    values = {name: child._value.get() for name, child in found.items()}
    return {name: value for name, value in values.items() if value}


@pytest.fixture
def counting(country: Country, settings: Settings) -> Flask:
    return create_public(settings, country.database)


def test_an_answer_is_counted_once_however_often_a_phone_sends_it(counting: Flask, country: Country) -> None:
    client = counting.test_client()
    for _again in range(3):
        client.put(f"/r/{ID}", json=a_payload(country.residents, RESIDENTS))
    assert counts(counting) == {"request phone 2": 3, "acknowledged": 1}


REFUSED: dict[str, tuple[str, dict[str, Any]]] = {
    "request": ("unreadable", {"data": b"{", "content_type": "application/json"}),
    "type": ("content_type", {"data": b"a=b", "content_type": "text/plain"}),
    "version": ("version", {"version": "0" * 64}),
    "consent": ("consent", {"consent": "another"}),
    "wave": ("not_found", {"wave": "none"}),
    "ballot": ("ballot", {"ballot": "made-up"}),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_refusal_is_counted_by_its_reason(counting: Flask, country: Country, what: str) -> None:
    reason, changes = REFUSED[what]
    sent = changes if "data" in changes else {"json": a_payload(country.residents, RESIDENTS) | changes}
    counting.test_client().put(f"/r/{ID}", **sent)
    assert counts(counting) == {"request phone 4": 1, f"refusal phone {reason}": 1}


def test_what_a_stranger_sends_makes_no_new_label(counting: Flask) -> None:
    client = counting.test_client()
    client.open("/s/x", method="EVIL")
    client.get("/kk/ratings/99999999999/")
    client.get("/s/" + "a" * 300 + "?token=secret")
    client.get("/static/none.js")
    client.post("/healthz")
    own: Counters = counting.extensions[site.KEY].counters
    assert own._requests.keys() == {(kind, status[0]) for kind in CLASSES for status in STATUSES}
    assert {reason for _kind, reason in own._refusals} == WORDS | {counters.OTHER}
    assert sum(value for name, value in counts(counting).items() if name.startswith("request")) == 5


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "portal"),
        ("/kk/", "portal"),
        ("/nothing", "portal"),
        ("/s/", "survey"),
        ("/s/wave/p/ctm", "survey"),
        ("/r/abc", "phone"),
        ("/static/a.css", "file"),
        ("/healthz", "health"),
        ("/readyz", "health"),
    ],
)
def test_every_path_has_a_class(path: str, kind: str) -> None:
    assert class_of(path, "/static/") == kind


def test_every_refusal_of_the_domain_has_a_reason_of_its_own() -> None:
    said = {refusal.word for refusal in errors.REFUSALS.values()} | {"consent", "version"}
    assert said <= WORDS
    assert errors.SENTENCES.keys() <= REASONS.keys() | WORDS
    assert set(put._WORDS.values()) & WORDS == {"closed"}, "a missing survey is counted by its status"


WORKER = """
import sys
from pathlib import Path
from app.monitoring import counters
counters.share(Path(sys.argv[1]))
own = counters.Counters()
for _answer in range(3):
    own.acknowledged.inc()
"""


def work(folder: Path) -> None:
    subprocess.run([sys.executable, "-c", WORKER, folder], cwd=ROOT, env=os.environ, check=True)


def test_what_web_processes_counted_is_added_up_those_that_died_included(tmp_path: Path) -> None:
    for _process in range(2):
        work(tmp_path)
    assert counters.acknowledged(tmp_path) == 6


def test_the_empty_file_of_a_process_that_begins_hides_no_count(tmp_path: Path) -> None:
    work(tmp_path)
    (tmp_path / "counter_1.db").touch()
    assert counters.acknowledged(tmp_path) == 3


def test_counts_begin_anew_with_the_web_server_and_not_while_one_of_its_processes_lives(tmp_path: Path) -> None:
    folder = tmp_path / "metrics"
    counters.start_anew(folder)
    first = start_of(folder)
    work(folder)
    living = folder / f"counter_{os.getpid()}.db"
    living.write_bytes((next(folder.glob("counter_*.db"))).read_bytes())
    counters.start_anew(folder)
    assert (counters.acknowledged(folder), start_of(folder)) == (6, first)
    living.unlink()
    counters.start_anew(folder)
    assert counters.acknowledged(folder) == 0
    assert start_of(folder) != first
    assert folder.stat().st_mode & 0o777 == 0o700
