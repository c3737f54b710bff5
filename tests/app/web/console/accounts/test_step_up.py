"""A second factor is asked for again before what cannot be undone."""

from flask import Flask
from sqlalchemy import select

from app.accounts import recovery_codes
from app.accounts.models import LoginSession, Staff
from app.audit.journal import Actor
from app.config import Settings
from app.database import Database
from tests.app.web.console.accounts.signing_in import (
    code_of,
    give_code,
    give_password,
    register,
    use_passkey,
)
from tests.app.web.console.conftest import Browser
from tests.builders.authenticator import Authenticator
from tests.builders.staff import NOW


def test_whoever_guesses_at_sign_in_keeps_nobody_inside_from_confirming(
    console: Flask, browser: Browser, owner: Staff, database: Database
) -> None:
    give_password(browser, owner.email)
    give_code(browser, code_of())
    stranger = console.test_client()
    assert isinstance(stranger, Browser)
    for _try in range(12):
        give_password(stranger, owner.email, "x")
    assert give_password(stranger, owner.email).status_code == 422  # the account waits at sign-in
    with database.writing() as session:
        session.execute(LoginSession.__table__.update().values(stepped_up_at=None))
    for wrong in ("000000", "000001", "000002"):
        assert browser.send("/console/step-up", {"code": wrong}).status_code == 422
    assert browser.send("/console/step-up", {"code": code_of(1), "next": "/console/me"}).location == "/console/me"


def test_whoever_has_a_stolen_session_guesses_no_code(browser: Browser, owner: Staff, database: Database) -> None:
    give_password(browser, owner.email)
    give_code(browser, code_of())
    with database.writing() as session:
        session.execute(LoginSession.__table__.update().values(stepped_up_at=None))
    for number in range(12):
        assert browser.send("/console/step-up", {"code": f"{number:06}"}).status_code == 422
    assert browser.send("/console/step-up", {"code": code_of(1)}).status_code == 422  # it waits, and looks at none


def test_a_step_up_takes_a_code_once_gives_a_new_token_and_no_recovery_code(
    console: Flask, browser: Browser, owner: Staff, database: Database
) -> None:
    give_password(browser, owner.email)
    give_code(browser, code_of())
    with database.writing() as session:
        typed = recovery_codes.make(session, Actor(owner.id, NOW), owner.id)[0]
        session.execute(LoginSession.__table__.update().values(stepped_up_at=None))
    before = browser.get_cookie("console", path="/console")
    for wrong in ("000000", code_of(), typed):
        assert browser.send("/console/step-up", {"code": wrong}).status_code == 422
    with database.reading() as session:
        assert recovery_codes.left(session, owner.id) == 10
    done = browser.send("/console/step-up", {"code": code_of(1), "next": "/console/staff/"})
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
