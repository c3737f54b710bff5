"""Whatever people decide in whatever order: nothing of what was decided is lost, and nobody hides alone."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from app.audit.journal import Actor
from app.audit.models import JournalRow
from app.database import Database
from app.feedback.errors import FeedbackError
from app.feedback.models import CommentDecision
from app.feedback.moderation import (
    ALONE,
    BY_OUTSIDERS,
    CommentState,
    Decision,
    DecisionEvent,
    HidingReason,
    decide,
    next_state,
    undo,
)
from app.feedback.purging import purge
from app.feedback.queries import LIVE, NEUTRAL, hiding_figures, in_force, public_text
from app.feedback.spans import Span, blacked_out, read_spans
from surveys.models.comments import Comment
from tests.builders.comments import make_comment, take_words_back
from tests.builders.staff import NOW, make_staff
from tests.effort import by_effort

TEXT = "Иванов обещал двор и не сделал ничего за год"
PEOPLE = st.integers(0, 3)
"""Two moderators of the city, one of another, a reviewer."""
IDS = st.integers(0, 1)
SPANS = st.lists(st.builds(Span, st.integers(-1, 20), st.integers(0, 50)), max_size=3).map(tuple)


class ModerationMachine(RuleBasedStateMachine):
    """Two suggestions and four people of whom everybody tries everything; what is refused must change nothing."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        file = Path(self.folder.name) / "comments.sqlite3"
        copyfile(self.template, file)
        self.database = Database(f"sqlite:///{file}")
        self.now = NOW

    @initialize()
    def begin(self) -> None:
        with self.database.writing() as session:
            self.ids = [make_comment(session, TEXT, number=number) for number in (1, 2)]
            roles = (("moderator", "aktau"), ("moderator", "aktau"), ("moderator", "oral"), ("reviewer", None))
            self.people = [make_staff(session, role, city).id for role, city in roles]

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()

    @rule(
        number=IDS,
        person=PEOPLE,
        event=st.sampled_from([each for each in DecisionEvent if each is not DecisionEvent.UNDO]),
        reason=st.none() | st.sampled_from(HidingReason),
        spans=SPANS,
        uncovers=st.booleans(),
    )
    def decide(
        self,
        number: int,
        person: int,
        event: DecisionEvent,
        *,
        reason: HidingReason | None,
        spans: tuple[Span, ...],
        uncovers: bool,
    ) -> None:
        before, rows = self.seen()
        actor = Actor(self.people[person], self.now)
        try:
            with self.database.writing() as session:
                decision = Decision(event, reason, spans, uncovers)
                decide(session, actor, self.ids[number], decision, before[number][1])
        except FeedbackError:
            assert self.seen() == (before, rows)
            return
        after, now = self.seen()
        assert now - rows in {0, 1}
        assert (after[number][1] > before[number][1]) == (now > rows)
        state = CommentState(before[number][0])
        allowed = {next_state(state, event, reason)}
        if event in {DecisionEvent.SHOW, DecisionEvent.OVERTURN} and not uncovers:
            allowed.add(CommentState.SHOWN_REDACTED)
        if before[number][0] == "shown_redacted" and not uncovers:
            self._stays_black(before[number], after[number])
        assert after[number][0] in {str(each) for each in allowed if each}
        if event in BY_OUTSIDERS:
            assert person >= 2

    @staticmethod
    def _stays_black(before: tuple[str, int, str, str | None], after: tuple[str, int, str, str | None]) -> None:
        """Nobody reads what was black before, who did not say that it is to be read."""
        assert after[0] != "shown"
        if after[0] == "shown_redacted":
            assert _letters_of(after[3]) <= _letters_of(before[3])

    @rule(number=IDS, person=PEOPLE)
    def undo(self, number: int, person: int) -> None:
        before, rows = self.seen()
        try:
            with self.database.writing() as session:
                undo(session, Actor(self.people[person], self.now), self.ids[number])
        except FeedbackError:
            assert self.seen() == (before, rows)

    @rule()
    def wait_and_erase(self) -> None:
        self.now += timedelta(days=31)
        with self.database.writing() as session:
            purge(session, Actor(None, self.now))

    @rule(number=st.just(1))
    def take_back(self, number: int) -> None:
        with self.database.writing() as session:
            take_words_back(session, self.ids[number])

    def seen(self) -> tuple[list[tuple[str, int, str, str | None]], int]:
        """Give the suggestions as they stand, and how many decisions and rows of the journal there are."""
        with self.database.reading() as session:
            rows = {row.id: row for row in session.scalars(select(Comment))}
            decisions = len(session.scalars(select(CommentDecision.id)).all())
            journal = session.scalars(select(JournalRow.seq).where(JournalRow.object_kind == "comment")).all()
            assert len(journal) == decisions
            return [
                (row.state, row.version, row.text, row.shown_text) for row in map(rows.get, self.ids) if row
            ], decisions

    @invariant()
    def what_stands_follows_from_the_decisions(self) -> None:
        if not hasattr(self, "ids"):
            return
        with self.database.reading() as session:
            for comment in self.ids:
                row = session.get_one(Comment, comment)
                if row.state not in LIVE:
                    continue
                taken = list(session.scalars(select(CommentDecision).where(CommentDecision.comment == comment)))
                undone = {each.undoes for each in taken if each.undoes}
                standing = [each for each in taken if each.event not in NEUTRAL and each.id not in undone]
                last = max(standing, key=lambda each: each.id, default=None)
                assert row.state == (last.state if last else "released")
                found = in_force(session, comment)
                assert found
                assert found.reason == (last.reason if last else None)
                self._of_hidden(row, last, {each.id: each for each in taken})
                self._of_texts(row, last, any(each.event == "purge" for each in taken))

    def _of_hidden(self, row: Comment, last: CommentDecision | None, taken: dict[int, CommentDecision]) -> None:
        """What counts as hidden was confirmed by an outsider, or says nothing."""
        if row.state != "hidden" or last is None:
            return
        if last.event == "hide":
            assert last.reason in ALONE
        else:
            hiding = taken[last.confirms or 0]
            assert last.event == "confirm"
            assert hiding.event == "hide"
            assert last.moderator in self.people[2:]
            assert last.moderator != hiding.moderator

    def _of_texts(self, row: Comment, last: CommentDecision | None, is_purged: bool) -> None:
        """Only what is shown can be read, and of a redacted one only what is left."""
        public = public_text(row.state, row.text, row.shown_text)
        assert (public is not None) == (row.state in {"shown", "shown_redacted"})
        if not is_purged:
            assert row.text == TEXT
        if row.state == "shown_redacted" and not is_purged and last and last.spans:
            assert row.shown_text == blacked_out(TEXT, read_spans(last.spans))

    @invariant()
    def figures_add_up(self) -> None:
        with self.database.reading() as session:
            for row in hiding_figures(session):
                assert row.received == row.waiting + row.shown + row.redacted + row.hidden_in_all


def _letters_of(text: str | None) -> Counter[str]:
    return Counter(sign for sign in text or "" if sign.isalnum())


def test_nothing_is_lost_and_nobody_hides_alone(sqlite_template: Path) -> None:
    ModerationMachine.template = sqlite_template
    run_state_machine_as_test(
        ModerationMachine,
        settings=settings(
            max_examples=by_effort(15, 500),
            stateful_step_count=by_effort(30, 50),
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
