"""Complaints of peers' users about promises that were closed and not kept (DESK §21), each as a trap.

What the public timeline tells of them stands in test_board.py: FMS 2357 and decidim 16582 and 13067.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.feedback import commitments
from app.feedback.commitment_checks import StepTold
from app.feedback.commitment_states import BY_RESIDENTS, TRANSITIONS, CommitmentAct, CommitmentState, deadline
from app.feedback.models import FollowAnswer
from app.feedback.reply_models import Commitment
from app.web.portal.said.words import STATES
from app.web.public import create_public
from app.working_calendar import WorkingCalendar
from surveys.ballots.follow_codes import mark_of
from surveys.models.comments import Comment
from tests.builders.answering import EVIDENCE, WORDS, Office, by, make_office, released, shown, writing
from tests.builders.invitations import Visitor
from tests.builders.staff import CITY, NOW, TODAY

CODE = "4F7-K90-QX2-MBA"


class DonePromise(NamedTuple):
    """A commitment that the akimat reported as done, and the suggestions that raised it."""

    number: int
    reply: int
    comments: list[str]
    office: Office


def report_done(session: Session) -> DonePromise:
    office = make_office(session)
    comments = shown(session, 10)
    reply = released(session, office, comments, writing("will_do")).id
    number = session.scalars(select(Commitment.id).where(Commitment.reply == reply)).one()
    told = StepTold(WORDS, done_on=TODAY, evidence_address=EVIDENCE)
    act = CommitmentAct.REPORT_DONE
    commitments.take_step(session, by(office.lead), number, CITY, step=act, told=told, version=None)
    return DonePromise(number, reply, comments, office)


def answer(session: Session, promise: DonePromise, answers: Sequence[str]) -> str:
    """Let residents answer, in place of what they said before; gives where the commitment stands then."""
    for comment, said in zip(promise.comments, answers, strict=False):
        row = session.get(FollowAnswer, (comment, promise.reply))
        if row is None:
            session.add(FollowAnswer(comment=comment, reply=promise.reply, answer=said, month="2026-11"))
        else:
            row.answer = said
    session.flush()
    commitments.turn_by_answers(session, Actor(None, NOW))
    return session.get_one(Commitment, promise.number).state


def test_fixmystreet_897_closed_by_the_administration_is_not_done_by_its_own_word(sqlite: Database) -> None:
    """No step of staff leads to *done*: it is reported, and the public word says that nobody has agreed yet."""
    ends = {to for (_state, step), to in TRANSITIONS.items() if step not in BY_RESIDENTS}
    assert CommitmentState.AGREED not in ends
    with sqlite.writing() as session:
        promise = report_done(session)
        assert session.get_one(Commitment, promise.number).state == CommitmentState.REPORTED_DONE
    assert "have not said yet" in str(STATES["reported_done"])


def test_fixmystreet_285_residents_open_again_what_was_closed(sqlite: Database) -> None:
    """No staff has to agree: the job turns it, and a term runs in which a new day is to be said."""
    with sqlite.writing() as session:
        promise = report_done(session)
        assert answer(session, promise, ["no"] * 9) == CommitmentState.REPORTED_DONE
        assert answer(session, promise, ["no"] * 10) == CommitmentState.DISPUTED
        due = session.get_one(Commitment, promise.number).due
    assert deadline(CommitmentState.DISPUTED, due, TODAY, WorkingCalendar({})) is not None


def test_fixmystreet_1339_what_was_agreed_can_be_disputed_later_and_the_other_way(sqlite: Database) -> None:
    with sqlite.writing() as session:
        promise = report_done(session)
        assert answer(session, promise, ["yes"] * 10) == CommitmentState.AGREED
        assert answer(session, promise, ["no"] * 8) == CommitmentState.DISPUTED
        assert answer(session, promise, ["yes"] * 8) == CommitmentState.AGREED


@pytest.mark.parametrize(
    ("partly", "stands"), [(10, CommitmentState.AGREED), (9, CommitmentState.DISPUTED), (1, CommitmentState.DISPUTED)]
)
def test_fixmystreet_588_half_done_can_be_said_and_counts_as_half(
    sqlite: Database, settings: Settings, clock: FrozenClock, partly: int, stands: CommitmentState
) -> None:
    with sqlite.writing() as session:
        promise = report_done(session)
        first = promise.comments[0]
        session.execute(update(Comment).where(Comment.id == first).values(follow_hash=mark_of(CODE)))
        assert answer(session, promise, ["partly"] * partly + ["no"] * (10 - partly)) == stands
    site = create_public(settings, sqlite, clock)
    _status, _address, page = Visitor(site).fill("/s/follow?lang=en", code=CODE)
    assert re.findall(r'name="answer" value="(\w+)"', page) == ["yes", "partly", "no", "cannot_tell"]
    assert 'value="partly" aria-pressed="true"' in page
