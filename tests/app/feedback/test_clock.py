"""The public clock: each shown suggestion has a term of its own, and only a reply that answers stops it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from app.database import Database
from app.feedback import clock
from app.feedback.clock import AnswerFigures
from app.feedback.reply_models import ReplyTarget
from app.working_calendar import DayOff, WorkingCalendar
from tests.builders.comments import make_comment
from tests.builders.replies import make_reply
from tests.builders.staff import CITY, TODAY
from tests.builders.statements import statements_of

RELEASED = date(2026, 10, 26)
"""A Monday; its term ends on the Monday three weeks later."""
DUE = date(2026, 11, 16)
NO_DAYS_OFF = WorkingCalendar({})


def test_the_term_is_fifteen_working_days() -> None:
    assert clock.due_on(RELEASED, NO_DAYS_OFF) == DUE
    assert clock.due_on(RELEASED, WorkingCalendar({date(2026, 11, 3): False})) == date(2026, 11, 17)
    assert clock.due_on(RELEASED, WorkingCalendar({date(2026, 11, 7): True})) == date(2026, 11, 13)


@pytest.mark.parametrize(
    ("answered", "today", "field"),
    [
        (None, DUE, "waiting"),
        (None, DUE + timedelta(days=1), "never"),
        (DUE, DUE, None),
        (DUE, DUE + timedelta(days=1), "in_time"),
        (DUE + timedelta(days=1), DUE + timedelta(days=1), "late"),
        (RELEASED, TODAY, "in_time"),
    ],
)
def test_a_suggestion_counts_once_its_term_has_passed(answered: date | None, today: date, field: str | None) -> None:
    assert clock.outcome(DUE, answered, today) == field


def test_a_city_that_codes_nothing_has_no_share_in_time(database: Database) -> None:
    with database.writing() as session:
        for number in range(7):
            make_comment(session, number=number, state="shown", released_on=RELEASED)
        assert clock.figures(session, TODAY) == {CITY: AnswerFigures(never=7)}


def test_overdue_are_the_shown_ones_of_the_cities_asked_for_whose_term_passed_without_an_answer(
    database: Database,
) -> None:
    with database.writing() as session:
        states = ("shown", "shown", "shown", "released")
        comments = [make_comment(session, number=n, state=each, released_on=RELEASED) for n, each in enumerate(states)]
        make_comment(session, number=9, city="almaty", state="shown", released_on=RELEASED)
        make_reply(session, comments[:1], days=(DUE,))
        after = DUE + timedelta(days=1)
        assert clock.count_overdue(session, [CITY], DUE) == {}
        assert clock.count_overdue(session, [CITY], after) == {CITY: 2}
        assert clock.count_overdue(session, [CITY, "almaty"], after) == {CITY: 2, "almaty": 1}
        assert clock.count_overdue(session, [], after) == {}


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"days": (DUE,)}, AnswerFigures(in_time=1)),
        ({"days": (DUE + timedelta(days=1),)}, AnswerFigures(late=1)),
        (
            {"days": (DUE, DUE + timedelta(days=4)), "words": [("а", "а", "a"), ("б", "б", "b")]},
            AnswerFigures(in_time=1),
        ),
        ({"days": (DUE,), "kind": "being_looked_at"}, AnswerFigures(never=1)),
        ({"days": (DUE,), "state": "withdrawn", "withdrawn_on": TODAY}, AnswerFigures(never=1)),
        ({"days": ()}, AnswerFigures(never=1)),
        ({"days": (DUE,), "kind": "cannot"}, AnswerFigures(in_time=1)),
    ],
    ids=["in time", "late", "corrected late", "looked at", "withdrawn", "not released", "cannot"],
)
def test_only_a_released_reply_that_answers_stops_the_clock(
    database: Database, own: dict[str, Any], expected: AnswerFigures
) -> None:
    with database.writing() as session:
        comment = make_comment(session, state="shown", released_on=RELEASED)
        make_reply(session, [comment], **own)
        assert clock.figures(session, TODAY) == {CITY: expected}


def test_the_first_of_several_replies_counts(database: Database) -> None:
    with database.writing() as session:
        comment = make_comment(session, state="shown", released_on=RELEASED)
        make_reply(session, [comment], days=(DUE + timedelta(days=3),))
        make_reply(session, [comment], days=(DUE,))
        make_reply(session, [comment], days=(RELEASED,), kind="being_looked_at")
        assert clock.figures(session, TODAY) == {CITY: AnswerFigures(in_time=1)}


def test_only_what_is_shown_is_counted(database: Database) -> None:
    states = ("pending", "released", "second_look", "hidden_provisional", "hidden", "taken_back")
    with database.writing() as session:
        for number, state in enumerate(states):
            day = None if state == "taken_back" else RELEASED
            make_comment(session, number=number, state=state, released_on=day)
        assert clock.figures(session, TODAY) == {}


def test_the_calendar_counts_and_cities_are_apart(database: Database) -> None:
    with database.writing() as session:
        session.execute(insert(DayOff), [{"day": date(2026, 11, 9 + day), "works": False} for day in range(5)])
        make_comment(session, number=1, state="shown", released_on=RELEASED)
        other = make_comment(session, number=2, city="oral", state="shown", released_on=RELEASED)
        make_reply(session, [other], city="oral")
        assert clock.due_on(RELEASED, WorkingCalendar({})) < TODAY
        by_city = clock.figures(session, TODAY)
        assert by_city == {CITY: AnswerFigures(never=1), "oral": AnswerFigures(late=1)}
        assert clock.figures(session, TODAY, "oral") == {"oral": AnswerFigures(late=1)}
        assert clock.figures(session, date(2026, 11, 23), CITY) == {CITY: AnswerFigures(waiting=1)}


def test_two_statements_however_many_suggestions(sqlite: Database) -> None:
    with sqlite.writing() as session:
        for number in range(30):
            comment = make_comment(session, number=number, state="shown", released_on=RELEASED - timedelta(days=number))
            make_reply(session, [comment], days=(DUE,))
    with statements_of(sqlite) as statements, sqlite.reading() as session:
        clock.figures(session, TODAY)
    assert len(statements) == 2


def test_what_is_added_to_a_reply_afterwards_counts_from_that_day(database: Database) -> None:
    """Or a city would code late and add everything to an early reply."""
    with database.writing() as session:
        early, late = (make_comment(session, number=number, state="shown", released_on=RELEASED) for number in (1, 2))
        reply = make_reply(session, [early], days=(DUE,))
        session.add(ReplyTarget(reply=reply, comment=late, reached_on=DUE + timedelta(days=1)))
        session.flush()
        assert clock.figures(session, TODAY) == {CITY: AnswerFigures(in_time=1, late=1)}
