"""Of two assessors who differ a city's list and pages tell nothing."""

import re
from itertools import product

import pytest
from flask import Flask

from app.accounts.queries import get_person
from app.database import Database
from app.indicators.cases import get_case
from app.indicators.keys import CaseKey
from app.indicators.verdicts import LOOKED_AT, CaseVerdict, ReturnReason, Ruling
from app.web import site
from tests.app.web.console.conftest import Browser, browser_of
from tests.builders.examination import ACCEPTED, KEY, People, make_people, say, send_value
from tests.builders.staff import TODAY

OVERRULED = Ruling(verdict=CaseVerdict.RETURN, reasons=(ReturnReason.CALCULATION,), note="ЖЕҢІЛГЕНСӨЗ")
RETURNED = Ruling(verdict=CaseVerdict.RETURN, reasons=(ReturnReason.OTHER_PERIOD,), note="басқа жылдың құжаты")
SETTLED = Ruling(verdict=CaseVerdict.ACCEPT, ticks=LOOKED_AT, note="шешімсөз")
OTHER = KEY._replace(indicator="hlt_2")
REFUSALS = (
    "examined it already",
    "Somebody else changed",
    "Somebody has changed",
    "can no longer be changed",
    "stored it",
)


@pytest.fixture
def people(console: Flask) -> People:
    with _database(console).writing() as session:
        people = make_people(session)
        send_value(session, OTHER, people[:2])
        return people


def _database(app: Flask) -> Database:
    return site.services_of(app).database


def browser(app: Flask, staff: int) -> Browser:
    with _database(app).reading() as session:
        person = get_person(session, staff, TODAY)
    assert person is not None
    return browser_of(app, person)


def assessed(app: Flask, key: CaseKey, *words: tuple[int, Ruling]) -> None:
    with _database(app).writing() as session:
        for staff, word in words:
            say(session, key, staff, word)


def test_whether_two_differ_is_not_for_the_city_to_see(console: Flask, people: People) -> None:
    assessed(console, KEY, (people.one, ACCEPTED), (people.two, OVERRULED))
    assessed(console, OTHER, (people.one, ACCEPTED))
    lead = browser(console, people.lead)
    pages = [lead.get(f"/console/values/{key}") for key in (KEY, OTHER)]
    assert [page.text.count('name="version"') for page in pages] == [0, 0]
    recalls = [re.findall(r'action="[^"]*/recall"', page.text) for page in pages]
    assert [len(found) for found in recalls] == [1, 1]
    answers = [lead.send(f"/console/values/{key}/recall") for key in (KEY, OTHER)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert ["examined it already" in answer.text for answer in answers] == [True, True]
    shown = lead.get("/console/values/?period=2026&state=sent&sort=-state").text
    assert re.findall(r"hlt_[12]\b", shown.split("<tbody")[1])[0] == "hlt_2"  # by its key: both are under examination


def test_a_form_that_is_refused_does_not_tell_the_city_that_two_differ(console: Flask, people: People) -> None:
    assessed(console, KEY, (people.one, ACCEPTED), (people.two, OVERRULED))
    assessed(console, OTHER, (people.one, ACCEPTED))
    with _database(console).reading() as session:
        seen = get_case(session, OTHER).version
    told = []
    for name, staff in {"analyst": people.analyst, "lead": people.lead}.items():
        city = browser(console, staff)
        for end, version in product(("", "/recall", "/ask"), ("", "1", str(seen), str(seen + 1))):
            typed = {"version": version, "answer": "no", "reason": "Дерек қате енгізілді, түзету қажет"}
            answers = [city.send(f"/console/values/{key}{end}", typed) for key in (KEY, OTHER)]
            said = [(answer.status, [words for words in REFUSALS if words in answer.text]) for answer in answers]
            if said[0] != said[1]:
                told.append(f"{name}{end} {version}: {said}")
    assert told == []
