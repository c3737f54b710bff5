"""Commitments: the first day stays, moves are counted, and whether it is done residents say."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.clock import FrozenClock
from app.database import Database
from app.feedback import commitments
from app.feedback.board.commitments import list_commitments
from app.feedback.clock import due_on
from app.feedback.commitment_checks import CommitmentTerms, StepTold
from app.feedback.commitment_states import (
    BY_RESIDENTS,
    TRANSITIONS,
    CommitmentAct,
    CommitmentState,
    deadline,
    next_state,
)
from app.feedback.models import FollowAnswer
from app.feedback.reply_errors import AnswerError, StaleAnswerError, UnknownAnswerError
from app.feedback.reply_models import Commitment, CommitmentEvent
from app.jobs.tasks.turn_commitments import turn_commitments
from app.notices.models import Notice
from app.working_calendar import WorkingCalendar
from surveys.languages import Text3
from tests.builders.answering import EVIDENCE, PROMISE, Office, by, codes, days, make_office, released, shown, writing
from tests.builders.replies import answer
from tests.builders.staff import CITY, NOW, TODAY

WHY = Text3("Жауын-шашын кедергі болды.", "Помешали дожди.", "")
DONE = StepTold(WHY, done_on=TODAY, evidence_address=EVIDENCE)
Step, State = CommitmentAct, CommitmentState


def promise(session: Session, office: Office, number: int = 10, first: int = 0) -> tuple[Commitment, list[str]]:
    """Release a reply that promises something to suggestions."""
    comments = shown(session, number, first)
    reply = released(session, office, comments, writing("will_do"))
    return session.scalars(select(Commitment).where(Commitment.reply == reply.id)).one(), comments


def go(session: Session, row: Commitment, staff: int, step: CommitmentAct, told: StepTold = StepTold(WHY)) -> None:  # noqa: B008 - it is frozen
    commitments.take_step(session, by(staff), row.id, CITY, step=step, told=told, version=None)


def faults(session: Session, row: Commitment, staff: int, step: CommitmentAct, told: StepTold) -> set[tuple[str, str]]:
    with pytest.raises(AnswerError) as error:
        go(session, row, staff, step, told)
    return codes(error.value)


def events(session: Session, row: Commitment) -> list[tuple[str, str]]:
    rows = select(CommitmentEvent).where(CommitmentEvent.commitment == row.id).order_by(CommitmentEvent.id)
    return [(each.event, each.state) for each in session.scalars(rows)]


def test_the_first_day_stays_and_every_move_stays_visible(database: Database) -> None:
    """DESK §20 row 22: dates moved stay visible."""
    with database.writing() as session:
        office = make_office(session)
        row, _comments = promise(session, office)
        for number in (70, 80):
            go(session, row, office.lead, Step.MOVE, StepTold(WHY, due=days(number)))
        assert (row.first_due, row.due, row.state) == (days(60), days(80), State.ANNOUNCED)
        moved = select(CommitmentEvent.due, CommitmentEvent.body_ru).where(CommitmentEvent.event == "move")
        assert session.execute(moved.order_by(CommitmentEvent.id)).all() == [(days(70), WHY.ru), (days(80), WHY.ru)]


def test_progress_may_say_where_everybody_can_see_it(database: Database) -> None:
    with database.writing() as session:
        office = make_office(session)
        row, _comments = promise(session, office)
        wrong = StepTold(WHY, percent=30, evidence_address="http://aktau.example/works")
        assert faults(session, row, office.analyst, Step.PROGRESS, wrong) == {("evidence_address", "link")}
        for address in ("", EVIDENCE):
            go(session, row, office.analyst, Step.PROGRESS, StepTold(WHY, percent=30, evidence_address=address))
        seen = select(CommitmentEvent.evidence_address).where(CommitmentEvent.event == "progress")
        assert session.scalars(seen.order_by(CommitmentEvent.id)).all() == ["", EVIDENCE]
        assert list_commitments(session, CITY)[0].steps[-1].evidence_address == EVIDENCE, "everybody sees it"


@pytest.mark.parametrize(
    ("step", "told", "wanted"),
    [
        (Step.MOVE, StepTold(WHY), {("due", "missing")}),
        (Step.MOVE, StepTold(WHY, due=TODAY), {("due", "not_later")}),
        (Step.MOVE, StepTold(WHY, due=days(60)), {("due", "not_later")}),
        (Step.MOVE, StepTold(due=days(70)), {("body_kk", "missing"), ("body_ru", "missing")}),
        (Step.PROGRESS, StepTold(WHY), {("percent", "percent")}),
        (Step.PROGRESS, StepTold(WHY, percent=100), {("percent", "percent")}),
        (Step.PROGRESS, StepTold(WHY._replace(ru=""), percent=40), {("body_ru", "missing")}),
        (Step.REPORT_DONE, StepTold(WHY), {("done_on", "missing"), ("evidence_address", "missing")}),
        (Step.REPORT_DONE, DONE._replace(done_on=days(1)), {("done_on", "in_future")}),
        (Step.REPORT_DONE, DONE._replace(evidence_address="http://a.kz"), {("evidence_address", "link")}),
        (Step.DROP, StepTold(Text3("Жоқ", "Нет", "")), {("body_kk", "short"), ("body_ru", "short")}),
        (Step.DROP, StepTold(Text3(WHY.kk, f"{WHY.ru} {{date}}", "")), {("body_ru", "placeholder")}),
        (Step.AGREE, StepTold(WHY), {("", "wrong_state")}),
    ],
)
def test_a_step_that_lacks_something_is_refused(
    database: Database, step: CommitmentAct, told: StepTold, wanted: set[tuple[str, str]]
) -> None:
    with database.writing() as session:
        office = make_office(session)
        row, _comments = promise(session, office, 1)
        assert faults(session, row, office.lead, step, told) == wanted
        assert row.state == State.ANNOUNCED


def test_progress_is_told_in_percent_with_a_note_each(database: Database) -> None:
    with database.writing() as session:
        office = make_office(session)
        row, _comments = promise(session, office, 1)
        for percent in (20, 60):
            go(session, row, office.analyst, Step.PROGRESS, StepTold(WHY, percent=percent))
        assert (row.state, row.percent) == (State.IN_PROGRESS, 60)
        go(session, row, office.lead, Step.REPORT_DONE, DONE)
        assert (row.state, row.percent) == (State.REPORTED_DONE, 100)
        told = session.scalars(select(CommitmentEvent).where(CommitmentEvent.event == "report_done")).one()
        assert (told.done_on, told.evidence_address, told.day) == (TODAY, EVIDENCE, TODAY)


def test_nine_answers_say_nothing_and_ten_decide_and_one_turns_it(database: Database, clock: FrozenClock) -> None:
    """DESK §20 row 22: 9 → none; 4 yes + 2 partly of 10 → agreed; 4 yes + 1 partly → disputed, by itself."""
    with database.writing() as session:
        office = make_office(session)
        row, comments = promise(session, office)
        reply = row.reply or 0
        go(session, row, office.lead, Step.REPORT_DONE, DONE)
        answer(session, reply, comments[:9], *["yes"] * 4, *["partly"] * 2, *["no"] * 3)
        number = row.id
    assert turned(database, clock, number) == State.REPORTED_DONE
    with database.writing() as session:
        answer(session, reply, comments[9:], "no")
    assert turned(database, clock, number) == State.AGREED
    with database.writing() as session:
        say(session, reply, comments[5], "no")
    assert turned(database, clock, number) == State.DISPUTED
    with database.writing() as session:
        row = session.get_one(Commitment, number)
        assert events(session, row)[-2:] == [("agree", "agreed"), ("dispute", "disputed")]
        assert {each.staff for each in session.scalars(select(Notice)) if each.kind == "commitment.disputed"} == {
            *office
        }
        say(session, reply, comments[5], "partly")
    assert turned(database, clock, number) == State.AGREED


def turned(database: Database, clock: FrozenClock, number: int) -> str:
    """Let the job run, twice: the second time nothing changes."""
    turn_commitments(database, clock, None)  # type: ignore[arg-type]  # it needs no keys
    assert turn_commitments(database, clock, None) == "turned 0 commitments"  # type: ignore[arg-type]
    with database.reading() as session:
        return session.get_one(Commitment, number).state


def say(session: Session, reply: int, comment: str, said: str) -> None:
    session.get_one(FollowAnswer, (comment, reply)).answer = said
    session.flush()


def test_what_is_disputed_goes_on_with_a_new_day_and_a_new_clock(database: Database, clock: FrozenClock) -> None:
    """Peers FMS 897, 285 and 1339: closed is not fixed, and residents open it again."""
    with database.writing() as session:
        office = make_office(session)
        row, comments = promise(session, office)
        go(session, row, office.lead, Step.REPORT_DONE, DONE)
        answer(session, row.reply or 0, comments, *["no"] * 10)
        number = row.id
    assert turned(database, clock, number) == State.DISPUTED
    calendar = WorkingCalendar({})
    last = deadline(State.DISPUTED, TODAY, TODAY, calendar)
    assert last == due_on(TODAY, calendar)
    with database.writing() as session:
        row = session.get_one(Commitment, number)
        assert faults(session, row, office.lead, Step.REPORT_DONE, DONE) == {("", "wrong_state")}
        assert faults(session, row, office.lead, Step.DROP, StepTold(WHY)) == {("", "wrong_state")}
        assert faults(session, row, office.lead, Step.MOVE, StepTold(WHY, due=days(90))) == {("percent", "percent")}
        go(session, row, office.lead, Step.MOVE, StepTold(WHY, due=days(90), percent=50))
        assert (row.state, row.first_due, row.due, row.percent) == (State.IN_PROGRESS, days(60), days(90), 50)
    assert turned(database, clock, number) == State.IN_PROGRESS, "old answers say nothing of what is being done"


def test_answers_of_before_the_report_do_not_count(database: Database) -> None:
    with database.writing() as session:
        office = make_office(session)
        row, comments = promise(session, office)
        answer(session, row.reply or 0, comments, *["no"] * 10)
        later = Actor(office.lead, NOW + timedelta(days=40))
        told = DONE._replace(done_on=TODAY)
        commitments.take_step(session, later, row.id, CITY, step=Step.REPORT_DONE, told=told, version=None)
        assert commitments.turn_by_answers(session, later) == 0


def test_a_commitment_is_not_announced_by_whoever_wrote_it(database: Database) -> None:
    with database.writing() as session:
        office = make_office(session)
        place = commitments.CommitmentPlace(CITY, "hcs")
        row = commitments.draft(session, by(office.lead), place, PROMISE)
        assert faults(session, row, office.lead, Step.ANNOUNCE, StepTold()) == {("", "own_text")}
        go(session, row, office.other, Step.ANNOUNCE, StepTold())
        assert (row.state, row.first_due) == (State.ANNOUNCED, days(60))
        with pytest.raises(AnswerError):
            commitments.rewrite(session, by(office.lead), row.id, CITY, promise=PROMISE, version=None)


def test_whoever_wrote_a_part_does_not_announce_it_after_another_s_new_day(database: Database) -> None:
    with database.writing() as session:
        office = make_office(session)
        row = commitments.draft(session, by(office.analyst), commitments.CommitmentPlace(CITY, "hcs"), PROMISE)
        title = PROMISE._replace(title=Text3("Абай көшесін жабу", "Закрытие улицы Абая", ""))
        commitments.rewrite(session, by(office.lead), row.id, CITY, promise=title, version=None)
        later = title._replace(due=days(70))
        commitments.rewrite(session, by(office.analyst), row.id, CITY, promise=later, version=None)
        assert faults(session, row, office.lead, Step.ANNOUNCE, StepTold()) == {("", "own_text")}
        back = later._replace(title=PROMISE.title)
        commitments.rewrite(session, by(office.analyst), row.id, CITY, promise=back, version=None)
        go(session, row, office.lead, Step.ANNOUNCE, StepTold())
        assert row.state == State.ANNOUNCED


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"title": Text3("Абай көшесін жөндеу", "", "")}, {("title_ru", "missing")}),
        ({"unit_kk": ""}, {("unit_kk", "missing")}),
        ({"due": TODAY}, {("due", "not_later")}),
        ({"title": Text3("Жол", "Дорога {date}", "")}, {("title_ru", "placeholder")}),
    ],
)
def test_half_a_promise_is_not_announced(
    database: Database, changes: dict[str, Any], wanted: set[tuple[str, str]]
) -> None:
    with database.writing() as session:
        office = make_office(session)
        row = commitments.draft(
            session, by(office.analyst), commitments.CommitmentPlace(CITY, "hcs"), CommitmentTerms()
        )
        commitments.rewrite(
            session, by(office.analyst), row.id, CITY, promise=PROMISE._replace(**changes), version=row.version
        )
        assert faults(session, row, office.lead, Step.ANNOUNCE, StepTold()) == wanted
        commitments.give_up_draft(session, by(office.analyst), row.id, CITY, version=None)
        assert session.scalars(select(Commitment)).all() == []


def test_the_second_of_two_is_told_and_another_city_has_no_such_commitment(database: Database) -> None:
    with database.writing() as session:
        office = make_office(session)
        row, _comments = promise(session, office, 1)
        with pytest.raises(StaleAnswerError):
            commitments.take_step(
                session, by(office.lead), row.id, CITY, step=Step.DROP, told=StepTold(WHY), version=row.version - 1
            )
        with pytest.raises(UnknownAnswerError):
            commitments.take_step(
                session, by(office.lead), row.id, "oral", step=Step.DROP, told=StepTold(WHY), version=None
            )


def test_the_table_leads_only_forward_and_everything_has_a_way_on() -> None:
    """Every state but the last ones has a way on, and residents alone say that something is done."""
    ends = {State.DROPPED}
    assert {state for state, _step in TRANSITIONS} | ends == set(State)
    assert {step for (_state, step), to in TRANSITIONS.items() if to in {State.AGREED, State.DISPUTED}} == BY_RESIDENTS
    assert next_state(State.DRAFT, Step.REPORT_DONE) is None
    assert next_state(State.DROPPED, Step.MOVE) is None


@pytest.mark.parametrize("state", [State.DRAFT, State.REPORTED_DONE, State.AGREED, State.DROPPED])
def test_nothing_is_overdue_of_what_waits_for_nobody_or_for_residents(state: CommitmentState) -> None:
    assert deadline(state, TODAY, None, WorkingCalendar({})) is None
