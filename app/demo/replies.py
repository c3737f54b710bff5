"""Illustrative replies of one city of the demo: released, corrected once, waiting and half written; all say so.

An analyst writes and the lead releases, by what the console calls. What a reply of this kind would promise stands among
the commitments of the demo.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.clock import day_of
from app.demo import reply_texts as texts
from app.demo.commitments import CITY, LEAD, WRITER
from app.demo.reply_texts import DemoReply
from app.feedback import replies, reply_targets
from app.feedback.replies import Writing
from app.feedback.reply_models import Reply
from app.feedback.reply_states import stage_of
from app.feedback.reply_texts import EMPTY, ReplyContent, ReplyFacts
from surveys.languages import Text3
from surveys.models.comments import Comment


def seed_replies(session: Session, persons: Mapping[str, int], now: datetime) -> Counter[str]:
    """Answer some themes of a city, unless they were already; gives how many replies stand where."""
    there = select(Reply.id).where(Reply.city == CITY, Reply.theme == texts.ROADS.theme).limit(1)
    if session.scalars(there).first() is None:
        writer, lead = Actor(persons[WRITER], now), Actor(persons[LEAD], now)
        for each in (*texts.RELEASED, texts.WAITS, texts.DRAFT):
            number = _begin(session, writer, each)
            if number is None or each is texts.DRAFT:
                continue
            replies.finish(session, writer, number, CITY, version=None)
            if each is not texts.WAITS:
                replies.release(session, lead, number, CITY, version=None)
            if each.corrected != EMPTY:
                replies.save(
                    session, writer, number, CITY, writing=_writing(each, each.corrected, writer), version=None
                )
                replies.finish(session, writer, number, CITY, version=None)
                replies.release(session, lead, number, CITY, version=None)
    rows = session.execute(select(Reply.state, Reply.correction))
    return Counter(str(stage_of(state, correction)) for state, correction in rows)


def _begin(session: Session, by: Actor, each: DemoReply) -> int | None:
    """Begin a reply to the theme in the newest wave in which anything shown is about it; None where nothing is."""
    waves = session.scalars(select(Comment.wave).where(Comment.city == CITY).distinct().order_by(Comment.wave.desc()))
    for wave in waves.all():
        choice = reply_targets.choose(session, CITY, reply_targets.of_theme(CITY, wave, each.theme))
        if choice.fit:
            writing = _writing(each, each.text, by)
            return replies.begin(session, by, CITY, writing, choice, theme=each.theme).id
    return None


def _writing(each: DemoReply, text: Text3, by: Actor) -> Writing:
    today = day_of(by.at)
    facts = {
        "done": ReplyFacts(done_on=today - timedelta(days=2), evidence_address=texts.EVIDENCE),
        "being_looked_at": ReplyFacts(next_word_on=today + timedelta(days=20)),
        "another_body": ReplyFacts(body_name=texts.BODY, body_address=texts.BODY_ADDRESS),
    }
    return Writing(each.kind, ReplyContent(text, facts.get(each.kind, ReplyFacts())))
