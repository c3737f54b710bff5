"""The demo: none of its processes outlives it, a fault of one stops it; its country is whole or not there."""

import time
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import pytest
from click import ClickException
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.audit.models import JournalRow
from app.cli import demo, processes, seed
from app.cli.context import Context
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.demo import current_period
from app.demo.approvals import Ministry
from app.demo.current_period import PERIOD
from app.indicators.case_models import Assessment, Assignment, Evidence, ValueCase
from app.indicators.evidence_files import PaperFile, check_file
from app.indicators.keys import CaseKey
from app.indicators.models import IndicatorValue, Period
from app.notices.models import Notice
from app.publishing.models import Publication
from app.ratings.execution import RunOrder
from app.ratings.models import Run
from surveys.models import Response, Wave
from tests.builders.country import Country
from tests.builders.papers import make_pdf


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("PYTHONPATH", str(Path(demo.__file__).parents[2]))
    monkeypatch.chdir(tmp_path)
    return demo.demo_environment(8999)


def test_settings_that_are_refused_stop_it_with_their_own_status(environ: dict[str, str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        demo._fill(environ | {"DATABASE_URL": "mysql://x"})
    assert stopped.value.code == 78


def test_an_interrupt_ends_what_was_started(environ: dict[str, str]) -> None:
    with suppress(KeyboardInterrupt), processes.running(environ, ("jobs", "run")) as (process,):
        assert process.poll() is None
        begun = time.monotonic()
        raise KeyboardInterrupt
    assert process.returncode is not None
    assert time.monotonic() - begun < processes.PATIENCE


def test_a_process_that_does_not_end_is_ended(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "PATIENCE", 0)
    with processes.running(environ, ("jobs", "run")) as (process,):
        monkeypatch.setattr(process, "terminate", lambda: None)
    assert process.returncode == -9


def test_it_takes_the_folder_that_the_environment_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INSTANCE", "elsewhere")
    environ = demo.demo_environment(8999)
    assert environ["INSTANCE"] == "elsewhere"
    assert [path.name for path in tmp_path.iterdir()] == ["elsewhere"]
    monkeypatch.delenv("INSTANCE")
    assert demo.demo_environment(8999)["SECRET_KEY"] != environ["SECRET_KEY"], "each folder has its own"


def test_a_secret_whose_writing_was_interrupted_is_written_anew(environ: dict[str, str]) -> None:
    with pytest.MonkeyPatch.context() as patch, suppress(KeyboardInterrupt):
        (demo.INSTANCE / "secret").unlink()
        patch.setattr(demo.secrets, "token_urlsafe", interrupt)
        demo.demo_environment(8999)
    assert Settings.from_env(demo.demo_environment(8999)).secret_key != environ["SECRET_KEY"]


def interrupt(*_args: object, **_kwargs: object) -> NoReturn:
    """Press Ctrl-C."""
    raise KeyboardInterrupt


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the demo country be small and its ratings empty: what is looked at here depends on neither."""
    monkeypatch.setattr(seed, "WAVES", {"resident": ("residents-demo", 40), "business": ("businesses-demo", 20)})
    monkeypatch.setattr(seed, "STAFF_ANSWERS", 20)
    monkeypatch.setattr(seed, "execute_run", a_run)
    monkeypatch.setattr(current_period, "make_paper", a_paper)
    monkeypatch.setattr(seed, "publish_by_three", a_publication)
    monkeypatch.setattr(seed, "ask", lambda *_what: 3)
    monkeypatch.setattr(seed, "seed_figures", lambda *_what: None)


def a_paper(key: CaseKey, value: str) -> PaperFile:
    """Make a small paper at once."""
    return check_file("illustrative.pdf", make_pdf(f"{key} {value}"))


def a_run(session: Session, order: RunOrder, actor: Actor) -> str:
    """Store a run of nothing."""
    words = ("edition", "edition_digest", "code_digest", "input_digest", "output_digest")
    run = order.period + (order.alpha or "")
    known = {"kind": order.kind, "period": order.period, "waves": " ".join(order.waves), "alpha": "0"}
    session.add(Run(id=run, finished_on=actor.at.date(), **known, **dict.fromkeys(words, "none")))
    session.flush()
    return run


def a_publication(session: Session, run: str, _ministry: Ministry, at: datetime) -> int:
    """Publish a run of nothing under its year."""
    digests = {"bundle_sha256": "", "previous_sha256": ""}
    session.add(
        Publication(number=int(run), run=run, edition="none", state="published", published_on=at.date(), **digests)
    )
    session.flush()
    return int(run)


def numbers_in(database: Database) -> tuple[int, ...]:
    with database.reading() as session:
        return tuple(
            session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (Wave, Response, Publication)
        )


POINTS = ("_start_wave", "_import", "_answer", "execute_run", "publish_by_three")
"""Steps of filling, at the start of which somebody presses Ctrl-C."""


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize("point", POINTS)
def test_an_interrupted_first_start_is_begun_anew_by_the_next(
    database: Database, settings: Settings, clock: FrozenClock, point: str
) -> None:
    context = Context(replace(settings, demo=True), database, clock)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seed, point, interrupt)
        with pytest.raises(KeyboardInterrupt):
            seed.seed_demo(context, say=lambda _line: None)
    said: list[str] = []
    seed.seed_demo(context, say=said.append)
    assert numbers_in(database) == (3, 80, 2), said
    seed.seed_demo(context, say=said.append)
    assert said[-1] == "the demo country is there already"
    assert numbers_in(database) == (3, 80, 2)


@pytest.mark.usefixtures("_quick")
def test_what_an_earlier_release_was_interrupted_in_is_finished(
    database: Database, settings: Settings, clock: FrozenClock
) -> None:
    context = Context(replace(settings, demo=True), database, clock)
    with database.writing() as session:
        seed.store_frame(session)  # which every upgrade of the schema does
        seed._fill(session, context, lambda _line: None)
    seed.seed_demo(context, say=lambda _line: None)
    assert numbers_in(database) == (3, 80, 2)


def rows_in(database: Database) -> tuple[int, ...]:
    """Count what the current period of the demo is made of, and all that the journal holds."""
    with database.reading() as session:
        tables = (ValueCase, IndicatorValue, Assessment, Assignment, Evidence, Notice, JournalRow)
        return tuple(session.scalars(select(func.count()).select_from(table)).one() for table in tables)


@pytest.mark.usefixtures("_quick")
def test_a_second_start_adds_nothing_to_the_current_period(
    database: Database, settings: Settings, clock: FrozenClock
) -> None:
    context = Context(replace(settings, demo=True), database, clock)
    seed.seed_demo(context, say=lambda _line: None)
    before = rows_in(database)
    assert all(before)
    seed.seed_demo(context, say=lambda _line: None)
    assert rows_in(database) == before


@pytest.mark.usefixtures("_quick")
def test_a_demo_of_the_release_before_is_left_as_it_is(
    database: Database, settings: Settings, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = Context(replace(settings, demo=True), database, clock)
    with monkeypatch.context() as before:
        before.setattr(seed, "seed_current_period", lambda *_what: {})
        seed.seed_demo(context, say=lambda _line: None)
    there = rows_in(database)
    seed.seed_demo(context, say=lambda _line: None)
    assert rows_in(database) == there
    with database.reading() as session:
        assert session.get(Period, PERIOD) is None


def test_another_country_is_left_alone(country: Country, settings: Settings, clock: FrozenClock) -> None:
    before = numbers_in(country.database)
    with pytest.raises(ClickException, match="another country"):
        seed.seed_demo(Context(replace(settings, demo=True), country.database, clock), say=lambda _line: None)
    assert numbers_in(country.database) == before
