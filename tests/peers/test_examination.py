"""What went wrong at peers where two people examine the same thing (DESK §21)."""

import pytest
from flask import Flask

from app.accounts.permissions import Role
from app.accounts.queries import get_person
from app.database import Database
from app.indicators.cases import get_case
from app.indicators.states import State
from tests.app.web.console.conftest import Browser, SignIn, browser_of
from tests.builders.examination import (
    ACCEPTED,
    KEY,
    RETURNED,
    People,
    make_people,
    open_for,
    say,
    send_value,
    target_of,
)
from tests.builders.staff import TODAY

ACCEPTING = {"ticks": ["1", "2", "4"], "verdict": "accept"}


@pytest.fixture
def people(console: Flask, database: Database) -> People:
    assert console
    with database.writing() as session:
        return make_people(session)


def browser(console: Flask, database: Database, staff: int) -> Browser:
    with database.reading() as session:
        person = get_person(session, staff, TODAY)
    assert person is not None
    return browser_of(console, person)


def test_decidim_12905_12911_evaluated_is_told_from_pending_for_oneself_and_for_both(
    console: Flask, database: Database, people: People
) -> None:
    with database.writing() as session:
        send_value(session, KEY._replace(indicator="hlt_2"), people[:2])
        say(session, KEY, people.one, ACCEPTED)
    one, two = browser(console, database, people.one), browser(console, database, people.two)
    assert "1/2" in one.get("/console/assess/?mine=done").text
    assert "hlt_2" not in one.get("/console/assess/?mine=done").text
    assert "hlt_1" not in one.get("/console/assess/?mine=todo").text
    todo = two.get("/console/assess/?mine=todo").text
    assert "1/2" in todo
    assert "0/2" in todo


def test_consul_3709_a_half_finished_verdict_is_seen_by_nobody(
    console: Flask, database: Database, people: People
) -> None:
    with database.writing() as session:
        say(session, KEY, people.one, RETURNED)
    for staff in (people.analyst, people.lead, people.two):
        for address in (f"/console/values/{KEY}", "/console/values/?period=2026", "/console/"):
            page = browser(console, database, staff).get(address).text
            assert RETURNED.note not in page
    with database.reading() as session:
        assert get_case(session, KEY).state is State.SENT


def test_consul_5055_the_queue_spans_all_periods_that_are_open(
    console: Flask, database: Database, people: People
) -> None:
    with database.writing() as session:
        open_for(session, "aktau", period="2025")
        send_value(session, KEY._replace(period="2025"), people[:2])
    page = browser(console, database, people.one).get("/console/assess/?mine=todo").text
    assert "/console/assess/2025/aktau/hlt_1" in page
    assert "/console/assess/2026/aktau/hlt_1" in page


def test_consul_2376_the_evidence_stands_beside_the_value(console: Flask, database: Database, people: People) -> None:
    page = browser(console, database, people.one).get(f"/console/assess/{KEY}").text
    assert 'href="https://example.kz/paper" target="_blank"' in page
    assert page.index("https://example.kz/paper") < page.index('name="verdict"')


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.REVIEWER])
def test_kobocat_427_only_who_has_the_permission_of_the_event_gives_verdicts(
    sign_in: SignIn, database: Database, people: People, role: Role
) -> None:
    assert people
    with database.reading() as session:
        target = target_of(session, KEY)
    other = sign_in(role, "aktau" if role in {Role.ANALYST, Role.MODERATOR, Role.LEAD} else None)
    fields = ACCEPTING | {"revision": str(target.revision), "version": str(target.version)}
    for address in (f"/console/assess/{KEY}", f"/console/assess/split/{KEY}"):
        assert other.send(address, fields).status_code == 403
    with database.reading() as session:
        assert get_case(session, KEY).state is State.SENT
