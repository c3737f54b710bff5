"""No log holds what a person said: not of a failing job, not of a command, not of a page, on neither database."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.clock import Clock, FrozenClock
from app.config import Settings
from app.database import Database
from app.faults import describe
from app.jobs.registry import get_job
from app.jobs.runner import load_task, run_due
from surveys.ballots import ballots
from surveys.models import Comment
from surveys.responses.intake import Submission
from tests.builders.answers import store_answer
from tests.builders.country import RESIDENTS, Country
from tests.conftest import SECRET, migrated

ROOT = Path(__file__).parents[2]
SAID = "planted words of a person"


def refuse_to_delete(session: Session) -> None:
    """Let the database refuse to delete answers, in words that repeat what was said, as a broken rule does."""
    when = "CREATE TRIGGER planted BEFORE DELETE ON response FOR EACH ROW"
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"{when} BEGIN SELECT RAISE(ABORT, '{SAID}'); END"))
        return
    raising = f"$$ BEGIN RAISE EXCEPTION '{SAID}'; END $$"
    session.execute(text(f"CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS {raising}"))
    session.execute(text(f"{when} EXECUTE FUNCTION planted()"))


def break_a_rule(database: Database) -> None:
    """Break a rule of the database with a statement whose values are what a person said."""
    row = {"id": SAID[:32], "wave": "none", "city": "none", "area": "none", "lang": "kk", "text": SAID, "day": None}
    with database.writing() as session:
        known = {column.name for column in Comment.__table__.columns}
        session.execute(insert(Comment), [{name: value for name, value in row.items() if name in known}] * 2)


def test_a_failing_job_says_what_and_where_and_nothing_that_was_said(
    database: Database, clock: FrozenClock, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    def task(database: Database, _clock: Clock, _keys: Path) -> str:
        break_a_rule(database)
        return "done"

    job = get_job("fold-tallies")
    assert job
    assert run_due(database, clock, Path(), job, task)
    # psycopg may add a word of its own about the pipeline that the error ended.
    (record,) = [record for record in caplog.records if record.name.startswith("app.")]
    assert not record.exc_info, "a trace is written with its message"
    assert "IntegrityError" in record.fault
    assert "test_faults.py" in record.fault
    assert SAID not in record.fault + caplog.text + "".join(capsys.readouterr())


def test_a_statement_that_fails_hides_its_values_from_whoever_prints_the_error(database: Database) -> None:
    with pytest.raises(SQLAlchemyError) as failed:
        break_a_rule(database)
    assert SAID not in str(failed.value).partition("[SQL:")[2]


def test_a_job_that_the_database_refuses_in_a_persons_words_does_not_repeat_them(
    country: Country, clock: FrozenClock, lines: io.StringIO
) -> None:
    ballot = ballots.open_ballot(country.key, RESIDENTS, "oral", "resident")
    with country.database.writing() as session:
        store_answer(session, country, ballot, Submission(answers={}, lang="kk"), today=country.today)
        refuse_to_delete(session)
    job = get_job("list-receipts")
    assert job
    assert run_due(country.database, clock, country.keys, job, load_task(job))
    assert "job failed" in lines.getvalue()
    assert SAID not in lines.getvalue()


COMMANDS = {
    "a job": ("jobs", "due", "tend-database"),
    "a job by hand": ("jobs", "once", "tend-database"),
    "a freeze": ("wave", "freeze", RESIDENTS, "--yes"),
    "a schema": ("db", "upgrade"),
}


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS.keys())
def test_a_command_that_fails_prints_no_message(words: tuple[str, ...], settings: Settings, tmp_path: Path) -> None:
    """The scheduler and the service manager keep what a process prints."""
    plant = tmp_path / "sitecustomize.py"
    plant.write_text(
        "import app.database, surveys.fieldwork.waves as waves, alembic.command as command\n"
        f"def fail(*a, **k): raise ValueError('{SAID}')\n"
        "app.database.Database.refresh_statistics = waves.freeze_wave = command.upgrade = fail\n"
    )
    own = {"SECRET_KEY": SECRET, "INSTANCE": str(settings.instance), "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    settings.instance.mkdir()
    migrated(settings.database_url).close()
    command = [sys.executable, "-m", "app", *words]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | own, capture_output=True, text=True, check=False)
    printed = done.stdout + done.stderr
    assert "ValueError" in printed, printed
    assert SAID not in printed


@pytest.mark.parametrize("where", ["view", "session", "after"])
def test_a_page_that_fails_logs_neither_message_nor_address(
    public: Flask, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise ValueError(SAID)

    public.testing = False
    if where == "view":
        monkeypatch.setitem(public.view_functions, "resident.rights", fail)
    elif where == "session":
        monkeypatch.setattr(public.session_interface, "open_session", fail)
    else:
        monkeypatch.setitem(public.after_request_funcs, "resident", [fail])
    answer = public.test_client().get("/s/rights?receipt=4F7K-90QX-2MBA")
    assert answer.status_code == 500
    assert "ValueError" in lines.getvalue()
    assert [mark for mark in (SAID, "4F7K", "/s/rights") if mark in lines.getvalue()] == []
    assert SAID not in answer.text


def test_an_error_is_described_with_its_causes_and_without_words() -> None:
    def cause() -> None:
        raise KeyError(SAID)

    try:
        try:
            cause()
        except KeyError as error:
            raise RuntimeError(SAID) from error
    except RuntimeError as error:
        described = describe(error)
    assert described.startswith("RuntimeError at tests/app/test_faults.py:")
    assert "; from KeyError at tests/app/test_faults.py:" in described
    assert "cause" in described
    assert SAID not in described


def test_what_is_wrong_with_a_connection_is_said(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}")
    with pytest.raises(SQLAlchemyError) as failed:
        database.assert_durable()
    assert "unable to open database file" in describe(failed.value)
