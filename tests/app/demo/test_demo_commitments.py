"""The demo's commitments: one in each state, two overdue, one disputed; all of them say that they are invented."""

from datetime import timedelta

from sqlalchemy import select

from app.audit.models import JournalRow
from app.database import Database
from app.demo.commitments import ASKED, seed_commitments, seed_earlier_commitments
from app.demo.persons import demo_ids
from app.feedback.board.commitments import list_commitments
from app.feedback.reply_models import COMMITMENT_STATES, Commitment, CommitmentEvent
from tests.builders.comments import make_comment
from tests.builders.staff import NOW, TODAY


def test_there_is_one_in_each_state_two_are_overdue_and_one_is_disputed(sqlite: Database) -> None:
    with sqlite.writing() as session:
        assert seed_earlier_commitments(session, NOW) == 5
        for number in range(2 * ASKED + 1):
            make_comment(session, number=number, state="shown")
        made = seed_commitments(session, demo_ids(session), NOW)
        assert made.keys() == set(COMMITMENT_STATES)
        assert seed_commitments(session, demo_ids(session), NOW) == made, "a second start makes nothing"
        public = list_commitments(session, "aktau")
        late = [each for each in public if each.is_overdue(TODAY) and each.state != "disputed"]
        assert len(late) == 2
        assert [each.state for each in public].count("disputed") == 1
        assert max(each.moved for each in public) == 2
        for row in session.scalars(select(Commitment)):
            assert (row.title_kk[:4], row.title_ru[:6], row.title_en[:7]) == ("Үлгі", "Пример", "Example")
        for event in session.scalars(select(CommitmentEvent).where(CommitmentEvent.body_ru != "")):
            assert (event.body_kk[:4], event.body_ru[:13]) == ("Үлгі", "Иллюстративно")
        moments = session.scalars(select(JournalRow.at).order_by(JournalRow.seq)).all()
        assert list(moments) == sorted(moments), "the journal goes forward"
        assert moments[0] == (NOW - timedelta(days=48)).strftime("%Y-%m-%dT%H:%M:%SZ")
