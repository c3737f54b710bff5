"""Suggestions as the desk has them, made in one line."""

from datetime import date, datetime, timedelta
from functools import cache

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.feedback.moderation import CommentState, Decision, DecisionEvent, HidingReason, decide
from surveys.authoring.yaml_source import load, shipped
from surveys.models import Wave
from surveys.models.comments import Comment
from surveys.questionnaire.definition import Questionnaire
from surveys.questionnaire.versions import freeze_questionnaire
from surveys.responses.search_fold import fold_for_search
from tests.builders.staff import CITY, NOW, TODAY, make_city

WAVE = "spring-test"
TEXT = "Асфальт на улице Абая разбит"


def make_comment(
    session: Session,
    text: str = TEXT,
    *,
    number: int = 0,
    city: str = CITY,
    wave: str = WAVE,
    area: str = "hcs",
    lang: str = "ru",
    state: str = "released",
    released_on: date | None = TODAY,
) -> str:
    """Store a suggestion, released unless told otherwise; gives its id, which grows with `number`."""
    make_place(session, city, wave)
    comment = Comment(
        id=f"{number:032x}",
        wave=wave,
        city=city,
        area=area,
        lang=lang,
        text=text,
        shown_text=None,
        folded=fold_for_search(text),
        month="2026-11",
        released_on=None if state in {"pending", "taken_back"} else released_on,
        follow_hash=None,
        state=state,
        kind=None,
        version=1,
    )
    session.add(comment)
    session.flush()
    return comment.id


def make_place(session: Session, city: str = CITY, wave: str = WAVE) -> None:
    """Store the country's places and a wave, where they are missing."""
    make_city(session, city)
    if session.get(Wave, wave) is None:
        version = freeze_questionnaire(session, _residents(), today=TODAY)
        ends = TODAY + timedelta(days=30)
        session.add(
            Wave(code=wave, version=version, audience="resident", opens_on=TODAY, closes_on=ends, state="open",
                 gate_names="open", illustrative=False)
        )  # fmt: skip
        session.flush()


@cache
def _residents() -> Questionnaire:
    return load(shipped()[0])


def take_words_back(session: Session, comment: str) -> None:
    """Do what the writer's wish does to a suggestion."""
    gone = {"state": "taken_back", "released_on": None, "text": "", "shown_text": None, "folded": ""}
    session.execute(update(Comment).where(Comment.id == comment).values(gone))


def state_of(session: Session, comment: str) -> str:
    """Say where a suggestion stands."""
    return session.get_one(Comment, comment, populate_existing=True).state


SHOW, LOOK, URGENT = Decision(DecisionEvent.SHOW), Decision(DecisionEvent.SECOND_LOOK), Decision(DecisionEvent.URGENT)
CONFIRM, OVERTURN = Decision(DecisionEvent.CONFIRM), Decision(DecisionEvent.OVERTURN)


def hide(reason: HidingReason = HidingReason.INSULT) -> Decision:
    """Make the decision to hide."""
    return Decision(DecisionEvent.HIDE, reason)


def do(session: Session, comment: str, staff: int | None, *decisions: Decision, at: datetime = NOW) -> CommentState:
    """Let a person decide, one thing after the other; gives where the suggestion stands."""
    for decision in decisions:
        decide(session, Actor(staff, at), comment, decision, None)
    return CommentState(state_of(session, comment))
