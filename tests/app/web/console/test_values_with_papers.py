"""A value and its paper in one press of a button: both are taken, or it is said what was not, and nothing is lost."""

import re
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.accounts.permissions import Role
from app.indicators.case_models import Evidence
from app.indicators.cases import get_case
from app.indicators.keys import CaseKey
from app.indicators.states import State
from app.web import site
from tests.app.web.console.conftest import Browser, SignIn
from tests.builders.cases import RATE, YES_NO, open_small_period
from tests.builders.papers import HTML, make_pdf

NEXT = "/console/values/2026/aktau/ctm_2"
OWN = f"/console/values/{RATE}"
PDF = make_pdf()


@pytest.fixture
def opened(console: Flask) -> Flask:
    with site.services_of(console).database.writing() as session:
        open_small_period(session)
    return console


@pytest.fixture
def analyst(opened: Flask, sign_in: SignIn) -> Browser:
    assert opened
    return sign_in(Role.ANALYST, "aktau")


def save(browser: Browser, key: CaseKey, file: tuple[bytes, str] | None, **fields: str) -> TestResponse:
    page = browser.get(f"/console/values/{key}").text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version
    sent: dict[str, object] = {"version": version[1], "from": f"/console/values/{key}", "file-is_public": "y"} | fields
    if file:
        sent["file-file"] = (BytesIO(file[0]), file[1])
    return browser.send(f"/console/values/{key}", sent)


def stored(app: Flask, key: CaseKey) -> tuple[State, int]:
    with site.services_of(app).database.reading() as session:
        papers = select(func.count()).where(Evidence.indicator == key.indicator)
        return get_case(session, key).state, session.scalars(papers).one()


def test_one_press_takes_the_value_and_the_file(analyst: Browser, opened: Flask) -> None:
    page = analyst.get(f"/console/values/{YES_NO}").text
    for name in ("file-file", "file-caption", "address-address", "register-register"):
        field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
        assert field, name
        assert 'form="value-form"' in field[0], f"{name} is not sent with the value"
        assert " required" not in field[0], f"{name} keeps a value without a paper back"
    done = save(analyst, YES_NO, (PDF, "order.pdf"), answer="yes", next="1", **{"file-caption": "The order"})
    assert (done.status_code, done.location) == (303, NEXT)
    assert stored(opened, YES_NO) == (State.DRAFT, 1)
    told = analyst.get(NEXT).text
    assert "ctm_1: the document “The order” was added." in told
    assert "ctm_1 is saved as a draft: yes." in told


def test_a_paper_alone_is_not_said_to_be_nothing(analyst: Browser, opened: Flask) -> None:
    save(analyst, YES_NO, None, answer="yes")
    done = save(analyst, YES_NO, (PDF, "order.pdf"), answer="yes", next="1", **{"file-caption": "The order"})
    assert done.location == NEXT
    told = analyst.get(NEXT).text
    assert "ctm_1: the document" in told
    assert "othing has changed" not in told
    assert stored(opened, YES_NO) == (State.DRAFT, 1)


@pytest.mark.parametrize(
    ("file", "caption", "sentence"),
    [
        ((PDF, "order.pdf"), "", "Please write the title of the document"),
        ((HTML, "order.pdf"), "The order", "is not a PDF"),
        (None, "The order", "Please choose a file"),
    ],
)
def test_a_paper_that_is_refused_stops_and_the_value_is_saved(
    analyst: Browser, opened: Flask, file: tuple[bytes, str] | None, caption: str, sentence: str
) -> None:
    answer = save(analyst, YES_NO, file, answer="yes", note="Look.", next="1", **{"file-caption": caption})
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert sentence in answer.text
    assert "ctm_1: the document was not added" in answer.text
    assert "ctm_1 is saved as a draft: yes." in answer.text
    assert caption in answer.text
    assert stored(opened, YES_NO) == (State.DRAFT, 0)


def test_a_good_paper_beside_a_wrong_value_is_kept(analyst: Browser, opened: Flask) -> None:
    answer = save(analyst, RATE, (PDF, "o.pdf"), answer="number", value="many", **{"file-caption": "The order"})
    assert answer.status_code == 422
    assert "ctm_5: the document “The order” was added." in answer.text
    assert 'value="many"' in answer.text
    assert stored(opened, RATE) == (State.OPEN, 1)


def test_a_paper_added_beside_a_half_typed_value_takes_nothing_away(analyst: Browser, opened: Flask) -> None:
    sent = {"kind": "file", "from": OWN, "draft": f"value|{RATE}", "answer": "number", "value": "61.5", "version": "1"}
    refused = analyst.send(f"{OWN}/evidence", sent | {"file-file": (BytesIO(PDF), "o.pdf")})
    assert refused.status_code == 422
    assert 'value="61.5"' in refused.text, "the value that was typed"
    assert 'form="value-form"' in refused.text, "it is the page of the value"
    sent |= {"file-caption": "The order", "file-is_public": "y", "list": "period=2026&flag=no_evidence"}
    added = analyst.send(f"{OWN}/evidence", sent | {"file-file": (BytesIO(PDF), "o.pdf")})
    assert added.location == f"{OWN}?list=period%3D2026%26flag%3Dno_evidence#evidence"
    assert 'value="61.5"' in analyst.get(OWN).text
    assert stored(opened, RATE) == (State.OPEN, 1)


def test_the_next_one_is_the_next_of_the_list(analyst: Browser) -> None:
    word = "?list=period%3D2026%26sort%3D-code"
    links = re.findall(r'<a href="([^"]+)" data-open', analyst.get("/console/values/?period=2026&sort=-code").text)
    assert links
    assert all(link.endswith(word) for link in links), links
    done = save(analyst, RATE, None, answer="number", value="61.5", next="1", list="period=2026&sort=-code")
    assert done.location == f"/console/values/2026/aktau/ctm_4{word}"
    page = analyst.get(done.location).text
    assert 'href="/console/values/?period=2026&amp;sort=-code"' in page, "back to the list as it was"
    done = save(analyst, RATE, None, answer="number", value="61", next="1", list="a=//x.y")
    assert done.location.startswith("/console/values/2026/aktau/")


def test_what_lies_outside_the_range_is_seen_before_going_on(analyst: Browser) -> None:
    first = save(analyst, RATE, None, answer="number", value="150", next="1")
    assert first.location == OWN
    assert "150% lies outside the range (from 0% to 100%)" in analyst.get(OWN).text
    second = save(analyst, RATE, None, answer="number", value="150", next="1")
    assert second.location != OWN, "somebody looked, and goes on"
