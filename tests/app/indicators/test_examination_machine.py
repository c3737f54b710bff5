"""Whatever people do with a value, in any order: nothing is accepted but by two who have nothing to do with it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant
from app.database import Database
from app.indicators.assignments import distribute, release
from app.indicators.case_models import Assessment, ValueCase
from app.indicators.cases import get_case, recall, refuse_overdue, reopen
from app.indicators.drafts import TypedValue, save_value
from app.indicators.errors import IndicatorError
from app.indicators.examination import outcome_of, visible_verdicts
from app.indicators.models import IndicatorValue
from app.indicators.queries import current_values
from app.indicators.returns import ReturnOrder, send_return
from app.indicators.states import State
from app.indicators.verdicts import CaseVerdict, ReturnReason, Ruling
from tests.builders.examination import (
    ACCEPTED,
    KEY,
    RETURNED,
    UNABLE,
    actor,
    give_role,
    make_address,
    make_person,
    open_for,
    say,
    told_of,
)
from tests.builders.staff import TODAY
from tests.effort import by_effort

REASON = "Қала қате тапты және түзетуді сұрады"
WORDS = st.sampled_from([replace(ACCEPTED, note="дұрыс"), RETURNED, UNABLE])
PEOPLE = st.integers(0, 7)


class Examination(RuleBasedStateMachine):
    """A case with an analyst, a lead, four assessors, and two who are both: one now, one until lately."""

    database: Database
    people: list[int]

    @initialize()
    def begin(self) -> None:
        # One transaction for a whole walk, taken back at its end: committing each step would cost ten times as much.
        self.connection = self.database.engine.connect()
        self.session = Session(self.connection, expire_on_commit=False)
        self.in_force: int | None = None
        self.barred = {self.people[n] for n in (0, 1, 6, 7)}

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.close()
            self.connection.close()

    def _try(self, step: Callable[[Session], object]) -> None:
        with suppress(IndicatorError), self.session.begin_nested():
            step(self.session)
        self.session.expire_all()

    def _version(self, session: Session) -> int:
        return get_case(session, KEY).version

    @rule(value=st.sampled_from(["yes", "no"]), who=st.sampled_from([0, 1, 6]))
    def save(self, value: str, who: int) -> None:
        typed = TypedValue(value=value)
        self._try(lambda session: save_value(session, KEY, typed, self._version(session), actor(self.people[who])))

    @rule(who=st.sampled_from([1, 6]))
    def send(self, who: int) -> None:
        def step(session: Session) -> None:
            order = ReturnOrder(KEY.period, KEY.city, {KEY.indicator: self._version(session)})
            send_return(session, order, actor(self.people[who]), missing=0, bulk="b")

        self._try(step)

    @rule()
    def recall(self) -> None:
        self._try(lambda session: recall(session, KEY, self._version(session), actor(self.people[1])))

    @rule(who=PEOPLE, word=WORDS)
    def say(self, who: int, word: Ruling) -> None:
        self._try(lambda session: say(session, KEY, self.people[who], word))

    @rule(first=PEOPLE, second=PEOPLE, word=WORDS)
    def two_say_the_same(self, first: int, second: int, word: Ruling) -> None:
        self.say(first, word)
        self.say(second, word)

    @rule()
    def reopen(self) -> None:
        self._try(lambda session: reopen(session, KEY, self._version(session), REASON, actor(self.people[2])))

    @rule()
    def days_pass(self) -> None:
        self._try(lambda session: refuse_overdue(session, actor(None, minutes=60 * 24 * 60)))

    @rule(pool=st.sets(PEOPLE), again=st.booleans())
    def assign(self, pool: set[int], again: bool) -> None:
        chosen = [self.people[n] for n in pool]
        self._try(lambda session: distribute(session, [KEY], chosen, actor(None), again=again, bulk="b"))

    @rule(who=PEOPLE)
    def end_and_begin_a_role(self, who: int) -> None:
        def step(session: Session) -> None:
            for grant in session.scalars(select(RoleGrant).where(RoleGrant.staff == self.people[who])):
                if grant.role == "reviewer":
                    grant.revoked = not grant.revoked
            release(session, self.people[who], actor(None), bulk="b")

        self._try(step)

    @invariant()
    def accepted_only_by_two_others_or_a_third(self) -> None:
        session = self.session
        if session:
            case = session.scalars(select(ValueCase).where(ValueCase.indicator == KEY.indicator)).one()
            if case.state == State.ACCEPTED:
                assert case.accepted_revision == case.revision
            if case.accepted_revision is None:
                assert self.in_force is None
                assert all(row.not_accepted for row in current_values(session, KEY.period))
                return
            given = list(session.scalars(select(Assessment).where(Assessment.revision == case.accepted_revision)).all())
            in_seats = {row.slot: row for row in given if row.slot}
            assert len({row.assessor for row in in_seats.values()}) == len(in_seats) >= 2
            last = in_seats.get(3, in_seats[2])
            assert last.verdict == CaseVerdict.ACCEPT
            assert 3 in in_seats or in_seats[1].verdict == CaseVerdict.ACCEPT
            entered = set(session.scalars(select(IndicatorValue.entered_by)))
            assert not {row.assessor for row in given} & (entered | self.barred)
            # What is in force stays so until another revision is accepted.
            assert self.in_force is None or case.accepted_revision >= self.in_force
            self.in_force = case.accepted_revision
            assert [row.revision for row in current_values(session, KEY.period)] == [self.in_force]

    @invariant()
    def nobody_sees_a_first_verdict_but_its_author(self) -> None:
        session = self.session
        if session:
            rows = list(session.scalars(select(Assessment)).all())
            single = {
                revision
                for revision in {row.revision for row in rows}
                if not {1, 2} <= {row.slot for row in rows if row.revision == revision}
            }
            for person in self.people[:4]:
                shown = visible_verdicts(session, KEY, person)
                assert all(row.assessor == person for row in shown if row.revision in single)
            notes = told_of(session, KEY)
            assert not {note.revision for note in notes} & single
            for note in notes:
                of_revision = [row for row in visible_verdicts(session, KEY, 0) if row.revision == note.revision]
                assert note.verdict is outcome_of(of_revision)
            assert all(isinstance(reason, ReturnReason) for note in notes for reason in note.reasons)


@pytest.fixture
def prepared(sqlite: Database) -> type[Examination]:
    """Give the machine a database with its people and a value that has evidence."""
    with sqlite.writing() as session:
        open_for(session, KEY.city)
        people = [make_person(session, "a", "analyst", KEY.city), make_person(session, "l", "lead", KEY.city)]
        people += [make_person(session, f"r{n}", "reviewer") for n in range(6)]
        give_role(session, people[6], "lead", KEY.city)
        give_role(session, people[7], "analyst", KEY.city, revoked=True, until_day=TODAY)
        session.add(make_address(KEY, people[0]))
    return type("Prepared", (Examination,), {"database": sqlite, "people": people})


def test_nothing_is_accepted_but_by_two_who_have_nothing_to_do_with_it(prepared: type[Examination]) -> None:
    checks = settings(max_examples=by_effort(15, 500), stateful_step_count=50, deadline=None)
    run_state_machine_as_test(prepared, settings=checks)
