"""Decisions about the demo's suggestions by demo persons, who are nobody: most are shown, some wait to be pressed.

A few hidings wait for somebody from outside, angry criticism among them, which an outsider would overturn; of others
the words are blacked out, one is urgent, and some of each city are still to be decided. In cities where the demo has
no moderator nobody in particular decides.
"""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from zlib import crc32

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.clock import day_of
from app.demo.persons import PERSONS
from app.feedback.assigning import AssignmentOrder, assign, list_colleagues
from app.feedback.audit_draws import draw_of
from app.feedback.moderation import Decision, DecisionEvent, HidingReason, decide
from app.feedback.names import name_candidates
from app.feedback.spans import Span
from surveys.models.comments import Comment

OUTSIDER = "reviewer-1"
WAIT, LOOK = 12, 50
"""One of so many is still to be decided, and one of so many gets a second look."""
GIVEN = 10
"""Suggestions of each city that its moderator has taken."""

_NOTHING = re.compile(r"^\W*(?:нет|жок|жоқ)?\W*$", re.IGNORECASE)
_ADVERTISING = re.compile(r"куплю авто|звоните!!!", re.IGNORECASE)
_SWEARING = re.compile(r"идиоты", re.IGNORECASE)
_OVERTURNED = re.compile(r"!!!.*!!!")
_OF_ANGER = re.compile(r"!!!|\?\?\?|ничего не делает")
_INITIALS = re.compile(r"\w\.\s?\w\.")
_HIDDEN = (
    (_NOTHING, HidingReason.NO_CONTENT),
    (_ADVERTISING, HidingReason.ADVERTISING),
    (_OF_ANGER, HidingReason.INSULT),
)
_OF_DANGER = re.compile(r"кран висит над", re.IGNORECASE)


def seed_decisions(session: Session, persons: Mapping[str, int], at: datetime) -> Counter[str]:
    """Decide about most of what the desk has; gives how many stand where. Nothing where somebody decided already."""
    rows = session.scalars(select(Comment).where(Comment.state == "released").order_by(Comment.id)).all()
    there = session.scalars(select(Comment.id).where(Comment.state == "shown").limit(1)).first()
    if there is None:
        for row in rows:
            _decide(session, persons, row, at)
        _assign(session, persons, at)
        draw_of(session, Actor(None, at), day_of(at).replace(day=1))
    return Counter(session.scalars(select(Comment.state).where(Comment.state != "pending")))


def _decide(session: Session, persons: Mapping[str, int], row: Comment, at: datetime) -> None:
    """Let the moderator of a suggestion's city decide as its words and a draw from them say."""
    own = Actor(_moderators(persons).get(row.city), at)
    text, number = row.text, crc32(row.text.encode())
    if _OF_DANGER.search(text):
        decide(session, own, row.id, Decision(DecisionEvent.URGENT), None)
        return
    decision = _decision(text, number)
    if decision is None:
        return
    decide(session, own, row.id, decision, None)
    if decision.reason is HidingReason.ADVERTISING or _OVERTURNED.search(text):
        event = DecisionEvent.OVERTURN if _OVERTURNED.search(text) else DecisionEvent.CONFIRM
        decide(session, Actor(persons[OUTSIDER], at), row.id, Decision(event), None)


def _decision(text: str, number: int) -> Decision | None:
    """Choose what is decided about a text; None for one that waits."""
    hidden = next((reason for pattern, reason in _HIDDEN if pattern.search(text)), None)
    if hidden:
        return Decision(DecisionEvent.HIDE, hidden)
    if found := _SWEARING.search(text):
        return Decision(DecisionEvent.REDACT, HidingReason.INSULT, (Span(*found.span()),))
    if _INITIALS.search(text) and (names := name_candidates(text)):
        return Decision(DecisionEvent.REDACT, HidingReason.PERSONAL_DATA, names)
    if number % WAIT == 0:
        return None
    return Decision(DecisionEvent.SECOND_LOOK if number % LOOK == 1 else DecisionEvent.SHOW)


def _moderators(persons: Mapping[str, int]) -> dict[str, int]:
    """Give by city the demo person who moderates there."""
    held = ((city, person.key) for person in PERSONS for role, city in person.roles if role is Role.MODERATOR)
    return {city: persons[key] for city, key in held if city and key in persons}


def _assign(session: Session, persons: Mapping[str, int], at: datetime) -> None:
    """Let each moderator have taken some that wait."""
    for city, staff in sorted(_moderators(persons).items()):
        own = next(each for each in list_colleagues(session, [city], day_of(at)) if each.id == staff)
        waiting = select(Comment.id).where(Comment.city == city, Comment.state == "released").order_by(Comment.id)
        ids = list(session.scalars(waiting.limit(GIVEN)))
        assign(session, Actor(staff, at), ids, AssignmentOrder(own, frozenset({city}), f"demo {city}"))
