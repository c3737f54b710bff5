"""Whatever people do with an initiative, in any order: two who have nothing to do with it decide, or a third does."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant
from app.database import Database
from app.initiatives import keeping, public
from app.initiatives.errors import InitiativeError
from app.initiatives.keeping import Report
from app.initiatives.models import SHOWN_STATES, InitiativeEvent, InitiativeExamination, InitiativeText
from app.initiatives.opinions import ExaminerWord
from app.initiatives.standing import get_standing
from app.initiatives.states import TRANSITIONS, InitiativeState, InitiativeStep
from app.initiatives.visible import told_to_city, visible_words
from tests.builders.examination import actor, give_role, make_person
from tests.builders.initiatives import (
    ADDRESS,
    CITY,
    DONE_KK,
    DONE_RU,
    REFUSED,
    RETURNED,
    SUPPORTED,
    UNABLE,
    UNDER_CONDITIONS,
    Planners,
    content_of_bus,
    opine,
    plan,
)
from tests.builders.staff import TODAY
from tests.effort import by_effort

WORDS = st.sampled_from([SUPPORTED, UNDER_CONDITIONS, RETURNED, REFUSED, UNABLE])
PEOPLE = st.integers(0, 7)
DECISIONS = {"support": "supported", "return": "returned", "not_support": "not_supported"}


class Register(RuleBasedStateMachine):
    """An initiative with an analyst, a lead, four examiners, and two who are both: one now, one until lately."""

    database: Database
    people: list[int]

    @initialize()
    def begin(self) -> None:
        self.connection = self.database.engine.connect()
        self.session = Session(self.connection, expire_on_commit=False)
        self.key = plan(self.session, Planners(*self.people[:6])).key
        self.texts = 0
        self.barred = {self.people[n] for n in (0, 1, 6, 7)}

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.close()
            self.connection.close()

    def _try(self, step: Callable[[Session], object]) -> None:
        with suppress(InitiativeError), self.session.begin_nested():
            step(self.session)
        self.session.expire_all()

    def _version(self, session: Session) -> int:
        return get_standing(session, self.key).version

    @rule(cost=st.integers(1, 3), who=st.sampled_from([0, 1, 6]))
    def save(self, cost: int, who: int) -> None:
        content, by = content_of_bus(cost=cost), actor(self.people[who])
        self._try(lambda session: keeping.save(session, self.key, content, self._version(session), by))

    @rule(who=st.sampled_from([1, 6]))
    def submit(self, who: int) -> None:
        self._try(lambda session: keeping.submit(session, self.key, self._version(session), actor(self.people[who])))

    @rule()
    def recall(self) -> None:
        self._try(lambda session: keeping.recall(session, self.key, actor(self.people[1])))

    @rule(who=PEOPLE, word=WORDS)
    def say(self, who: int, word: ExaminerWord) -> None:
        self._try(lambda session: opine(session, self.key, self.people[who], word))

    @rule(first=PEOPLE, second=PEOPLE, word=WORDS)
    def two_say_the_same(self, first: int, second: int, word: ExaminerWord) -> None:
        self.say(first, word)
        self.say(second, word)

    @rule(step=st.sampled_from([keeping.start, keeping.tell_progress, keeping.finish, keeping.stop]))
    def go_on(self, step: Callable[..., object]) -> None:
        report, by = Report(TODAY, DONE_KK, DONE_RU, ADDRESS), actor(self.people[1])
        self._try(lambda session: step(session, self.key, self._version(session), report, by))

    @rule()
    def withdraw(self) -> None:
        self._try(lambda session: keeping.withdraw(session, self.key, self._version(session), actor(self.people[1])))

    @rule(who=PEOPLE)
    def end_and_begin_a_role(self, who: int) -> None:
        def step(session: Session) -> None:
            for grant in session.scalars(select(RoleGrant).where(RoleGrant.staff == self.people[who])):
                if grant.role == "reviewer":
                    grant.revoked = not grant.revoked

        self._try(step)

    @invariant()
    def decided_only_by_two_others_or_a_third(self) -> None:
        if not hasattr(self, "key"):
            return
        standing = get_standing(self.session, self.key)
        decided = list(
            self.session.scalars(
                select(InitiativeEvent).where(InitiativeEvent.step.in_(("support", "return", "refuse")))
            )
        )
        for event in decided:
            given = self.session.scalars(
                select(InitiativeExamination).where(InitiativeExamination.revision == event.revision)
            ).all()
            in_seats = {row.slot: row for row in given if row.slot}
            assert len({row.examiner for row in in_seats.values()}) == len(in_seats) >= 2
            last = in_seats.get(3, in_seats[2])
            assert DECISIONS[last.opinion] == event.state
            assert 3 in in_seats or in_seats[1].opinion == last.opinion
            wrote = set(self.session.scalars(select(InitiativeText.written_by)))
            assert not {row.examiner for row in given} & (wrote | self.barred)
        after = standing.state in {InitiativeState.RUNNING, InitiativeState.FINISHED, InitiativeState.STOPPED}
        if after or standing.state is InitiativeState.SUPPORTED:
            assert any(event.step == "support" and event.revision == standing.revision for event in decided)

    @invariant()
    def nobody_sees_a_first_opinion_but_its_author(self) -> None:
        if not hasattr(self, "key"):
            return
        rows = self.session.scalars(select(InitiativeExamination)).all()
        seats = {(row.revision, row.slot) for row in rows if row.slot}
        single = {row.revision for row in rows if (row.revision, 2) not in seats}
        for person in self.people[:6]:
            shown = visible_words(self.session, self.key.id, person)
            assert all(row.examiner == person for row in shown if row.revision in single)
        split = {row.revision for row in rows if (row.revision, 2) in seats and (row.revision, 3) not in seats}
        differing = {each for each in split if len({r.opinion for r in rows if r.revision == each and r.slot}) > 1}
        assert not {word.revision for word in told_to_city(self.session, self.key.id)} & (single | differing)

    @invariant()
    def everybody_reads_what_was_supported_and_nothing_else(self) -> None:
        if not hasattr(self, "key"):
            return
        standing = get_standing(self.session, self.key)
        shown = public.read_city(self.session, CITY)
        assert [each.number for each in shown] == ([self.key.id] if standing.state in SHOWN_STATES else [])
        if shown:
            steps = self.session.scalars(select(InitiativeEvent.step)).all()
            assert len(shown[0].steps) == sum(step in public.TOLD_STEPS for step in steps)


@pytest.fixture
def prepared(sqlite: Database) -> type[Register]:
    """Give the machine a database with its people."""
    with sqlite.writing() as session:
        people = [make_person(session, "a", "analyst", CITY), make_person(session, "l", "lead", CITY)]
        people += [make_person(session, f"r{n}", "reviewer") for n in range(6)]
        give_role(session, people[6], "lead", CITY)
        give_role(session, people[7], "analyst", CITY, revoked=True, until_day=TODAY)
    return type("PreparedRegister", (Register,), {"database": sqlite, "people": people})


def test_nothing_is_decided_but_by_two_who_have_nothing_to_do_with_it(prepared: type[Register]) -> None:
    checks = settings(max_examples=by_effort(15, 500), stateful_step_count=50, deadline=None)
    run_state_machine_as_test(prepared, settings=checks)


def test_every_state_but_the_ends_leads_on_and_every_step_is_in_the_table() -> None:
    ends = {InitiativeState.NOT_SUPPORTED, InitiativeState.WITHDRAWN, InitiativeState.STOPPED}
    assert {state for state, _step in TRANSITIONS} == set(InitiativeState) - ends
    assert {step for _state, step in TRANSITIONS} == set(InitiativeStep) - {InitiativeStep.CREATE}
    reached = {InitiativeState.PLANNED, *TRANSITIONS.values()}
    assert reached == set(InitiativeState)
