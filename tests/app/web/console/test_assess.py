"""The examination on the screen: the queue, a case, a split, agreement, and giving cases to people."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest
from flask import Flask

from app.accounts.queries import get_person
from app.indicators.assignments import count_waiting
from app.indicators.cases import get_case
from app.indicators.examination import visible_verdicts
from app.indicators.states import State
from app.indicators.verdicts import CaseVerdict
from app.web import site
from tests.app.web.console.conftest import MOST_STATEMENTS, Browser, SignIn, browser_of
from tests.builders.examination import (
    ACCEPTED,
    KEY,
    RETURNED,
    People,
    give_role,
    make_people,
    make_person,
    say,
    send_value,
)
from tests.builders.staff import TODAY
from tests.builders.statements import statements_of

CASE = f"/console/assess/{KEY}"
ADDRESSES = ["/console/assess/?mine=todo", CASE, "/console/assess/agreement", "/console/assess/assign"]
ACCEPT = {"revision": "1", "version": "3", "ticks": ["1", "2", "4"], "verdict": "accept"}


class Office(NamedTuple):
    """The console, and those who stand in it."""

    app: Flask
    people: People

    def browser(self, staff: int) -> Browser:
        with site.services_of(self.app).database.reading() as session:
            person = get_person(session, staff, TODAY)
        assert person is not None
        return browser_of(self.app, person)


@pytest.fixture
def office(console: Flask) -> Iterator[Office]:
    with site.services_of(console).database.writing() as session:
        people = make_people(session)
        assert get_case(session, KEY).version == 3
    return Office(console, people)


def state_of(office: Office) -> State:
    with site.services_of(office.app).database.reading() as session:
        return get_case(session, KEY).state


def test_two_assessors_accept_a_value_by_the_page(office: Office) -> None:
    one, two = office.browser(office.people.one), office.browser(office.people.two)
    assert "hlt_1" in one.get("/console/assess/?mine=todo").text
    answer = one.send(CASE, ACCEPT)
    assert answer.status_code == 303
    assert answer.location.startswith("/console/assess/next?after=")
    assert "Accepted: Health: indicator 1" in one.get("/console/assess/?mine=todo").text
    assert "hlt_1" not in one.get("/console/assess/?mine=todo").text
    assert "1/2" in one.get("/console/assess/?mine=done").text
    assert state_of(office) is State.SENT
    two.send(CASE, ACCEPT)
    assert state_of(office) is State.ACCEPTED


def test_the_queue_says_that_all_is_done_and_how_much_it_was(office: Office) -> None:
    browser = office.browser(office.people.one)
    browser.send(CASE, ACCEPT)
    page = browser.get("/console/assess/?mine=todo").text
    assert "Nothing waits for you. You gave 1 verdict this month." in page
    assert "Nothing matches." not in page
    assert "Nothing matches." in browser.get("/console/assess/?mine=todo&city=oral").text


def test_the_queue_begins_with_what_is_to_be_done_and_says_why_it_is_empty(office: Office) -> None:
    browser = office.browser(office.people.one)
    assert browser.get("/console/assess/").location == "/console/assess/?mine=todo"
    hidden = browser.get("/console/assess/?city=oral&mine=todo").text
    assert "Nothing matches." in hidden
    assert "1 is hidden by the filter" in hidden
    with site.services_of(office.app).database.writing() as session:
        say(session, KEY, office.people.one, ACCEPTED)
        say(session, KEY, office.people.two, ACCEPTED)
    assert "Nothing waits to be examined." in browser.get("/console/assess/?period=").text


def test_a_return_needs_a_reason_and_nothing_typed_is_lost(office: Office) -> None:
    browser = office.browser(office.people.one)
    typed = ACCEPT | {"verdict": "return", "note": "Жылы басқа", "private_note": "қайта қарау керек"}
    answer = browser.send(CASE, typed)
    assert answer.status_code == 422
    assert "Error:" in answer.text
    assert "To return a value, choose at least one reason." in answer.text
    assert "Жылы басқа" in answer.text
    assert "қайта қарау керек" in answer.text
    assert answer.text.count("checked") == 3
    assert browser.send(CASE, typed | {"reasons": ["other_period"]}).status_code == 303


def test_a_split_shows_both_verdicts_to_a_third_who_settles_it(office: Office) -> None:
    with site.services_of(office.app).database.writing() as session:
        say(session, KEY, office.people.one, ACCEPTED)
        say(session, KEY, office.people.two, RETURNED)
    third = office.browser(office.people.three)
    split = f"/console/assess/split/{KEY}"
    assert third.get(CASE).location == split
    page = third.get(split).text
    assert RETURNED.note in page
    assert "assessor 0" in page
    version = "4"
    assert third.send(split, ACCEPT | {"version": version}).status_code == 422  # why, in a note
    assert third.send(split, ACCEPT | {"version": version, "note": "Құжат дұрыс"}).status_code == 303
    assert state_of(office) is State.ACCEPTED
    assert "Your verdict is stored." in third.get("/console/assess/?period=2026").text


def test_who_may_not_assess_a_value_is_told_why_and_gets_no_form(office: Office) -> None:
    with site.services_of(office.app).database.writing() as session:
        own = make_person(session, "own", "reviewer")
        give_role(session, own, "analyst", "aktau", revoked=True, until_day=TODAY)
    browser = office.browser(own)
    page = browser.get(CASE).text
    assert "You have a role in this city, or had one within a year" in page
    assert 'name="verdict"' not in page
    assert "1 value of a city of yours is not shown to you." in browser.get("/console/assess/?period=2026").text
    browser.send(CASE, ACCEPT)
    assert "You have a role in this city" in browser.get("/console/assess/?period=2026").text
    with site.services_of(office.app).database.reading() as session:
        assert visible_verdicts(session, KEY, own) == []


def test_an_older_page_decides_nothing(office: Office) -> None:
    browser = office.browser(office.people.one)
    browser.send(CASE, ACCEPT | {"version": "2"})
    assert "your verdict was not taken" in browser.get("/console/assess/?period=2026").text
    assert state_of(office) is State.SENT
    assert browser.send(CASE, ACCEPT | {"verdict": "perhaps"}).status_code == 422
    assert browser.send(CASE, ACCEPT | {"revision": "x"}).status_code == 422
    assert browser.send("/console/assess/2026/aktau/none", ACCEPT).status_code == 404


def test_the_same_verdict_sent_twice_is_said_to_be_stored(office: Office) -> None:
    one, two = office.browser(office.people.one), office.browser(office.people.two)
    for browser in (one, one, two, two):  # the second of the last two finds the value decided
        browser.send(CASE, ACCEPT)
        page = browser.get("/console/assess/?period=2026").text
        assert "Your verdict is stored." in page
        assert "not taken" not in page
    one.send(CASE, ACCEPT | {"verdict": "return", "reasons": ["calculation"]})
    assert "this one was not taken" in one.get("/console/assess/?period=2026").text


def test_who_says_they_cannot_is_asked_once_more_and_gives_no_verdict(office: Office) -> None:
    browser = office.browser(office.people.one)
    unable = ACCEPT | {"verdict": "cannot_judge", "note": "Білмеймін"}
    asked = browser.send(CASE, unable)
    assert "Do you really want to give no verdict?" in asked.text
    assert "Білмеймін" in asked.text
    with site.services_of(office.app).database.reading() as session:
        assert visible_verdicts(session, KEY, office.people.one) == []
    assert browser.send(CASE, unable | {"sure": "1"}).status_code == 303
    page = browser.get("/console/assess/?mine=todo").text
    assert "You gave no verdict: " in page
    assert "You gave 0 verdicts this month." in page
    assert "hlt_1" in browser.get("/console/assess/?mine=unable").text
    assert "Nothing matches." in browser.get("/console/assess/?mine=done").text


def test_the_list_shows_ones_own_verdict_and_waits_for_the_other_alone(office: Office) -> None:
    one, two = office.browser(office.people.one), office.browser(office.people.two)
    one.send(CASE, ACCEPT)
    assert "accepted</span>" in one.get("/console/assess/?mine=done").text
    assert "accepted</span>" not in two.get("/console/assess/?period=2026").text
    two.send(CASE, ACCEPT | {"verdict": "return", "reasons": ["calculation"]})
    assert "Nothing matches." in one.get("/console/assess/?mine=done").text  # the two differ


def test_what_was_passed_over_stays_so_until_the_list_ends(office: Office) -> None:
    with site.services_of(office.app).database.writing() as session:
        for code in ("hlt_2", "hlt_3"):
            send_value(session, KEY._replace(indicator=code), office.people[:2])
    browser = office.browser(office.people.one)
    second = CASE.replace("hlt_1", "hlt_2")
    skipped = browser.get(f"/console/assess/next?after={KEY}&mine=todo").location
    assert skipped.partition("?")[0] == second
    for verdict in ({}, {"verdict": "return", "reasons": ["calculation"]}):
        given = browser.send(f"{second}?mine=todo", ACCEPT | verdict).location
        assert browser.get(given).location.partition("?")[0] == CASE.replace("hlt_1", "hlt_3")
    last = browser.get(f"/console/assess/next?after={KEY._replace(indicator='hlt_3')}&mine=todo").location
    assert last.partition("?")[0] == CASE
    assert "That was the end of the list." in browser.get(last).text


def test_agreement_is_shown_by_indicator_and_by_pair(office: Office) -> None:
    browser = office.browser(office.people.one)
    assert "There is nothing to compare yet." in browser.get("/console/assess/agreement").text
    with site.services_of(office.app).database.writing() as session:
        say(session, KEY, office.people.one, RETURNED)
    assert "There is nothing to compare yet." in browser.get("/console/assess/agreement").text
    with site.services_of(office.app).database.writing() as session:
        say(session, KEY, office.people.two, RETURNED)
    page = browser.get("/console/assess/agreement?period=2026").text
    assert "assessor 0 – assessor 1" in page
    assert "100" in page


def test_assigning_says_what_it_would_do_before_it_does_it(office: Office) -> None:
    browser = office.browser(office.people.one)
    chosen = {"period": "2026", "city": "oral", "people": [str(each) for each in office.people[2:]], "how": "fill"}
    plan = browser.send("/console/assess/assign", chosen).text
    assert "101 values would be assigned" in plan
    with site.services_of(office.app).database.reading() as session:
        assert not count_waiting(session)
    assert browser.send("/console/assess/assign", chosen | {"confirmed": "1"}).status_code == 303
    page = browser.get("/console/assess/assign").text
    assert "101 values were assigned." in page
    assert "50 wait, 0 given" in page or "51 wait, 0 given" in page


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_needs_few_statements_however_much_waits(office: Office, address: str) -> None:
    database = site.services_of(office.app).database
    with database.writing() as session:
        for n in range(2, 6):
            send_value(session, KEY._replace(indicator=f"hlt_{n}"), office.people[:2])
        auditor = make_person(session, "auditor", "auditor")  # who reads of alarms too
    for staff in (office.people.one, auditor):
        browser = office.browser(staff)
        browser.get(address)
        with statements_of(database) as statements:
            may_see = browser.get(address).status_code == 200
        assert may_see or (staff == auditor and "assign" in address)
        assert len(statements) <= MOST_STATEMENTS, "\n\n".join(statements)


def test_files_of_the_queue_hold_what_the_page_shows(office: Office) -> None:
    with site.services_of(office.app).database.writing() as session:
        say(session, KEY, office.people.one, RETURNED)
    browser = office.browser(office.people.two)
    file = browser.get("/console/assess/?mine=todo&as=csv")
    assert file.mimetype == "text/csv"
    assert "hlt_1" in file.text
    assert "1/2" in file.text
    assert "return" not in file.text
    assert CaseVerdict.RETURN not in file.text


def test_that_one_person_entered_and_sent_a_value_is_said(office: Office, sign_in: SignIn) -> None:
    other, said = KEY._replace(indicator="hlt_2"), "the same person entered and sent it"
    for key, is_said in ((KEY, False), (other, True)):
        with site.services_of(office.app).database.writing() as session:
            if key == other:
                send_value(session, other, (office.people.lead, office.people.lead))
            for staff in (office.people.one, office.people.two):
                say(session, key, staff, ACCEPTED)
        page = sign_in("auditor").get("/console/assess/decided").text
        assert (key.indicator in page, said in page) == (True, is_said)


def test_the_page_of_a_value_says_too_that_one_person_entered_and_sent_it(office: Office, sign_in: SignIn) -> None:
    other, said = KEY._replace(indicator="hlt_2"), "The same person entered and sent it."
    with site.services_of(office.app).database.writing() as session:
        send_value(session, other, (office.people.lead, office.people.lead))
    auditor = sign_in("auditor")
    for key, is_said in ((KEY, False), (other, True)):
        for where in ("values", "assess"):
            assert (said in auditor.get(f"/console/{where}/{key}").text) == is_said, (where, key)


def test_what_was_decided_leads_back_to_who_entered_assessed_and_settled_it(office: Office, sign_in: SignIn) -> None:
    auditor = sign_in("auditor")
    address = "/console/assess/decided"
    with site.services_of(office.app).database.writing() as session:
        say(session, KEY, office.people.one, ACCEPTED)
    assert "Nothing has been decided yet." in auditor.get(address).text  # one verdict is nobody's to see
    with site.services_of(office.app).database.writing() as session:
        say(session, KEY, office.people.two, RETURNED)
        assert "assessor 0" not in auditor.get(address).text
        say(session, KEY, office.people.three, replace(ACCEPTED, note="Құжат дұрыс"), minutes=5)
    page = auditor.get(address).text
    for name in ("analyst", "lead", "assessor 0: accept", "assessor 1: return", "assessor 2: accept", "in force"):
        assert name in page, name
    assert f"/console/journal/?object={KEY}" in page
    assert f'data-open href="{CASE}"' in page
    for each in (f"/console/values/{KEY}", f"/console/journal/?object={KEY}", "assessor 0", "assessor 2"):
        assert each in auditor.get(CASE).text
    assert f'href="{CASE}"' in auditor.get(f"/console/values/{KEY}").text
    assert f'href="{CASE}"' not in sign_in("analyst", "aktau").get(f"/console/values/{KEY}").text
    for ask, is_there in {
        "who=ASSESSOR 2": True,
        "who=nobody": False,
        "settled=two": False,
        "outcome=accept": True,
    }.items():
        assert ("hlt_1" in auditor.get(f"{address}?{ask}").text.partition("<tbody>")[2]) is is_there, ask
    assert "hlt_1,Aktau,2026,1,yes,analyst,lead,assessor 0" in auditor.get(f"{address}?as=csv").text
    assert sign_in("lead", "aktau").get(address).status_code == 403
    with statements_of(site.services_of(office.app).database) as statements:
        auditor.get(address)
    assert len(statements) <= MOST_STATEMENTS
