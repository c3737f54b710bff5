"""Two assessors, blind: who may judge, what a verdict does, and that nobody learns of the first before the second."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant
from app.audit.models import JournalRow
from app.database import Database
from app.indicators.assessments import judge, settle
from app.indicators.assessors import year_before
from app.indicators.assignments import ask_another, distribute
from app.indicators.case_models import Assessment
from app.indicators.cases import get_case, recall, reopen
from app.indicators.drafts import TypedValue, save_value
from app.indicators.errors import (
    AlreadyAssessedError,
    Bar,
    CaseError,
    JudgementCode,
    JudgementError,
    MayNotJudgeError,
    NothingToJudgeError,
    StaleCaseError,
)
from app.indicators.examination import notes_for_city, visible_verdicts
from app.indicators.keys import CaseKey
from app.indicators.queries import current_values
from app.indicators.states import State
from app.indicators.verdicts import LONGEST_NOTE, LOOKED_AT, Judgement, Reason, Tick, Verdict
from app.notices.models import Notice
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
    send_value,
    target_of,
)
from tests.builders.staff import TODAY

REASON = "Қала қате тапты және түзетуді сұрады"


class People(NamedTuple):
    """Those of the city, and four assessors of the ministry."""

    analyst: int
    lead: int
    one: int
    two: int
    three: int
    four: int


@pytest.fixture
def people(database: Database) -> People:
    """A period open for two cities, and a value of the first that was sent."""
    with database.writing() as session:
        open_for(session, "aktau", "oral")
        city = [make_person(session, name, name, "aktau") for name in ("analyst", "lead")]
        everyone = People(*city, *(make_person(session, f"assessor {n}", "reviewer") for n in range(4)))
        send_value(session, KEY, everyone[:2])
    return everyone


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
    database: Database, people: People, first: Judgement, second: Judgement, state: State
) -> None:
    with database.writing() as session:
        assert say(session, KEY, people.one, first) is State.SENT
        assert get_case(session, KEY).accepted_revision is None
        assert say(session, KEY, people.two, second) is state
        assert get_case(session, KEY).accepted_revision == (1 if state is State.ACCEPTED else None)


@pytest.mark.parametrize(("third", "state"), [(ACCEPTED, State.ACCEPTED), (RETURNED, State.RETURNED)])
def test_a_third_settles_what_two_say_differently(
    database: Database, people: People, third: Judgement, state: State
) -> None:
    with database.writing() as session:
        say(session, KEY, people.one, ACCEPTED)
        say(session, KEY, people.two, RETURNED)
        for one_of_the_two in (people.one, people.two):
            with pytest.raises(MayNotJudgeError) as refused:
                say(session, KEY, one_of_the_two, third)
            assert refused.value.bar is Bar.GIVEN_ALREADY
        with pytest.raises(JudgementError) as faults:
            say(session, KEY, people.three, replace(third, note=""))
        assert faults.value.codes == (JudgementCode.UNSETTLED,)
        assert say(session, KEY, people.three, replace(third, private_note="Өзім тексердім")) is state


def test_who_cannot_judge_leaves_both_seats_and_the_third_to_others(database: Database, people: People) -> None:
    with database.writing() as session:
        assert say(session, KEY, people.one, UNABLE) is State.SENT
        say(session, KEY, people.two, ACCEPTED)
        with pytest.raises(MayNotJudgeError):
            say(session, KEY, people.one, ACCEPTED)
        assert say(session, KEY, people.three, RETURNED) is State.SPLIT
        assert say(session, KEY, people.four, UNABLE) is State.SPLIT
        with pytest.raises(MayNotJudgeError):
            say(session, KEY, people.one, replace(ACCEPTED, note="бәрі дұрыс"))


def test_nobody_gives_two_verdicts_on_one_revision(database: Database, people: People) -> None:
    with database.writing() as session:
        say(session, KEY, people.one, ACCEPTED)
        with pytest.raises(MayNotJudgeError) as refused:
            say(session, KEY, people.one, ACCEPTED)
        assert refused.value.bar is Bar.GIVEN_ALREADY
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
def test_nobody_judges_a_city_in_which_they_have_a_role_or_had_one_within_a_year(
    database: Database, grant: Grant, may: bool
) -> None:
    with database.writing() as session:
        for role in ("analyst", "moderator", "lead"):
            person = make_person(session, role, "reviewer")
            give_role(session, person, role, **grant._asdict())
            if may:
                with pytest.raises(JudgementError):  # of the person nothing stands in the way
                    say(session, KEY, person, Judgement(verdict=Verdict.ACCEPT))
            else:
                with pytest.raises(MayNotJudgeError) as refused:
                    say(session, KEY, person, ACCEPTED)
                assert refused.value.bar is Bar.OWN_CITY


@pytest.mark.parametrize("role", ["publisher", "auditor", "admin", None])
def test_only_an_active_reviewer_judges(database: Database, people: People, role: str | None) -> None:
    with database.writing() as session:
        person = people.analyst if role is None else make_person(session, role, role)
        for who in (person, None, 999):
            with pytest.raises(MayNotJudgeError) as refused:
                say(session, KEY, who, ACCEPTED)
            assert refused.value.bar is Bar.NO_REVIEWER


@pytest.mark.parametrize(
    "ended", [{"revoked": True}, {"until_day": date(2026, 11, 23)}, {"from_day": date(2026, 12, 1)}]
)
def test_a_role_that_ended_judges_nothing(database: Database, people: People, ended: dict[str, object]) -> None:
    with database.writing() as session:
        grant = session.scalars(select(RoleGrant).where(RoleGrant.staff == people.one)).one()
        for name, value in ended.items():
            setattr(grant, name, value)
        session.flush()
        with pytest.raises(MayNotJudgeError):
            say(session, KEY, people.one, ACCEPTED)


def test_who_entered_sent_or_proved_a_value_does_not_judge_it_years_later_either(
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
            with pytest.raises(MayNotJudgeError) as refused:
                say(session, KEY, person, ACCEPTED)
            assert refused.value.bar is Bar.OWN_VALUE


def test_a_year_before_the_29th_of_february_is_the_28th() -> None:
    assert year_before(date(2028, 2, 29)) == date(2027, 2, 28)
    assert year_before(TODAY) == date(2025, 11, 24)


def all_that_is_seen(session: Session, people: People) -> str:
    """Give everything that anybody but the first assessor is shown: verdicts, notes, journal, notices, values, case."""
    others = [each for each in people if each != people.one]
    return json.dumps(
        {
            "verdicts": [str(visible_verdicts(session, KEY, each)) for each in others],
            "city": str(notes_for_city(session, KEY)),
            "journal": [
                (row.event, row.actor, row.object_id, row.city, row.detail)
                for row in session.scalars(select(JournalRow))
            ],
            "notices": [(row.staff, row.cause, row.parameters) for row in session.scalars(select(Notice))],
            "values": str([*current_values(session, KEY.period), *current_values(session, KEY.period, "latest")]),
            "case": str(get_case(session, KEY)),
        },
        default=str,
    )


WORDS = [
    ACCEPTED,
    replace(ACCEPTED, note="MARKED", private_note="MARKED"),
    RETURNED,
    replace(RETURNED, reasons=tuple(Reason), note="MARKED", private_note="MARKED"),
]


def test_everything_that_others_see_is_the_same_whatever_the_first_verdict_says(
    database: Database, people: People
) -> None:
    seen = set()
    for word in WORDS:
        with database.reading() as session:
            say(session, KEY, people.one, word)
            seen.add(all_that_is_seen(session, people))
            assert [row.verdict for row in visible_verdicts(session, KEY, people.one)] == [word.verdict]
    assert len(seen) == 1
    assert "MARKED" not in seen.pop()


def test_once_both_are_in_everybody_who_may_sees_both(database: Database, people: People) -> None:
    with database.writing() as session:
        say(session, KEY, people.one, replace(ACCEPTED, private_note="MARKED"))
        assert visible_verdicts(session, KEY, people.two) == []
        say(session, KEY, people.two, RETURNED)
        for viewer in people:
            shown = visible_verdicts(session, KEY, viewer)
            assert [row.verdict for row in shown] == [Verdict.ACCEPT, Verdict.RETURN]
        assert notes_for_city(session, KEY) == []  # a split is not decided


def test_one_who_could_not_judge_is_as_blind_as_one_who_has_not_judged(database: Database, people: People) -> None:
    with database.writing() as session:
        say(session, KEY, people.one, RETURNED)
        say(session, KEY, people.two, UNABLE)
        assert [row.verdict for row in visible_verdicts(session, KEY, people.two)] == [Verdict.CANNOT_JUDGE]
        assert visible_verdicts(session, KEY, people.three) == []


def test_the_city_reads_the_notes_that_became_the_outcome_and_not_the_overruled_or_private_ones(
    database: Database, people: People
) -> None:
    with database.writing() as session:
        say(session, KEY, people.one, replace(ACCEPTED, note="дұрыс", private_note="жеке"))
        say(session, KEY, people.two, replace(RETURNED, private_note="жеке"))
        say(session, KEY, people.three, replace(RETURNED, note="Құжат басқа жылдікі"))
        notes = notes_for_city(session, KEY)
    assert [note.note for note in notes] == [RETURNED.note, "Құжат басқа жылдікі"]
    assert {note.reasons for note in notes} == {(Reason.OTHER_PERIOD,)}
    assert "name" not in notes[0]._fields


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
            judge(session, old, ACCEPTED, actor(people.one))
        send_value(session, KEY, (people.analyst, people.lead), "no")
        with pytest.raises(NothingToJudgeError):
            judge(session, target_of(session, KEY)._replace(revision=1), ACCEPTED, actor(people.one))
        with pytest.raises(NothingToJudgeError):
            settle(session, target_of(session, KEY), replace(ACCEPTED, note="дұрыс"), actor(people.one))


def test_what_somebody_judged_cannot_be_recalled(database: Database, people: People) -> None:
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
        (Judgement(verdict=Verdict.RETURN), {JudgementCode.NO_REASON}),
        (Judgement(verdict=Verdict.RETURN, reasons=(Reason.OTHER,), note=" \x00 "), {JudgementCode.NO_NOTE}),
        (replace(ACCEPTED, reasons=(Reason.OTHER_UNIT,)), {JudgementCode.REASON_WITHOUT_RETURN}),
        (replace(ACCEPTED, ticks=Tick.IS_WHAT_IT_SAYS | Tick.SUPPORTS_VALUE), {JudgementCode.NOT_LOOKED_AT}),
        (replace(ACCEPTED, note="ү" * (LONGEST_NOTE + 1)), {JudgementCode.LONG_NOTE}),
        (replace(UNABLE, private_note="ү" * (LONGEST_NOTE + 1)), {JudgementCode.LONG_PRIVATE_NOTE}),
    ],
)
def test_a_verdict_that_is_not_whole_is_refused(
    database: Database, people: People, word: Judgement, codes: set[JudgementCode]
) -> None:
    with database.writing() as session:
        with pytest.raises(JudgementError) as faults:
            say(session, KEY, people.one, word)
        assert set(faults.value.codes) == codes
        assert session.scalar(select(func.count()).select_from(Assessment)) == 0


def test_who_accepts_says_that_the_evidence_supports_the_value(database: Database, people: People) -> None:
    with database.writing() as session:
        say(session, KEY, people.one, replace(ACCEPTED, note="  Қаріп\u2028ү  қатар\x00"))
        (row,) = visible_verdicts(session, KEY, people.one)
    assert row.ticks == LOOKED_AT | Tick.SUPPORTS_VALUE
    assert row.note == "Қаріп ү қатар"


def test_a_missing_value_is_judged_without_evidence_to_tick(database: Database, people: People) -> None:
    key = KEY._replace(indicator="hlt_2")
    with database.writing() as session:
        send_value(session, key, (people.analyst, people.lead), "missing")
        say(session, key, people.one, Judgement(verdict=Verdict.ACCEPT))
        assert say(session, key, people.two, Judgement(verdict=Verdict.ACCEPT)) is State.ACCEPTED


def test_a_seat_that_somebody_was_asked_to_take_is_kept_for_them(database: Database, people: People) -> None:
    with database.writing() as session:
        distribute(session, [KEY], [people.one, people.two], actor(people.four), again=False, bulk="b")
        with pytest.raises(MayNotJudgeError) as refused:
            say(session, KEY, people.three, ACCEPTED)
        assert refused.value.bar is Bar.GIVEN_TO_OTHERS
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
                say(session, KEY, person, Judgement(verdict=Verdict.ACCEPT))
        except MayNotJudgeError:
            refused.append(person)
        except JudgementError:
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


def at_once(*steps: Callable[[], object]) -> list[object]:
    """Do steps in threads that start together; gives what each gave or raised."""
    results: list[object] = [None] * len(steps)
    start = threading.Barrier(len(steps))

    def run(n: int) -> None:
        start.wait()
        try:
            results[n] = steps[n]()
        except CaseError as error:
            results[n] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(steps))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_second_verdicts_at_once_one_is_the_second(database: Database, people: People) -> None:
    with database.writing() as session:
        say(session, KEY, people.one, ACCEPTED)

    def second(person: int) -> State:
        with database.writing() as session:
            return say(session, KEY, person, ACCEPTED)

    results = at_once(*(lambda each=each: second(each) for each in (people.two, people.three)))
    assert [result for result in results if isinstance(result, State)] == [State.ACCEPTED]
    assert [type(result) for result in results if not isinstance(result, State)] in (
        [NothingToJudgeError],
        [StaleCaseError],
    )
    with database.reading() as session:
        assert sorted(session.scalars(select(Assessment.slot))) == [1, 2]
        assert state_of(session) is State.ACCEPTED


def test_two_first_verdicts_at_once_are_a_first_and_a_second(database: Database, people: People) -> None:
    def give(person: int, word: Judgement) -> State:
        with database.writing() as session:
            return judge(session, target, word, actor(person))

    with database.reading() as session:
        target = target_of(session, KEY)
    results = at_once(lambda: give(people.one, ACCEPTED), lambda: give(people.two, RETURNED))
    assert sorted(map(str, results)) == ["sent", "split"]


def test_a_verdict_and_a_recall_at_once_are_one_or_the_other(database: Database, people: People) -> None:
    with database.reading() as session:
        target = target_of(session, KEY)

    def give() -> State:
        with database.writing() as session:
            return judge(session, target, ACCEPTED, actor(people.one))

    def take_back() -> State:
        with database.writing() as session:
            return recall(session, KEY, target.version, actor(people.lead)).state

    results = at_once(give, take_back)
    with database.reading() as session:
        n = session.scalar(select(func.count()).select_from(Assessment))
        assert (state_of(session), n) in {(State.SENT, 1), (State.DRAFT, 0)}
    assert sum(isinstance(result, Exception) for result in results) == 1


def test_saving_is_refused_while_a_value_is_examined(database: Database, people: People) -> None:
    with database.writing() as session:
        say(session, KEY, people.one, ACCEPTED)
        with pytest.raises(Exception, match="save from sent"):
            save_value(session, KEY, TypedValue(value="no"), get_case(session, KEY).version, actor(people.analyst))
