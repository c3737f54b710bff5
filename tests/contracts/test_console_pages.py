"""What holds for every page of the console that can be opened by its address alone, for each role that may open it."""

import gzip
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.permissions import Permission, Role
from app.accounts.sessions import open_session
from app.audit.models import JournalRow
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.web.console import access
from app.web.console_site import create_console
from surveys.languages import LANGUAGES
from tests.app.web.console.conftest import MOST_STATEMENTS, Browser, browser_of
from tests.builders.staff import make_staff
from tests.builders.statements import statements_of
from tests.conftest import NOW

LARGEST = 60 * 1024
"""Bytes of a page as it is sent, compressed."""

SILENT = {
    "signin.try_password": "nobody is signed in yet",
    "signin.try_code": "nobody is signed in yet",
    "signin.passkey_options": "a challenge, which changes nothing of anybody's",
    "me.passkey_options": "a challenge, which changes nothing of anybody's",
    "stepup.passkey_options": "a challenge, which changes nothing of anybody's",
    "welcome.passkey_options": "a challenge, which changes nothing of anybody's",
    "drafts.keep": "one's own half-typed form, every ten seconds",
    "drafts.forget": "one's own half-typed form",
    "look.settings": "a reader's own colours, in a cookie",
}
"""POST routes that leave no row in the journal, and why."""


@pytest.fixture
def console(sqlite: Database, settings: Settings, clock: FrozenClock) -> Flask:
    app = create_console(settings, sqlite, clock)
    app.testing = True
    app.test_client_class = Browser
    return app


def may_open(app: Flask, role: Role) -> Iterator[str]:
    """List the addresses without arguments of pages that a role may open."""
    for rule in app.url_map.iter_rules():
        found = access.rule_of(app, rule.endpoint)
        is_own = found and not found.open and rule.rule.startswith(access.PATH)
        if is_own and "GET" in (rule.methods or ()) and not rule.arguments:
            assert found
            if found.permission is None or permitted(found.permission, role):
                yield rule.rule


def permitted(permission: Permission, role: Role) -> bool:
    from app.accounts.permissions import Grant, access as ask  # noqa: PLC0415, I001 - beside the module of that name

    return ask([Grant(role, "aktau")], permission).value == 200


@pytest.mark.parametrize("role", Role)
def test_every_page_of_a_role_is_small_quick_to_read_and_in_the_person_s_language(
    console: Flask, sqlite: Database, role: Role
) -> None:
    """DESK §20 row 29 in part: ≤ 8 statements, ≤ 60 KB; the languages by turns."""
    faults, looked_at = [], 0
    for number, address in enumerate(sorted(may_open(console, role))):
        language = LANGUAGES[number % len(LANGUAGES)]
        with sqlite.writing() as session:
            person = make_staff(session, role, language=language)
        browser = browser_of(console, person)
        with statements_of(sqlite) as statements:
            page = browser.get(address)
        if page.status_code != 200 or page.mimetype != "text/html":
            continue  # leads on, or is a file
        looked_at += 1
        faults += [f"{address}: {len(statements)} statements"] * (len(statements) > MOST_STATEMENTS)
        faults += [f"{address}: {len(gzip.compress(page.data))} bytes"] * (len(gzip.compress(page.data)) > LARGEST)
        faults += [f"{address}: not in {language}"] * (f'<html lang="{language}"' not in page.text)
        faults += [f"{address}: kept by caches"] * (page.headers["Cache-Control"] != "no-store")
        faults += [f"{address}: no heading"] * (len(re.findall(r"<h1", page.text)) != 1)
    assert faults == []
    assert looked_at >= 2


def test_the_public_site_knows_no_cookie_of_the_console(public: Flask, sqlite: Database) -> None:
    """DESK §20 row 3, last part."""
    with sqlite.writing() as session:
        token = open_session(session, make_staff(session, Role.ADMIN).id, NOW, "Test")
    client = public.test_client()
    client.set_cookie("console", token, path="/")
    for address in ("/kk/", "/kk/data", "/s/", "/settings"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert not any(
            name.startswith(("console", "__Secure-console")) for name in answer.headers.getlist("Set-Cookie")
        )
    assert client.get("/kk/").headers.getlist("Set-Cookie") == []
    assert client.get("/console/").status_code == 404


def test_what_is_said_of_silent_routes_is_of_routes_that_are_there(console: Flask) -> None:
    posts = {rule.endpoint for rule in console.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert posts >= {name for name in SILENT if not name.startswith("demo.")}


def journal_rows(database: Database) -> int:
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(JournalRow)).scalar_one()


def test_what_anybody_changes_of_their_own_leaves_a_row(console: Flask, sqlite: Database) -> None:
    """DESK §3, of the shell's own routes; each subject tries its own."""
    with sqlite.writing() as session:
        person = make_staff(session, Role.ANALYST)
    browser = browser_of(console, person)
    tried = {
        "/console/language": {"language": "ru"},
        "/console/views": {"name": "Late", "address": "/console/values/?state=late"},
        "/console/views/1/remove": {},
    }
    for number, (address, fields) in enumerate(tried.items(), start=1):
        assert browser.send(address, fields).status_code == 303
        assert journal_rows(sqlite) == number, address
