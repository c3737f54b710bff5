"""The demo has of everything that a moderator, an outsider and an auditor can press."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.permissions import Role
from app.clock import SystemClock
from app.database import Database
from app.demo.decisions import seed_decisions
from app.demo.persons import PERSONS, demo_ids
from app.feedback.models import CommentAssignment, CommentAudit, CommentDecision
from app.feedback.outsiders import count_hidings
from surveys.models.comments import Comment


@pytest.fixture
def seeded(demo: Path, tmp_path: Path) -> Iterator[Session]:
    (source,) = demo.glob("*.sqlite3")
    file = tmp_path / source.name
    copyfile(source, file)
    database = Database(f"sqlite:///{file}")
    with database.writing() as session:
        yield session
    database.close()


def test_every_state_is_there_and_most_are_shown(seeded: Session) -> None:
    states = Counter(seeded.scalars(select(Comment.state)))
    assert states["shown"] > 0.75 * states.total()
    for state in ("released", "shown_redacted", "second_look", "hidden_provisional", "hidden"):
        assert states[state], state
    events = set(seeded.scalars(select(CommentDecision.event)))
    assert {"urgent", "overturn", "confirm", "redact"} <= events
    assert seeded.scalar(select(func.count()).select_from(CommentAudit))
    assert seeded.scalar(select(func.count()).select_from(CommentAssignment))


def test_an_outsider_who_can_be_pressed_has_a_hiding_to_confirm(seeded: Session) -> None:
    ids = demo_ids(seeded)
    moderators = [person.key for person in PERSONS if any(role is Role.MODERATOR for role, _city in person.roles)]
    assert len(moderators) == 3
    today = SystemClock().today()
    assert all(count_hidings(seeded, ids[key], today) for key in (*moderators, "reviewer-2"))


def test_to_seed_twice_decides_nothing_anew(seeded: Session) -> None:
    before = seeded.scalar(select(func.count()).select_from(CommentDecision))
    seed_decisions(seeded, demo_ids(seeded), SystemClock().now())
    assert seeded.scalar(select(func.count()).select_from(CommentDecision)) == before
