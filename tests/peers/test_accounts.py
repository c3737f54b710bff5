"""What users of other products complained of in their accounts (DESK §21), each as a test of ours.

securedrop 786, 1887, 1677, 2486, 2287, 1092; warehouse 5800, 6896, 17301; FixMyStreet 4051.
"""

from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select

from app.accounts import passwords, recovery_codes, resets, services, totp
from app.accounts.errors import FactorError, StaffError
from app.accounts.models import LoginSession, RecoveryCode, RoleGrant, Staff
from app.accounts.permissions import Permission, Role
from app.audit.journal import Actor
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.staffing import services as staffing
from app.web.console_site import create_console
from tests.app.web.console.conftest import Browser, browser_of
from tests.app.web.console.rows import every_change_recorded
from tests.builders.staff import NOW, make_staff

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
PASSWORD = "жаңбырдан кейінгі дала"


@pytest.fixture
def console(
    sqlite: Database, settings: Settings, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    app = create_console(settings, sqlite, clock)
    app.testing = True
    app.test_client_class = Browser
    with every_change_recorded(sqlite):
        yield app


@pytest.fixture
def owner(console: Flask, sqlite: Database, settings: Settings) -> str:
    """The e-mail of somebody with a password and an authenticator app."""
    assert console
    with sqlite.writing() as session:
        person = make_staff(session, Role.AUDITOR)
        session.get_one(Staff, person.id).password_hash = passwords.hashed(PASSWORD)
        before = NOW - timedelta(minutes=10)
        confirmed = (SECRET, code(before))
        totp.keep(session, Actor(person.id, before), person.id, confirmed, settings.secret_keys)
    return person.email


def code(at: object = NOW) -> str:
    return pyotp.TOTP(SECRET).at(at)  # type: ignore[arg-type]


def signs_in(console: Flask, email: str, password: str, typed: str) -> bool:
    browser = console.test_client()
    assert isinstance(browser, Browser)
    browser.send("/console/sign-in", {"email": email, "password": password})
    browser.send("/console/sign-in/code", {"code": typed})
    return browser.get("/console/").status_code == 200


def test_a_one_time_code_signs_in_once(console: Flask, owner: str) -> None:
    """securedrop 786."""
    assert [signs_in(console, owner, PASSWORD, code()) for _ in range(2)] == [True, False]


def test_a_code_sent_with_a_wrong_password_is_not_used_up(console: Flask, owner: str) -> None:
    """securedrop 1887: people were told to wait for the next code, and the one they had was still good."""
    assert [signs_in(console, owner, word, code()) for word in ("wrong", PASSWORD)] == [False, True]


def test_ten_codes_on_paper_stand_in_for_a_lost_telephone(sqlite: Database, owner: str) -> None:
    """securedrop 1677, warehouse 5800: there were none, and a lost telephone was a lost account."""
    with sqlite.writing() as session:
        staff = session.scalars(select(Staff.id).where(Staff.email == owner)).one()
        codes = recovery_codes.make(session, Actor(staff, NOW), staff)
        assert [recovery_codes.use(session, staff, each, NOW.date()) for each in codes] == [True] * 10


def test_codes_on_paper_can_be_revoked(sqlite: Database, owner: str) -> None:
    """warehouse 6896, 17301."""
    with sqlite.writing() as session:
        staff = session.scalars(select(Staff.id).where(Staff.email == owner)).one()
        codes = recovery_codes.make(session, Actor(staff, NOW), staff)
        recovery_codes.revoke(session, staff)
        assert not any(recovery_codes.use(session, staff, each, NOW.date()) for each in codes)
        assert session.scalars(select(RecoveryCode)).all() == []


def test_a_new_secret_counts_once_a_code_of_it_is_right(console: Flask, sqlite: Database, owner: str) -> None:
    """securedrop 2486: a secret that no telephone had replaced the one that worked."""
    keys = (console.config["SECRET_KEY"],)
    with sqlite.writing() as session:
        staff = session.scalars(select(Staff.id).where(Staff.email == owner)).one()
        with pytest.raises(FactorError):
            totp.keep(session, Actor(staff, NOW), staff, (totp.new_secret(), "000000"), keys)
    assert signs_in(console, owner, PASSWORD, code())


def test_everybody_changes_their_own_telephone(console: Flask, sqlite: Database) -> None:
    """securedrop 1092, 2287: an administrator had to do it."""
    with sqlite.writing() as session:
        person = make_staff(session, Role.ANALYST, "aktau")
    assert browser_of(console, person).get("/console/me/totp").status_code == 200
    assert not person.may(Permission.MANAGE_STAFF)


def test_whoever_lost_everything_is_let_in_by_two_others(sqlite: Database, owner: str) -> None:
    """warehouse 5800."""
    with sqlite.writing() as session:
        staff = session.scalars(select(Staff.id).where(Staff.email == owner)).one()
        admin, auditor = make_staff(session, Role.ADMIN), make_staff(session, Role.AUDITOR)
        reset = resets.open_reset(session, Actor(admin.id, NOW), staff)
    with sqlite.writing() as session, pytest.raises(StaffError):
        resets.confirm_reset(session, Actor(admin.id, NOW), reset)
    with sqlite.writing() as session:
        whose, token = resets.confirm_reset(session, Actor(auditor.id, NOW), reset)
    assert (whose, len(token)) == (staff, 43)


@pytest.mark.parametrize("how", ["role", "account"])
def test_rights_end_with_the_role_and_with_the_account(console: Flask, sqlite: Database, how: str) -> None:
    """FixMyStreet 4051: rights of staff stayed after the account was taken away."""
    with sqlite.writing() as session:
        admin, person = make_staff(session, Role.ADMIN), make_staff(session, Role.AUDITOR)
    browser, actor = browser_of(console, person), Actor(admin.id, NOW)
    assert browser.get("/console/staff/").status_code == 200
    with sqlite.writing() as session:
        if how == "account":
            staffing.deactivate(session, actor, person.id)
        else:
            staffing.revoke(session, actor, session.scalars(select(RoleGrant.id).filter_by(staff=person.id)).one())
    assert browser.get("/console/staff/").status_code == 303
    again = browser_of(console, person)
    assert again.get("/console/staff/").status_code == (303 if how == "account" else 403)
    with sqlite.reading() as session:
        assert services.soon_closed(session, NOW.date()) == []
        assert session.scalars(select(LoginSession.staff)).all() == [person.id]
