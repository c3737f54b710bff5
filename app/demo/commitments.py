"""Illustrative commitments of one city of the demo, in every state there is: overdue, moved, disputed; all say so.

Everything is done by the persons of the demo through what the console calls: an analyst writes, a lead announces. What
is overdue was promised before the current period of the demo began. What residents answer is invented too.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.clock import day_of
from app.demo import commitment_texts as texts
from app.demo.commitment_texts import DemoPromise
from app.demo.persons import seed_persons
from app.feedback import commitments, replies, reply_targets
from app.feedback.commitment_checks import StepTold
from app.feedback.commitment_states import CommitmentAct
from app.feedback.commitments import CommitmentPlace
from app.feedback.frame import store_frame
from app.feedback.models import FollowAnswer
from app.feedback.queries import SHOWN
from app.feedback.replies import Writing
from app.feedback.reply_models import Commitment
from app.feedback.reply_texts import ReplyContent
from surveys.models.comments import Comment
from surveys.population.places import store_places

CITY, WRITER, LEAD = "aktau", "analyst-aktau", "lead-aktau"
EARLIER = timedelta(days=48)
"""How long ago the first were promised: before anything else of the demo."""
ASKED = 12
"""Those who raised it and answered, of a commitment about which residents decide."""
DISPUTED, AGREED = ("no",) * 7 + ("partly",) * 3 + ("yes",) * 2, ("yes",) * 8 + ("partly",) * 3 + ("no",)


class _Told(NamedTuple):
    """A step of the past: so many days after it was promised, and what was told."""

    after: int
    step: CommitmentAct
    told: StepTold


def seed_earlier_commitments(session: Session, now: datetime) -> int:
    """Make those that were promised long ago, two of which are overdue; gives their number.

    Places, themes and persons are stored where they are missing.
    """
    store_places(session)
    store_frame(session)
    story = _PromiseStory(session, seed_persons(session, Actor(None, now - EARLIER)), now - EARLIER)
    today = day_of(now)
    done_on = today - EARLIER + timedelta(days=5)
    done = StepTold(texts.DONE, done_on=done_on, evidence_address=texts.EVIDENCE)
    plans = {
        (texts.LIGHTS, -12): [_progress(2, 40)],
        (texts.PAVEMENTS, -20): [_moved(3, today - timedelta(days=5)), _progress(4, 70)],
        (texts.TREES, -30): [
            _moved(2, today - timedelta(days=10)), _progress(3, 20), _moved(5, today + timedelta(days=5)),
        ],
        (texts.POTHOLES, -15): [_Told(6, CommitmentAct.REPORT_DONE, done)],
        (texts.PARKING, 60): [_Told(7, CommitmentAct.DROP, StepTold(texts.DROPPED))],
    }  # fmt: skip
    numbers = {plan: story.announce(plan[0], today + timedelta(days=plan[1])) for plan in plans}
    steps = [(numbers[plan], step) for plan, own in plans.items() for step in own]
    for number, step in sorted(steps, key=lambda each: each[1].after):
        story.step(number, step)
    return len(plans)


def seed_commitments(session: Session, persons: Mapping[str, int], now: datetime) -> Counter[str]:
    """Go on with them: replies that promise something, what residents said of it, a draft; gives how many stand where.

    Nothing where a reply of the demo has promised something already.
    """
    there = session.scalars(select(Commitment.id).where(Commitment.reply.is_not(None)).limit(1)).first()
    if there is None:
        story = _PromiseStory(session, persons, now)
        comments = _shown(session)
        later = day_of(now) + timedelta(days=45)
        for promise, answers in ((texts.PRESSURE, DISPUTED), (texts.SCHEDULE, AGREED)):
            own, comments = comments[:ASKED], comments[ASKED:]
            story.answer(promise, later, own, answers)
        story.announce(texts.CONTAINERS, later)
        story.draft(texts.QUEUES, later)
    return Counter(session.scalars(select(Commitment.state)))


def _progress(after: int, percent: int) -> _Told:
    return _Told(after, CommitmentAct.PROGRESS, StepTold(texts.TOLD, percent=percent))


def _moved(after: int, due: date) -> _Told:
    return _Told(after, CommitmentAct.MOVE, StepTold(texts.MOVED, due=due))


def _shown(session: Session) -> list[str]:
    """List suggestions of the city about water that everybody may read, of one wave."""
    area = texts.PRESSURE.area
    found = select(Comment.id, Comment.wave).where(Comment.city == CITY, Comment.area == area, Comment.state.in_(SHOWN))
    rows = session.execute(found.order_by(Comment.wave.desc(), Comment.id)).all()
    return [row.id for row in rows if row.wave == rows[0].wave]


class _PromiseStory:
    """What two persons do with promises, one after the other."""

    def __init__(self, session: Session, people: Mapping[str, int], at: datetime) -> None:
        self._session, self._at = session, at
        self._writer, self._lead = people[WRITER], people[LEAD]

    def draft(self, promise: DemoPromise, due: date) -> int:
        """Write a draft; gives its number."""
        place = CommitmentPlace(CITY, promise.area, promise.theme)
        terms = promise.terms()._replace(due=due)
        return commitments.draft(self._session, Actor(self._writer, self._at), place, terms).id

    def announce(self, promise: DemoPromise, due: date) -> int:
        """Write a promise and announce it; gives its number."""
        number = self.draft(promise, due)
        self.step(number, _Told(0, CommitmentAct.ANNOUNCE, StepTold()))
        return number

    def answer(self, promise: DemoPromise, due: date, comments: Sequence[str], answers: Sequence[str]) -> None:
        """Promise something in a reply, report it as done, and let residents say whether it is."""
        session, writer, lead = self._session, Actor(self._writer, self._at), Actor(self._lead, self._at)
        writing = Writing("will_do", ReplyContent(texts.REPLY), promise.terms()._replace(due=due))
        choice = reply_targets.choose(session, CITY, comments, with_answered=True)
        reply = replies.begin(session, writer, CITY, writing, choice, theme=promise.theme).id
        replies.finish(session, writer, reply, CITY, version=None)
        replies.release(session, lead, reply, CITY, version=None)
        number = session.scalars(select(Commitment.id).where(Commitment.reply == reply)).one()
        done = StepTold(texts.DONE, done_on=day_of(self._at), evidence_address=texts.EVIDENCE)
        self.step(number, _Told(0, CommitmentAct.REPORT_DONE, done))
        month = f"{day_of(self._at):%Y-%m}"
        rows = zip(choice.fit, answers, strict=False)
        session.add_all(FollowAnswer(comment=each, reply=reply, answer=said, month=month) for each, said in rows)
        session.flush()
        commitments.turn_by_answers(session, Actor(None, self._at), number)

    def step(self, number: int, told: _Told) -> None:
        """Take a step."""
        by = Actor(self._lead, self._at + timedelta(days=told.after))
        commitments.take_step(self._session, by, number, CITY, step=told.step, told=told.told, version=None)
