"""Initiatives and documents on the portal: what was supported and released, and nothing of anybody's."""

import csv
import gzip
import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.initiatives import keeping
from app.initiatives.keeping import Report
from app.web.public import create_public
from tests.builders import initiatives as make
from tests.builders.examination import actor, make_person
from tests.builders.initiatives import CITY
from tests.builders.staff import TODAY

LARGEST = 40 * 1024
SECRET = "ҚҰПИЯБЕЛГІ"
MOMENT = re.compile(r"\b\d{1,2}:\d{2}\b")


@pytest.fixture
def filled(database: Database, settings: Settings, clock: FrozenClock) -> Flask:
    """A public site with an initiative in every state of a city, and documents in every state."""
    with database.writing() as session:
        people = make.make_planners(session)
        lead = actor(people.lead)
        staff = {"keeper_kk": "Көлік басқармасы", "contact": SECRET, "elsewhere": SECRET, "registers": SECRET}
        make.plan(session, people, title_en="Planned one", **staff)
        make.submit(session, people, title_en="Submitted one", **staff)
        returned = make.submit(session, people, title_en="Returned one", **staff)
        for examiner in (people.one, people.two):
            make.opine(session, returned.key, examiner, make.RETURNED)
        split = make.submit(session, people, title_en="Split one", **staff)
        for examiner, word in ((people.one, make.UNDER_CONDITIONS), (people.two, make.REFUSED)):
            make.opine(session, split.key, examiner, word)
        supported = make.submit(session, people, title_en="Supported one", **staff)
        for examiner, word in ((people.one, make.UNDER_CONDITIONS), (people.two, make.SUPPORTED)):
            make.opine(session, supported.key, examiner, word)
        make.finish(session, people, title_en="Finished one", **staff)
        stopped = make.support(session, people, title_en="Stopped one", **staff)
        keeping.stop(session, stopped.key, stopped.version, Report(kk=make.DONE_KK, ru=make.DONE_RU), lead)
        make.keep_document(session, CITY, people.analyst, title_en="A draft")
        for title in ("First strategy", "Second strategy"):
            before = "" if title.startswith("First") else "2"
            number = make.keep_document(session, CITY, people.analyst, title_en=title, replaces=before)
            make.release(session, CITY, number, lead)
    app = create_public(settings, database, clock)
    app.testing = True
    return app


def pages(app: Flask) -> Iterator[tuple[str, str]]:
    """Open every page and file of the list, in three languages."""
    addresses = [f"/{language}/initiatives{more}" for language in ("kk", "ru", "en") for more in ("", f"/{CITY}")]
    files = [f"/data/{name}.{kind}" for name in ("initiatives", "city-documents") for kind in ("csv", "json")]
    for address in (*addresses, *files):
        answer = app.test_client().get(address)
        assert answer.status_code == 200, address
        assert answer.headers.getlist("Set-Cookie") == []
        assert answer.headers["Cache-Control"].startswith("public, max-age=")
        assert len(gzip.compress(answer.data)) <= LARGEST
        yield address, answer.data.decode("utf-8-sig")


def test_everybody_reads_what_was_supported_and_nothing_of_anybody(filled: Flask, database: Database) -> None:
    with database.writing() as session:
        make_person(session, "nobody", "auditor")
    told = dict(pages(filled))
    for address, text in told.items():
        body = text.partition("<main")[2] or text
        assert SECRET not in body, address
        for hidden in ("Planned one", "Submitted one", "Returned one", "Split one", "A draft"):
            assert hidden not in body, address
        assert not re.search(r"examiner \d|analyst of|lead of", body), address
        assert make.REFUSED.note not in body, address
        assert MOMENT.search(body) is None, address
    page = told[f"/en/initiatives/{CITY}"]
    for shown in ("Supported one", "Finished one", "Stopped one", "Second strategy", "First strategy", make.ADDRESS):
        assert shown in page, shown
    assert make.UNDER_CONDITIONS.conditions_ru in page
    assert make.DONE_KK in told[f"/kk/initiatives/{CITY}"]


def test_pages_and_files_say_the_same(filled: Flask) -> None:
    told = dict(pages(filled))
    rows = list(csv.DictReader(told["/data/initiatives.csv"].splitlines()))
    lines = json.loads(told["/data/initiatives.json"])["rows"]
    assert [row["title_en"] for row in rows] == [row["title_en"] for row in lines]
    assert sorted(row["state"] for row in rows) == ["finished", "stopped", "supported"]
    assert rows[0].keys() == lines[0].keys()
    documents = list(csv.DictReader(told["/data/city-documents.csv"].splitlines()))
    assert [(row["title_en"], row["state"]) for row in documents] == [
        ("Second strategy", "released"), ("First strategy", "replaced"),
    ]  # fmt: skip
    first = re.search(r'initiatives/aktau">.*?</a></th>(.*?)</tr>', told["/en/initiatives"], re.DOTALL)
    assert first
    assert re.findall(r"<td[^>]*>(?:<strong>)?([^<]*)", first[1]) == ["1", "0", "1", "0", "1", "there is one", "none"]


def test_the_page_names_the_cities_that_have_no_strategy_or_architecture(filled: Flask) -> None:
    page = filled.test_client().get("/en/initiatives").text
    without = {kind: page.partition(f"No {kind}:")[2].partition("</p>")[0] for kind in ("strategy", "architecture")}
    assert "Aktau" not in without["strategy"]
    assert "Aktau" in without["architecture"]
    assert without["strategy"].count(",") == 18


def test_a_city_that_is_none_is_not_found(filled: Flask) -> None:
    assert filled.test_client().get("/kk/initiatives/atlantis").status_code == 404
    assert TODAY
