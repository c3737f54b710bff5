"""When an installation calls itself ready, and that asking it costs nobody anything."""

import shutil
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import event, text

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.jobs.models import JobRun
from app.monitoring import readiness
from app.monitoring.readiness import CHECKS, LATEST, LIFE, Readiness
from app.web import site
from app.web.public import create_public
from surveys.ballots import keys
from tests.builders.country import RESIDENTS, Country

QUICKEST = "send-mail"
"""The job that is due most often."""


class Usage(NamedTuple):
    total: int
    used: int
    free: int


class Timer:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _roomy_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(2**40, 0, 2**40))


def ran(database: Database, clock: FrozenClock, ago: timedelta) -> None:
    with database.writing() as session:
        due = clock.now() - ago
        session.add(JobRun(job=QUICKEST, scheduled_for=due, outcome="done", detail="", finished_at=due))


@pytest.fixture
def looking(country: Country, clock: FrozenClock) -> Readiness:
    ran(country.database, clock, timedelta(minutes=4))
    return Readiness(country.database, clock, country.keys, Timer())


def later(looking: Readiness) -> tuple[str, ...]:
    looking.timer.now += LIFE
    return looking.failing()


def test_an_installation_with_all_it_needs_is_ready(looking: Readiness) -> None:
    assert looking.failing() == ()


def test_a_lost_key_of_a_running_wave_is_noticed_and_that_of_a_frozen_one_is_not(looking: Readiness) -> None:
    keys.destroy(looking.keys, RESIDENTS)
    assert looking.failing() == ("keys",)
    with looking.database.writing() as session:
        session.execute(text("UPDATE wave SET state = 'frozen' WHERE code = :code"), {"code": RESIDENTS})
    assert later(looking) == ()


def test_a_disk_that_is_nearly_full_is_noticed(looking: Readiness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(2**40, 0, readiness.LEAST_FREE - 1))
    assert looking.failing() == ("disk",)


def test_a_queue_of_jobs_that_stands_still_is_noticed(country: Country, clock: FrozenClock) -> None:
    looking = Readiness(country.database, clock, country.keys, Timer())
    assert looking.failing() == ("jobs",), "none ever ran"
    ran(country.database, clock, LATEST + timedelta(seconds=1))
    assert later(looking) == ("jobs",)
    ran(country.database, clock, LATEST)
    assert later(looking) == ()


def test_a_database_that_is_not_there_is_the_only_thing_said(tmp_path: Path, clock: FrozenClock) -> None:
    gone = Database(f"sqlite:///{tmp_path / 'no' / 'folder.sqlite3'}")
    assert Readiness(gone, clock, tmp_path).failing() == ("database",)


def test_a_thousand_questions_are_one_look(looking: Readiness) -> None:
    statements: list[str] = []
    event.listen(looking.database.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    for _question in range(1000):
        looking.failing()
    once = len(statements)
    assert 0 < once <= 4
    later(looking)
    assert len(statements) == 2 * once


def test_a_database_that_hangs_holds_one_thread_and_not_those_who_ask_meanwhile(looking: Readiness) -> None:
    assert looking.failing() == ()
    looking.timer.now += LIFE
    begun, go_on = Event(), Event()
    look = looking._look

    def hang() -> tuple[str, ...]:
        begun.set()
        assert go_on.wait(30)
        return look()

    # A class with slots has no place for another method of one object.
    with patch.object(Readiness, "_look", lambda _self: hang()):
        thread = Thread(target=looking.failing)
        thread.start()
        assert begun.wait(30)
        assert [looking.failing() for _other in range(20)] == [()] * 20
        go_on.set()
        thread.join()


def test_nobody_is_told_ready_before_the_first_look(looking: Readiness) -> None:
    with looking._lock:
        assert looking.failing() == CHECKS


def test_both_addresses_say_one_word_and_which_check_failed_stays_inside(
    public: Flask, clock: FrozenClock, sqlite: Database, caplog: pytest.LogCaptureFixture
) -> None:
    client = public.test_client()
    alive, unready = client.get("/healthz"), client.get("/readyz")
    assert (alive.status_code, alive.text) == (200, "ok\n")
    assert (unready.status_code, unready.text) == (503, "not ready\n")
    assert [record.checks for record in caplog.records] == ["jobs"]
    for answer in (alive, unready):
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
    ran(sqlite, clock, timedelta(minutes=1))
    public.extensions[site.KEY].readiness.timer = lambda: float("inf")
    assert client.get("/readyz").text == "ready\n"


def test_whether_it_lives_is_answered_without_the_database(tmp_path: Path, settings: Settings) -> None:
    gone = Database(f"sqlite:///{tmp_path / 'no' / 'folder.sqlite3'}")
    assert create_public(settings, gone).test_client().get("/healthz").status_code == 200
    assert create_public(settings, gone).test_client().get("/readyz").status_code == 503


def test_the_checks_are_those_that_are_named() -> None:
    assert CHECKS == ("database", "keys", "disk", "jobs")
