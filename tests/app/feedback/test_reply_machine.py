"""Whatever people do in whatever order: what is public two have seen, and it is whole."""

from collections.abc import Callable
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.models import JournalRow
from app.database import Database
from app.feedback import commitments, replies
from app.feedback.commitment_checks import StepTold
from app.feedback.commitment_states import BY_RESIDENTS, CommitmentAct, CommitmentState
from app.feedback.errors import FeedbackError
from app.feedback.reply_checks import content_of, facts_of, versions_of
from app.feedback.reply_models import Commitment, CommitmentEvent, Reply, ReplyRelease, ReplyText
from app.feedback.reply_states import TRANSITIONS, ReplyStage, stage_of
from app.feedback.reply_storing import texts_of
from app.feedback.reply_texts import EMPTY, faults_of_facts, faults_of_text
from surveys.languages import Text3
from tests.builders.answering import (
    EVIDENCE,
    FACTS,
    KK,
    REASON,
    RU,
    Office,
    begin,
    by,
    days,
    make_office,
    shown,
    writing,
)
from tests.builders.replies import answer
from tests.builders.staff import CITY, TODAY
from tests.effort import by_effort

PEOPLE = st.integers(0, 2)
TEXTS = st.sampled_from(
    [
        Text3(KK, RU, ""), Text3(KK + " 2", RU + " 2", ""), Text3(KK + " 2", RU, ""), Text3(KK, RU + " 3", ""),
        Text3(KK, "", ""), Text3(KK, f"{RU} {{date}}", ""), Text3(KK[:30], RU, ""), EMPTY,
    ]
)  # fmt: skip
KINDS = st.sampled_from(sorted(FACTS))
CHECKED = st.sampled_from([(), ("ru",), ("kk", "ru")])
WHY = Text3("Жауын-шашын кедергі болды.", "Помешали дожди.", "")


