"""Two assessors, blind: who may judge, what a verdict does, and that nobody learns of the first before the second."""

from dataclasses import replace
from datetime import date
from typing import NamedTuple

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant
from app.database import Database
from app.indicators.assessments import adjudicate, assess
from app.indicators.assessors import year_before
from app.indicators.assignments import ask_another, distribute
from app.indicators.case_models import Assessment
from app.indicators.cases import get_case, recall, reopen
from app.indicators.drafts import TypedValue, save_value
from app.indicators.errors import (
    AlreadyAssessedError,
    Hindrance,
    MayNotAssessError,
    NothingToAssessError,
    RulingCode,
    RulingError,
    StaleCaseError,
)
from app.indicators.examination import visible_verdicts
from app.indicators.keys import CaseKey
from app.indicators.queries import current_values
from app.indicators.states import State
from app.indicators.verdicts import LONGEST_NOTE, LOOKED_AT, CaseVerdict, ReturnReason, Ruling, Tick
from tests.builders.examination import (
    ACCEPTED,
    KEY,
    RETURNED,
    UNABLE,
    People,
    actor,
    give_role,
    make_address,
    make_person,
    say,
    send_value,
    target_of,
)
from tests.builders.staff import TODAY

REASON = "Қала қате тапты және түзетуді сұрады"


def state_of(session: Session, key: CaseKey = KEY) -> State:
    return get_case(session, key).state


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        (ACCEPTED, ACCEPTED, State.ACCEPTED),
        (RETURNED, RETURNED, State.RETURNED),
        (ACCEPTED, RETURNED, State.SPLIT),
        (RETURNED, ACCEPTED, State.SPLIT),
    ],
)
def test_two_verdicts_decide_or_split(
    database: Database, people: People, first: Ruling, second: Ruling, state: State
) -> None:
    with database.writing() as session:
        assert say(session, KEY, people.one, first) is State.SENT
        assert get_case(session, KEY).accepted_revision is None
        assert say(session, KEY, people.two, second) is state
        assert get_case(session, KEY).accepted_revision == (1 if state is State.ACCEPTED else None)


@pytest.mark.parametrize(("third", "state"), [(ACCEPTED, State.ACCEPTED), (RETURNED, State.RETURNED)])
def test_a_third_settles_what_two_say_differently(
    database: Database, people: People, third: Ruling, state: State
) -> None:
    with database.writing() as session:
        say(session, KEY, people.one, ACCEPTED)
        say(session, KEY, people.two, RETURNED)
        for one_of_the_two in (people.one, people.two):
            with pytest.raises(MayNotAssessError) as refused:
                say(session, KEY, one_of_the_two, third)
            assert refused.value.hindrance is Hindrance.GIVEN_ALREADY
        with pytest.raises(RulingError) as faults:
            say(session, KEY, people.three, replace(third, note=""))
        assert faults.value.codes == (RulingCode.UNSETTLED,)
        assert say(session, KEY, people.three, replace(third, private_note="Өзім тексердім")) is state


def test_who_could_not_leaves_both_seats_and_the_third_to_others(database: Database, people: People) -> None:
    with database.writing() as session:
        assert say(session, KEY, people.one, UNABLE) is State.SENT
        say(session, KEY, people.two, ACCEPTED)
        with pytest.raises(MayNotAssessError):
            say(session, KEY, people.one, ACCEPTED)
        assert say(session, KEY, people.three, RETURNED) is State.SPLIT
        assert say(session, KEY, people.four, UNABLE) is State.SPLIT
        with pytest.raises(MayNotAssessError):
            say(session, KEY, people.one, replace(ACCEPTED, note="бәрі дұрыс"))


def test_nobody_gives_two_verdicts_on_one_revision(database: Database, people: People) -> None:
    with database.writing() as session:
        say(session, KEY, people.one, ACCEPTED)
        with pytest.raises(MayNotAssessError) as refused:
            say(session, KEY, people.one, ACCEPTED)
        assert refused.value.hindrance is Hindrance.GIVEN_ALREADY
        assert state_of(session) is State.SENT


class Grant(NamedTuple):
    """A role in the city beside that of a reviewer."""

    city: str
    until_day: date | None
    revoked: bool = False
    from_day: date = date(2020, 1, 1)


