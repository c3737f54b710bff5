"""Illustrative initiatives and documents of the demo's cities, in every state there is; all of it says so.

Everything is done by the persons of the demo through what the console calls, before and beside the current period.
Nothing of it is an initiative, a document or a decision of anybody's.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.clock import day_of
from app.demo.initiative_texts import BEGUN, CONDITIONS, DOCUMENTS, DONE, INITIATIVES, NOTE, STOPPED, TOLD
from app.demo.persons import seed_persons
from app.initiatives import documents, keeping
from app.initiatives.contents import InitiativeContent
from app.initiatives.documents import OpenDocument, TypedDocument, read_document
from app.initiatives.evaluating import PublicationPair, evaluate
from app.initiatives.examining import OpenText, examine
from app.initiatives.keeping import Report
from app.initiatives.models import CityInitiative
from app.initiatives.opinions import EVERY_POINT, NO_POINT, ExaminerWord, Opinion
from app.initiatives.standing import InitiativeKey, get_standing
from app.initiatives.states import InitiativeState
from surveys.population.places import store_places

EARLIER, LATELY = timedelta(days=36), timedelta(hours=12)
"""How long ago the first of it was done, before the current period of the demo; and what followed lately."""

BEGAN, ENDED = timedelta(days=34), timedelta(days=2)
"""How long ago those began and ended that are under way or finished."""

KEEPERS = {"aktau": "analyst-aktau", "karaganda": "lead-karaganda", "shymkent": "analyst-shymkent"}
LEADS = {"aktau": "lead-aktau", "karaganda": "lead-karaganda"}

_SUPPORT = ExaminerWord(opinion=Opinion.SUPPORT, points=EVERY_POINT)
_UNDER_CONDITIONS = ExaminerWord(
    opinion=Opinion.SUPPORT, points=EVERY_POINT, conditions_kk=CONDITIONS[0], conditions_ru=CONDITIONS[1]
)
_BACK = ExaminerWord(opinion=Opinion.RETURN, points=NO_POINT, note=NOTE)
_NO = ExaminerWord(opinion=Opinion.NOT_SUPPORT, points=NO_POINT, note=NOTE)

_WORDS = {
    "half": (_SUPPORT,),
    "split": (_SUPPORT, _BACK),
    "returned": (_BACK, _BACK),
    "refused": (_NO, _NO),
    "supported": (_UNDER_CONDITIONS, _SUPPORT),
}


SUPPORTED = ("running", "finished", "stopped", "supported")
OLD = (*SUPPORTED, "returned", "refused")
"""What was decided before the current period of the demo began."""


class _PlannedOne(NamedTuple):
    """A planned initiative of the demo."""

    city: str
    fate: str
    content: InitiativeContent


def seed_initiatives(session: Session, now: datetime) -> int:
    """Make the initiatives and documents that are older than the current period; gives the number of initiatives."""
    story = _InitiativeStory(session, now - EARLIER)
    old = [row for row in INITIATIVES if row.fate in OLD]
    for row in old:
        story.tell(_PlannedOne(row.city, row.fate, row.content()))
    for document in DOCUMENTS:
        story.keep(document.city, document.typed(day_of(now)), is_released=document.is_released)
    return len(old)


def seed_later_initiatives(session: Session, now: datetime) -> int:
    """Go on with them, and make those that wait; gives the number of the new ones."""
    story = _InitiativeStory(session, now - LATELY)
    going_on = (
        select(CityInitiative).where(CityInitiative.state == InitiativeState.SUPPORTED).order_by(CityInitiative.id)
    )
    fates = [row.fate for row in INITIATIVES if row.fate in SUPPORTED]
    for row, fate in zip(session.scalars(going_on.order_by(CityInitiative.id)).all(), fates, strict=True):
        story.go_on(InitiativeKey(row.city, row.id), fate, now)
    new = [row for row in INITIATIVES if row.fate not in OLD]
    for each in new:
        story.tell(_PlannedOne(each.city, each.fate, each.content()))
    return len(new)


def seed_figures(session: Session, now: datetime) -> None:
    """Set one that is finished beside the first two publications, once they are there."""
    finished = session.scalars(
        select(CityInitiative).where(CityInitiative.state == InitiativeState.FINISHED).order_by(CityInitiative.id)
    ).first()
    if finished is not None:
        people = seed_persons(session, Actor(None, now))
        key = InitiativeKey(finished.city, finished.id)
        evaluate(session, key, finished.version, PublicationPair(1, 2), Actor(people["reviewer-3"], now))


class _InitiativeStory:
    """What people did, a minute after another."""

    def __init__(self, session: Session, at: datetime) -> None:
        self._session, self._at = session, at
        store_places(session)
        self._people = seed_persons(session, Actor(None, self._at))

    def tell(self, plan: _PlannedOne) -> None:
        made = keeping.create(self._session, plan.city, plan.content, self._by(KEEPERS[plan.city]))
        if plan.fate == "planned":
            return
        lead = LEADS[plan.city]
        keeping.submit(self._session, made.key, made.version, self._by(lead))
        words = _WORDS.get(plan.fate, () if plan.fate == "submitted" else _WORDS["supported"])
        for number, word in enumerate(words, start=1):
            standing = get_standing(self._session, made.key)
            target = OpenText(made.key, standing.revision, standing.version)
            examine(self._session, target, word, self._by(f"reviewer-{number}"))

    def keep(self, city: str, typed: TypedDocument, *, is_released: bool) -> None:
        content = read_document(typed, day_of(self._at))
        number = documents.add_document(self._session, city, content, self._by(KEEPERS[city]))
        if is_released:
            documents.release_document(self._session, OpenDocument(city, number, 1), self._by(LEADS[city]))

    def go_on(self, key: InitiativeKey, fate: str, now: datetime) -> None:
        """Begin one that was supported, tell of it, and end it or give it up, as is its fate."""
        lead = LEADS[key.city]
        if fate == "supported":
            return
        begun = Report(day_of(now - BEGAN), *BEGUN)
        keeping.start(self._session, key, self._version(key), begun, self._by(lead))
        keeping.tell_progress(self._session, key, self._version(key), Report(None, *TOLD), self._by(lead))
        if fate == "finished":
            done = Report(day_of(now - ENDED), *DONE, f"https://demo.example/{key.city}/{key.id}")
            keeping.finish(self._session, key, self._version(key), done, self._by(lead))
        elif fate == "stopped":
            keeping.stop(self._session, key, self._version(key), Report(None, *STOPPED), self._by(lead))

    def _version(self, key: InitiativeKey) -> int:
        return get_standing(self._session, key).version

    def _by(self, person: str) -> Actor:
        self._at += timedelta(minutes=1)
        return Actor(self._people[person], self._at)
