"""What was left lying in the office goes in its time, and nothing that anybody still needs goes with it."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.clock import FrozenClock
from app.database import Database
from app.indicators import orphans
from app.indicators.case_models import EvidenceFile
from app.indicators.evidence_files import MediaType, file_of, store_content
from app.jobs.models import JobRun
from app.jobs.tasks.forget_leftovers import forget_leftovers
from app.workspace import tasks
from app.workspace.models import FormDraft, Selection, SoftClaim, Task
from app.workspace.tasks import BulkOrder
from tests.builders.staff import make_staff

ORPHAN, NAMED, FRESH = (letter * 64 for letter in "abc")


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


@pytest.fixture
def forget(database: Database, clock: FrozenClock, tmp_path: Path) -> Callable[[], str]:
    return lambda: forget_leftovers(database, clock, tmp_path / "keys")


def store(folder: Path, digest: str, at: datetime) -> Path:
    store_content(folder, digest, digest.encode())
    file = file_of(folder, digest)
    os.utime(file, (at.timestamp(), at.timestamp()))
    return file


def test_what_nobody_came_back_to_goes_in_its_time(
    database: Database, clock: FrozenClock, forget: Callable[[], str]
) -> None:
    lives = {
        Task: timedelta(days=7),
        FormDraft: timedelta(days=7),
        Selection: timedelta(days=1),
        SoftClaim: timedelta(minutes=15),
    }
    with database.writing() as session:
        person = make_staff(session, Role.ANALYST).id
    for table, life in lives.items():
        for age in (life + timedelta(seconds=1), life - timedelta(minutes=1)):
            with database.writing() as session:
                leave(session, table, Actor(person, clock.now() - age), f"{table.__name__} {age}")
    with database.reading() as session:
        before = {table: len(session.scalars(select(table)).all()) for table in lives}
    told = forget()
    with database.reading() as session:
        after = {table: len(session.scalars(select(table)).all()) for table in lives}
    assert before == dict.fromkeys(lives, 2)
    assert after == dict.fromkeys(lives, 1)
    assert told.startswith("forgot 1 tasks, 1 drafts, 1 selections, 1 claims")


def leave(session: object, table: type, actor: Actor, word: str) -> None:
    """Leave a row of a table lying, by the statements of a database rather than by services that tidy up at once."""
    made = {
        Task: lambda: tasks.start(session, actor, BulkOrder(kind="views.share", ids=("1",))),
        FormDraft: lambda: session.add(
            FormDraft(staff=actor.id, form="value", object_id=word, sealed=b"", at=actor.at)
        ),
        Selection: lambda: session.add(
            Selection(id=word[:24], staff=actor.id, kind="x", object_ids="", back="", made_at=actor.at)
        ),
        SoftClaim: lambda: session.add(SoftClaim(kind="value", object_id=word, staff=actor.id, at=actor.at)),
    }
    made[table]()


def test_runs_go_after_a_week_failed_ones_after_ninety_days_and_the_last_stays(
    database: Database, clock: FrozenClock, forget: Callable[[], str]
) -> None:
    def add(job: str, outcome: str, *days: int) -> None:
        with database.writing() as session:
            for each in days:
                at = clock.now() - timedelta(days=each)
                session.add(JobRun(job=job, scheduled_for=at, outcome=outcome, detail="", finished_at=at))

    add("send-mail", "done", 1, 6, 8, 400)
    add("send-mail", "failed", 9, 89, 91)
    add("turn-waves", "running", 10, 95)
    add("seldom", "done", 300)
    assert "4 runs of jobs" in forget()
    with database.reading() as session:
        rows = session.execute(select(JobRun.job, JobRun.outcome, JobRun.scheduled_for)).all()
    kept = sorted((job, outcome, (clock.now() - at).days) for job, outcome, at in rows)
    assert kept == [
        ("seldom", "done", 300),
        ("send-mail", "done", 1),
        ("send-mail", "done", 6),
        ("send-mail", "failed", 9),
        ("send-mail", "failed", 89),
        ("turn-waves", "running", 10),
    ]


def test_files_that_nothing_names_go_after_a_day(
    database: Database, clock: FrozenClock, evidence: Path, forget: Callable[[], str]
) -> None:
    long_ago, just_now = clock.now() - timedelta(days=2), clock.now() - timedelta(hours=23)
    with database.writing() as session:
        session.add(EvidenceFile(sha256=NAMED, size=64, media_type=MediaType.PDF, scan="unscanned"))
    for digest, at in ((ORPHAN, long_ago), (NAMED, long_ago), (FRESH, just_now)):
        store(evidence, digest, at)
    draft = evidence / "aa" / f"{ORPHAN}.{'0' * 16}"
    draft.write_bytes(b"half")
    strange = evidence / "aa" / "readme.txt"
    strange.write_bytes(b"ours is what we named")
    for file in (draft, strange):
        os.utime(file, (long_ago.timestamp(), long_ago.timestamp()))
    assert "2 files of evidence" in forget()
    assert sorted(path.name for path in evidence.glob("*/*")) == sorted([NAMED, FRESH, "readme.txt"])
    assert "0 files of evidence" in forget()


def test_a_file_that_is_sent_again_becomes_new_and_stays(
    clock: FrozenClock, evidence: Path, forget: Callable[[], str]
) -> None:
    store(evidence, ORPHAN, clock.now() - timedelta(days=2))
    store_content(evidence, ORPHAN, ORPHAN.encode())
    assert "0 files of evidence" in forget()
    assert file_of(evidence, ORPHAN).exists()


@pytest.mark.parametrize("moment", ["before it is moved", "after it was moved"])
def test_a_file_that_is_sent_again_at_that_very_moment_is_there(
    database: Database, clock: FrozenClock, evidence: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    file = store(evidence, ORPHAN, clock.now() - timedelta(days=2))
    rename = Path.rename

    def meanwhile(path: Path, target: Path) -> Path:
        if moment == "after it was moved":
            rename(path, target)
        store_content(evidence, ORPHAN, ORPHAN.encode())
        return target if moment == "after it was moved" else rename(path, target)

    monkeypatch.setattr(Path, "rename", meanwhile)
    with database.reading() as session:
        orphans.remove_orphans(session, evidence, clock.now())
    monkeypatch.undo()
    assert file.read_bytes() == ORPHAN.encode()
    assert [path.name for path in evidence.glob("*/*")] == [ORPHAN]


def test_where_there_is_no_folder_nothing_is_done(forget: Callable[[], str]) -> None:
    assert "0 files of evidence" in forget()
