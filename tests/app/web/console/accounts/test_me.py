"""One's own account: ways in change with a factor at hand, the others' sessions end, and the last factor stays."""

import re
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import own_account, passwords
from app.accounts.models import LoginSession, Passkey, RecoveryCode, Staff, Totp
from app.accounts.permissions import Role
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.notices.models import Notice
from tests.app.web.console.accounts.signing_in import PASSWORD, give_factors
from tests.app.web.console.conftest import Browser, SignIn, browser_of
from tests.builders.sites import replace_services
from tests.builders.staff import NOW

NEW = "қара түнгі ақ жұлдыз"


@pytest.fixture
def owner(sign_in: SignIn, database: Database, settings: Settings) -> Browser:
    """Somebody with a password and an authenticator app, signed in."""
    browser = sign_in(Role.AUDITOR, name="Aigerim Saparova")
    assert browser.person
    with database.writing() as session:
        give_factors(session, browser.person.id, settings)
    return browser


def is_in(browser: Browser) -> bool:
    return browser.get("/console/me").status_code == 200


def second(console: Flask, owner: Browser) -> Browser:
    """Another browser of the same person."""
    assert owner.person
    return browser_of(console, owner.person)


def test_a_new_password_needs_the_present_one_and_ends_the_other_sessions(
    console: Flask, owner: Browser, database: Database
) -> None:
    other = second(console, owner)
    sent = {"current": "wrong", "password": NEW, "again": NEW}
    refused = owner.send("/console/me/password", sent)
    assert refused.status_code == 422
    assert "This is not your present password." in refused.text
    assert is_in(other)
    assert owner.send("/console/me/password", sent | {"current": PASSWORD}).location == "/console/me"
    assert (is_in(owner), is_in(other)) == (True, False)
    with database.reading() as session:
        kept = session.scalars(select(Staff.password_hash)).one()
    assert passwords.is_right(kept, NEW)


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("k7#Vq", "k7#Vq", "shorter than 14"),
        (NEW, f"{NEW}!", "not the same"),
        ("Aigerim Saparova 1", "Aigerim Saparova 1", "holds your name"),
        ("passwordpassword", "passwordpassword", "among the first that are guessed"),
    ],
)
def test_what_is_wrong_with_a_new_password_is_said_at_its_field(
    owner: Browser, password: str, again: str, words: str
) -> None:
    page = owner.send("/console/me/password", {"current": PASSWORD, "password": password, "again": again})
    assert page.status_code == 422
    assert words in page.text
    assert "<title>Error:" in page.text
    assert password not in page.text


def test_passwords_are_masked_and_may_be_pasted(owner: Browser) -> None:
    page = owner.get("/console/me/password").text
    fields = re.findall(r'<input[^>]*name="(?:current|password|again)"[^>]*>', page)
    assert len(fields) == 3
    assert all('type="password"' in field and "onpaste" not in field for field in fields)
    assert {word for field in fields for word in re.findall(r'autocomplete="([\w-]+)"', field)} == {
        "current-password",
        "new-password",
    }


def test_a_new_app_takes_the_place_of_the_old_once_its_code_is_right(
    console: Flask, owner: Browser, database: Database
) -> None:
    """securedrop 2486: a new secret was never tried before it counted."""
    other = second(console, owner)
    page = owner.get("/console/me/totp").text
    sealed = re.search(r'name="secret" value="([^"]+)"', page)
    shown = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert sealed
    assert shown
    assert owner.send("/console/me/totp", {"secret": sealed[1], "code": "000000"}).status_code == 422
    with database.reading() as session:
        before = session.scalars(select(Totp.sealed)).one()
    assert is_in(other)
    code = pyotp.TOTP(shown[1].replace(" ", "")).at(NOW)
    assert owner.send("/console/me/totp", {"secret": sealed[1], "code": code}).location == "/console/me"
    with database.reading() as session:
        assert session.scalars(select(Totp.sealed)).one() != before
        assert session.scalars(select(Notice.kind)).all() == ["device.new"]
    assert (is_in(owner), is_in(other)) == (True, False)


