"""Periods in the console: opened with all cases, extended with a reason, closed after a word was typed."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.permissions import Role
from app.database import Database
from app.indicators.case_models import PeriodExtension, ValueCase
from app.indicators.cases import get_case
from app.indicators.keys import CaseKey
from app.indicators.queries import get_period
from app.indicators.reminders import remind_cities
from app.indicators.states import State
from tests.app.web.console.conftest import MOST_STATEMENTS, Browser, SignIn
from tests.app.web.console.test_values import open_year
from tests.builders.statements import statements_of

PERIOD = {
    "code": "2026",
    "edition": "standard_2019",
    "opens_on": "2026-11-24",
    "due_on": "2026-12-11",
    "correction_days": "10",
    "cities": ["aktau", "almaty"],
}
REASONS = {
    "reason_kk": "Мұрағатты су басқандықтан.",
    "reason_ru": "Из-за затопления архива.",
    "reason_en": "The archive was flooded.",
}


@pytest.fixture
def publisher(console: Flask, sign_in: SignIn) -> Browser:
    assert console
    return sign_in(Role.PUBLISHER)


def test_a_period_is_opened_with_all_its_cases(publisher: Browser, database: Database) -> None:
    assert "There is no period yet" in publisher.get("/console/periods/").text
    assert publisher.get("/console/periods/new").text.count('name="cities"') == 20
    done = publisher.send("/console/periods/new", PERIOD)
    assert (done.status_code, done.location) == (303, "/console/periods/2026")
    assert "The period has 202 cases." in publisher.get(done.location).text
    with database.reading() as session:
        assert session.scalars(select(func.count()).select_from(ValueCase)).one() == 202


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"code": "26"}, "A period is written 2024"),
        ({"code": ""}, "Please fill this in."),
        ({"edition": "order_2025"}, "This edition has no indicators."),
        ({"edition": "x"}, "Please choose an edition."),
        ({"due_on": "2026-11-23"}, "The last day lies in the past."),
        ({"due_on": "soon"}, "This cannot be read."),
        ({"opens_on": "2026-12-31"}, "The last day lies before the first."),
        ({"correction_days": "0"}, "From 1 to 60 working days."),
        ({"cities": []}, "Please choose at least one city."),
    ],
    ids=str,
)
def test_a_period_that_cannot_be_is_refused_beside_its_field(
    publisher: Browser, wrong: dict[str, object], words: str
) -> None:
    page = publisher.send("/console/periods/new", PERIOD | wrong)
    assert page.status_code == 422
    assert "<title>Error:" in page.text
    assert words in page.text


def test_a_city_gets_a_later_day_with_a_reason_for_everybody(
    publisher: Browser, sign_in: SignIn, database: Database
) -> None:
    open_year(database, "2026", ("aktau", "almaty"))
    later = {"city": "aktau", "until": "2026-12-21"}
    short = publisher.send("/console/periods/2026/extend", later | REASONS | {"reason_ru": "Поздно"})
    assert short.status_code == 422
    assert "20 characters or more in each language" in short.text
    assert REASONS["reason_kk"] in short.text
    early = publisher.send("/console/periods/2026/extend", later | REASONS | {"until": "2026-12-11"})
    assert "must be later" in early.text
    assert publisher.send("/console/periods/2026/extend", later | REASONS).status_code == 303
    page = sign_in(Role.LEAD, "aktau").get("/console/periods/2026").text
    assert "until December 21, 2026: The archive was flooded." in page
    assert "Almaty" not in page
    with database.reading() as session:
        assert session.scalars(select(PeriodExtension.city)).all() == ["aktau"]


def test_a_period_is_closed_when_its_code_was_typed(publisher: Browser, database: Database) -> None:
    open_year(database, "2026", ("aktau",))
    assert publisher.send("/console/periods/2026/close", {"confirm": "yes"}).status_code == 422
    assert publisher.send("/console/periods/2026/close", {"confirm": "2026"}).status_code == 303
    with database.reading() as session:
        period = get_period(session, "2026")
        assert period
        assert period.state == "closed"
        assert get_case(session, CaseKey("2026", "aktau", "ctm_1")).state is State.LOCKED
    assert publisher.send("/console/periods/2026/close", {"confirm": "2026"}).status_code == 422


@pytest.mark.parametrize("role", [Role.ANALYST, Role.LEAD, Role.REVIEWER, Role.AUDITOR, Role.ADMIN])
def test_nobody_but_a_publisher_changes_a_period(
    console: Flask, sign_in: SignIn, database: Database, role: Role
) -> None:
    assert console
    open_year(database, "2026", ("aktau",))
    browser = sign_in(role, "aktau" if role in {Role.ANALYST, Role.LEAD} else None)
    assert browser.get("/console/periods/2026").status_code == 200
    for address in ("new", "2026/extend", "2026/close"):
        assert browser.send(f"/console/periods/{address}", {"confirm": "2026"}).status_code == 403


def test_the_page_of_a_period_says_who_was_reminded(publisher: Browser, sign_in: SignIn, database: Database) -> None:
    open_year(database, "2026", ("aktau", "almaty", "oral"))
    lead = sign_in(Role.LEAD, "aktau")
    for _number in range(2):
        sign_in(Role.ANALYST, "aktau")
    sign_in(Role.LEAD, "almaty")
    before = publisher.get("/console/periods/2026").text
    assert before.count("not reminded yet") == 3
    assert "101 values to fill in" in before
    with database.writing() as session:
        for day in (27, 28):
            remind_cities(session, date(2026, 11, day), datetime(2026, 11, day, 3, tzinfo=UTC))
        remind_cities(session, date(2026, 12, 4), datetime(2026, 12, 4, 3, tzinfo=UTC))
        remind_cities(session, date(2026, 12, 14), datetime(2026, 12, 14, 3, tzinfo=UTC))
    page = publisher.get("/console/periods/2026").text
    told = "Told: 1 lead of the akimat and 2 analysts."
    assert f"December 14, 2026, 08:00: 101 values overdue since December 11, 2026. {told}" in page
    assert f"November 27, 2026, 08:00: 101 values to send by December 11, 2026. {told}" in page
    assert page.count("2 reminders before") == 2
    assert page.count("not reminded yet") == 1, "nobody enters the values of Oral"
    own = lead.get("/console/periods/2026").text
    assert (told in own, "Told: 1 lead of the akimat." in own) == (True, False), "another city's are not for it"


def test_a_period_without_ones_city_says_so(publisher: Browser, sign_in: SignIn, database: Database) -> None:
    assert publisher
    open_year(database, "2026", ("almaty",))
    page = sign_in(Role.LEAD, "aktau").get("/console/periods/2026").text
    assert "No city of yours takes part in this period." in page
    assert "<table" not in page


def test_pages_of_periods_cost_few_statements(publisher: Browser, database: Database) -> None:
    for year in ("2024", "2025", "2026"):
        open_year(database, year)
    for address in ("/console/periods/", "/console/periods/2026", "/console/periods/new"):
        with statements_of(database) as statements:
            assert publisher.get(address).status_code == 200
        assert len(statements) <= MOST_STATEMENTS, address
