"""`python -m app metrics`, as Prometheus sees it: on loopback alone, beside the web server it watches."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from app.cli import metrics
from app.config import Settings, SettingsError
from app.database import Database
from tests.app.serving.test_server import TWO
from tests.builders.country import RESIDENTS, make_country
from tests.builders.payloads import a_payload
from tests.conftest import NOW, SECRET
from tests.ports import free_port

ROOT = Path(__file__).parents[3]
PATIENCE = 60
METRICS = ("-m", "app", "metrics")
ANEW = """
from app.cli.environment import read_settings
from app.monitoring.counters import start_anew
start_anew(read_settings().metrics)
"""
"""What `serve` does before it starts its workers."""


@contextmanager
def running(*words: str, environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=os.environ | environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def ask(port: int, method: str, path: str, body: str | None = None) -> tuple[int, str]:
    """Ask until somebody listens."""
    end = time.monotonic() + PATIENCE
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        with suppress(ConnectionError), closing(connection):
            connection.request(method, path, body, {"Content-Type": "application/json"})
            reply = connection.getresponse()
            return reply.status, reply.read().decode()
        assert time.monotonic() < end, "nobody listens"
        time.sleep(0.05)


def test_an_answer_taken_by_the_web_server_is_read_on_the_port_of_the_metrics(
    sqlite: Database, settings: Settings
) -> None:
    country = make_country(sqlite, settings.keys, today=NOW.date())
    ports = [free_port(), free_port()]
    own = {"SECRET_KEY": SECRET, "INSTANCE": str(settings.instance), "DATABASE_URL": sqlite.url}
    own |= {"PORT": str(ports[0]), "METRICS_PORT": str(ports[1])}
    with running("-m", "app", "serve", "--site", "public", environment=own), running(*METRICS, environment=own):
        body = json.dumps(a_payload(country.residents, RESIDENTS))
        assert ask(ports[0], "PUT", "/r/" + "ab" * 16, body)[0] == 201
        status, text = ask(ports[1], "GET", "/metrics")
        assert ask(ports[0], "GET", "/metrics")[0] == 404
    assert status == 200
    lines = text.splitlines()
    assert "city_answers_acknowledged_total 1.0" in lines
    assert "city_answers_stored 1.0" in lines
    assert 'city_requests_total{class="phone",status="2xx"} 1.0' in lines
    assert "ab" * 16 not in text
    assert RESIDENTS not in text


@pytest.mark.postgres
def test_what_several_web_processes_count_is_read_as_one(postgres: Database, settings: Settings) -> None:
    country = make_country(postgres, settings.keys, today=NOW.date())
    ports = [free_port(), free_port()]
    url = postgres.engine.url.render_as_string(hide_password=False)
    own = {"SECRET_KEY": SECRET, "INSTANCE": str(settings.instance), "DATABASE_URL": url}
    own |= {"PORT": str(ports[0]), "METRICS_PORT": str(ports[1])}
    number = 0
    with running("-c", ANEW + TWO.format(port=ports[0]), environment=own), running(*METRICS, environment=own):
        ask(ports[0], "GET", "/healthz")
        while number < 8 or len(list(settings.metrics.glob("counter_*.db"))) < 2:
            body = json.dumps(a_payload(country.residents, RESIDENTS))
            assert ask(ports[0], "PUT", f"/r/{number:032x}", body)[0] == 201
            number += 1
        _status, text = ask(ports[1], "GET", "/metrics")
    lines = text.splitlines()
    assert f"city_answers_acknowledged_total {number}.0" in lines
    assert f"city_answers_stored {number}.0" in lines
    assert "city_answers_missing 0.0" in lines


def test_the_metrics_listen_on_loopback_alone() -> None:
    assert metrics.HOST == "127.0.0.1"
    assert socket.gethostbyname(metrics.HOST) == metrics.HOST


@pytest.mark.parametrize("port", ["0", "x", "70000", "-1"])
def test_a_port_that_cannot_be_is_refused_by_name(port: str) -> None:
    with pytest.raises(SettingsError, match="METRICS_PORT is"):
        Settings.from_env({"SECRET_KEY": SECRET, "METRICS_PORT": port})
