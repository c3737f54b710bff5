"""Whatever people do in whatever order: nothing counts that two others did not accept, and what counts goes on to."""

from datetime import timedelta
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from app.audit.journal import Actor
from app.audit.models import JournalRow
from app.database import Database
from app.indicators import cases
from app.indicators.case_models import Assessment
from app.indicators.cases import Case, get_case
from app.indicators.drafts import TypedValue, save_value
from app.indicators.errors import IndicatorError
from app.indicators.keys import CaseKey
from app.indicators.models import IndicatorValue
from app.indicators.openings import close_period
from app.indicators.queries import current_values
from app.indicators.returns import ReturnOrder, plan_return, send_return
from app.indicators.states import Event, State, next_state
from tests.builders.cases import MONDAY, REASON, add_paper, give_verdict, open_small_period
from tests.effort import by_effort

KEYS = tuple(CaseKey("2026", "aktau", code) for code in ("ctm_1", "ctm_2", "ctm_5"))
PEOPLE = st.integers(1, 5)
VALUES = (
    TypedValue(value="yes"),
    TypedValue(value="no"),
    TypedValue(value="61,5"),
    TypedValue(value="..."),
    TypedValue(),
    TypedValue(status="not_applicable", note=REASON),
    TypedValue(status="not_applicable", note="none"),
)


