"""Cases move by events alone, everything is in the journal, and what two people do at once is never lost."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.audit.journal import Actor
from app.audit.models import JournalRow
from app.database import Database
from app.indicators import cases
from app.indicators.case_models import Assessment, Evidence, ValueEvidence
from app.indicators.cases import Case, get_case
from app.indicators.drafts import TypedValue, save_value
from app.indicators.errors import (
    AlreadyAssessedError,
    CannotSendError,
    Code,
    ImportRefusedError,
    NotConfirmedError,
    NotExaminedError,
    PeriodCode,
    PeriodError,
    ReasonTooShortError,
    SendCode,
    StaleCaseError,
    WrongStateError,
)
from app.indicators.keys import CaseKey
from app.indicators.openings import Extension, PeriodPlan, close_period, extend, open_due_periods, open_period
from app.indicators.queries import current_values
from app.indicators.returns import ReturnOrder, plan_return, send_return
from app.indicators.states import TRANSITIONS, Event, State, next_state
from app.indicators.vocabulary import Status
from surveys.languages import Text3

MONDAY = datetime(2026, 11, 30, 6, tzinfo=UTC)
DUE = date(2026, 12, 11)
YES_NO, RATE = CaseKey("2026", "aktau", "ctm_1"), CaseKey("2026", "aktau", "ctm_5")
REASON = "The city has no underground railway at all."
ANALYST, LEAD, FIRST, SECOND, THIRD = range(1, 6)


def by(person: int | None, at: datetime = MONDAY) -> Actor:
    return Actor(person, at)


@pytest.fixture
def opened(database: Database) -> Database:
    """A period of two cities, open since Monday, and five members of staff."""
    with database.writing() as session:
        for number in range(1, 6):
            session.add(
                Staff(
                    id=number,
                    email=f"p{number}@example.kz",
                    name=f"P{number}",
                    language="kk",
                    handle=bytes([number]) * 64,
                    active=True,
                    created_at=MONDAY,
                    keys_on=True,
                    digest_on=True,
                    failed_tries=0,
                )
            )
        session.flush()
        plan = PeriodPlan("2026", "standard_2019", ("aktau", "almaty"), due_on=DUE)
        assert open_period(session, plan, by(LEAD)) == 202
    return database


def type_in(session: Session, key: CaseKey, person: int = ANALYST, **typed: str) -> Case:
    case = get_case(session, key)
    return save_value(session, key, TypedValue(**typed), case.version, by(person)).case


def add_paper(session: Session, key: CaseKey) -> int:
    paper = Evidence(
        **key._asdict(),
        kind="address",
        file_name="",
        address="https://stat.gov.kz/1",
        register="",
        extract="",
        caption="Table",
        is_public=True,
        private_reason="",
        added_by=ANALYST,
        added_at=MONDAY,
    )
    session.add(paper)
    session.flush()
    return paper.id


def send(session: Session, *keys: CaseKey, missing: int = 0, at: datetime = MONDAY) -> None:
    versions = {key.indicator: get_case(session, key).version for key in keys}
    order = ReturnOrder(keys[0].period, keys[0].city, versions)
    send_return(session, order, by(LEAD, at), missing=missing, bulk="press")


def judge(session: Session, key: CaseKey, slot: int, verdict: str, assessor: int) -> None:
    """Stand in for app.indicators.assessments: write one verdict down."""
    row: dict[str, Any] = {"ticks": 15, "reasons": "", "note": "", "private_note": "", "given_at": MONDAY}
    row |= {"slot": slot, "verdict": verdict, "assessor": assessor, "revision": get_case(session, key).revision}
    session.execute(insert(Assessment).values(**key._asdict(), **row))


def accepted(session: Session, key: CaseKey) -> Case:
    judge(session, key, 1, "accept", FIRST)
    judge(session, key, 2, "accept", SECOND)
    case = get_case(session, key)
    return cases.accept(session, case, case.revision or 0, by(SECOND))


def sent_yes(session: Session, key: CaseKey = YES_NO) -> None:
    type_in(session, key, value="yes")
    add_paper(session, key)
    send(session, key)


def events(session: Session) -> list[str]:
    return list(session.scalars(select(JournalRow.event).order_by(JournalRow.seq)))


def test_the_table_of_states_is_whole() -> None:
    table = {
        ("open", "save"): "draft",
        ("draft", "save"): "draft",
        ("returned", "save"): "draft",
        ("draft", "send"): "sent",
        ("sent", "recall"): "draft",
        ("sent", "accept"): "accepted",
        ("sent", "return"): "returned",
        ("sent", "split"): "split",
        ("split", "accept"): "accepted",
        ("split", "return"): "returned",
        ("returned", "refuse"): "refused",
        ("accepted", "reopen"): "returned",
        ("refused", "reopen"): "returned",
        ("locked", "reopen"): "returned",
    }
    for state in State:
        for event in Event:
            expected = "locked" if event is Event.CLOSE else table.get((state.value, event.value))
            assert next_state(state, event) == expected, (state, event)
    assert len(TRANSITIONS) == len(table) + len(State)


def test_all_cases_are_there_when_a_period_opens(opened: Database) -> None:
    with opened.writing() as session:
        case = get_case(session, CaseKey("2026", "almaty", "eco_1"))
        assert (case.state, case.revision, case.due_on, case.version) == (State.OPEN, None, DUE, 1)
        assert events(session) == ["period.opened"]
        with pytest.raises(PeriodError) as refused:
            open_period(session, PeriodPlan("2026", "standard_2019", ("aktau",)), by(LEAD))
        assert refused.value.code is PeriodCode.ALREADY_THERE


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (PeriodPlan("26", "standard_2019", ("aktau",)), PeriodCode.UNKNOWN),
        (PeriodPlan("2027", "standard_1999", ("aktau",)), PeriodCode.UNKNOWN_EDITION),
        (PeriodPlan("2027", "order_2025", ("aktau",)), PeriodCode.NO_INDICATORS),
        (PeriodPlan("2027", "standard_2019", ()), PeriodCode.NO_CITIES),
        (PeriodPlan("2027", "standard_2019", ("rome",)), PeriodCode.NO_CITIES),
        (PeriodPlan("2027", "standard_2019", ("aktau",), due_on=date(2026, 11, 29)), PeriodCode.DUE_IN_THE_PAST),
        (
            PeriodPlan("2027", "standard_2019", ("aktau",), opens_on=date(2027, 2, 2), due_on=date(2027, 2, 1)),
            PeriodCode.DUE_BEFORE_OPENING,
        ),
        (PeriodPlan("2027", "standard_2019", ("aktau",), correction_days=61), PeriodCode.CORRECTION_DAYS),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_period_that_cannot_be_is_not_opened(opened: Database, plan: PeriodPlan, code: PeriodCode) -> None:
    with pytest.raises(PeriodError) as refused, opened.writing() as session:
        open_period(session, plan, by(LEAD))
    assert refused.value.code is code


def test_a_period_takes_no_value_before_its_day(opened: Database) -> None:
    plan = PeriodPlan("2027", "standard_2019", ("aktau",), opens_on=date(2026, 12, 2))
    key = YES_NO._replace(period="2027")
    with opened.writing() as session:
        open_period(session, plan, by(LEAD))
        with pytest.raises(ImportRefusedError) as refused:
            type_in(session, key, value="yes")
        assert refused.value.faults[0].code is Code.NOT_YET_OPEN
        assert open_due_periods(session, by(None)) == 0
        assert open_due_periods(session, by(None, datetime(2026, 12, 2, tzinfo=UTC))) == 1
        assert type_in(session, key, value="yes").state is State.DRAFT


def test_saving_makes_a_revision_only_where_something_differs(opened: Database) -> None:
    with opened.writing() as session:
        first = type_in(session, RATE, value="61,5", source="Stat")
        again = type_in(session, RATE, value="61.50 %", source=" Stat ")
        assert again == first
        assert events(session) == ["period.opened", "value.saved"], "dhis2 11288: no row for what did not change"
        assert type_in(session, RATE, value="61,5", source="Stat", note="as of July").revision == 2
        assert type_in(session, RATE, value="61,5", source="Stat", note="as of July", basis="survey").revision == 3


def test_every_fault_of_what_was_typed_is_named_with_its_field(opened: Database) -> None:
    with pytest.raises(ImportRefusedError) as refused, opened.writing() as session:
        type_in(session, RATE, value="1,234", basis="rumour", source="x" * 401, note="=SUM(A1)")
    assert [(fault.column, fault.code) for fault in refused.value.faults] == [
        ("note", Code.FORMULA),
        ("value", Code.AMBIGUOUS_NUMBER),
        ("basis", Code.UNKNOWN_BASIS),
        ("source", Code.TOO_LONG),
    ]


def test_the_second_of_two_at_once_is_told_and_nothing_is_lost(opened: Database) -> None:
    with opened.writing() as session:
        seen = get_case(session, RATE).version
        save_value(session, RATE, TypedValue(value="50"), seen, by(ANALYST))
    with pytest.raises(StaleCaseError) as stale, opened.writing() as session:
        save_value(session, RATE, TypedValue(value="60"), seen, by(LEAD))
    assert (stale.value.version, stale.value.stored) == (1, 2)
    with opened.reading() as session:
        assert [row.numerator for row in current_values(session, "2026", "latest")] == [50]


def test_what_lacks_evidence_or_a_reason_is_not_sent_and_all_of_it_is_named(opened: Database) -> None:
    third = CaseKey("2026", "aktau", "ctm_2")
    with opened.writing() as session:
        type_in(session, YES_NO, value="yes")
        type_in(session, RATE, status="not_applicable", note="no metro")
        add_paper(session, RATE)
        type_in(session, third, value="...")
        with pytest.raises(CannotSendError) as stopped:
            send(session, YES_NO, RATE, third)
        assert [(fault.key, fault.code) for fault in stopped.value.faults] == [
            (YES_NO, SendCode.NO_EVIDENCE),
            (RATE, SendCode.NO_REASON),
        ]
        type_in(session, RATE, status="not_applicable", note=REASON)
        add_paper(session, YES_NO)
        send(session, YES_NO, RATE, third)
        assert {get_case(session, key).state for key in (YES_NO, RATE, third)} == {State.SENT}
        with pytest.raises(CannotSendError) as stopped:
            send(session, third)
        assert stopped.value.faults[0].code is SendCode.NOT_A_DRAFT


def test_what_is_empty_is_sent_as_missing_when_its_number_was_typed(opened: Database) -> None:
    empty = CaseKey("2026", "aktau", "ctm_2")
    with opened.writing() as session:
        sent_yes(session)
        plan = plan_return(session, "2026", "aktau", None, MONDAY.date())
        assert (len(plan.filled), len(plan.empty), plan.faults, plan.late) == (0, 100, (), 0)
        with pytest.raises(NotConfirmedError) as unconfirmed:
            send(session, empty)
        assert unconfirmed.value.missing == 1
        send(session, empty, missing=1)
        case = get_case(session, empty)
        assert (case.state, case.revision, case.sent_by) == (State.SENT, 1, LEAD)
        assert current_values(session, "2026", "latest")[1].status is Status.MISSING


def test_what_is_sent_after_its_day_is_late_for_everybody(opened: Database) -> None:
    with opened.writing() as session:
        type_in(session, YES_NO, value="yes")
        add_paper(session, YES_NO)
        send(session, YES_NO, at=datetime(2026, 12, 12, 6, tzinfo=UTC))
        assert get_case(session, YES_NO).late
        assert current_values(session, "2026")[0].late


def test_an_extension_moves_what_was_not_sent_and_says_why_in_three_languages(opened: Database) -> None:
    later = date(2026, 12, 21)
    reasons = Text3("Мұрағатты су басқандықтан.", "Из-за затопления архива.", "The archive was flooded.")
    with opened.writing() as session:
        with pytest.raises(ReasonTooShortError):
            extend(session, "2026", Extension("aktau", later, reasons._replace(kk="")), by(LEAD))
        with pytest.raises(PeriodError):
            extend(session, "2026", Extension("aktau", DUE, reasons), by(LEAD))
        extend(session, "2026", Extension("aktau", later, reasons), by(LEAD))
        assert get_case(session, YES_NO).due_on == later
        assert get_case(session, YES_NO._replace(city="almaty")).due_on == DUE


def test_nothing_is_recalled_once_somebody_judged_it(opened: Database) -> None:
    with opened.writing() as session:
        sent_yes(session)
        assert cases.recall(session, YES_NO, get_case(session, YES_NO).version, by(LEAD)).state is State.DRAFT
        send(session, YES_NO)
        judge(session, YES_NO, 1, "accept", FIRST)
        with pytest.raises(AlreadyAssessedError):
            cases.recall(session, YES_NO, get_case(session, YES_NO).version, by(LEAD))


@pytest.mark.parametrize(
    "given",
    [
        [],
        [(1, "accept", FIRST)],
        [(1, "accept", FIRST), (2, "return", SECOND)],
        [(1, "accept", ANALYST), (2, "accept", SECOND)],
        [(1, "accept", FIRST), (2, "accept", LEAD)],
    ],
    ids=["nobody", "one", "two who differ", "who entered it", "who sent it"],
)
def test_nothing_is_accepted_but_by_two_others(opened: Database, given: list[tuple[int, str, int]]) -> None:
    with opened.writing() as session:
        sent_yes(session)
        for slot, verdict, assessor in given:
            judge(session, YES_NO, slot, verdict, assessor)
        case = get_case(session, YES_NO)
        with pytest.raises(NotExaminedError):
            cases.accept(session, case, 1, by(SECOND))
        assert get_case(session, YES_NO) == case


def test_two_who_differ_need_a_third(opened: Database) -> None:
    with opened.writing() as session:
        sent_yes(session)
        judge(session, YES_NO, 1, "accept", FIRST)
        judge(session, YES_NO, 2, "return", SECOND)
        halved = cases.split(session, get_case(session, YES_NO), 1, by(SECOND))
        with pytest.raises(NotExaminedError):
            cases.accept(session, halved, 1, by(SECOND))
        judge(session, YES_NO, 3, "accept", THIRD)
        assert cases.accept(session, halved, 1, by(THIRD)).accepted_revision == 1


def test_an_accepted_value_stays_in_force_until_another_is_accepted(opened: Database) -> None:
    with opened.writing() as session:
        sent_yes(session)
        assert [(row.status, row.not_accepted) for row in current_values(session, "2026")] == [(Status.MISSING, True)]
        accepted(session, YES_NO)

        def in_force() -> list[tuple[Status, int | None, int]]:
            return [(row.status, row.numerator, row.revision) for row in current_values(session, "2026")]

        assert in_force() == [(Status.REPORTED, 1, 1)]
        case = cases.reopen(session, YES_NO, get_case(session, YES_NO).version, REASON, by(FIRST))
        assert (case.state, case.due_on) == (State.RETURNED, date(2026, 12, 14)), "ten working days on"
        type_in(session, YES_NO, value="no")
        send(session, YES_NO)
        assert in_force() == [(Status.REPORTED, 1, 1)]
        accepted(session, YES_NO)
        assert in_force() == [(Status.REPORTED, 0, 2)]


def test_a_returned_value_is_sent_again_as_a_revision_of_its_own(opened: Database) -> None:
    with opened.writing() as session:
        sent_yes(session)
        judge(session, YES_NO, 1, "return", FIRST)
        judge(session, YES_NO, 2, "return", SECOND)
        back = cases.return_case(session, get_case(session, YES_NO), 1, by(SECOND))
        assert (back.state, back.due_on) == (State.RETURNED, date(2026, 12, 14))
        assert type_in(session, YES_NO, value="yes").revision == 1, "the value itself is the same"
        paper = add_paper(session, YES_NO)
        send(session, YES_NO)
        assert get_case(session, YES_NO).revision == 2
        behind = select(ValueEvidence.revision).where(ValueEvidence.evidence == paper)
        assert session.scalars(behind).all() == [2]
        assert accepted(session, YES_NO).accepted_revision == 2


def test_what_was_returned_and_not_mended_in_time_is_refused(opened: Database) -> None:
    with opened.writing() as session:
        sent_yes(session)
        judge(session, YES_NO, 1, "return", FIRST)
        judge(session, YES_NO, 2, "return", SECOND)
        cases.return_case(session, get_case(session, YES_NO), 1, by(SECOND))
        assert cases.refuse_overdue(session, by(None, datetime(2026, 12, 14, 12, tzinfo=UTC))) == 0
        assert cases.refuse_overdue(session, by(None, datetime(2026, 12, 15, 12, tzinfo=UTC))) == 1
        assert get_case(session, YES_NO).state is State.REFUSED
        assert [row.not_accepted for row in current_values(session, "2026")] == [True]


def test_a_closed_period_locks_all_and_reopens_case_by_case_as_late(opened: Database) -> None:
    with opened.writing() as session:
        sent_yes(session)
        accepted(session, YES_NO)
        assert close_period(session, "2026", by(LEAD)) == 202
        assert current_values(session, "2026")[0].revision == 1
        with pytest.raises(WrongStateError):
            type_in(session, RATE, value="50")
        with pytest.raises(PeriodError):
            close_period(session, "2026", by(LEAD))
        locked = get_case(session, YES_NO)
        with pytest.raises(ReasonTooShortError):
            cases.reopen(session, YES_NO, locked.version, "please", by(FIRST))
        asked = cases.ask_to_reopen(session, YES_NO, locked.version, REASON, by(LEAD))
        assert (asked.state, asked.asked_reason) == (State.LOCKED, REASON)
        reopened = cases.reopen(session, YES_NO, asked.version, REASON, by(FIRST))
        assert (reopened.state, reopened.late, reopened.asked_reason) == (State.RETURNED, True, "")
        type_in(session, YES_NO, value="no")


def test_every_change_is_in_the_journal_without_a_word_of_anybody(opened: Database) -> None:
    with opened.writing() as session:
        sent_yes(session)
        accepted(session, YES_NO)
        cases.reopen(session, YES_NO, get_case(session, YES_NO).version, REASON, by(FIRST))
        rows = session.scalars(select(JournalRow).order_by(JournalRow.seq)).all()
        assert [(row.event, row.actor, row.city) for row in rows[1:]] == [
            ("value.saved", ANALYST, "aktau"),
            ("value.sent", LEAD, "aktau"),
            ("value.accepted", SECOND, "aktau"),
            ("value.reopened", FIRST, "aktau"),
        ]
        assert rows[2].detail == '{"from":"draft","revision":1,"to":"sent"}'
        assert not any("railway" in row.detail for row in rows)
