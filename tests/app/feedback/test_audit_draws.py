"""The auditor's sample: five of a hundred of each city, once a month, of decisions that count."""

from datetime import UTC, datetime
from random import Random

import pytest
from sqlalchemy import select

from app.audit.journal import Actor
from app.database import Database
from app.feedback.audit_draws import AuditFinding, audit_figures, count_open, draw, find
from app.feedback.errors import UnknownCommentError
from app.feedback.models import CommentAudit, CommentDecision
from tests.builders.comments import LOOK, SHOW, do, hide, make_comment
from tests.builders.staff import make_staff

LAST, NOW_ = datetime(2026, 11, 24, 6, tzinfo=UTC), datetime(2026, 12, 1, 1, tzinfo=UTC)


def test_five_of_a_hundred_of_each_city_are_drawn_once(database: Database) -> None:
    with database.writing() as session:
        person = make_staff(session, "moderator").id
        for city, number in (("aktau", 41), ("oral", 1)):
            for each in range(number):
                comment = make_comment(session, number=each + 100 * (city == "oral"), city=city)
                do(session, comment, person, SHOW, hide(), at=LAST)
        do(session, make_comment(session, number=500), person, LOOK, at=LAST)
        do(session, make_comment(session, number=501), person, SHOW, at=NOW_)  # of this month
        assert draw(session, Actor(None, LAST)) == 0  # October had none
        assert draw(session, Actor(None, NOW_), Random(3)) == 4
        assert draw(session, Actor(None, NOW_), Random(3)) == 0
        drawn = session.scalars(select(CommentDecision).join(CommentAudit, CommentAudit.decision == CommentDecision.id))
        assert {(row.event, row.state) for row in drawn} == {("hide", "hidden_provisional")}
        assert [tuple(row) for row in audit_figures(session)] == [("aktau", 3, 0, 0), ("oral", 1, 0, 0)]


def test_december_draws_from_november_and_january_from_december(database: Database) -> None:
    with database.writing() as session:
        person = make_staff(session, "moderator").id
        late, early = datetime(2026, 12, 31, 18, 59, tzinfo=UTC), datetime(2026, 12, 31, 19, 0, tzinfo=UTC)
        for number, at in enumerate((late, early)):  # the year begins at 19:00 UTC in Kazakhstan
            do(session, make_comment(session, number=number), person, SHOW, at=at)
        assert draw(session, Actor(None, datetime(2027, 1, 2, tzinfo=UTC))) == 1
        assert session.scalars(select(CommentAudit.month)).all() == ["2026-12"]


def test_a_finding_is_kept_and_changed_and_recorded(database: Database) -> None:
    with database.writing() as session:
        person, auditor = make_staff(session, "moderator").id, make_staff(session, "auditor").id
        do(session, make_comment(session), person, SHOW, at=LAST)
        draw(session, Actor(None, NOW_))
        number = session.scalars(select(CommentAudit.decision)).one()
        assert count_open(session) == 1
        for finding in (AuditFinding.AGREE, AuditFinding.DISAGREE, AuditFinding.DISAGREE):
            find(session, Actor(auditor, NOW_), number, finding)
        row = session.get_one(CommentAudit, number)
        assert (row.finding, row.auditor) == ("disagree", auditor)
        assert [tuple(each) for each in audit_figures(session)] == [("aktau", 1, 1, 1)]
        assert count_open(session) == 0
        with pytest.raises(UnknownCommentError):
            find(session, Actor(auditor, NOW_), number + 1, AuditFinding.AGREE)
