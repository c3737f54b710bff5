"""Somebody says whether it has become better while the same words are taken back in another window."""

from datetime import date
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.database import Database
from app.feedback import following
from app.feedback.models import FollowAnswer
from surveys.ballots.follow_codes import mark_of
from surveys.models.comments import Comment
from tests.builders.comments import make_comment, make_place
from tests.builders.replies import make_reply
from tests.builders.staff import TODAY

MARK = mark_of("4F7-K90-QX2-MBA")


@pytest.fixture
def reply(database: Database) -> int:
    with database.writing() as session:
        make_place(session)
        comment = make_comment(session, number=1, state="shown")
        session.execute(update(Comment).values(follow_hash=MARK))
        return make_reply(session, [comment], done_on=date(2026, 11, 1))


def count(database: Database) -> int:
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(FollowAnswer)).scalar_one()


def test_no_answer_is_left_of_words_that_were_taken_back_meanwhile(
    database: Database, reply: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer's writer had looked before the words went, and would store it afterwards; SQLite has one writer."""
    taken, store = Event(), following.put_row

    def take_back() -> None:
        with database.writing() as session:
            assert following.take_back(session, MARK)
        taken.set()

    other = Thread(target=take_back)

    def store_later(*values: Any) -> None:
        other.start()
        assert database.is_sqlite or taken.wait(20)
        store(*values)

    monkeypatch.setattr(following, "put_row", store_later)
    with database.writing() as session:
        kept = following.give_answer(session, MARK, reply, "no", today=TODAY)
    other.join(20)
    assert (kept, taken.is_set(), count(database)) == (database.is_sqlite, True, 0)


def test_an_answer_is_kept_where_nobody_took_anything_back(database: Database, reply: int) -> None:
    with database.writing() as session:
        assert following.give_answer(session, MARK, reply, "no", today=TODAY)
    assert count(database) == 1
