from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from app.clock import Clock, FrozenClock
from app.database import Database
from app.jobs.models import JobRun
from app.jobs.registry import JOBS, Job
from app.jobs.runner import due_time, run_due
from surveys.models import Wave
from tests.builders.country import RESIDENTS, Country


def test_a_job_runs_once_per_due_time_however_often_it_is_started(database: Database, clock: FrozenClock) -> None:
    ran: list[str] = []

    def task(_database: Database, _clock: Clock, _keys: Path) -> str:
        ran.append("x")
        return "done it"

    job = Job("counting", timedelta(minutes=5), task)
    assert [run_due(database, clock, Path(), job) for _ in range(3)] == [True, False, False]
    assert ran == ["x"]
    with database.reading() as session:
        row = session.scalars(select(JobRun)).one()
    assert (row.outcome, row.detail, row.scheduled_for) == ("done", "done it", due_time(clock.now(), job.every))


def test_a_failing_job_is_recorded_and_stops_nothing(database: Database, clock: FrozenClock) -> None:
    def task(_database: Database, _clock: Clock, _keys: Path) -> str:
        raise RuntimeError("broken")

    assert run_due(database, clock, Path(), Job("failing", timedelta(hours=1), task))
    with database.reading() as session:
        assert session.scalars(select(JobRun.outcome)).one() == "failed"


def test_every_registered_job_runs(country: Country, clock: FrozenClock) -> None:
    for job in JOBS:
        assert job.run(country.database, clock, country.keys)


def test_waves_close_by_themselves_after_their_last_day(country: Country) -> None:
    (turn,) = (job for job in JOBS if job.name == "turn-waves")
    turn.run(country.database, FrozenClock(datetime(2027, 6, 1, tzinfo=UTC)), country.keys)
    with country.database.reading() as session:
        assert session.get_one(Wave, RESIDENTS).state == "closed"
