"""What is shown once is not lost by a press on the page, and every address that a browser may ask for leads on."""

import re
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.accounts.models import LoginSession, Staff
from app.accounts.permissions import Role
from app.database import Database
from tests.app.web.console.conftest import SignIn
from tests.builders.staff import make_staff


def test_the_page_of_recovery_codes_offers_nothing_that_loses_them(sign_in: SignIn) -> None:
    browser = sign_in(Role.AUDITOR)
    browser.send("/console/me/codes")
    page = browser.get("/console/me/new-codes").text
    assert 'class="codes"' in page
    assert re.findall(r'name="language"|class="menu"|\?lang=', page) == []
    assert browser.get("/console/me/new-codes").status_code == 303


def test_the_page_of_a_link_offers_nothing_that_loses_it(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        person = make_staff(session, Role.ANALYST, "aktau")
        session.execute(update(Staff).where(Staff.id == person.id).values(password_hash=None))
    page = sign_in(Role.ADMIN).send(f"/console/staff/{person.id}/invite-again").text
    assert "/console/welcome/" in page
    assert re.findall(r'name="language"|class="menu"', page) == []


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/console/me/codes", "/console/me"),
        ("/console/staff/1/confirm-reset", "/console/staff/1"),
        ("/console/welcome/abc/totp?lang=ru", "/console/welcome/abc?lang=ru"),
        ("/console/publications/1/draft", "/console/publications/1"),
        ("/console/language", "/console/"),
    ],
)
def test_the_address_of_a_button_leads_to_the_page_around_it(sign_in: SignIn, asked: str, led: str) -> None:
    answer = sign_in(Role.ADMIN).get(asked)
    assert (answer.status_code, answer.location) == (303, led)


def test_no_button_of_the_console_is_a_dead_end(console: Flask, sign_in: SignIn) -> None:
    browser = sign_in(Role.ADMIN)
    posted = [rule for rule in console.url_map.iter_rules() if "GET" not in (rule.methods or ())]
    assert posted
    addresses = [re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule) for rule in posted]
    addresses = [re.sub(r"<[^>]+>", "1", each) for each in addresses]
    assert [each for each in addresses if browser.get(each).status_code == 405] == []


def test_a_reset_that_waits_is_said_on_the_page_of_today(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        person = make_staff(session, Role.ANALYST, "aktau")
    opener, auditor = sign_in(Role.ADMIN), sign_in(Role.AUDITOR)
    assert "reset waits for a second person" not in auditor.get("/console/").text
    opener.send(f"/console/staff/{person.id}/reset-factors")
    page = auditor.get("/console/").text
    assert "1 reset waits for a second person" in page
    assert f'href="/console/staff/{person.id}"' in page
    assert "1 reset waits" not in opener.get("/console/").text


def test_a_press_that_asks_for_a_second_step_is_not_lost(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        person = make_staff(session, Role.ANALYST, "aktau")
    browser = sign_in(Role.ADMIN)
    with database.writing() as session:
        session.execute(update(LoginSession).values(stepped_up_at=None))
    asked = browser.send(f"/console/staff/{person.id}/grant", {"role": "auditor", "city": "", "until": "2027-05-04"})
    assert asked.status_code == 303
    again = f"/console/step-up/again?{urlencode({'form': 'at', 'of': f'/console/staff/{person.id}/grant'})}"
    assert asked.location == f"/console/step-up?{urlencode({'next': again})}"
    with database.writing() as session:
        session.execute(
            update(LoginSession).values(stepped_up_at=session.scalars(select(LoginSession.seen_at)).first())
        )
    page = browser.get(again).text
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    assert (fields["role"], fields["until"]) == ("auditor", "2027-05-04")
    assert f'action="/console/staff/{person.id}/grant"' in page