class CaseMachine(RuleBasedStateMachine):
    """Three cases and five people of whom everybody tries everything; what is refused must change nothing."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        file = Path(self.folder.name) / "cases.sqlite3"
        copyfile(self.template, file)
        self.database = Database(f"sqlite:///{file}")
        self.now = MONDAY
        self.in_force: dict[CaseKey, int | None] = {}

    @initialize()
    def begin(self) -> None:
        with self.database.writing() as session:
            open_small_period(session)
        self.in_force = dict.fromkeys(KEYS)

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()

    def tried(self, key: CaseKey, event: Event, person: int, *what: Any) -> None:
        """Let somebody try an event: what the table of states forbids is refused, and a refusal leaves no trace."""
        with self.database.reading() as session:
            before, rows = get_case(session, key), len(session.scalars(select(JournalRow.seq)).all())
        try:
            with self.database.writing() as session:
                self.happen(session, before, event, Actor(person, self.now), *what)
        except IndicatorError:
            with self.database.reading() as session:
                assert get_case(session, key) == before
                assert len(session.scalars(select(JournalRow.seq)).all()) == rows
            return
        with self.database.reading() as session:
            after = get_case(session, key)
        if after != before:
            # Sending what is empty writes down that it is missing first.
            allowed = {next_state(before.state, event)} | ({State.SENT} if before.state is State.OPEN else set())
            assert after.state in allowed, (before.state, event, after.state)
            assert after.version > before.version

    def happen(self, session: Any, case: Case, event: Event, actor: Actor, *what: Any) -> None:
        key = case.key
        match event:
            case Event.SAVE:
                save_value(session, key, what[0], case.version, actor)
            case Event.SEND:
                missing = len(plan_return(session, key.period, key.city, [key.indicator], self.now.date()).empty)
                order = ReturnOrder(key.period, key.city, {key.indicator: case.version})
                send_return(session, order, actor, missing=missing, bulk="b")
            case Event.RECALL:
                cases.recall(session, key, case.version, actor)
            case Event.REOPEN:
                cases.reopen(session, key, case.version, REASON, actor)
            case Event.ACCEPT:
                cases.accept(session, case, case.revision or 0, actor)
            case Event.RETURN:
                cases.return_case(session, case, case.revision or 0, actor)
            case _:
                cases.split(session, case, case.revision or 0, actor)

    @rule(key=st.sampled_from(KEYS), person=PEOPLE, typed=st.sampled_from(VALUES))
    def save(self, key: CaseKey, person: int, typed: TypedValue) -> None:
        self.tried(key, Event.SAVE, person, typed)

    @rule(key=st.sampled_from(KEYS))
    def add_evidence(self, key: CaseKey) -> None:
        with self.database.writing() as session:
            add_paper(session, key)

    @rule(key=st.sampled_from(KEYS), person=PEOPLE)
    def send(self, key: CaseKey, person: int) -> None:
        self.tried(key, Event.SEND, person)

    @rule(key=st.sampled_from(KEYS), person=PEOPLE)
    def recall(self, key: CaseKey, person: int) -> None:
        self.tried(key, Event.RECALL, person)

    @rule(key=st.sampled_from(KEYS), slot=st.integers(1, 3), accepts=st.booleans(), person=PEOPLE)
    def assess(self, key: CaseKey, slot: int, accepts: bool, person: int) -> None:
        """Write a verdict where the database lets one be written, whoever gives it."""
        with self.database.reading() as session:
            case = get_case(session, key)
            given = select(Assessment.slot, Assessment.assessor).where(
                Assessment.indicator == key.indicator, Assessment.revision == (case.revision or 0)
            )
            taken = session.execute(given).all()
        is_free = all(row.slot != slot and row.assessor != person for row in taken)
        if case.state in {State.SENT, State.SPLIT} and is_free:
            with self.database.writing() as session:
                give_verdict(session, key, slot, "accept" if accepts else "return", person)

    @rule(key=st.sampled_from(KEYS), event=st.sampled_from((Event.ACCEPT, Event.RETURN, Event.SPLIT)), person=PEOPLE)
    def decide(self, key: CaseKey, event: Event, person: int) -> None:
        self.tried(key, event, person)

    @rule(key=st.sampled_from(KEYS), person=PEOPLE)
    def reopen(self, key: CaseKey, person: int) -> None:
        self.tried(key, Event.REOPEN, person)

    @rule(days=st.integers(1, 12))
    def days_go_by(self, days: int) -> None:
        self.now += timedelta(days=days)
        with self.database.writing() as session:
            cases.refuse_overdue(session, Actor(None, self.now))

    @rule(luck=st.integers(0, 9))
    def close(self, luck: int) -> None:
        """Close the period now and then: seldom, or little else would happen."""
        if luck == 0:
            try:
                with self.database.writing() as session:
                    close_period(session, "2026", Actor(4, self.now))
            except IndicatorError:
                pass

    @invariant()
    def nothing_counts_that_two_others_did_not_accept(self) -> None:
        with self.database.reading() as session:
            for row in current_values(session, "2026"):
                key = CaseKey("2026", row.city, row.indicator)
                case = get_case(session, key)
                if case.accepted_revision is None:
                    assert row.not_accepted
                    continue
                assert row.revision == case.accepted_revision
                given = session.scalars(
                    select(Assessment).where(
                        Assessment.indicator == key.indicator, Assessment.revision == case.accepted_revision
                    )
                ).all()
                verdicts = {each.slot: each.verdict for each in given}
                assert verdicts.get(3) == "accept" or (verdicts[1], verdicts[2]) == ("accept", "accept")
                entered = select(IndicatorValue.entered_by).where(
                    IndicatorValue.indicator == key.indicator, IndicatorValue.revision == case.accepted_revision
                )
                assert session.scalars(entered).one() not in {each.assessor for each in given}

    @invariant()
    def what_is_in_force_changes_by_acceptance_alone(self) -> None:
        with self.database.reading() as session:
            for key, before in list(self.in_force.items()):
                case = get_case(session, key)
                if case.accepted_revision != before:
                    assert case.state is State.ACCEPTED
                    assert before is None or (case.accepted_revision or 0) > before
                    self.in_force[key] = case.accepted_revision


def test_no_order_of_events_lets_an_unexamined_value_count(sqlite_template: Path) -> None:
    machine = type("Machine", (CaseMachine,), {"template": sqlite_template})
    run = settings(
        max_examples=by_effort(15, 500),
        stateful_step_count=50,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=run)
