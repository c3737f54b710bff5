"""Cases move by events alone, everything is in the journal, and what two people do at once is never lost."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.audit.models import JournalRow
from app.database import Database
from app.indicators import cases
from app.indicators.case_models import ValueEvidence
from app.indicators.cases import get_case
from app.indicators.drafts import TypedValue, save_value
from app.indicators.errors import (
    AlreadyAssessedError,
    CannotSendError,
    Code,
    ImportRefusedError,
    NotConfirmedError,
    NotExaminedError,
    SendCode,
    StaleCaseError,
)
from app.indicators.keys import CaseKey
from app.indicators.queries import current_values
from app.indicators.returns import plan_return
from app.indicators.states import TRANSITIONS, Event, State, next_state
from app.indicators.vocabulary import Status
from tests.builders.cases import (
    ANALYST,
    FIRST,
    LEAD,
    MONDAY,
    RATE,
    REASON,
    SECOND,
    THIRD,
    YES_NO,
    accept_sent,
    add_paper,
    by,
    events,
    give_verdict,
    send,
    sent_yes,
    type_in,
)


def test_the_table_of_states_is_whole() -> None:
    table = {
        ("open", "save"): "draft",
        ("draft", "save"): "draft",
        ("returned", "save"): "draft",
        ("draft", "send"): "sent",
        ("draft", "restore"): "draft",
        ("draft", "empty"): "open",
        ("draft", "give_back"): "returned",
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


def test_what_was_emptied_again_is_counted_as_missing_and_a_sign_is_not(opened: Database) -> None:
    emptied, sign = CaseKey("2026", "aktau", "ctm_2"), CaseKey("2026", "aktau", "ctm_6")
    with opened.writing() as session:
        sent_yes(session)
        type_in(session, emptied, value="yes")
        type_in(session, emptied, value="")
        type_in(session, sign, value="...")
        plan = plan_return(session, "2026", "aktau", None, MONDAY.date())
        assert ([case.key for case in plan.filled], len(plan.empty)) == ([sign], 99)
        with pytest.raises(NotConfirmedError):
            send(session, emptied, sign)
        send(session, emptied, sign, missing=1)
        assert get_case(session, emptied).revision == 2, "nothing is written twice"


def test_nothing_is_recalled_once_somebody_assessed_it(opened: Database) -> None:
    with opened.writing() as session:
        sent_yes(session)
        assert cases.recall(session, YES_NO, get_case(session, YES_NO).version, by(LEAD)).state is State.DRAFT
        send(session, YES_NO)
        give_verdict(session, YES_NO, 1, "accept", FIRST)
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
            give_verdict(session, YES_NO, slot, verdict, assessor)
        case = get_case(session, YES_NO)
        with pytest.raises(NotExaminedError):
            cases.accept(session, case, 1, by(SECOND))
        assert get_case(session, YES_NO) == case


def test_two_who_differ_need_a_third(opened: Database) -> None:
    with opened.writing() as session:
        sent_yes(session)
        give_verdict(session, YES_NO, 1, "accept", FIRST)
        give_verdict(session, YES_NO, 2, "return", SECOND)
        halved = cases.split(session, get_case(session, YES_NO), 1, by(SECOND))
        with pytest.raises(NotExaminedError):
            cases.accept(session, halved, 1, by(SECOND))
        give_verdict(session, YES_NO, 3, "accept", THIRD)
        assert cases.accept(session, halved, 1, by(THIRD)).accepted_revision == 1


def test_an_accepted_value_stays_in_force_until_another_is_accepted(opened: Database) -> None:
    with opened.writing() as session:
        sent_yes(session)
        assert [(row.status, row.not_accepted) for row in current_values(session, "2026")] == [(Status.MISSING, True)]
        accept_sent(session, YES_NO)

        def in_force() -> list[tuple[Status, int | None, int]]:
            return [(row.status, row.numerator, row.revision) for row in current_values(session, "2026")]

        assert in_force() == [(Status.REPORTED, 1, 1)]
        case = cases.reopen(session, YES_NO, get_case(session, YES_NO).version, REASON, by(FIRST))
        assert (case.state, case.due_on) == (State.RETURNED, date(2026, 12, 14)), "ten working days on"
        type_in(session, YES_NO, value="no")
        send(session, YES_NO)
        assert in_force() == [(Status.REPORTED, 1, 1)]
        accept_sent(session, YES_NO)
        assert in_force() == [(Status.REPORTED, 0, 2)]


def test_a_returned_value_is_sent_again_as_a_revision_of_its_own(opened: Database) -> None:
    with opened.writing() as session:
        sent_yes(session)
        give_verdict(session, YES_NO, 1, "return", FIRST)
        give_verdict(session, YES_NO, 2, "return", SECOND)
        back = cases.return_case(session, get_case(session, YES_NO), 1, by(SECOND))
        assert (back.state, back.due_on) == (State.RETURNED, date(2026, 12, 14))
        assert type_in(session, YES_NO, value="yes").revision == 1, "the value itself is the same"
        paper = add_paper(session, YES_NO)
        send(session, YES_NO)
        assert get_case(session, YES_NO).revision == 2
        behind = select(ValueEvidence.revision).where(ValueEvidence.evidence == paper)
        assert session.scalars(behind).all() == [2]
        assert accept_sent(session, YES_NO).accepted_revision == 2


def test_what_was_returned_and_not_mended_in_time_is_refused(opened: Database) -> None:
    with opened.writing() as session:
        sent_yes(session)
        give_verdict(session, YES_NO, 1, "return", FIRST)
        give_verdict(session, YES_NO, 2, "return", SECOND)
        cases.return_case(session, get_case(session, YES_NO), 1, by(SECOND))
        assert cases.refuse_overdue(session, by(None, datetime(2026, 12, 14, 12, tzinfo=UTC))) == 0
        assert cases.refuse_overdue(session, by(None, datetime(2026, 12, 15, 12, tzinfo=UTC))) == 1
        assert get_case(session, YES_NO).state is State.REFUSED
        assert [row.not_accepted for row in current_values(session, "2026")] == [True]


def test_every_change_is_in_the_journal_without_a_word_of_anybody(opened: Database) -> None:
    with opened.writing() as session:
        sent_yes(session)
        accept_sent(session, YES_NO)
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
