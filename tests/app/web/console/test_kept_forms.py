"""What is kept of forms: its owner's alone, bounded, for a week, until it was sent; never a secret or a file."""

import io
import re
from datetime import timedelta
from html import unescape
from secrets import token_urlsafe

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.accounts.models import LoginSession
from app.accounts.permissions import Role
from app.accounts.sessions import open_session
from app.clock import FrozenClock
from app.database import Database
from app.web import sealed, site
from app.web.console.form_drafts import is_secret
from app.web.console.refilling import DrawnPage
from app.workspace.drafts import MOST
from app.workspace.models import FormDraft
from tests.app.web.console.conftest import Browser, SignIn, browser_of
from tests.builders.examination import open_for
from tests.builders.sites import replace_services
from tests.builders.staff import NOW, make_staff

PAGE = "/console/periods/new"
WRONG = {"code": "Өңір 1", "correction_days": "7"}
"""A period that is refused; its code is what somebody typed."""


@pytest.fixture
def browser(sign_in: SignIn) -> Browser:
    return sign_in(Role.PUBLISHER)


@pytest.fixture
def admin(sign_in: SignIn) -> Browser:
    return sign_in(Role.ADMIN)


def kept(database: Database) -> list[FormDraft]:
    with database.reading() as session:
        return list(session.scalars(select(FormDraft)))


def keep(browser: Browser, fields: dict[str, str], address: str = PAGE) -> str:
    """Leave a form at its address, as the page that shows two texts does."""
    given = fields | {"draft": f"at|{address}"}
    return str(browser.send(f"/console/drafts/keep?page={PAGE}", given).status_code)


def ask_for_second_step(database: Database, at: object = None) -> None:
    with database.writing() as session:
        session.execute(update(LoginSession).values(stepped_up_at=at))


def test_going_on_with_ones_own_text_after_a_conflict_finds_it_in_any_form(browser: Browser) -> None:
    assert keep(browser, WRONG) == "303"
    page = browser.get(PAGE).text
    assert f'value="{WRONG["code"]}"' in page
    assert "did not send stands in the form" in page


def test_its_owner_discards_it(browser: Browser, database: Database) -> None:
    keep(browser, WRONG)
    browser.send("/console/drafts/forget", {"draft": f"at|{PAGE}", "page": PAGE})
    assert kept(database) == []
    assert WRONG["code"] not in browser.get(PAGE).text


def test_another_person_in_the_same_browser_does_not_get_it(
    console: Flask, browser: Browser, database: Database
) -> None:
    keep(browser, WRONG)
    with database.writing() as session:
        other = make_staff(session, Role.PUBLISHER)
        token = open_session(session, other.id, NOW, "Test")
    browser.set_cookie("console", token, path="/console")
    assert WRONG["code"] not in browser.get(PAGE).text
    assert browser.person
    assert WRONG["code"] in browser_of(console, browser.person).get(PAGE).text


def test_a_page_drawn_for_one_person_is_not_taken_into_another_s_forms(
    console: Flask, browser: Browser, database: Database
) -> None:
    old = WRONG | {"csrf_token": "of a session before", "draft_owner": browser.owner(), "draft_page": PAGE}
    with database.writing() as session:
        person = make_staff(session, Role.PUBLISHER)
    other = browser_of(console, person)
    same_site = {"Sec-Fetch-Site": "same-origin"}
    assert other.post(PAGE, data=old, headers=same_site).status_code == 400
    assert kept(database) == []
    assert browser.post(PAGE, data=old, headers=same_site).location == PAGE
    assert len(kept(database)) == 1


def test_it_dies_after_a_week(console: Flask, browser: Browser) -> None:
    keep(browser, WRONG)
    assert browser.person
    for days, is_there in ((6, True), (8, False)):
        replace_services(console, clock=FrozenClock(NOW + timedelta(days=days)))
        assert (WRONG["code"] in browser_of(console, browser.person).get(PAGE).text) is is_there


def test_of_too_many_forms_the_oldest_go_and_a_form_too_long_stays_in_the_page(
    browser: Browser, database: Database
) -> None:
    for number in range(MOST + 5):
        keep(browser, WRONG, f"/console/periods/{number}/close")
    assert len(kept(database)) == MOST
    assert keep(browser, {"code": "ұ" * 200_001}) == "413"
    assert len(kept(database)) == MOST


def test_what_is_kept_is_sealed(browser: Browser, database: Database) -> None:
    keep(browser, WRONG)
    (row,) = kept(database)
    assert WRONG["code"].encode() not in row.sealed
    assert not {"staff", "form", "object_id", "sealed", "at"} ^ {each.name for each in FormDraft.__table__.columns}


@pytest.mark.parametrize("address", ["/console/me/password", "/console/step-up", "/console/me/totp"])
def test_forms_with_passwords_and_codes_leave_nothing(browser: Browser, database: Database, address: str) -> None:
    secret = {
        "current": "swordfish 14 letters",
        "password": "swordfish 14 more",
        "again": "swordfish",
        "code": "123456",
    }
    keep(browser, secret, address)
    browser.send(address, secret)
    ask_for_second_step(database)
    browser.send(address, secret)
    assert kept(database) == []