@pytest.mark.parametrize(
    ("grant", "may"),
    [
        (Grant("aktau", None), False),
        (Grant("aktau", date(2027, 1, 1)), False),
        (Grant("aktau", TODAY, revoked=True), False),
        (Grant("aktau", date(2026, 1, 1)), False),
        (Grant("aktau", date(2025, 11, 24)), False),
        (Grant("aktau", date(2025, 11, 23)), True),
        (Grant("aktau", date(2025, 11, 23), revoked=True), True),
        (Grant("aktau", None, from_day=date(2027, 1, 1)), False),
        (Grant("oral", None), True),
    ],
    ids=str,
)
@pytest.mark.usefixtures("people")
def test_nobody_assesses_a_city_in_which_they_have_a_role_or_had_one_within_a_year(
    database: Database, grant: Grant, may: bool
) -> None:
    with database.writing() as session:
        for role in ("analyst", "moderator", "lead"):
            person = make_person(session, role, "reviewer")
            give_role(session, person, role, **grant._asdict())
            if may:
                with pytest.raises(RulingError):  # of the person nothing stands in the way
                    say(session, KEY, person, Ruling(verdict=CaseVerdict.ACCEPT))
            else:
                with pytest.raises(MayNotAssessError) as refused:
                    say(session, KEY, person, ACCEPTED)
                assert refused.value.hindrance is Hindrance.OWN_CITY


@pytest.mark.parametrize("role", ["publisher", "auditor", "admin", None])
def test_only_an_active_reviewer_assesses(database: Database, people: People, role: str | None) -> None:
    with database.writing() as session:
        person = people.analyst if role is None else make_person(session, role, role)
        for who in (person, None, 999):
            with pytest.raises(MayNotAssessError) as refused:
                say(session, KEY, who, ACCEPTED)
            assert refused.value.hindrance is Hindrance.NO_REVIEWER


@pytest.mark.parametrize(
    "ended", [{"revoked": True}, {"until_day": date(2026, 11, 23)}, {"from_day": date(2026, 12, 1)}]
)
def test_a_role_that_ended_assesses_nothing(database: Database, people: People, ended: dict[str, object]) -> None:
    with database.writing() as session:
        grant = session.scalars(select(RoleGrant).where(RoleGrant.staff == people.one)).one()
        for name, value in ended.items():
            setattr(grant, name, value)
        session.flush()
        with pytest.raises(MayNotAssessError):
            say(session, KEY, people.one, ACCEPTED)


def test_who_entered_sent_or_proved_a_value_does_not_assess_it_years_later_either(
    database: Database, people: People
) -> None:
    with database.writing() as session:
        for grant in session.scalars(select(RoleGrant).where(RoleGrant.city == "aktau")):
            grant.until_day = date(2024, 1, 1)
        session.flush()
        prover = make_person(session, "prover", "reviewer")
        session.add(make_address(KEY, prover))
        session.flush()
        for person in (people.analyst, people.lead):
            give_role(session, person, "reviewer")
        for person in (people.analyst, people.lead, prover):
            with pytest.raises(MayNotAssessError) as refused:
                say(session, KEY, person, ACCEPTED)
            assert refused.value.hindrance is Hindrance.OWN_VALUE


def test_a_year_before_the_29th_of_february_is_the_28th() -> None:
    assert year_before(date(2028, 2, 29)) == date(2027, 2, 28)
    assert year_before(TODAY) == date(2025, 11, 24)


def test_a_newer_revision_starts_anew_and_keeps_what_was_said_of_the_older(database: Database, people: People) -> None:
    with database.writing() as session:
        say(session, KEY, people.one, RETURNED)
        say(session, KEY, people.two, RETURNED)
        send_value(session, KEY, (people.analyst, people.lead), "no")
        assert get_case(session, KEY).revision == 2
        assert say(session, KEY, people.two, ACCEPTED) is State.SENT
        assert [row.revision for row in visible_verdicts(session, KEY, people.three)] == [1, 1]
        assert say(session, KEY, people.one, ACCEPTED) is State.ACCEPTED


def test_a_verdict_on_a_revision_that_is_no_longer_on_the_screen_is_refused(database: Database, people: People) -> None:
    with database.writing() as session:
        old = target_of(session, KEY)
        recall(session, KEY, old.version, actor(people.lead))
        with pytest.raises(StaleCaseError):
            assess(session, old, ACCEPTED, actor(people.one))
        send_value(session, KEY, (people.analyst, people.lead), "no")
        with pytest.raises(NothingToAssessError):
            assess(session, target_of(session, KEY)._replace(revision=1), ACCEPTED, actor(people.one))
        with pytest.raises(NothingToAssessError):
            adjudicate(session, target_of(session, KEY), replace(ACCEPTED, note="дұрыс"), actor(people.one))


def test_what_somebody_assessed_cannot_be_recalled(database: Database, people: People) -> None:
    with database.writing() as session:
        say(session, KEY, people.one, UNABLE)
        say(session, KEY, people.two, ACCEPTED)
        with pytest.raises(AlreadyAssessedError):
            recall(session, KEY, get_case(session, KEY).version, actor(people.lead))


