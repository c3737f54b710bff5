"""What may be read, and what is counted: one rule for all."""

import pytest
from sqlalchemy import select

from app.audit.journal import Actor
from app.database import Database
from app.feedback.moderation import CommentState, Decision, DecisionEvent, HidingReason, undo
from app.feedback.queries import LIVE, PUBLIC_TEXT, SHOWN, hiding_figures, public_text
from app.feedback.spans import Span
from surveys.models.comments import STATES, Comment
from tests.builders.comments import CONFIRM, LOOK, OVERTURN, SHOW, do, hide, make_comment
from tests.builders.staff import NOW, make_staff
from tests.builders.statements import statements_of


def test_what_was_released_and_not_taken_back_is_live() -> None:
    assert set(LIVE) == set(STATES) - {"pending", "taken_back"} == {str(state) for state in CommentState}


@pytest.mark.parametrize("state", STATES)
def test_only_what_is_shown_is_public_in_python_and_in_sql(database: Database, state: str) -> None:
    with database.writing() as session:
        comment = make_comment(session, "written")
        row = session.get_one(Comment, comment)
        row.state, row.shown_text = state, "█ ten" if state == "shown_redacted" else None
        row.released_on = None if state in {"pending", "taken_back"} else row.released_on
        session.flush()
        public = {"shown": "written", "shown_redacted": "█ ten"}.get(state)
        assert public_text(row.state, row.text, row.shown_text) == public
        assert session.scalar(select(PUBLIC_TEXT).select_from(Comment)) == public
        assert (public is not None) == (state in SHOWN)


def test_what_an_outsider_did_not_confirm_is_not_counted_as_hidden(database: Database) -> None:
    with database.writing() as session:
        own, outsider = (make_staff(session, "moderator", city).id for city in ("aktau", "oral"))
        ids = [make_comment(session, number=number) for number in range(9)]
        make_comment(session, number=20, state="pending")
        make_comment(session, number=21, state="taken_back")
        make_comment(session, number=22, city="oral")
        redact = Decision(DecisionEvent.REDACT, HidingReason.INSULT, (Span(0, 7),))
        for comment, decisions in zip(
            ids, [(SHOW,), (redact,), (hide(),), (LOOK,), (hide(HidingReason.NO_CONTENT),),
                  (hide(HidingReason.THREAT),), (hide(),), (hide(), ), ()], strict=True):  # fmt: skip
            do(session, comment, own, *decisions)
        do(session, ids[5], outsider, CONFIRM)
        do(session, ids[6], outsider, OVERTURN)
        do(session, ids[7], outsider, OVERTURN)
        undo(session, Actor(outsider, NOW), ids[7])
    with database.reading() as session, statements_of(database) as statements:
        aktau, oral = hiding_figures(session)
    assert sum(each != "BEGIN" for each in statements) == 2
    assert aktau == ("aktau", "spring-test", 9, 4, 2, 1, {"no_content": 1, "threat": 1}, 1)
    assert aktau.waiting + aktau.shown + aktau.redacted + aktau.hidden_in_all == aktau.received
    assert (oral.city, oral.received, oral.waiting) == ("oral", 1, 1)
    with database.reading() as session:
        assert hiding_figures(session, "oral") == [oral]
