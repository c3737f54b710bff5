import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select

from app.clock import Clock, FrozenClock
from app.config import Settings
from app.database import Database
from app.jobs.models import JobRun
from app.jobs.registry import JOBS, Job
from app.jobs.runner import due_time, load_task, run_due
from app.jobs.scheduler import Runner
from surveys.ballots import keys
from surveys.fieldwork import waves
from surveys.models import Wave
from tests.builders.country import RESIDENTS, Country
from tests.conftest import SECRET

ROOT = Path(__file__).parents[2]


def test_a_job_runs_once_per_due_time_however_often_it_is_started(database: Database, clock: FrozenClock) -> None:
    ran: list[str] = []

    def task(_database: Database, _clock: Clock, _keys: Path) -> str:
        ran.append("x")
        return "done it"

    job = Job("counting", timedelta(minutes=5))
    assert [run_due(database, clock, Path(), job, task) for _ in range(3)] == [True, False, False]
    assert ran == ["x"]
    with database.reading() as session:
        row = session.scalars(select(JobRun)).one()
    assert (row.outcome, row.detail, row.scheduled_for) == ("done", "done it", due_time(clock.now(), job.every))


def test_a_failing_job_is_recorded_and_stops_nothing(database: Database, clock: FrozenClock) -> None:
    def task(_database: Database, _clock: Clock, _keys: Path) -> str:
        raise RuntimeError("broken")

    assert run_due(database, clock, Path(), Job("failing", timedelta(hours=1)), task)
    with database.reading() as session:
        assert session.scalars(select(JobRun.outcome)).one() == "failed"


def test_every_registered_job_runs(country: Country, clock: FrozenClock) -> None:
    for job in JOBS:
        assert load_task(job)(country.database, clock, country.keys)


def test_waves_close_by_themselves_after_their_last_day(country: Country) -> None:
    (turn,) = (job for job in JOBS if job.name == "turn-waves")
    load_task(turn)(country.database, FrozenClock(datetime(2027, 6, 1, tzinfo=UTC)), country.keys)
    with country.database.reading() as session:
        assert session.get_one(Wave, RESIDENTS).state == "closed"


def test_the_key_of_a_day_ends_with_it_though_nobody_answers_afterwards(country: Country, clock: FrozenClock) -> None:
    keys.day_key(country.keys, clock.today())
    run_hourly_jobs(country, clock)
    assert len(day_keys(country)) == 1
    run_hourly_jobs(country, FrozenClock(clock.now() + timedelta(days=1)))
    assert day_keys(country) == []


def test_the_key_of_the_day_ends_at_a_freeze(country: Country, clock: FrozenClock) -> None:
    keys.day_key(country.keys, clock.today())
    with country.database.writing() as session:
        waves.close_wave(session, RESIDENTS)
        waves.freeze_wave(session, RESIDENTS, country.keys)
    assert day_keys(country) == []


def run_hourly_jobs(country: Country, clock: FrozenClock) -> None:
    """Run what runs every hour or oftener."""
    for job in JOBS:
        if job.every <= timedelta(hours=1):
            load_task(job)(country.database, clock, country.keys)


def day_keys(country: Country) -> list[str]:
    return [file.name for file in country.keys.iterdir() if "day-key" in file.name]


def test_a_job_that_is_due_runs_in_a_process_of_its_own_once(
    sqlite: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {
        "SECRET_KEY": SECRET,
        "INSTANCE": str(settings.instance),
        "DATABASE_URL": sqlite.url,
        "PYTHONPATH": str(ROOT),
    }
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    runner = Runner()
    assert [runner.run("jobs", "due", "tend-database") for _ in range(2)] == [0, 0]
    assert runner.run("jobs", "due", "nothing") == 2
    with sqlite.reading() as session:
        assert [(row.job, row.outcome) for row in session.scalars(select(JobRun))] == [("tend-database", "done")]


def test_a_running_job_ends_with_the_scheduler_and_none_starts_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("SECRET_KEY", SECRET)
    runner = Runner()
    ended: list[int | None] = []
    thread = Thread(target=lambda: ended.append(runner.run("jobs", "run")))  # it runs until it is told to end
    thread.start()
    while runner._process is None:
        time.sleep(0.01)
    runner.end()
    thread.join(timeout=30)
    assert len(ended) == 1
    assert runner.run("jobs", "list") is None


def test_operators_are_told_of_every_job() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert [job.name for job in JOBS if job.name not in rows] == []
