"""Signing in at the console: one sentence for every wrong try, each code once, and nobody led elsewhere."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts import passkeys, passwords, recovery_codes, totp
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
from tests.app.web.console.conftest import Browser
from tests.builders.authenticator import Authenticator
from tests.builders.sites import replace_services
from tests.builders.staff import NOW, make_staff

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
PASSWORD = "жаңбырдан кейінгі дала"
WRONG = "E-mail, password or code is not right."
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", CHEAP)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A console with a name, for passkeys need one."""
    return replace(settings, console_url="http://localhost:8001")


def code(steps: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(NOW, counter_offset=steps)


@pytest.fixture
def owner(console: Flask, settings: Settings) -> Staff:
    """A person with a password and an authenticator app."""
    with site.services_of(console).database.writing() as session:
        person = make_staff(session, Role.AUDITOR)
        staff = session.get_one(Staff, person.id)
        staff.password_hash = passwords.hashed(PASSWORD)
        before = NOW - timedelta(minutes=10)
        confirmed = (SECRET, pyotp.TOTP(SECRET).at(before))
        totp.keep(session, Actor(staff.id, before), staff.id, confirmed, settings.secret_keys)
        session.flush()
        session.expunge(staff)
    return staff


@pytest.fixture
def browser(console: Flask) -> Browser:
    made = console.test_client()
    assert isinstance(made, Browser)
    made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return made


def give_password(browser: Browser, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
    return browser.send("/console/sign-in", {"email": email, "password": password, **more})


def give_code(browser: Browser, typed: str, **more: str) -> TestResponse:
    return browser.send("/console/sign-in/code", {"code": typed, **more})


def is_in(browser: Browser) -> bool:
    return browser.get("/console/").status_code == 200


def test_password_and_code_let_their_owner_in_and_lead_back(browser: Browser, owner: Staff, database: Database) -> None:
    asked = browser.get("/console/?state=returned")
    assert "next=" in asked.location
    passed = give_password(browser, owner.email.upper(), next="/console/?state=returned")
    assert passed.location == "/console/sign-in/code?next=/console/?state%3Dreturned"
    assert not is_in(browser)
    let_in = give_code(browser, code(), next="/console/?state=returned")
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
    assert give_code(browser, code(), next=after).location == "/console/"


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
    assert give_code(browser, code()).location.startswith("/console/sign-in")
    give_password(browser, owner.email)
    assert give_code(browser, code()).location == "/console/"


def test_a_code_lets_in_once(console: Flask, browser: Browser, owner: Staff) -> None:
    """securedrop 786: a one-time code was good for twice."""
    give_password(browser, owner.email)
    assert give_code(browser, code()).status_code == 303
    second = console.test_client()
    assert isinstance(second, Browser)
    second.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    give_password(second, owner.email)
    again = give_code(second, code())
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
    assert give_code(browser, code()).location.startswith("/console/sign-in?")
    assert not is_in(browser)


def test_guessing_codes_with_the_right_password_waits_too(browser: Browser, owner: Staff) -> None:
    give_password(browser, owner.email)
    assert [give_code(browser, f"{each:06}").status_code for each in range(5)] == [422] * 5
    assert give_code(browser, code()).status_code == 422
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


def register(database: Database, settings: Settings, owner: Staff) -> Authenticator:
    device = Authenticator("localhost", "http://localhost:8001")
    party = passkeys.RelyingParty(host="localhost", origin="http://localhost:8001", keys=settings.secret_keys)
    with database.writing() as session:
        options = passkeys.registration_options(session, party, session.get_one(Staff, owner.id), NOW)
        passkeys.add(session, Actor(owner.id, NOW), owner.id, party, (device.make(options), "Phone"))
    return device


def use_passkey(browser: Browser, device: Authenticator, at: str = "sign-in") -> TestResponse:
    options = browser.send(f"/console/{at}/passkey/options").text
    return browser.send(f"/console/{at}/passkey", {"answer": device.answer(options)})


def test_a_passkey_that_did_not_recognise_its_owner_is_refused_and_counted(
    browser: Browser, owner: Staff, settings: Settings, database: Database
) -> None:
    device = register(database, settings, owner)
    device.verifies = False
    assert use_passkey(browser, device).status_code == 422
    assert not is_in(browser)


def test_a_recovery_code_leads_to_a_new_factor_and_not_in(browser: Browser, owner: Staff, database: Database) -> None:
    with database.writing() as session:
        typed = recovery_codes.make(session, Actor(owner.id, NOW), owner.id)[3]
    give_password(browser, owner.email)
    led = give_code(browser, typed)
    assert led.location.startswith("/console/welcome/")
    assert not is_in(browser)
    assert browser.get(led.location).status_code == 200
    give_password(browser, owner.email)
    assert give_code(browser, typed).status_code == 422


def test_every_sign_in_has_a_new_token_and_ends_what_the_browser_brought(
    browser: Browser, owner: Staff, database: Database
) -> None:
    browser.set_cookie("console", "planted-by-an-attacker", path="/console")
    give_password(browser, owner.email)
    give_code(browser, code())
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
    give_code(browser, code())
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
    give_code(browser, code())
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


def test_whoever_guesses_at_the_door_keeps_nobody_inside_from_confirming(
    console: Flask, browser: Browser, owner: Staff, database: Database
) -> None:
    give_password(browser, owner.email)
    give_code(browser, code())
    stranger = console.test_client()
    assert isinstance(stranger, Browser)
    for _try in range(12):
        give_password(stranger, owner.email, "x")
    assert give_password(stranger, owner.email).status_code == 422  # the account waits at the door
    with database.writing() as session:
        session.execute(LoginSession.__table__.update().values(stepped_up_at=None))
    for wrong in ("000000", "000001", "000002"):
        assert browser.send("/console/step-up", {"code": wrong}).status_code == 422
    assert browser.send("/console/step-up", {"code": code(1), "next": "/console/me"}).location == "/console/me"


def test_whoever_has_a_stolen_session_guesses_no_code(browser: Browser, owner: Staff, database: Database) -> None:
    give_password(browser, owner.email)
    give_code(browser, code())
    with database.writing() as session:
        session.execute(LoginSession.__table__.update().values(stepped_up_at=None))
    for number in range(12):
        assert browser.send("/console/step-up", {"code": f"{number:06}"}).status_code == 422
    assert browser.send("/console/step-up", {"code": code(1)}).status_code == 422  # it waits, and looks at none


def test_a_step_up_takes_a_code_once_gives_a_new_token_and_no_recovery_code(
    console: Flask, browser: Browser, owner: Staff, database: Database
) -> None:
    give_password(browser, owner.email)
    give_code(browser, code())
    with database.writing() as session:
        typed = recovery_codes.make(session, Actor(owner.id, NOW), owner.id)[0]
        session.execute(LoginSession.__table__.update().values(stepped_up_at=None))
    before = browser.get_cookie("console", path="/console")
    for wrong in ("000000", code(), typed):
        assert browser.send("/console/step-up", {"code": wrong}).status_code == 422
    with database.reading() as session:
        assert recovery_codes.left(session, owner.id) == 10
    done = browser.send("/console/step-up", {"code": code(1), "next": "/console/staff/"})
    assert done.location == "/console/staff/"
    after = browser.get_cookie("console", path="/console")
    assert before
    assert after
    assert before.value != after.value
    with database.reading() as session:
        assert session.scalars(select(LoginSession.stepped_up_at)).one() == NOW
    stolen = console.test_client()
    stolen.set_cookie("console", before.value, path="/console")
    assert stolen.get("/console/").status_code == 303


def test_a_step_up_takes_a_passkey(browser: Browser, owner: Staff, settings: Settings, database: Database) -> None:
    device = register(database, settings, owner)
    assert use_passkey(browser, device).status_code == 200
    assert use_passkey(browser, device, "step-up").json == {"next": "/console/"}
    stranger = Authenticator("localhost", "http://localhost:8001")
    assert use_passkey(browser, stranger, "step-up").status_code == 422


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
