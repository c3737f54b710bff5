"""Heads of the journal on the portal: written each day, kept by anybody, and what tells a rewriting."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, select

from app.audit.journal import Actor, Entry, record
from app.audit.models import JournalCheck, JournalRow
from app.audit.verify import BrokenJournalError
from app.cli.commands import cli
from app.cli.context import Context
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.jobs.tasks.list_journal_heads import list_journal_heads
from app.jobs.tasks.verify_journal import verify_journal
from app.publishing.bundle import Bundle
from app.publishing.models import JournalHead
from app.web.public import create_public
from tests.app.audit.chains import thaw

MIDNIGHT = datetime(2026, 11, 24, 19, tzinfo=UTC)
"""The beginning of the 25th in Kazakhstan."""


def write(database: Database, *moments: datetime) -> None:
    with database.writing() as session:
        for at in moments:
            record(session, Actor(None, at), Entry(event="value.sent", object_kind="value", object_id="x"))


def heads(database: Database) -> list[tuple[str, int]]:
    with database.reading() as session:
        return [(f"{row.day:%d %b}", row.seq) for row in session.scalars(select(JournalHead).order_by(JournalHead.day))]


def test_each_day_that_is_over_has_a_head_also_those_on_which_no_scheduler_ran(sqlite: Database) -> None:
    assert list_journal_heads(sqlite, FrozenClock(MIDNIGHT), Path()) == "heads of 0 days"
    second = timedelta(seconds=1)
    write(sqlite, MIDNIGHT - 2 * second, MIDNIGHT - second, MIDNIGHT, MIDNIGHT + timedelta(days=2))
    list_journal_heads(sqlite, FrozenClock(MIDNIGHT - second), Path())
    assert heads(sqlite) == [], "the day is not over"
    for _ in range(2):
        list_journal_heads(sqlite, FrozenClock(MIDNIGHT), Path())
    assert heads(sqlite) == [("24 Nov", 2)]
    list_journal_heads(sqlite, FrozenClock(MIDNIGHT + timedelta(days=3)), Path())
    assert heads(sqlite) == [("24 Nov", 2), ("25 Nov", 3), ("26 Nov", 3), ("27 Nov", 4)]


def test_the_saved_file_tells_a_journal_that_was_rewritten_whole(
    public: Flask, sqlite: Database, settings: Settings, tmp_path: Path
) -> None:
    """Where even the heads in the database were rewritten: the file of somebody else is what is left."""
    clock = FrozenClock(MIDNIGHT + timedelta(days=1))
    write(sqlite, *(MIDNIGHT - timedelta(minutes=n) for n in (3, 2, 1)))
    list_journal_heads(sqlite, clock, Path())
    answer = public.test_client().get("/data/journal-heads.csv")
    assert (answer.status_code, answer.mimetype, "Set-Cookie" in answer.headers) == (200, "text/csv", False)
    saved = tmp_path / "heads.csv"
    saved.write_bytes(answer.data)
    assert saved.read_text(encoding="utf-8-sig").splitlines()[0] == "day,seq,hash"
    context = Context(settings, sqlite, clock)
    words = ["journal", "verify", "--against", str(saved)]
    assert (
        CliRunner().invoke(cli, words, obj=context).output.startswith("the chain is whole since 2026-11-24T18:57:00Z")
    )
    thaw(sqlite)
    with sqlite.writing() as session:
        session.execute(delete(JournalHead))
        session.execute(delete(JournalRow))
    write(sqlite, *(MIDNIGHT - timedelta(minutes=n) for n in (3, 2)))
    assert CliRunner().invoke(cli, words[:2], obj=context).exit_code == 0, "nothing in the database tells"
    told = CliRunner().invoke(cli, words, obj=context)
    assert (told.exit_code, "row 3 does not hold: its hash was published" in told.output) == (1, True)


def test_a_file_that_is_no_file_of_heads_is_refused(sqlite: Database, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "heads.csv"
    file.write_text("a,b\n1,2\n")
    context = Context(settings, sqlite, FrozenClock(MIDNIGHT))
    told = CliRunner().invoke(cli, ["journal", "verify", "--against", str(file)], obj=context)
    assert (told.exit_code, "the columns are day,seq,hash" in told.output) == (1, True)


def test_the_nightly_job_keeps_what_it_found_and_fails_where_a_row_does_not_hold(sqlite: Database) -> None:
    clock = FrozenClock(MIDNIGHT + timedelta(days=1))
    write(sqlite, MIDNIGHT, MIDNIGHT)
    assert verify_journal(sqlite, clock, Path()) == "2 rows hold"
    thaw(sqlite)
    with sqlite.writing() as session:
        session.execute(delete(JournalRow).where(JournalRow.seq == 1))
    with pytest.raises(BrokenJournalError):
        verify_journal(sqlite, FrozenClock(MIDNIGHT + timedelta(days=2)), Path())
    with sqlite.reading() as session:
        checks = session.execute(select(JournalCheck.rows, JournalCheck.broken_seq, JournalCheck.fault)).all()
    assert checks == [(2, None, ""), (0, 1, "gap")]


def test_a_head_that_somebody_copied_by_hand_is_compared(sqlite: Database, settings: Settings) -> None:
    write(sqlite, MIDNIGHT, MIDNIGHT)
    with sqlite.reading() as session:
        first = session.scalars(select(JournalRow.hash).order_by(JournalRow.seq)).first()
    context = Context(settings, sqlite, FrozenClock(MIDNIGHT))
    told = {}
    for head in (f"1:{first}", f"1:{first}".upper(), f"2:{first}", f"3:{first}", "1", f"0:{first}", f"1:{first}0"):
        answer = CliRunner().invoke(cli, ["journal", "verify", "--head", head], obj=context)
        told[head] = (answer.exit_code, answer.output)
    assert [code for code, _text in told.values()] == [0, 0, 1, 1, 2, 2, 2]
    assert "row 2 does not hold: it is not the row whose hash was published" in told[f"2:{first}"][1]
    assert "row 3 does not hold: its hash was published" in told[f"3:{first}"][1]
    assert "64 signs of its hash are needed" in told["1"][1]


def test_a_publication_names_the_last_row_of_its_moment_and_tells_a_rewriting(
    published: tuple[Database, Bundle], settings: Settings, tmp_path: Path
) -> None:
    """DESK §3: into the next publication's manifest; on the page of the method and in the files as well."""
    file = tmp_path / "own.sqlite3"
    with closing(sqlite3.connect(published[0].file)) as old, closing(sqlite3.connect(file)) as new:
        old.backup(new)
    database = Database(f"sqlite:///{file}")
    head = published[1].journal_head
    assert head is not None
    with database.reading() as session:
        rows = session.execute(select(JournalRow.seq, JournalRow.hash, JournalRow.event).order_by(JournalRow.seq)).all()
    assert (head.seq, head.hash) in {(row.seq, row.hash) for row in rows}
    assert [row.event for row in rows if row.seq > head.seq] == ["publication.published"]
    client = create_public(settings, database, FrozenClock(MIDNIGHT)).test_client()
    assert head.hash in client.get("/kk/ratings/1/method").text
    assert client.get("/data/1/rating.json").json["about"]["journal_head"] == {"seq": head.seq, "hash": head.hash}
    assert "rows hold" in verify_journal(database, FrozenClock(MIDNIGHT), Path())
    thaw(database)
    with database.writing() as session:
        session.execute(delete(JournalHead))
        session.execute(delete(JournalRow))
    write(database, *[MIDNIGHT] * len(rows))
    told = CliRunner().invoke(cli, ["journal", "verify"], obj=Context(settings, database, FrozenClock(MIDNIGHT)))
    database.close()
    assert (told.exit_code, f"row {head.seq} does not hold: it is not the row" in told.output) == (1, True)
