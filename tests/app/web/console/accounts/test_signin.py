"""Signing in at the console: one sentence for every wrong try, each code once, and nobody led elsewhere."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import passwords, recovery_codes
from app.accounts.models import LoginSession, Passkey, SignInDelay, Staff
from app.accounts.permissions import Role
from app.accounts.signing_in import FREE
from app.audit.journal import Actor
from app.audit.models import JournalRow
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.web import site
from app.web.console.signin.limits import HOURLY, WrongByAddress
from app.web.console_site import create_console
from tests.app.web.console.accounts.signing_in import (
    PASSWORD,
    code_of,
    english_browser,
    give_code,
    give_password,
    is_in,
    register,
    use_passkey,
)
from tests.app.web.console.conftest import Browser
from tests.builders.sites import replace_services
from tests.builders.staff import NOW, make_staff

WRONG = "E-mail, password or code is not right."


def test_password_and_code_let_their_owner_in_and_lead_back(browser: Browser, owner: Staff, database: Database) -> None:
    asked = browser.get("/console/?state=returned")
    assert "next=" in asked.location
    passed = give_password(browser, owner.email.upper(), next="/console/?state=returned")
    assert passed.location == "/console/sign-in/code?next=/console/?state%3Dreturned"
    assert not is_in(browser)
    let_in = give_code(browser, code_of(), next="/console/?state=returned")
    assert let_in.location == "/console/?state=returned"
    assert is_in(browser)
    with database.reading() as session:
        row = session.scalars(select(JournalRow).order_by(JournalRow.seq.desc())).first()
        assert row
        assert (row.event, row.actor, row.detail) == ("session.begun", owner.id, '{"by":"totp"}')
        assert session.get_one(Staff, owner.id).last_seen_on == NOW.date()


@pytest.mark.parametrize(
    "after",
    [
        "//evil.example/",
        "https://evil.example/console/",
        "/s/",
        "\\\\evil",
        "/console/../s/",
        "/console/%2e%2e/s/",
        "javascript:x",
    ],
)
def test_nobody_is_led_elsewhere(browser: Browser, owner: Staff, after: str) -> None:
    give_password(browser, owner.email)
    assert give_code(browser, code_of(), next=after).location == "/console/"


def test_every_wrong_try_is_answered_alike(browser: Browser, owner: Staff, database: Database) -> None:
    with database.writing() as session:
        closed, unfinished = make_staff(session, Role.AUDITOR), make_staff(session, Role.AUDITOR)
        session.get_one(Staff, closed.id).active = False
        for staff in (closed, unfinished):
            session.get_one(Staff, staff.id).password_hash = passwords.hashed(PASSWORD)
    attempts = [
        (owner.email, "wrong"),
        ("nobody@example.kz", "wrong"),
        (closed.email, PASSWORD),
        (unfinished.email, PASSWORD),
        ("", ""),
    ]
    pages = [give_password(browser, *each) for each in attempts]
    assert {page.status_code for page in pages} == {422}
    texts = {re.sub(r'value="[^"]*"', "", page.text) for page in pages}
    assert all(WRONG in page.text for page in pages)
    assert len(texts) == 1


def test_an_unknown_address_costs_as_much_as_a_known_one(
    browser: Browser, owner: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str | None] = []
    monkeypatch.setattr(passwords, "is_right", lambda kept, _typed: bool(calls.append(kept)))
    give_password(browser, owner.email)
    give_password(browser, "nobody@example.kz")
    assert [each is not None for each in calls] == [True, False]


def test_a_code_sent_after_a_wrong_password_works_afterwards(browser: Browser, owner: Staff) -> None:
    """securedrop 1887: the message said that a code was used up, and it was not."""
    give_password(browser, owner.email, "wrong")
    assert give_code(browser, code_of()).location.startswith("/console/sign-in")
    give_password(browser, owner.email)
    assert give_code(browser, code_of()).location == "/console/"


def test_a_code_lets_in_once(console: Flask, browser: Browser, owner: Staff) -> None:
    """securedrop 786: a one-time code was good for twice."""
    give_password(browser, owner.email)
    assert give_code(browser, code_of()).status_code == 303
    second = console.test_client()
    assert isinstance(second, Browser)
    second.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    give_password(second, owner.email)
    again = give_code(second, code_of())
    assert (again.status_code, is_in(second)) == (422, False)
    assert WRONG in again.text


def test_the_password_alone_opens_nothing_and_its_proof_ages(console: Flask, browser: Browser, owner: Staff) -> None:
    give_password(browser, owner.email)
    assert browser.get("/console/").status_code == 303
    replace_services(console, clock=FrozenClock(NOW + timedelta(minutes=7)))
    assert browser.get("/console/sign-in/code").location.startswith("/console/sign-in?")


def test_the_proof_of_an_older_password_opens_nothing(browser: Browser, owner: Staff, database: Database) -> None:
    give_password(browser, owner.email)
    with database.writing() as session:
        session.get_one(Staff, owner.id).password_hash = passwords.hashed("another password here")
    assert give_code(browser, code_of()).location.startswith("/console/sign-in?")
    assert not is_in(browser)


def test_guessing_codes_with_the_right_password_waits_too(browser: Browser, owner: Staff) -> None:
    give_password(browser, owner.email)
    assert [give_code(browser, f"{each:06}").status_code for each in range(5)] == [422] * 5
    assert give_code(browser, code_of()).status_code == 422
    assert give_password(browser, owner.email).status_code == 422


def test_the_owner_with_a_passkey_gets_in_while_somebody_guesses(
    console: Flask, browser: Browser, owner: Staff, settings: Settings, database: Database
) -> None:
    device = register(database, settings, owner)
    guesser = console.test_client()
    assert isinstance(guesser, Browser)
    for _ in range(HOURLY.amount + 1):
        give_password(guesser, owner.email, "wrong")
    assert give_password(browser, owner.email).status_code == 429
    assert use_passkey(browser, device).json == {"next": "/console/"}
    assert is_in(browser)
    with database.reading() as session:
        assert session.scalars(select(SignInDelay.failures)).one() == 5


def test_of_a_thousand_wrong_tries_from_many_networks_forty_at_most_reach_the_hash(
    console: Flask, browser: Browser, owner: Staff, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DESK §20 row 4, over the web: 1,000 within the hour, and the owner's passkey lets in in the middle of them."""
    own, looked_at = site.services_of(console), []
    device = register(own.database, own.settings, owner)
    monkeypatch.setattr(passwords, "is_right", lambda _hash, password: looked_at.append(password))
    guesser = console.test_client()
    assert isinstance(guesser, Browser)
    token, statuses = guesser.token(), set()
    for number in range(1_000):
        elsewhere = {"REMOTE_ADDR": f"192.0.{number // 50}.{number % 50}"}
        data = {"email": owner.email, "password": f"guess {number}", "csrf_token": token}
        statuses.add(guesser.post("/console/sign-in", data=data, environ_base=elsewhere).status_code)
        if number == 500:
            assert use_passkey(browser, device).json == {"next": "/console/"}
            assert is_in(browser)
        monkeypatch.setattr(clock, "_moment", NOW + number * timedelta(seconds=3.6))
    assert statuses == {422}
    assert FREE <= len(looked_at) <= 40