def test_an_accepted_value_stays_in_force_while_its_successor_is_examined(database: Database, people: People) -> None:
    with database.writing() as session:
        say(session, KEY, people.one, ACCEPTED)
        say(session, KEY, people.two, ACCEPTED)
        reopen(session, KEY, get_case(session, KEY).version, REASON, actor(people.three))
        send_value(session, KEY, (people.analyst, people.lead), "no")
        say(session, KEY, people.one, ACCEPTED)
        assert [row.revision for row in current_values(session, KEY.period)] == [1]
        say(session, KEY, people.two, ACCEPTED)
        assert [row.revision for row in current_values(session, KEY.period)] == [2]


@pytest.mark.parametrize(
    ("word", "codes"),
    [
        (Ruling(verdict=CaseVerdict.RETURN), {RulingCode.NO_REASON}),
        (Ruling(verdict=CaseVerdict.RETURN, reasons=(ReturnReason.OTHER,), note=" \x00 "), {RulingCode.NO_NOTE}),
        (replace(ACCEPTED, reasons=(ReturnReason.OTHER_UNIT,)), {RulingCode.REASON_WITHOUT_RETURN}),
        (replace(ACCEPTED, ticks=Tick.IS_WHAT_IT_SAYS | Tick.SUPPORTS_VALUE), {RulingCode.NOT_LOOKED_AT}),
        (replace(ACCEPTED, note="ү" * (LONGEST_NOTE + 1)), {RulingCode.LONG_NOTE}),
        (replace(UNABLE, private_note="ү" * (LONGEST_NOTE + 1)), {RulingCode.LONG_PRIVATE_NOTE}),
    ],
)
def test_a_verdict_that_is_not_whole_is_refused(
    database: Database, people: People, word: Ruling, codes: set[RulingCode]
) -> None:
    with database.writing() as session:
        with pytest.raises(RulingError) as faults:
            say(session, KEY, people.one, word)
        assert set(faults.value.codes) == codes
        assert session.scalar(select(func.count()).select_from(Assessment)) == 0


def test_who_accepts_says_that_the_evidence_supports_the_value(database: Database, people: People) -> None:
    with database.writing() as session:
        say(session, KEY, people.one, replace(ACCEPTED, note="  Қаріп\u2028ү  қатар\x00"))
        (row,) = visible_verdicts(session, KEY, people.one)
    assert row.ticks == LOOKED_AT | Tick.SUPPORTS_VALUE
    assert row.note == "Қаріп ү қатар"


def test_a_missing_value_is_assessed_without_evidence_to_tick(database: Database, people: People) -> None:
    key = KEY._replace(indicator="hlt_2")
    with database.writing() as session:
        send_value(session, key, (people.analyst, people.lead), "missing")
        say(session, key, people.one, Ruling(verdict=CaseVerdict.ACCEPT))
        assert say(session, key, people.two, Ruling(verdict=CaseVerdict.ACCEPT)) is State.ACCEPTED


def test_a_seat_that_somebody_was_asked_to_take_is_kept_for_them(database: Database, people: People) -> None:
    with database.writing() as session:
        distribute(session, [KEY], [people.one, people.two], actor(people.four), again=False, bulk="b")
        with pytest.raises(MayNotAssessError) as refused:
            say(session, KEY, people.three, ACCEPTED)
        assert refused.value.hindrance is Hindrance.GIVEN_TO_OTHERS
        say(session, KEY, people.one, UNABLE)  # and another is asked in their place
        waiting = {people.three, people.four} - set(_may_not(session, [people.three, people.four]))
        assert len(waiting) == 1
        say(session, KEY, people.two, ACCEPTED)
        assert say(session, KEY, waiting.pop(), ACCEPTED) is State.ACCEPTED


def _may_not(session: Session, staff: list[int]) -> list[int]:
    refused = []
    for person in staff:
        try:
            with session.begin_nested():
                say(session, KEY, person, Ruling(verdict=CaseVerdict.ACCEPT))
        except MayNotAssessError:
            refused.append(person)
        except RulingError:
            continue
    return refused


def test_a_split_asks_a_third_who_has_nothing_to_do_with_it(database: Database, people: People) -> None:
    with database.writing() as session:
        give_role(session, people.three, "analyst", "aktau")
        say(session, KEY, people.one, ACCEPTED)
        say(session, KEY, people.two, RETURNED)
        assert ask_another(session, KEY, actor(people.two), without={people.one, people.two}) == people.four
        say(session, KEY, people.four, replace(RETURNED, note="Құжат басқа жылдікі"))
        send_value(session, KEY, (people.analyst, people.lead), "no")
        say(session, KEY, people.one, ACCEPTED)
        assert say(session, KEY, people.two, ACCEPTED) is State.ACCEPTED


def test_saving_is_refused_while_a_value_is_examined(database: Database, people: People) -> None:
    with database.writing() as session:
        say(session, KEY, people.one, ACCEPTED)
        with pytest.raises(Exception, match="save from sent"):
            save_value(session, KEY, TypedValue(value="no"), get_case(session, KEY).version, actor(people.analyst))
