"""Figures read from the database: answers stored and acknowledged, folds, and jobs beside their due times."""

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text

from app.backup.postgresql_archive import SLOT
from app.backup.sqlite_copies import MARK
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.jobs.models import JobRun
from app.jobs.registry import EPOCH, JOBS
from app.monitoring import figures
from app.monitoring.figures import GRACE, LIFE, Figures
from surveys.ballots.ballots import Ballot, mint
from surveys.models import Response, Tally
from surveys.responses import withdrawal
from surveys.responses.intake import Submission
from surveys.tallies import folding
from tests.app.monitoring.test_readiness import Timer, Usage
from tests.builders.answers import store_answer
from tests.builders.country import RESIDENTS, Country

FIVE = timedelta(minutes=5)


class Totals:
    """The total of web processes, as it would be read from their files."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.acknowledged, self.start = 0, "first"
        monkeypatch.setattr(figures.counters, "acknowledged", lambda _folder: self.acknowledged)
        monkeypatch.setattr(figures, "start_of", lambda _folder: self.start)


@pytest.fixture
def totals(monkeypatch: pytest.MonkeyPatch) -> Totals:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(2**40, 0, 2**40))
    return Totals(monkeypatch)


@pytest.fixture
def observed(country: Country, settings: Settings, clock: FrozenClock, totals: Totals) -> Figures:  # noqa: ARG001
    return Figures(settings, country.database, clock, Timer())


def values(observed: Figures) -> dict[str, float]:
    """Look anew and give each figure by its name and label."""
    observed.timer.now += LIFE
    samples = [sample for metric in observed.collect() for sample in metric.samples]
    return {" ".join((sample.name, *sample.labels.values())): sample.value for sample in samples}


def answer(country: Country, number: int) -> None:
    with country.database.writing() as session:
        ballot = mint(country.key, Ballot(RESIDENTS, "oral", "resident", "open", number.to_bytes(16)))
        store_answer(session, country, ballot, Submission(answers={}, lang="kk"), today=country.today)


def test_what_is_stored_is_known_before_and_after_it_is_counted(observed: Figures, country: Country) -> None:
    for number in range(12):
        answer(country, number)
    before = values(observed)
    with country.database.writing() as session:
        folding.fold(session)
    answer(country, 12)
    after = values(observed)
    assert (before["city_answers_stored"], before["city_fold_waiting"]) == (12, 12)
    assert (after["city_answers_stored"], after["city_fold_waiting"]) == (13, 1)


def test_an_acknowledged_answer_that_is_not_stored_is_missing(
    observed: Figures, country: Country, totals: Totals
) -> None:
    answer(country, 0)  # before anybody counted
    assert values(observed)["city_answers_missing"] == 0
    answer(country, 1)
    totals.acknowledged = 1
    assert values(observed)["city_answers_missing"] == 0
    totals.acknowledged = 3
    assert values(observed)["city_answers_missing"] == 2
    for number in (2, 3, 4):  # one of them by another way than the web
        answer(country, number)
    assert values(observed)["city_answers_missing"] == 0


@pytest.mark.parametrize("is_folded", [True, False])
def test_answers_taken_back_are_counted_by_the_database_and_are_not_missing(
    observed: Figures, country: Country, totals: Totals, *, is_folded: bool
) -> None:
    values(observed)
    for number in range(3):
        answer(country, number)
    totals.acknowledged = 3
    with country.database.writing() as session:
        if is_folded:
            folding.fold(session)
        for response in session.scalars(select(Response.id).limit(2)).all():
            assert withdrawal.withdraw(session, RESIDENTS, response, today=country.today)
    found = values(observed)
    names = ("city_answers_stored", "city_answers_withdrawn_total", "city_answers_missing")
    assert [found[name] for name in names] == [1, 2, 0]
    with country.database.writing() as session:
        session.execute(delete(Response))
        session.execute(delete(Tally))
    assert values(observed)["city_answers_missing"] == 1


def test_a_web_server_that_starts_anew_begins_the_comparison_anew(
    observed: Figures, country: Country, totals: Totals
) -> None:
    totals.acknowledged = 1000
    values(observed)
    totals.acknowledged, totals.start = 0, "second"
    assert values(observed)["city_answers_missing"] == 0
    totals.acknowledged = 1
    assert values(observed)["city_answers_missing"] == 1
    answer(country, 0)
    assert values(observed)["city_answers_missing"] == 0


def test_jobs_due_stand_beside_jobs_run_and_those_that_failed(observed: Figures, clock: FrozenClock) -> None:
    now = clock.now()
    assert (now - EPOCH) % FIVE == timedelta(0)
    outcomes = ["done"] * 10 + ["failed", "running"]
    with observed.database.writing() as session:
        for age, outcome in enumerate(outcomes):
            due = now - GRACE - age * FIVE
            session.add(JobRun(job="fold-tallies", scheduled_for=due, outcome=outcome, detail="", finished_at=due))
        first = now - GRACE - 20 * FIVE
        session.add(JobRun(job="fold-tallies", scheduled_for=first, outcome="done", detail="", finished_at=first))
    found = values(observed)
    assert found["city_jobs_due fold-tallies"] == 20, "since the first run of all"
    assert found["city_jobs_run fold-tallies"] == 10
    assert found["city_jobs_failed fold-tallies"] == 1
    assert found["city_fold_lag_seconds"] == GRACE.total_seconds()
    assert {name.split()[1] for name in found if name.startswith("city_jobs_due")} == {job.name for job in JOBS}


def test_the_copies_are_seen_where_they_are_made(observed: Figures, clock: FrozenClock) -> None:
    assert not [name for name in values(observed) if name.startswith("city_backup")]
    if observed.database.is_sqlite:
        mark = observed.settings.instance / MARK
        mark.parent.mkdir(exist_ok=True)
        mark.touch()
        os.utime(mark, (0, clock.now().timestamp() - 90))
        assert values(observed)["city_backup_age_seconds"] == 90
        return
    with observed.database.writing() as session:
        session.execute(text("SELECT pg_create_physical_replication_slot(:slot, true)"), {"slot": SLOT})
    try:
        found = values(observed)
        assert found["city_backup_following"] == 0
        assert found["city_backup_behind_bytes"] >= 0
    finally:
        with observed.database.writing() as session:
            session.execute(text("SELECT pg_drop_replication_slot(:slot)"), {"slot": SLOT})


def test_a_database_that_is_not_there_is_said_and_stops_nothing(
    tmp_path: Path,
    settings: Settings,
    clock: FrozenClock,
    totals: Totals,  # noqa: ARG001
) -> None:
    gone = Database(f"sqlite:///{tmp_path / 'no' / 'folder.sqlite3'}")
    found = values(Figures(settings, gone, clock, Timer()))
    assert found["city_ready database"] == 0
    assert "city_answers_stored" not in found


def test_asking_often_is_one_look(observed: Figures, country: Country) -> None:
    before = values(observed)
    with country.database.writing() as session:
        session.execute(text("DELETE FROM wave_channel"))
    answer(country, 0)
    again = {sample.name: sample.value for metric in observed.collect() for sample in metric.samples}
    assert before["city_answers_stored"] == again["city_answers_stored"] == 0
    assert values(observed)["city_answers_stored"] == 1