def test_a_passkey_that_did_not_recognise_its_owner_is_refused_and_counted(
    browser: Browser, owner: Staff, settings: Settings, database: Database
) -> None:
    device = register(database, settings, owner)
    device.verifies = False
    assert use_passkey(browser, device).status_code == 422
    assert not is_in(browser)


def test_a_recovery_code_leads_to_a_new_factor_and_not_in(
    console: Flask, browser: Browser, owner: Staff, database: Database
) -> None:
    with database.writing() as session:
        typed = recovery_codes.make(session, Actor(owner.id, NOW), owner.id)[3]
    give_password(browser, owner.email)
    led = give_code(browser, typed)
    assert led.location.startswith("/console/welcome/")
    assert not is_in(browser)
    assert "A second step" in browser.get(led.location).text
    assert "Type it, and set up the second step" in english_browser(console).get(led.location).text  # the link alone
    with database.reading() as session:
        assert list(session.scalars(select(JournalRow.event).order_by(JournalRow.seq)))[-2:] == [
            "code.used", "factor.link_made",
        ]  # fmt: skip
    give_password(browser, owner.email)
    assert give_code(browser, typed).status_code == 422


def test_every_sign_in_has_a_new_token_and_ends_what_the_browser_brought(
    browser: Browser, owner: Staff, database: Database
) -> None:
    browser.set_cookie("console", "planted-by-an-attacker", path="/console")
    give_password(browser, owner.email)
    give_code(browser, code_of())
    first = browser.get_cookie("console", path="/console")
    assert first
    assert first.value != "planted-by-an-attacker"
    give_password_again = browser.get("/console/sign-in")
    assert give_password_again.status_code == 303
    with database.reading() as session:
        assert len(session.scalars(select(LoginSession.mark)).all()) == 1


