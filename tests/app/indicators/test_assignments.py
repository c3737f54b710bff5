"""Who is asked to judge what: evenly, never a city of one's own, and what was said stays said."""

from collections import Counter
from datetime import date
from typing import NamedTuple

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant
from app.audit.models import JournalRow
from app.database import Database
from app.indicators.assignments import Skip, asked_to_assess, count_waiting, distribute, release, waiting_of
from app.indicators.case_models import Assignment, ValueCase
from app.indicators.examination import visible_verdicts
from app.indicators.keys import CaseKey
from tests.builders.examination import (
    ACCEPTED,
    KEY,
    RETURNED,
    actor,
    give_role,
    make_address,
    make_person,
    open_for,
    say,
    send_value,
)


class Office(NamedTuple):
    """Who assigns, three assessors, and one of them who used to work in Aktau."""

    chief: int
    one: int
    two: int
    of_aktau: int


@pytest.fixture
def office(sqlite: Database) -> Office:
    with sqlite.writing() as session:
        open_for(session, "aktau", "oral")
        made = Office(
            make_person(session, "Chief", "publisher"),
            *(make_person(session, f"Assessor {n}", "reviewer") for n in range(3)),
        )
        give_role(session, made.of_aktau, "analyst", "aktau", revoked=True, until_day=KEY_DAY)
        return made


KEY_DAY = date(2026, 3, 1)


def cases(session: Session, city: str) -> list[CaseKey]:
    rows = session.execute(select(ValueCase.period, ValueCase.city, ValueCase.indicator).where(ValueCase.city == city))
    return sorted(CaseKey(*row) for row in rows)


def asked(session: Session) -> dict[CaseKey, set[int]]:
    found: dict[CaseKey, set[int]] = {}
    for row in session.scalars(select(Assignment)):
        found.setdefault(CaseKey(row.period, row.city, row.indicator), set()).add(row.assessor)
    return found


def test_cases_are_shared_out_evenly_and_pairs_mix(sqlite: Database, office: Office) -> None:
    with sqlite.writing() as session:
        done = distribute(session, cases(session, "oral"), office[1:], actor(office.chief), again=False, bulk="b")
        pairs = Counter(frozenset(people) for people in asked(session).values())
    assert done.changed == 101
    assert max(done.asked.values()) - min(done.asked.values()) <= 1
    assert sum(done.asked.values()) == 202
    assert len(pairs) == 3
    assert all(len(pair) == 2 for pair in pairs)


def test_nobody_is_asked_to_assess_a_city_of_their_own(sqlite: Database, office: Office) -> None:
    with sqlite.writing() as session:
        everything = [*cases(session, "aktau"), *cases(session, "oral")]
        distribute(session, everything, office[1:], actor(office.chief), again=False, bulk="b")
        people = asked(session)
    assert all(office.of_aktau not in people[key] for key in people if key.city == "aktau")
    assert all(people[key] == {office.one, office.two} for key in people if key.city == "aktau")


def test_who_entered_or_proved_a_value_is_not_asked_to_assess_it(sqlite: Database, office: Office) -> None:
    with sqlite.writing() as session:
        session.add(make_address(KEY, office.one))
        session.flush()
        distribute(session, [KEY], office[1:], actor(office.chief), again=False, bulk="b")
        assert asked(session)[KEY] == {office.two}


def test_assigning_anew_keeps_what_was_said(sqlite: Database, office: Office) -> None:
    with sqlite.writing() as session:
        people = (make_person(session, "a", "analyst", "oral"), make_person(session, "l", "lead", "oral"))
        key = KEY._replace(city="oral")
        send_value(session, key, people)
        distribute(session, [key], [office.one, office.two], actor(office.chief), again=False, bulk="b")
        say(session, key, office.one, ACCEPTED)
        done = distribute(session, [key], [office.one, office.of_aktau], actor(office.chief), again=True, bulk="c")
        assert done.asked == {office.of_aktau: 1}
        assert waiting_of(session, office.two) == []
        assert [row.assessor for row in visible_verdicts(session, key, office.one)] == [office.one]
        say(session, key, office.of_aktau, RETURNED)
        assert [row.assessor for row in visible_verdicts(session, key, office.one)] == [office.one, office.of_aktau]


