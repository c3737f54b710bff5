"""What another site, a proxy or an address makes a browser do at the console: nothing."""

import re
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.permissions import Role
from app.audit.models import JournalRow
from app.web import site
from app.web.console.access import own_address
from tests.app.web.console.conftest import Browser, SignIn, browser_of
from tests.builders.examination import make_people
from tests.builders.staff import grant_role, make_staff

ARGUMENTS = {"period": "2026", "city": "aktau", "indicator": "hlt_1"}


def _browser_of_everything(app: Flask) -> Browser:
    with site.services_of(app).database.writing() as session:
        make_people(session)
        person = make_staff(session, Role.LEAD, "aktau")
        for role in (Role.REVIEWER, Role.PUBLISHER, Role.ADMIN, Role.AUDITOR):
            grant_role(session, person.id, role)
    return browser_of(app, person)


def _addresses(app: Flask, method: str) -> list[str]:
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if method in (rule.methods or ()) and rule.endpoint != "static":
                path = re.sub(r"<any\(([a-z]+)[^>]*>", r"\1", rule.rule)
                for name in rule.arguments:
                    path = re.sub(rf"<(?:[a-z]+:)?{name}>", ARGUMENTS.get(name, "1"), path)
                found.append(path)
    return sorted(found)


def _rows(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(JournalRow)).one()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "same-origin", "Referer": "https://evil.example/"},
    ],
)
def test_no_form_without_the_token_of_its_session_does_anything(console: Flask, headers: dict[str, str]) -> None:
    browser, stranger = _browser_of_everything(console), console.test_client()
    assert isinstance(stranger, Browser)
    foreign = stranger.token()
    database = site.services_of(console).database
    with database.reading() as session:
        before = _rows(session)
    done = []
    for address in _addresses(console, "POST"):
        if address == "/console/settings":  # a reader's own colours
            continue
        for token in ("", foreign, "x"):
            answer = browser.post(address, data={"csrf_token": token, "confirm": "1"}, headers=headers)
            if answer.status_code not in {400, 403, 404, 405}:
                done.append(f"{address} {answer.status_code} {answer.location}")
    with database.reading() as session:
        after = _rows(session)
    assert (done, after) == ([], before)


def test_no_address_that_is_only_opened_changes_anything(console: Flask) -> None:
    browser = _browser_of_everything(console)
    database = site.services_of(console).database
    changed = []
    for method in ("HEAD", "OPTIONS", "GET"):
        for address in _addresses(console, method):
            with database.reading() as session:
                before = _rows(session)
            browser.open(
                address, method=method, headers={"X-HTTP-Method-Override": "POST"}, query_string="_method=POST"
            )
            with database.reading() as session:
                events = session.scalars(select(JournalRow.event).where(JournalRow.seq > before)).all()
            changed += [f"{method} {address} {event}" for event in events if not event.endswith(".exported")]
    assert changed == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_other_methods_do_nothing(console: Flask, method: str) -> None:
    browser = _browser_of_everything(console)
    for address in _addresses(console, "GET"):
        assert browser.open(address, method=method).status_code in {400, 404, 405}, address


ELSEWHERE = (
    "https://evil.example", "//evil.example", "/\\evil.example", "/console//evil.example/..//", "\t//evil.example",
    "/console/../../evil", "/console/%2e%2e/%2e%2e//evil.example", "/console/..;//evil.example", "javascript:alert(1)",
    "/console/\r\nSet-Cookie: a=b", "/console.evil.example", "/consoleevil", "http:/console/", "/%0a/console/",
    "/console/%5c%5cevil.example", "/console/.%2e/%2e./x", "https:/console/@evil.example", "/console/x#//evil",
)  # fmt: skip


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nobody_is_led_elsewhere(console: Flask, sign_in: SignIn, address: str) -> None:
    with console.test_request_context():
        own = own_address(address)
    assert own.startswith("/console/")
    assert ".." not in own.split("/")
    assert urlsplit(own).netloc == ""
    browser = sign_in(Role.ANALYST)
    answers = [
        browser.get("/console/sign-in", query_string={"next": address}),
        browser.send("/console/views", {"address": address, "name": "x"}),
        browser.send("/console/drafts/forget", {"draft": "value|x", "page": address}),
        browser.send("/console/drafts/keep?page=" + "/console/x", {"draft": "value|x"}),
    ]
    for answer in answers:
        assert (answer.location or "").startswith("/console/"), answer.location


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "127.0.0.1@evil.example"]
)
def test_another_name_is_refused(console: Flask, host: str) -> None:
    answer = console.test_client().get("/console/sign-in", headers={"Host": host})
    assert answer.status_code in {400, 421}
    assert "evil" not in answer.text