def test_every_field_for_a_secret_is_in_a_form_that_is_not_kept(console: Flask, browser: Browser) -> None:
    """Over every page that opens without an object: found by the kind of the field, whatever its name."""
    looked_at, kept_secrets = 0, []
    for rule in console.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.arguments or not rule.rule.startswith("/console"):
            continue
        for each in (browser, console.test_client()):
            answer = each.get(rule.rule)
            if answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            for form in DrawnPage(answer.text, rule.rule).forms:
                secrets = [
                    field.name
                    for field in form.controls
                    if field.kind == "password" or field.attributes.get("autocomplete") == "one-time-code"
                ]
                looked_at += len(secrets)
                kept_secrets += [f"{rule.rule}: {secrets}" for at in form.addresses if secrets and not is_secret(at)]
    assert looked_at >= 4
    assert kept_secrets == []


def test_a_file_is_not_kept_and_the_words_beside_it_are(admin: Browser, database: Database) -> None:
    ask_for_second_step(database)
    sent = {"csrf_token": admin.token(), "name": "beside a file", "file": (io.BytesIO(b"a;b\n"), "list.csv")}
    answer = admin.post("/console/staff/invite", data=sent, headers={"Referer": "http://x/console/staff/invite"})
    assert answer.location == "/console/step-up?next=%2Fconsole%2Fstaff%2Finvite"
    assert len(kept(database)) == 1
    ask_for_second_step(database, NOW)
    assert 'value="beside a file"' in admin.get("/console/staff/invite").text
    (row,) = kept(database)
    assert len(row.sealed) < 600


def test_a_press_that_is_not_pressed_again_leaves_its_text_in_the_form(console: Flask, admin: Browser) -> None:
    database = site.services_of(console).database
    ask_for_second_step(database)
    sent = {"name": "Әсел Нұрлан", "draft_page": "/console/staff/invite"}
    asked = admin.send("/console/staff/invite", sent)
    again = unescape(str(asked.location)).partition("next=")[2]
    assert again.startswith("%2Fconsole%2Fstep-up%2Fagain%3Fform%3Dat%26of%3D")
    ask_for_second_step(database, NOW)
    shown = "/console/step-up/again?form=at&of=/console/staff/invite"
    page = admin.get(shown).text
    assert re.search(r'name="name" value="Әсел Нұрлан"', page)
    assert 'name="draft_page" value="/console/staff/invite"' in page
    assert admin.person
    replace_services(console, clock=FrozenClock(NOW + timedelta(minutes=11)))
    later = browser_of(console, admin.person)
    assert later.get(shown).location == "/console/"
    assert "Әсел Нұрлан" in later.get("/console/staff/invite").text


def test_what_was_sent_after_the_second_step_is_gone(admin: Browser, database: Database) -> None:
    with database.writing() as session:
        person = make_staff(session, Role.ANALYST, "aktau")
    address, sent = f"/console/staff/{person.id}/grant", {"role": "auditor", "city": "", "until": "2027-05-04"}
    ask_for_second_step(database)
    admin.send(address, sent)
    assert len(kept(database)) == 1
    ask_for_second_step(database, NOW)
    assert admin.send(address, sent).status_code == 303
    assert kept(database) == []


def test_a_value_that_is_stored_with_a_warning_is_not_kept_as_one_that_was_refused(
    sign_in: SignIn, database: Database
) -> None:
    analyst, address = sign_in(Role.ANALYST, "aktau"), "/console/values/2026/aktau/ctm_5"
    with database.writing() as session:
        open_for(session, "aktau")
    version = re.search(r'name="version"[^>]*value="(\d+)"', analyst.get(address).text)
    assert version
    typed = {"version": version[1], "draft": "value|2026/aktau/ctm_5", "answer": "number", "value": "250"}
    stored = analyst.send(address, typed)
    assert stored.status_code == 303
    assert kept(database) == []
    page = analyst.get(str(stored.location)).text
    assert "Please look once more" in page
    assert "did not send stands in the form" not in page


def test_what_a_newer_release_kept_is_passed_over_until_it_is_back(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(sealed, "FORMAT", sealed.FORMAT + 1)
        keep(browser, WRONG)
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert WRONG["code"] not in page.text
    monkeypatch.setattr(sealed, "FORMAT", sealed.FORMAT + 1)
    monkeypatch.setattr(sealed, "_FORMATS", frozenset({sealed.FORMAT}))
    assert WRONG["code"] in browser.get(PAGE).text


def test_of_forms_too_large_together_the_oldest_go(
    browser: Browser, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.workspace.drafts.MOST_BYTES", 1000)
    for number in range(9):
        keep(browser, {"code": token_urlsafe(150)}, f"/console/periods/{number}/close")
    rows = kept(database)
    assert 2 <= len(rows) <= 5
    assert sum(len(each.sealed) for each in rows) <= 1000
    keep(browser, {"code": token_urlsafe(3000)})
    assert [each.object_id for each in kept(database)] == [PAGE]
