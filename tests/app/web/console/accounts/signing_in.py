"""A person of the console with a password, an authenticator app or a passkey, and what their browser sends."""

from datetime import timedelta

import pyotp
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts import passkeys, passwords, totp
from app.accounts.models import Staff
from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.config import Settings
from app.database import Database
from app.web import site
from tests.app.web.console.conftest import Browser
from tests.builders.authenticator import Authenticator
from tests.builders.staff import NOW, make_staff

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
PASSWORD = "жаңбырдан кейінгі дала"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def code_of(steps: int = 0) -> str:
    """Give the code of the app now, or some steps of 30 s away."""
    return pyotp.TOTP(SECRET).at(NOW, counter_offset=steps)


def make_owner(console: Flask, settings: Settings) -> Staff:
    """Make a person with a password and an authenticator app."""
    with site.services_of(console).database.writing() as session:
        staff = give_factors(session, make_staff(session, Role.AUDITOR).id, settings)
        session.flush()
        session.expunge(staff)
    return staff


def give_factors(session: Session, person: int, settings: Settings) -> Staff:
    """Give a person the password and the authenticator app."""
    staff = session.get_one(Staff, person)
    staff.password_hash = passwords.hashed(PASSWORD)
    before = NOW - timedelta(minutes=10)
    confirmed = (SECRET, pyotp.TOTP(SECRET).at(before))
    totp.keep(session, Actor(staff.id, before), staff.id, confirmed, settings.secret_keys)
    return staff


def english_browser(console: Flask) -> Browser:
    """Make a browser of somebody who reads English."""
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