def test_the_secret_of_forms_is_another_one_after_signing_in(browser: Browser, owner: Staff) -> None:
    before = browser.token()
    give_password(browser, owner.email)
    give_code(browser, code_of())
    assert browser.token() != before
    assert browser.post("/console/sign-out", data={"csrf_token": before}).status_code == 400
    assert is_in(browser)


def test_a_form_of_another_site_signs_nobody_in(browser: Browser, owner: Staff) -> None:
    data = {"email": owner.email, "password": PASSWORD}
    assert browser.post("/console/sign-in", data=data).status_code == 400
    data["csrf_token"] = browser.token()
    assert browser.post("/console/sign-in", data=data, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400


def test_signing_out_ends_the_session_in_the_database(console: Flask, browser: Browser, owner: Staff) -> None:
    give_password(browser, owner.email)
    give_code(browser, code_of())
    cookie = browser.get_cookie("console", path="/console")
    assert cookie
    assert browser.send("/console/sign-out").location == "/console/sign-in"
    stolen = console.test_client()
    stolen.set_cookie("console", cookie.value, path="/console")
    assert stolen.get("/console/").status_code == 303


def test_sixty_wrong_tries_of_an_address_in_an_hour_are_enough() -> None:
    wrong_by_address = WrongByAddress()
    for _ in range(HOURLY.amount):
        assert not wrong_by_address.is_used_up("2001:db8::1")
        wrong_by_address.count("2001:db8::1")
    assert wrong_by_address.is_used_up("2001:db8::ffff")
    assert not wrong_by_address.is_used_up("2001:db8:0:1::1")
    assert not wrong_by_address.is_used_up("192.0.2.1")


def test_an_address_that_tries_on_is_told_to_wait_and_others_are_not(
    console: Flask, owner: Staff, browser: Browser
) -> None:
    wrong_by_address = site.services_of(console).wrong_by_address  # type: ignore[attr-defined]
    for _ in range(HOURLY.amount):
        wrong_by_address.count("127.0.0.1")
    refused = give_password(browser, owner.email)
    assert refused.status_code == 429
    assert "Too many wrong tries from this network" in refused.text
    token = browser.token()
    elsewhere = {"REMOTE_ADDR": "192.0.2.9"}
    data = {"email": owner.email, "password": PASSWORD, "csrf_token": token}
    assert browser.post("/console/sign-in", data=data, environ_base=elsewhere).status_code == 303


def test_without_a_slot_nothing_is_counted(console: Flask, owner: Staff, browser: Browser, database: Database) -> None:
    hashes = site.services_of(console).hashes  # type: ignore[attr-defined]
    hashes._patience = 0
    with hashes.slot():
        refused = give_password(browser, owner.email)
    assert refused.status_code == 503
    with database.reading() as session:
        assert session.scalars(select(SignInDelay)).all() == []


def test_without_a_name_no_passkey_is_offered(database: Database, settings: Settings, clock: FrozenClock) -> None:
    app = create_console(replace(settings, console_url="http://127.0.0.1:8001"), database, clock)
    assert "data-passkey" not in app.test_client().get("/console/sign-in").text


def test_the_answer_of_a_passkey_is_json_whatever_it_is(browser: Browser, owner: Staff) -> None:
    for answer in ("", "null", "{}", json.dumps({"id": owner.email})):
        assert browser.send("/console/sign-in/passkey", {"answer": answer}).json["fault"]
    assert Passkey.__tablename__ == "passkey"


def test_persons_are_pressed_in_a_demo_on_this_machine_alone(
    database: Database, settings: Settings, clock: FrozenClock
) -> None:
    for changes in ({}, {"demo": True, "trusted_proxies": 1}, {"demo": True, "host": "0.0.0.0"}):  # noqa: S104 - refused
        app = create_console(replace(settings, **changes), database, clock)
        assert [rule.rule for rule in app.url_map.iter_rules() if "demo" in rule.rule] == []
        assert app.test_client().get("/console/demo").status_code == 404
        assert app.test_client().post("/console/demo").status_code in {400, 404}
        assert "/console/demo" not in app.test_client().get("/console/sign-in").text
    assert (
        create_console(replace(settings, demo=True), database, clock).test_client().get("/console/demo").status_code
        == 200
    )
