"""The steps of a wave: each leaves one line in the journal, together with what it did or not at all."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.audit.models import JournalRow
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.fieldwork import services
from app.jobs.tasks.turn_waves import turn_waves
from surveys.authoring.yaml_source import load, shipped
from surveys.ballots import ballots, keys
from surveys.fieldwork.waves import PlanError, PlanFault, StepError, WaitingError, WavePlan
from surveys.models import Response, Wave
from surveys.responses import withdrawal
from surveys.responses.intake import Submission
from tests.builders.answers import store_answer
from tests.builders.country import RESIDENTS, Country
from tests.conftest import NOW

ACTOR = Actor(None, NOW)
RESIDENT = load(shipped()[0])


def plan(code: str = "spring", **changes: object) -> WavePlan:
    day = NOW.date()
    values = {"opens_on": day, "closes_on": day + timedelta(days=9), "targets": {"oral": 40, "almaty": 60}}
    return WavePlan(code=code, version="", **(values | changes))  # type: ignore[arg-type]


def journal(database: Database) -> list[tuple[str, str, dict[str, object]]]:
    with database.reading() as session:
        rows = session.scalars(select(JournalRow).order_by(JournalRow.seq)).all()
        return [(row.event, row.object_id, json.loads(row.detail)) for row in rows]


def state(database: Database, code: str) -> str:
    with database.reading() as session:
        return session.get_one(Wave, code).state


@pytest.fixture
def directory(settings: Settings) -> Path:
    return settings.keys


def test_a_wave_goes_from_plan_to_freeze_and_each_step_is_written_down(database: Database, directory: Path) -> None:
    with database.writing() as session:
        services.plan_wave(session, ACTOR, plan(), RESIDENT, directory)
    assert keys.exists(directory, "spring")
    for step in (services.open_wave, services.close_wave):
        with database.writing() as session:
            step(session, ACTOR, "spring")
    with database.writing() as session:
        services.freeze_wave(session, ACTOR, "spring", directory)
    assert state(database, "spring") == "frozen"
    assert not keys.exists(directory, "spring")
    events = journal(database)
    assert [event for event, _code, _detail in events] == ["wave.planned", "wave.opened", "wave.closed", "wave.frozen"]
    assert events[0][2] == {
        "version": RESIDENT.digest(),
        "opens_on": "2026-11-24",
        "closes_on": "2026-12-03",
        "cities": 2,
        "target": 100,
        "gates": "open",
    }


STEPS: dict[str, Callable[[Session, Actor, str, Path], object]] = {
    "open": lambda session, actor, code, _keys: services.open_wave(session, actor, code),
    "close": lambda session, actor, code, _keys: services.close_wave(session, actor, code),
    "freeze": services.freeze_wave,
}
ALLOWED = {("planned", "open"), ("open", "close"), ("closed", "freeze")}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("before", ["planned", "open", "closed", "frozen"])
def test_a_step_is_taken_from_its_own_state_only(database: Database, directory: Path, before: str, step: str) -> None:
    with database.writing() as session:
        services.plan_wave(session, ACTOR, plan(), RESIDENT, directory)
    for earlier in list(STEPS)[: ["planned", "open", "closed", "frozen"].index(before)]:
        with database.writing() as session:
            STEPS[earlier](session, ACTOR, "spring", directory)
    lines = len(journal(database))
    if (before, step) in ALLOWED:
        with database.writing() as session:
            STEPS[step](session, ACTOR, "spring", directory)
        assert len(journal(database)) == lines + 1
        return
    with pytest.raises(StepError) as refused, database.writing() as session:
        STEPS[step](session, ACTOR, "spring", directory)
    assert (refused.value.state, state(database, "spring"), len(journal(database))) == (before, before, lines)


def test_of_two_who_open_at_once_one_is_told(database: Database, directory: Path) -> None:
    with database.writing() as session:
        services.plan_wave(session, ACTOR, plan(), RESIDENT, directory)
    barrier, outcomes = Barrier(2), list[str]()

    def press() -> None:
        barrier.wait(timeout=20)
        try:
            with database.writing() as session:
                services.open_wave(session, ACTOR, "spring")
            outcomes.append("opened")
        except StepError as late:
            outcomes.append(late.state)

    both = [Thread(target=press) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["open", "opened"]
    assert [event for event, *_rest in journal(database)] == ["wave.planned", "wave.opened"]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"closes_on": NOW.date() - timedelta(days=1)}, PlanFault.DAYS_REVERSED),
        ({"gates": frozenset()}, PlanFault.NO_WAY_IN),
        ({"code": "withdraw"}, PlanFault.RESERVED),
    ],
)
def test_what_cannot_be_planned_leaves_nothing(
    sqlite: Database, directory: Path, changes: dict[str, object], fault: PlanFault
) -> None:
    with pytest.raises(PlanError) as refused, sqlite.writing() as session:
        services.plan_wave(session, ACTOR, plan(**changes), RESIDENT, directory)  # type: ignore[arg-type]
    assert refused.value.fault is fault
    assert journal(sqlite) == []
    assert not directory.exists() or list(directory.iterdir()) == []


def test_a_wave_is_planned_again_after_a_process_was_killed_with_its_key_made(
    database: Database, directory: Path
) -> None:
    class KilledError(Exception):
        pass

    def plan_and_die() -> None:
        with database.writing() as session:
            services.plan_wave(session, ACTOR, plan(), RESIDENT, directory)
            raise KilledError

    with pytest.raises(KilledError):
        plan_and_die()
    assert keys.exists(directory, "spring")
    assert journal(database) == []
    with database.writing() as session:
        services.plan_wave(session, ACTOR, plan(), RESIDENT, directory)
    assert [event for event, *_rest in journal(database)] == ["wave.planned"]


def test_a_freeze_that_ends_in_between_changes_nothing_and_keeps_the_key(database: Database, directory: Path) -> None:
    class KilledError(Exception):
        pass

    with database.writing() as session:
        services.plan_wave(session, ACTOR, plan(), RESIDENT, directory)
    for step in (services.open_wave, services.close_wave):
        with database.writing() as session:
            step(session, ACTOR, "spring")

    def freeze_and_die() -> None:
        with database.writing() as session:
            services.freeze_wave(session, ACTOR, "spring", directory)
            raise KilledError

    with pytest.raises(KilledError):
        freeze_and_die()
    assert keys.exists(directory, "spring")
    assert state(database, "spring") == "closed"
    assert journal(database)[-1][0] == "wave.closed"


def answers(country: Country, number: int) -> list[str]:
    """Store answers; gives their ids."""
    with country.database.writing() as session:
        for _answer in range(number):
            ballot = ballots.open_ballot(country.key, RESIDENTS, "almaty", "resident")
            store_answer(
                session, country, ballot, Submission(answers={}, suggestions=(), lang="kk"), today=country.today
            )
        return list(session.scalars(select(Response.id)))


@pytest.mark.parametrize("accept", [True, False])
def test_withdrawals_that_wait_are_decided_and_counted_in_tens(country: Country, accept: bool) -> None:
    responses = answers(country, 12)
    with country.database.writing() as session:
        for response in responses:
            withdrawal.put_off(session, RESIDENTS, response)
    with country.database.writing() as session:
        assert services.decide_withdrawals(session, ACTOR, RESIDENTS, accept=accept) == (12 * accept, 12)
    with country.database.writing() as session:
        assert services.decide_withdrawals(session, ACTOR, RESIDENTS, accept=accept) == (0, 0)
    detail = {"accepted": accept, "waited": 10, "taken_back": 10 * accept}
    assert journal(country.database) == [("wave.withdrawals_decided", RESIDENTS, detail)]


def test_a_freeze_says_that_withdrawals_wait_and_decides_them_when_told_how(country: Country) -> None:
    responses = answers(country, 2)
    with country.database.writing() as session:
        for response in responses:
            withdrawal.put_off(session, RESIDENTS, response)
        services.close_wave(session, ACTOR, RESIDENTS)
    with pytest.raises(WaitingError) as refused, country.database.writing() as session:
        services.freeze_wave(session, ACTOR, RESIDENTS, country.keys)
    assert refused.value.n == 2
    with country.database.writing() as session:
        services.freeze_wave(session, ACTOR, RESIDENTS, country.keys, accept_waiting=False)
    assert journal(country.database)[-1] == (
        "wave.frozen",
        RESIDENTS,
        {"was": "closed", "waited": 0, "taken_back": 0},
    )


def test_the_days_of_waves_are_kept_by_the_scheduler_and_written_down(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        services.plan_wave(session, ACTOR, plan(), RESIDENT, settings.keys)
    for days in (0, 5, 10, 11):
        turn_waves(database, FrozenClock(NOW + timedelta(days=days)), settings.keys)
    assert [event for event, *_rest in journal(database)] == ["wave.planned", "wave.opened", "wave.closed"]