class AnsweringMachine(RuleBasedStateMachine):
    """An analyst and two leads of whom everybody tries everything; what is refused must change nothing."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        file = Path(self.folder.name) / "answering.sqlite3"
        copyfile(self.template, file)
        self.database = Database(f"sqlite:///{file}")
        self.office = Office(0, 0, 0)

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()

    def tried(self, act: Callable[..., Any], *what: Any, **words: Any) -> None:
        """Let somebody try something; a refusal leaves no trace."""
        with self.database.reading() as session:
            before = self.trace(session)
        try:
            with self.database.writing() as session:
                act(session, *what, **words)
        except FeedbackError:
            with self.database.reading() as session:
                assert self.trace(session) == before

    def trace(self, session: Session) -> tuple[Any, ...]:
        """Give what a refusal must leave as it is."""
        return tuple(session.scalars(select(JournalRow.seq)))


class ReplyMachine(AnsweringMachine):
    """One reply to three suggestions."""

    @initialize(kind=KINDS)
    def start(self, kind: str) -> None:
        with self.database.writing() as session:
            self.office = make_office(session)
            self.number = begin(session, self.office, shown(session, 3), writing(kind)).id
        self.stage, self.public = ReplyStage.DRAFT, [""]

    def trace(self, session: Session) -> tuple[Any, ...]:
        row = session.get_one(Reply, self.number)
        return row.version, row.state, row.correction, session.scalar(select(func.count()).select_from(JournalRow))

    def of(self, person: int) -> tuple[Any, ...]:
        return by(self.office[person]), self.number, CITY

    @rule(person=PEOPLE, text=TEXTS, kind=KINDS, checked=CHECKED, keeps=st.booleans())
    def save(self, person: int, text: Text3, kind: str, checked: tuple[str, ...], keeps: bool) -> None:
        with self.database.reading() as session:
            stored = session.get_one(Reply, self.number).kind
        what = writing(stored if keeps else kind, text, checked=checked)
        self.tried(replies.save, *self.of(person), writing=what, version=None)

    @rule(person=PEOPLE)
    def finish(self, person: int) -> None:
        self.tried(replies.finish, *self.of(person), version=None)

    @rule(person=PEOPLE)
    def release(self, person: int) -> None:
        self.tried(replies.release, *self.of(person), version=None)

    @rule(person=PEOPLE)
    def finish_and_release(self, person: int) -> None:
        """Both at once, or few would come so far."""
        self.tried(replies.finish, *self.of(person), version=None)
        self.tried(replies.release, *self.of((person + 1) % 3), version=None)

    @rule(person=PEOPLE, luck=st.integers(0, 3))
    def send_back(self, person: int, luck: int) -> None:
        self.tried(replies.send_back, *self.of(person), note="Назовите улицу." if luck else "", version=None)

    @rule(person=PEOPLE, luck=st.integers(0, 7))
    def give_up(self, person: int, luck: int) -> None:
        if luck == 0:
            self.tried(replies.give_up, *self.of(person), version=None)

    @rule(person=PEOPLE, luck=st.integers(0, 7))
    def withdraw(self, person: int, luck: int) -> None:
        if luck == 0:
            self.tried(replies.withdraw, *self.of(person), reason=REASON, version=None)

    @invariant()
    def what_is_public_is_whole_and_two_have_seen_it(self) -> None:
        with self.database.reading() as session:
            rows = select(ReplyText, ReplyRelease).join(
                ReplyRelease, (ReplyRelease.reply == ReplyText.reply) & (ReplyRelease.version == ReplyText.version)
            )
            reply = session.get_one(Reply, self.number)
            for text, release in session.execute(rows):
                assert text.written_by == release.written_by != release.released_by
                assert list(faults_of_text(content_of(text), versions_of(text))) == []
                assert list(faults_of_facts(reply.kind, facts_of(text), TODAY)) == []

    @invariant()
    def what_is_public_only_grows_and_its_facts_are_those_of_its_words(self) -> None:
        with self.database.reading() as session:
            texts, reply = texts_of(session, self.number), session.get_one(Reply, self.number)
            public = ["", *(each.ru for each in texts.versions if each.version in texts.released)]
            assert public[: len(self.public)] == self.public
            self.public = public
            if texts.released:
                newest = next(each for each in texts.versions if each.version == texts.released[-1])
                assert facts_of(reply) == facts_of(newest)

    @invariant()
    def stages_follow_the_table(self) -> None:
        with self.database.reading() as session:
            reply = session.get_one(Reply, self.number)
            now = stage_of(reply.state, reply.correction)
            ways = {to for (where, _event), to in TRANSITIONS.items() if where is self.stage}
            ways |= {to for way in ways for (where, _event), to in TRANSITIONS.items() if where is way}
            assert now in ways | {self.stage}, "at most two steps since the last look"
            self.stage = now
            opened = session.scalars(select(Commitment)).all()
            assert all(row.state == "draft" for row in opened) or reply.kind == "will_do"
            assert not opened or reply.state in {"draft", "ready", "released", "withdrawn"}


class CommitmentMachine(AnsweringMachine):
    """One commitment, the people who keep it and twelve who raised it."""

    @initialize()
    def start(self) -> None:
        with self.database.writing() as session:
            self.office = make_office(session)
            self.comments = shown(session, 12)
            reply = begin(session, self.office, self.comments, writing("will_do"))
            self.reply = reply.id
            self.number = session.scalars(select(Commitment.id)).one()
        self.answered = 0

    def trace(self, session: Session) -> tuple[Any, ...]:
        row = session.get_one(Commitment, self.number)
        return row.version, row.state, row.due, session.scalar(select(func.count()).select_from(JournalRow))

    @rule(
        person=PEOPLE,
        step=st.sampled_from(CommitmentAct),
        percent=st.sampled_from([None, 10, 90, 100]),
        due=st.sampled_from([None, 0, 60, 70, 80]),
        body=st.sampled_from([WHY, EMPTY]),
    )
    def take_step(self, person: int, step: CommitmentAct, percent: int | None, due: int | None, body: Text3) -> None:
        told = StepTold(body, percent, None if due is None else days(due), TODAY, EVIDENCE)
        words = {"step": step, "told": told, "version": None}
        self.tried(commitments.take_step, by(self.office[person]), self.number, CITY, **words)

    @rule(said=st.lists(st.sampled_from(["yes", "partly", "no", "cannot_tell"]), max_size=6))
    def answer(self, said: list[str]) -> None:
        with self.database.writing() as session:
            free = self.comments[self.answered : self.answered + len(said)]
            answer(session, self.reply, free, *said)
            self.answered += len(free)

    @rule()
    def turn(self) -> None:
        with self.database.writing() as session:
            commitments.turn_by_answers(session, by(self.office.analyst)._replace(id=None))

    @invariant()
    def steps_tell_all_of_it(self) -> None:
        with self.database.reading() as session:
            row = session.get_one(Commitment, self.number)
            steps = session.scalars(select(CommitmentEvent).order_by(CommitmentEvent.id)).all()
            assert row.state == (steps[-1].state if steps else CommitmentState.DRAFT)
            dated = [each.due for each in steps if each.due is not None]
            assert (row.first_due, row.due) == ((dated[0], dated[-1]) if dated else (days(60), days(60)))
            assert row.percent == ([0] + [each.percent for each in steps if each.percent is not None])[-1]
            for each in steps:
                assert (each.by is None) == (each.event in BY_RESIDENTS)
                assert bool(each.body_ru) == (each.event not in {*BY_RESIDENTS, "announce"})
            announced = [each.by for each in steps if each.event == "announce"]
            assert announced.count(self.office.analyst) == 0
            assert len(announced) <= 1


def run(machine: type[AnsweringMachine], template: Path) -> None:
    made = type("Machine", (machine,), {"template": template})
    chosen = settings(
        max_examples=by_effort(10, 500), stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(made, settings=chosen)


def test_no_order_of_events_makes_half_a_reply_public(sqlite_template: Path) -> None:
    run(ReplyMachine, sqlite_template)


def test_no_order_of_events_hides_what_was_promised(sqlite_template: Path) -> None:
    run(CommitmentMachine, sqlite_template)
