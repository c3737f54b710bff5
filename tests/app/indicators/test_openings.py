"""Periods open with all their cases, may be extended for a city with a reason for everybody, and close."""

from datetime import UTC, date, datetime

import pytest

from app.database import Database
from app.indicators import cases
from app.indicators.cases import get_case
from app.indicators.errors import (
    Code,
    ImportRefusedError,
    PeriodCode,
    PeriodError,
    ReasonTooShortError,
    WrongStateError,
)
from app.indicators.keys import CaseKey
from app.indicators.openings import Extension, PeriodPlan, close_period, extend, open_due_periods, open_period
from app.indicators.queries import current_values
from app.indicators.states import State
from surveys.languages import Text3
from tests.builders.cases import (
    DUE,
    FIRST,
    LEAD,
    RATE,
    REASON,
    YES_NO,
    accept_sent,
    add_paper,
    by,
    events,
    send,
    sent_yes,
    type_in,
)


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


def test_a_closed_period_locks_all_and_reopens_case_by_case_as_late(opened: Database) -> None:
    with opened.writing() as session:
        sent_yes(session)
        accept_sent(session, YES_NO)
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
