"""Replies and commitments made by the functions that staff use, by people of one city."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.feedback import commitments, replies, reply_targets
from app.feedback.commitment_checks import CommitmentTerms, StepTold
from app.feedback.commitment_states import CommitmentAct
from app.feedback.commitments import CommitmentPlace
from app.feedback.replies import Writing
from app.feedback.reply_errors import AnswerError
from app.feedback.reply_models import Commitment, Reply
from app.feedback.reply_texts import EMPTY, ReplyContent, ReplyFacts
from surveys.languages import Text3
from tests.builders.comments import make_comment
from tests.builders.staff import CITY, NOW, TODAY, make_staff

KK = "Абай көшесіндегі жол жөнделді, жаңа асфальт төселді."
RU = "Дорога на улице Абая отремонтирована, уложен новый асфальт."
EN = "The road in Abai street was repaired, new asphalt was laid."
WORDS = Text3(KK, RU, "")
EVIDENCE = "https://aktau.example/works/12"
REASON = Text3("Күні қате көрсетілген.", "Была указана неверная дата.", "")
LATER = TODAY + timedelta(days=60)
PROMISE = CommitmentTerms(
    Text3("Абай көшесін жөндеу", "Ремонт улицы Абая", ""), "Жол басқармасы", "Управление дорог", LATER
)
FACTS = {
    "done": ReplyFacts(done_on=TODAY, evidence_address=EVIDENCE),
    "will_do": ReplyFacts(),
    "being_looked_at": ReplyFacts(next_word_on=TODAY + timedelta(days=20)),
    "cannot": ReplyFacts(),
    "another_body": ReplyFacts(
        body_name=Text3("«ҚазАвтоЖол» АҚ", "АО «КазАвтоЖол»", ""), body_address="https://kazautozhol.example"
    ),
}
"""What a reply of each kind needs beside its words."""


class Office(NamedTuple):
    """Who works in a city."""

    analyst: int
    lead: int
    other: int
    """Another lead."""


def make_office(session: Session, city: str = CITY) -> Office:
    """Store an analyst and two leads."""
    roles = (Role.ANALYST, Role.LEAD, Role.LEAD)
    return Office(*(make_staff(session, role, city).id for role in roles))


def by(staff: int, at: datetime = NOW) -> Actor:
    """Give a person as those who change something."""
    return Actor(staff, at)


def writing(kind: str = "done", text: Text3 = WORDS, *, checked: Sequence[str] = (), **facts: Any) -> Writing:
    """Give what somebody writes: whole, unless told otherwise."""
    content = ReplyContent(text, FACTS[kind]._replace(**facts))
    return Writing(kind, content, PROMISE if kind == "will_do" else None, tuple(checked))


def empty(kind: str = "done") -> Writing:
    """Give a draft in which nothing stands."""
    return Writing(kind, ReplyContent(EMPTY, ReplyFacts()))


def shown(session: Session, number: int, first: int = 0, **own: object) -> list[str]:
    """Store suggestions that everybody may read."""
    numbers = range(first, first + number)
    return [make_comment(session, number=each, **({"state": "shown"} | own)) for each in numbers]  # type: ignore[arg-type]


def begin(session: Session, office: Office, comments: Sequence[str], what: Writing | None = None) -> Reply:
    """Let the analyst begin a reply to suggestions."""
    choice = reply_targets.choose(session, CITY, comments, with_answered=True)
    return replies.begin(session, by(office.analyst), CITY, what or writing(), choice)


def released(
    session: Session, office: Office, comments: Sequence[str], what: Writing | None = None, at: datetime = NOW
) -> Reply:
    """Let the analyst write a reply and the lead release it."""
    reply = begin(session, office, comments, what)
    replies.finish(session, by(office.analyst, at), reply.id, CITY, version=None)
    return replies.release(session, by(office.lead, at), reply.id, CITY, version=None)


def announced(session: Session, writer: int, lead: int, promise: CommitmentTerms = PROMISE) -> Commitment:
    """Let one person draft a commitment without a reply, and another announce it."""
    row = commitments.draft(session, by(writer), CommitmentPlace(CITY, "hcs"), promise)
    act = CommitmentAct.ANNOUNCE
    return commitments.take_step(session, by(lead), row.id, CITY, step=act, told=StepTold(), version=None)


def codes(error: AnswerError) -> set[tuple[str, str]]:
    """Give what is wrong, field by field."""
    return {(fault.field, str(fault.code)) for fault in error.faults}


def days(number: int) -> date:
    """Give a day after today."""
    return TODAY + timedelta(days=number)
