"""Asking for a page changes nothing that is stored; refusals leave a line in the log, without a person."""

import logging
import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.config import Settings
from app.database import Database
from app.models import metadata
from app.web import site
from surveys.ballots import keys
from surveys.fieldwork import passes
from surveys.identity.codes import Addressee
from tests.app.web.resident.walker import Walker
from tests.builders.country import RESIDENTS
from tests.builders.invitations import Visitor, make_letters, open_gates


def stored(database: Database) -> dict[str, int]:
    """Count the rows of every table."""
    with database.reading() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in metadata.tables.items()
        }


def test_asking_for_any_page_changes_nothing_that_is_stored(public: Flask, sqlite: Database) -> None:
    client = public.test_client()
    walker = Walker(client, RESIDENTS)
    walker.to_check(walker.begin())
    before = stored(sqlite)
    asked = 0
    for rule in sorted(public.url_map.iter_rules(), key=str):
        path = re.sub(r"<any\(([a-z]+)[^>]*>", r"\1", rule.rule.replace("<wave>", RESIDENTS))
        path = re.sub(r"<[^>]*>", "1", path)
        for method in ("GET", "HEAD", "OPTIONS"):
            query = {
                "receipt": "x",
                "code": "x",
                "city": "oral",
                "agreed": "yes",
                "pass": "x",
                "end": "",
                "sure": "yes",
            }
            with client.open(path, method=method, query_string=query) as answer:
                asked += answer.status_code == 200
    assert asked > 30
    assert stored(sqlite) == before


def test_every_cookie_says_which_sites_may_bring_it(public: Flask, sqlite: Database, settings: Settings) -> None:
    client = public.test_client()
    walker = Walker(client, RESIDENTS)
    walker.to_check(walker.begin())
    walker.send()
    client.get("/s/?lang=ru")
    client.post("/settings", data={"look-text": "150", "look-save": "1"})
    key = keys.load(settings.keys, RESIDENTS)
    order = passes.PassOrder("Әсел", RESIDENTS, "almaty", "", public.extensions[site.KEY].clock.today())
    with sqlite.writing() as session:
        _code, text = passes.give_pass(session, key, order)
    page = f"/s/{RESIDENTS}/paper"
    walker.go(page)
    walker.post(page, **{"pass": text})
    walker.go(page)
    assert walker.post(page, mode="assisted", ctm_online="yes", ballot=ballot_on(walker)).status_code == 303
    cookies = {cookie.key: cookie.same_site for cookie in client._cookies.values()}
    strict = {"operator", "stored"}
    assert cookies.keys() >= strict | {"survey", "device", "done", "lang", "look"}
    assert cookies == {name: "Strict" if name in strict else "Lax" for name in cookies}


def ballot_on(walker: Walker) -> str:
    found = re.search(r'name="ballot" value="([^"]+)"', walker.page.text)
    assert found
    return found[1]


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """Give what was written, and for which page; nothing else is in a record but what logging itself puts there."""
    own = vars(logging.makeLogRecord({})).keys() | {"endpoint", "message"}
    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert [vars(record).keys() - own for record in warnings] == [set()] * len(warnings)
    return [(record.getMessage(), record.endpoint) for record in warnings]  # type: ignore[attr-defined]


@pytest.mark.parametrize("sender", ["cross-site", "same-site"])
def test_a_forged_form_leaves_a_line_without_a_person(
    public: Flask, caplog: pytest.LogCaptureFixture, sender: str
) -> None:
    visitor = Visitor(public, "203.0.113.7")
    answer = visitor.client.post(f"/s/{RESIDENTS}/consent?lang=en", headers={"Sec-Fetch-Site": sender})
    assert answer.status_code == 400
    assert lines(caplog) == [("a form was refused", "resident.consent")]


def test_guessing_leaves_a_line_without_a_person(public: Flask, caplog: pytest.LogCaptureFixture) -> None:
    open_gates(public, RESIDENTS, "code")
    (letter,) = make_letters(public, RESIDENTS, "oral", [Addressee("Әсел")])
    wrong = "1234567812345672"
    visitor = Visitor(public, "203.0.113.7")
    statuses = [visitor.fill(f"/s/{RESIDENTS}/enter/code", code=wrong)[0] for _try in range(11)]
    assert letter.code != wrong
    assert (statuses[0], statuses[-1]) == (422, 429)
    assert lines(caplog) == [("too many tries", "resident.enter_code")]