def test_what_is_decided_full_or_unknown_is_left_and_named(sqlite: Database, office: Office) -> None:
    with sqlite.writing() as session:
        people = (make_person(session, "a", "analyst", "oral"), make_person(session, "l", "lead", "oral"))
        decided, full = KEY._replace(city="oral"), KEY._replace(city="oral", indicator="hlt_2")
        send_value(session, decided, people)
        say(session, decided, office.one, ACCEPTED)
        say(session, decided, office.two, ACCEPTED)
        distribute(session, [full], [office.one, office.two], actor(office.chief), again=False, bulk="b")
        keys = [decided, full, KEY._replace(indicator="nothing"), KEY]
        done = distribute(session, keys, [office.of_aktau], actor(office.chief), again=False, bulk="b")
    assert dict(done.skipped) == {
        decided: Skip.DECIDED,
        full: Skip.FULL,
        KEY._replace(indicator="nothing"): Skip.UNKNOWN,
        KEY: Skip.NOBODY,
    }
    assert done.changed == 0


def test_an_empty_pool_gives_cases_back_to_whoever_picks_them(sqlite: Database, office: Office) -> None:
    with sqlite.writing() as session:
        distribute(session, cases(session, "oral"), office[1:], actor(office.chief), again=False, bulk="b")
        done = distribute(session, cases(session, "oral"), [], actor(office.chief), again=True, bulk="c")
        assert done.changed == 101
        assert asked(session) == {}


def test_a_role_that_ends_gives_its_cases_back_at_once(sqlite: Database, office: Office) -> None:
    with sqlite.writing() as session:
        distribute(session, [KEY], [office.one, office.two], actor(office.chief), again=False, bulk="b")
        assert asked_to_assess(session, KEY, actor(office.chief)) == {office.one, office.two}
        grant = session.scalars(select(RoleGrant).where(RoleGrant.staff == office.one)).one()
        grant.revoked = True
        session.flush()
        assert asked_to_assess(session, KEY, actor(office.chief)) == {office.two}  # before anybody releases anything
        assert release(session, office.one, actor(office.chief), bulk="c") == [KEY]
        assert asked(session)[KEY] == {office.two}
        assert release(session, office.one, actor(office.chief), bulk="c") == []


def test_the_journal_has_one_row_a_city_and_press(sqlite: Database, office: Office) -> None:
    with sqlite.writing() as session:
        everything = [*cases(session, "aktau"), *cases(session, "oral")]
        distribute(session, everything, [office.one, office.two], actor(office.chief), again=False, bulk="b")
        rows = session.execute(
            select(JournalRow.event, JournalRow.city, JournalRow.detail, JournalRow.bulk).where(
                JournalRow.event.startswith("assignment")
            )
        ).all()
    people = f"{office.one} {office.two}"
    assert [tuple(row) for row in rows] == [
        ("assignment.made", city, f'{{"assessors":"{people}","cases":101}}', "b") for city in ("aktau", "oral")
    ]


def test_counts_of_what_waits_leave_out_what_was_assessed(sqlite: Database, office: Office) -> None:
    with sqlite.writing() as session:
        people = (make_person(session, "a", "analyst", "oral"), make_person(session, "l", "lead", "oral"))
        key = KEY._replace(city="oral")
        send_value(session, key, people)
        distribute(session, [key], [office.one, office.two], actor(office.chief), again=False, bulk="b")
        assert count_waiting(session) == {office.one: 1, office.two: 1}
        say(session, key, office.one, ACCEPTED)
        assert count_waiting(session) == {office.two: 1}
