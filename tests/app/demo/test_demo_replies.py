"""The demo's replies: in several states, one corrected; all of them say that they are invented."""

from sqlalchemy import select

from app.audit.journal import Actor
from app.database import Database
from app.demo.persons import demo_ids, seed_persons
from app.demo.replies import seed_replies
from app.demo.reply_texts import DRAFT, RELEASED, WAITS
from app.feedback.board.replies import list_replies
from app.feedback.reply_models import ReplyText
from tests.builders.comments import make_comment
from tests.builders.replies import code_comment, make_theme
from tests.builders.staff import NOW


def test_replies_stand_in_several_states_and_one_was_corrected(sqlite: Database) -> None:
    with sqlite.writing() as session:
        for number, each in enumerate((*RELEASED, WAITS, DRAFT)):
            make_theme(session, each.theme, each.theme.partition("_")[0])
            code_comment(session, make_comment(session, number=number, state="shown"), each.theme)
        seed_persons(session, Actor(None, NOW))
        made = seed_replies(session, demo_ids(session), NOW)
        assert made == {"released": len(RELEASED), "ready": 1, "draft": 1}
        assert seed_replies(session, demo_ids(session), NOW) == made, "a second start makes nothing"
        public = list_replies(session, "aktau", earlier=True)
        assert sorted(len(reply.texts) for reply in public) == [1, 1, 1, 2]
        assert {reply.kind for reply in public} == {"done", "being_looked_at", "cannot", "another_body"}
        for text in session.scalars(select(ReplyText)):
            assert (text.kk[:10], text.ru[:13]) == ("Үлгі дерек", "Иллюстративно")
