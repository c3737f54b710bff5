"""What is erased leaves no copy: not in its row, nor in what search compares, nor in the files of the database."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.clock import FrozenClock
from app.database import Database
from app.feedback.errors import DecisionError, DecisionFault
from app.feedback.models import CommentDecision, CommentNeighbour, CommentPurge
from app.feedback.moderation import CommentState, Decision, DecisionEvent, HidingReason, undo
from app.feedback.purging import list_due, purge
from app.feedback.spans import Span
from app.jobs.tasks.purge_suggestions import purge_suggestions
from app.workspace import drafts
from app.workspace.drafts import FormPlace
from app.workspace.models import FormDraft
from surveys.models.comments import Comment
from tests.builders.comments import CONFIRM, OVERTURN, SHOW, do, hide, make_comment
from tests.builders.staff import NOW, make_staff

MARKED = "Zhmyrkhovsky"
TEXT = f"{MARKED} живёт на улице Абая и ничего не делает"
LATER = NOW + timedelta(days=30)
REDACT = Decision(DecisionEvent.REDACT, HidingReason.PERSONAL_DATA, (Span(0, len(MARKED)),))
PRIVATE = hide(HidingReason.PERSONAL_DATA)


@pytest.fixture
def people(database: Database) -> tuple[int, int]:
    with database.writing() as session:
        return make_staff(session, "moderator").id, make_staff(session, "moderator", "oral").id


def decided(session: Session, people: tuple[int, int], number: int, *decisions: Decision, at: datetime = NOW) -> str:
    comment = make_comment(session, TEXT, number=number)
    for decision in decisions:
        do(session, comment, people[decision.event in {"confirm", "overturn"}], decision, at=at)
    return comment


def test_only_what_was_decided_for_good_thirty_days_ago_is_erased(database: Database, people: tuple[int, int]) -> None:
    with database.writing() as session:
        hidden = decided(session, people, 1, PRIVATE, CONFIRM)
        redacted = decided(session, people, 2, REDACT)
        for number, decisions in enumerate(
            (
                (PRIVATE,),
                (PRIVATE, OVERTURN),
                (hide(), CONFIRM),
                (REDACT, SHOW._replace(uncovers=True)),
                (Decision(DecisionEvent.REDACT, HidingReason.INSULT, REDACT.spans),),
                (SHOW,),
                (),
            )
        ):
            decided(session, people, 10 + number, *decisions)
        decided(session, people, 30, PRIVATE, CONFIRM, at=NOW + timedelta(minutes=1))
        assert list_due(session, LATER - timedelta(seconds=1)) == []
        assert list_due(session, LATER) == [hidden, redacted]
        assert purge(session, Actor(None, LATER)) == 2
        assert purge(session, Actor(None, LATER)) == 0  # once


def test_digest_and_reason_are_what_is_left(database: Database, people: tuple[int, int]) -> None:
    with database.writing() as session:
        hidden, redacted = decided(session, people, 1, PRIVATE, CONFIRM), decided(session, people, 2, REDACT)
        session.add(CommentNeighbour(comment=hidden, other=redacted, score=0.9))
        session.add(CommentNeighbour(comment=redacted, other=hidden, score=0.9))
        place = FormPlace("at", f"/console/comments/aktau/{redacted}/decide")
        drafts.keep(session, Actor(people[0], NOW), place, MARKED.encode())
        purge(session, Actor(None, LATER))
        digest = sha256(TEXT.encode()).hexdigest()
        kept = session.scalars(select(CommentPurge).order_by(CommentPurge.comment)).all()
        assert [(row.comment, row.sha256, row.reason) for row in kept] == [
            (each, digest, "personal_data") for each in (hidden, redacted)
        ]
        rows = {row.id: row for row in session.scalars(select(Comment))}
        assert (rows[hidden].text, rows[hidden].folded, rows[hidden].state) == ("", "", "hidden")
        assert rows[redacted].text == rows[redacted].shown_text == "█████ живёт на улице Абая и ничего не делает"
        assert MARKED.lower() not in rows[redacted].folded
        assert session.scalars(select(CommentNeighbour)).all() == []
        assert session.scalars(select(FormDraft)).all() == []


def test_what_is_erased_cannot_be_shown_nor_what_was_decided_be_taken_back(
    database: Database, people: tuple[int, int]
) -> None:
    with database.writing() as session:
        hidden, redacted = decided(session, people, 1, PRIVATE, CONFIRM), decided(session, people, 2, REDACT)
        purge(session, Actor(None, LATER))
        with pytest.raises(DecisionError, match=DecisionFault.PURGED):
            do(session, hidden, people[0], SHOW)
        for comment, person in ((hidden, people[1]), (redacted, people[0])):
            with pytest.raises(DecisionError, match=DecisionFault.NOTHING_TO_UNDO):
                undo(session, Actor(person, LATER), comment)
        # What everybody may read goes on as any other text does, and what was blacked out never comes back.
        assert do(session, redacted, people[0], SHOW._replace(uncovers=True)) is CommentState.SHOWN
        undo(session, Actor(people[0], LATER), redacted)
        row = session.get_one(Comment, redacted)
        assert (row.state, row.text) == ("shown_redacted", row.shown_text)
        assert MARKED not in row.text
        assert session.scalar(select(func.count()).where(CommentDecision.event == "purge")) == 2


@pytest.fixture
def files(database: Database) -> Iterator[list[Path]]:
    """The files in which the database keeps the table of suggestions; of SQLite all there are."""
    if database.is_sqlite:
        yield [database.file, database.file.with_name(f"{database.file.name}-wal")]
        return
    with database.reading() as session:
        folder = Path(session.execute(text("SHOW data_directory")).scalar_one())
    yield [folder]


def found(database: Database, files: list[Path]) -> bool:
    """Tell whether the marked word can be read in a file of the database."""
    if not database.is_sqlite:
        with database.reading() as session:
            names = session.scalars(
                text("SELECT pg_relation_filepath(oid) FROM pg_class WHERE relname IN ('comment', 'form_draft')")
            ).all()
            session.execute(text("SELECT 1"))
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("CHECKPOINT")
        files = [files[0] / name for name in names]
    return any(MARKED.encode() in file.read_bytes() for file in files if file.exists())


def test_no_file_of_the_database_has_a_copy_of_it(
    database: Database, people: tuple[int, int], files: list[Path], tmp_path: Path
) -> None:
    with database.writing() as session:
        decided(session, people, 1, PRIVATE, CONFIRM)
        decided(session, people, 2, REDACT)
        drafts.keep(session, Actor(people[0], NOW), FormPlace("at", f"/x/{2:032x}"), MARKED.encode())
    assert found(database, files)
    assert purge_suggestions(database, FrozenClock(LATER), tmp_path) == "erased 2 originals"
    assert not found(database, files)
