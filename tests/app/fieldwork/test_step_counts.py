"""Drop-out by step: counted where somebody goes on, folded in tens, and nothing else of anybody."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.fieldwork.models import StepCount
from app.fieldwork.step_counts import fold_steps, steps_of, wave_steps
from app.jobs.tasks import fold_steps as job
from app.monitoring import counters
from app.monitoring.counters import Counters, ProcessCounts
from app.web import site
from tests.app.web.resident.walker import Walker
from tests.builders.country import RESIDENTS, Country

ROOT = Path(__file__).parents[3]
WORKER = """
import sys
from pathlib import Path
from app.monitoring import counters
counters.share(Path(sys.argv[1]))
own = counters.Counters()
for event, number in zip(("reached", "passed", "refused"), map(int, sys.argv[4:])):
    for _each in range(number):
        own.step(sys.argv[2], sys.argv[3], "kk", event)
"""


def work(folder: Path, wave: str, step: str, *numbers: int) -> None:
    """Count in a web process of its own, which ends."""
    words = [folder, wave, step, *map(str, numbers)]
    subprocess.run([sys.executable, "-c", WORKER, *words], cwd=ROOT, check=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "metrics"
    counters.start_anew(folder)
    return folder


def fold(database: Database, folder: Path) -> int:
    with database.writing() as session:
        return fold_steps(session, folder)


def rows(database: Database) -> list[tuple[str, str, int]]:
    with database.reading() as session:
        found = session.scalars(select(StepCount).order_by(StepCount.step, StepCount.event))
        return [(row.step, row.event, row.n) for row in found]


def test_whole_tens_of_all_processes_are_taken_once(country: Country, folder: Path) -> None:
    work(folder, RESIDENTS, "consent", 17, 9)
    work(folder, RESIDENTS, "consent", 18, 2, 9)
    assert fold(country.database, folder) == 40
    assert fold(country.database, folder) == 0
    assert rows(country.database) == [("consent", "passed", 10), ("consent", "reached", 30)]
    work(folder, RESIDENTS, "consent", 5)
    assert fold(country.database, folder) == 10
    assert rows(country.database)[1] == ("consent", "reached", 40)


def test_a_new_start_of_the_web_server_adds_to_what_was_counted_before(country: Country, folder: Path) -> None:
    work(folder, RESIDENTS, "consent", 29)
    fold(country.database, folder)
    counters.start_anew(folder)
    work(folder, RESIDENTS, "consent", 12)
    assert fold(country.database, folder) == 10
    assert rows(country.database) == [("consent", "reached", 30)]


def test_a_wave_that_is_over_or_is_none_gets_no_counts(country: Country, folder: Path) -> None:
    work(folder, "none", "consent", 30)
    assert fold(country.database, folder) == 0
    assert rows(country.database) == []


def test_the_job_finds_the_counts_beside_the_keys(country: Country, settings: Settings, clock: FrozenClock) -> None:
    counters.start_anew(settings.metrics)
    work(settings.metrics, RESIDENTS, "start", 20)
    assert job.fold_steps(country.database, clock, settings.keys) == "added 20 steps"


def test_nobody_who_asks_for_metrics_sees_steps(folder: Path) -> None:
    work(folder, RESIDENTS, "consent", 20)
    names = {metric.name for metric in ProcessCounts(folder).collect()}
    assert "city_answers_acknowledged" in names
    assert [name for name in names if "step" in name] == []


def test_a_row_has_no_place_no_moment_and_nothing_of_a_person(database: Database) -> None:
    columns = {column["name"] for column in inspect(database.engine).get_columns("step_count")}
    assert columns == {"wave", "step", "lang", "event", "n", "since", "taken"}


def test_lines_follow_the_form_and_show_nothing_below_ten(country: Country, folder: Path) -> None:
    work(folder, RESIDENTS, "start", 42, 31, 10)
    work(folder, RESIDENTS, "consent", 31, 9)
    fold(country.database, folder)
    questionnaire = country.residents.questionnaire
    with country.database.reading() as session:
        lines = wave_steps(session, RESIDENTS, questionnaire)
        russian = wave_steps(session, RESIDENTS, questionnaire, lang="ru")
    assert [line.step for line in lines] == list(steps_of(questionnaire))
    assert (lines[0].step, *lines[-2:]) == ("start", ("suggestions", None, None, None), ("check", None, None, None))
    assert (lines[0], lines[0].left) == (("start", 40, 30, 10), 10)
    assert (lines[1], lines[1].left) == (("consent", 30, None, None), None)
    assert {line[1:] for line in russian} == {(None, None, None)}


def step_numbers(app: Flask) -> dict[str, int]:
    own: Counters = app.extensions[site.KEY].counters
    found = own._steps._metrics.items()
    return {f"{step} {event}": int(child._value.get()) for (_wave, step, _lang, event), child in found}


def test_a_walk_is_counted_step_by_step_and_looking_around_is_not(public: Flask) -> None:
    walker = Walker(public.test_client(), RESIDENTS)
    first = walker.begin()
    walker.go(first)
    walker.go(first)  # seen again
    walker.post(first, switch="lang", lang="ru")  # another language
    step = first.rpartition("/")[2]
    counts = step_numbers(public)
    assert counts["start reached"] == counts["start passed"] == counts["consent passed"] == 1
    assert counts[f"{step} reached"] == 1
    assert f"{step} passed" not in counts
    check = walker.to_check(first)
    walker.post(f"{first}?back=check")  # a correction
    walker.go(check)
    walker.send()
    counts = step_numbers(public)
    assert counts[f"{step} passed"] == 1
    assert counts["check reached"] == counts["check passed"] == 1
    assert {name: n for name, n in counts.items() if n != 1} == {}


def test_a_page_that_is_sent_back_is_counted(public: Flask) -> None:
    walker = Walker(public.test_client(), RESIDENTS)
    walker.post(f"/s/{RESIDENTS}")
    walker.go(walker.post(f"/s/{RESIDENTS}", city="almaty").location)
    walker.post(f"/s/{RESIDENTS}/consent")
    counts = step_numbers(public)
    assert (counts["start refused"], counts["consent refused"]) == (1, 1)
    assert "consent passed" not in counts


@pytest.mark.parametrize("where", ["/s/none", "/s/none/consent", f"/s/{RESIDENTS}/p/none"])
def test_an_address_that_is_none_makes_no_label(public: Flask, where: str) -> None:
    client = public.test_client()
    client.get(where)
    client.post(where)
    assert step_numbers(public) == {}
