"""Whatever anybody opens in the console, it says the same whether the first verdict was to accept or to return."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts.queries import get_person
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.indicators.verdicts import CaseVerdict, ReturnReason, Ruling
from app.web import site
from app.web.console_site import create_console
from tests.app.web.console.conftest import Browser, browser_of
from tests.builders.examination import ACCEPTED, KEY, UNABLE, People, make_people, make_person, say, send_value
from tests.builders.staff import TODAY

MARK = "ҚҰПИЯБЕЛГІ"
RETURNING = Ruling(verdict=CaseVerdict.RETURN, reasons=tuple(ReturnReason), note=MARK, private_note=MARK)
MOST = 120
"""Pages of one person; more would be a list that leads to itself."""

LEFT_OUT = ("/console/me", "as=xlsx", "template", "sort=", "as=print")
"""Pages about oneself, whose secrets are new each time; workbooks, which hold the moment; the same rows otherwise."""

LINK = re.compile(r'href="(/console[^"#]*)"')
CHANGES = re.compile(rb'(name="csrf_token" value=")[^"]+|(session/)[\w-]+|(sessions/)[\w-]+')


def build(database: Database) -> dict[str, int]:
    with database.writing() as session:
        people = make_people(session)
        for role in ("publisher", "auditor", "admin", "moderator"):
            make_person(session, role, role, "aktau" if role == "moderator" else None)
        other = KEY._replace(indicator="hlt_2")
        send_value(session, other, people[:2])
        say(session, other, people.one, ACCEPTED)
        say(session, other, people.two, ACCEPTED)
        return _by_name(session, people)


def _by_name(session: Session, people: People) -> dict[str, int]:
    others = {role: people.four + n for n, role in enumerate(("publisher", "auditor", "admin", "moderator"), 1)}
    assert all(get_person(session, staff, TODAY) for staff in others.values())
    return {"analyst": people.analyst, "lead": people.lead, "second": people.two, "third": people.three, **others}


def pages_of(browser: Browser) -> Iterator[tuple[str, bytes]]:
    """Give every page that a person comes to by links, with what differs in each answer taken out."""
    waiting, seen = ["/console/", f"/console/assess/{KEY}", f"/console/values/{KEY}", "/console/assess/?as=csv"], set()
    while waiting and len(seen) < MOST:
        address = waiting.pop(0)
        if address in seen or any(part in address for part in LEFT_OUT):
            continue
        seen.add(address)
        answer = browser.get(address)
        body = CHANGES.sub(rb"\1\2\3", answer.data)
        yield f"{address} {answer.status_code} {answer.headers.get('Location', '')}", body
        if answer.mimetype == "text/html":
            waiting += [link.replace("&amp;", "&") for link in LINK.findall(answer.text) if "static" not in link]
        if answer.location:
            waiting.append(urlsplit(answer.location)._replace(scheme="", netloc="").geturl())


def world(database: Database, settings: Settings, clock: FrozenClock, first: int, word: Ruling) -> Flask:
    with database.writing() as session:
        say(session, KEY, first, word)
    app = create_console(settings, database, clock)
    app.testing = True
    app.test_client_class = Browser
    return app


@pytest.mark.parametrize("second_was_unable", [False, True])
def test_nobody_can_tell_a_first_verdict_by_anything_they_open(
    sqlite: Database, tmp_path: Path, settings: Settings, clock: FrozenClock, second_was_unable: bool
) -> None:
    people = build(sqlite)
    first = people["second"] - 1
    if second_was_unable:
        with sqlite.writing() as session:
            say(session, KEY, people["second"], UNABLE)
    with sqlite.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = tmp_path / "copy.sqlite3"
    copy.write_bytes(sqlite.file.read_bytes())
    apps = [
        world(sqlite, settings, clock, first, ACCEPTED),
        world(Database(f"sqlite:///{copy}"), settings, clock, first, RETURNING),
    ]
    told: list[str] = []
    for name, staff in people.items():
        accepted, returned = (dict(pages_of(_browser(app, staff))) for app in apps)
        assert len(accepted) > 3
        told += [f"{name} {page}" for page in accepted.keys() ^ returned.keys()]
        told += [f"{name} {page}" for page in accepted.keys() & returned.keys() if accepted[page] != returned[page]]
        told += [f"{name} {page} says it" for page, body in returned.items() if MARK.encode() in body]
    assert told == []
    own = dict(pages_of(_browser(apps[1], first)))
    assert any(MARK.encode() in body for body in own.values())  # its author does see it


def _browser(app: Flask, staff: int) -> Browser:
    with site.services_of(app).database.reading() as session:
        person = get_person(session, staff, TODAY)
    assert person is not None
    return browser_of(app, person)
