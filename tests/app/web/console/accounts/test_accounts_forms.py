"""Every form by which an account is opened, closed, or given a way in is taken once, and leaves its row."""

import re
from html import unescape

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import FactorReset, Staff
from app.accounts.permissions import Role
from app.accounts.signing_in import FREE
from app.audit.models import JournalRow
from app.database import Database
from surveys.population.places import store_places
from tests.app.web.console.accounts.signing_in import PASSWORD, english_browser, give_password
from tests.app.web.console.conftest import Browser, SignIn
from tests.builders.authenticator import Authenticator
from tests.builders.staff import NOW, make_staff

INVITED = {
    "email": "new@example.kz", "name": "New Person", "language": "en", "role": "analyst", "city": "aktau",
    "until": "2027-06-30",
}  # fmt: skip


@pytest.fixture
def admin(sign_in: SignIn, database: Database) -> Browser:
    with database.writing() as session:
        store_places(session)
        second = make_staff(session, Role.ADMIN).id
        session.get_one(Staff, second).password_hash = "a hash"
    return sign_in(Role.ADMIN)


@pytest.fixture
def link(admin: Browser) -> str:
    """The path of an invitation."""
    page = admin.send("/console/staff/invite", INVITED).text
    found = re.search(r"/console/welcome/[\w-]{43}", page)
    assert found
    return found[0]


def events(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(JournalRow.event).order_by(JournalRow.seq)))


def code_of(page: str) -> dict[str, str]:
    """Take the secret of a page into an app, and give what its form wants."""
    sealed = re.search(r'name="secret" value="([^"]+)"', page)
    shown = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert sealed
    assert shown
    return {"secret": unescape(sealed[1]), "code": pyotp.TOTP(shown[1].replace(" ", "")).at(NOW)}


@pytest.mark.parametrize("by", ["totp", "passkey"])
def test_a_link_leads_in_by_password_and_factor(console: Flask, link: str, database: Database, by: str) -> None:
    browser = english_browser(console)
    assert browser.send(f"{link}/password", {"password": PASSWORD, "again": PASSWORD}).location == link
    page = browser.get(link)
    if by == "totp":
        assert browser.send(f"{link}/totp", code_of(page.text)).status_code == 200
    else:
        device = Authenticator("localhost", "http://localhost:8001")
        answer = device.make(browser.send(f"{link}/passkey/options").text)
        assert browser.send(f"{link}/passkey", {"answer": answer, "name": "Phone"}).status_code == 200
    assert browser.get("/console/").status_code == 200
    assert {"staff.joined", "factor.added", "codes.made", "session.begun"} <= set(events(database))


def test_ways_in_are_added_and_taken_away_by_their_owner(admin: Browser, database: Database) -> None:
    device = Authenticator("localhost", "http://localhost:8001")
    answer = device.make(admin.send("/console/me/passkeys/options").text)
    assert admin.send("/console/me/passkeys", {"answer": answer, "name": "Phone"}).status_code == 200
    assert admin.send("/console/me/totp", code_of(admin.get("/console/me/totp").text)).location == "/console/me"
    assert admin.send("/console/me/totp/remove").location == "/console/me"
    assert admin.send("/console/me/totp", code_of(admin.get("/console/me/totp").text)).location == "/console/me"
    passkey = re.search(r'name="passkey" value="([^"]+)"', admin.get("/console/me").text)
    assert passkey
    assert admin.send("/console/me/passkeys/remove", {"passkey": passkey[1]}).location == "/console/me"
    assert [each for each in events(database) if each.startswith("factor.")] == [
        "factor.added", "factor.added", "factor.removed", "factor.added", "factor.removed",
    ]  # fmt: skip


def test_an_account_is_closed_and_opened_again_and_its_reset_called_off(admin: Browser, database: Database) -> None:
    with database.writing() as session:
        staff = make_staff(session, Role.REVIEWER).id
        session.get_one(Staff, staff).password_hash = "a hash"
    where = f"/console/staff/{staff}"
    assert admin.send(f"{where}/reset-factors").location == where
    with database.reading() as session:
        reset = str(session.scalars(select(FactorReset.id)).one())
    assert admin.send(f"{where}/cancel-reset", {"reset": reset}).location == where
    assert admin.send(f"{where}/deactivate").location == where
    assert admin.send(f"{where}/reactivate").location == where
    assert events(database)[-4:] == ["reset.opened", "reset.cancelled", "staff.deactivated", "staff.reactivated"]


def test_a_link_alone_sets_up_no_factor_once_a_password_is_chosen(
    console: Flask, link: str, database: Database
) -> None:
    """Whoever reads somebody's mail is half way in no more, once its reader has chosen a password."""
    chosen = english_browser(console)
    chosen.send(f"{link}/password", {"password": PASSWORD, "again": PASSWORD})
    page = chosen.get(link).text
    thief = english_browser(console)
    asked = thief.get(link)
    assert "A password was chosen behind this link already" in asked.text
    assert 'name="secret"' not in asked.text
    device = Authenticator("localhost", "http://localhost:8001")
    assert thief.send(f"{link}/totp", code_of(page)).status_code == 422
    assert thief.send(f"{link}/passkey/options").json == {
        "fault": "Half an hour has passed. Open the link again and type the password."
    }
    made = device.make(chosen.send(f"{link}/passkey/options").text)
    assert thief.send(f"{link}/passkey", {"answer": made, "name": "Phone"}).status_code == 422
    for typed in ({"password": "another long password", "again": "another long password"}, {"password": ""}):
        assert thief.send(f"{link}/password", typed).status_code == 422
    assert 'name="secret"' not in thief.get(link).text
    assert "factor.added" not in events(database)
    later = english_browser(console)
    assert later.send(f"{link}/password", {"password": PASSWORD}).location == link
    assert later.send(f"{link}/totp", code_of(later.get(link).text)).status_code == 200
    assert later.get("/console/").status_code == 200


def test_guesses_behind_a_link_wait_as_those_at_the_sign_in_do(console: Flask, link: str) -> None:
    english_browser(console).send(f"{link}/password", {"password": PASSWORD, "again": PASSWORD})
    thief = english_browser(console)
    for number in range(FREE):
        assert thief.send(f"{link}/password", {"password": f"guess {number}"}).status_code == 422
    assert thief.send(f"{link}/password", {"password": PASSWORD}).status_code == 422  # the account waits


def test_a_password_alone_signs_nobody_in_before_there_is_a_factor(console: Flask, link: str) -> None:
    browser = english_browser(console)
    browser.send(f"{link}/password", {"password": PASSWORD, "again": PASSWORD})
    assert give_password(browser, INVITED["email"]).status_code == 422