def test_the_secret_of_somebody_elses_form_is_not_taken(owner: Browser, sign_in: SignIn) -> None:
    stranger = sign_in(Role.AUDITOR)
    page = stranger.get("/console/me/totp").text
    sealed, shown = re.search(r'name="secret" value="([^"]+)"', page), re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert sealed
    assert shown
    code = pyotp.TOTP(shown[1].replace(" ", "")).at(NOW)
    assert owner.send("/console/me/totp", {"secret": sealed[1], "code": code}).status_code == 422


def test_the_last_factor_is_not_removed(owner: Browser, database: Database) -> None:
    refused = owner.send("/console/me/totp/remove")
    assert refused.status_code == 422
    assert "This is your last second step" in refused.text
    with database.reading() as session:
        assert session.scalars(select(Totp)).one()


def test_nobody_removes_the_passkey_of_somebody_else(owner: Browser, sign_in: SignIn, database: Database) -> None:
    stranger = sign_in(Role.AUDITOR)
    assert stranger.person
    with database.writing() as session:
        for number in range(2):
            key = {"credential_id": f"k{number}", "public_key": b"", "sign_count": 0, "device_type": "single_device"}
            session.add(Passkey(staff=stranger.person.id, **key, backed_up=False, name="", added_on=NOW.date()))
    assert owner.send("/console/me/passkeys/remove", {"passkey": "k0"}).status_code == 422
    with database.reading() as session:
        assert len(session.scalars(select(Passkey)).all()) == 2


def test_new_recovery_codes_are_shown_once_and_those_before_are_gone(owner: Browser, database: Database) -> None:
    """warehouse 6896: recovery codes could not be revoked."""
    shown = []
    for _ in range(2):
        led = owner.send("/console/me/codes")
        assert led.location == "/console/me/new-codes"
        shown.append(set(re.findall(r"<code>([\w-]{19})</code>", owner.get(led.location).text)))
    assert [len(codes) for codes in shown] == [10, 10]
    assert shown[0] & shown[1] == set()
    with database.reading() as session:
        assert len(session.scalars(select(RecoveryCode)).all()) == 10
    assert owner.get("/console/me/new-codes").location == "/console/me"


def test_ones_own_sessions_are_seen_and_ended_and_nobody_elses(
    console: Flask, owner: Browser, sign_in: SignIn, database: Database
) -> None:
    other, stranger = second(console, owner), sign_in(Role.AUDITOR)
    page = owner.get("/console/me").text
    ids = re.findall(r"/console/me/sessions/(\w{16})/end", page)
    assert len(ids) == 2
    assert stranger.send(f"/console/me/sessions/{ids[0]}/end").status_code == 404
    with database.reading() as session:
        own = {row.public_id: row.mark for row in session.scalars(select(LoginSession))}
    theirs = next(each for each in ids if own[each] != own_mark(owner))
    assert owner.send(f"/console/me/sessions/{theirs}/end").location == "/console/me"
    assert (is_in(owner), is_in(other)) == (True, False)


def own_mark(browser: Browser) -> str:
    from app.accounts.sessions import mark_of  # noqa: PLC0415 - used here alone

    return mark_of(browser.token_of_session)


def test_keys_and_the_morning_mail_are_switched_off_and_on(owner: Browser, database: Database) -> None:
    for path, column in (("keys", Staff.keys_on), ("notices", Staff.digest_on)):
        for sent, kept in (("0", False), ("1", True)):
            assert owner.send(f"/console/me/{path}", {"on": sent}).location == "/console/me"
            with database.reading() as session:
                assert session.scalars(select(column)).one() is kept


@pytest.mark.parametrize(
    "path", ["password", "passkeys/options", "passkeys", "passkeys/remove", "totp", "totp/remove", "codes"]
)
def test_ways_in_change_only_with_a_factor_given_within_ten_minutes(
    console: Flask, owner: Browser, database: Database, path: str
) -> None:
    replace_services(console, clock=FrozenClock(NOW + timedelta(minutes=11)))
    assert owner.send(f"/console/me/{path}").location.startswith("/console/step-up?next=")
    with database.reading() as session:
        assert own_account.count_factors(session, owner.person.id if owner.person else 0) == 1
