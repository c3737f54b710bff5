"""The city reads what became of its values and why, and of assessors their role alone; the ministry reads names."""

from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.permissions import Role
from app.accounts.queries import get_person
from app.indicators.assignments import distribute
from app.indicators.case_models import ValueCase
from app.indicators.cases import get_case, reopen
from app.web import site
from tests.app.web.console.conftest import Browser, SignIn, browser_of
from tests.builders.examination import ACCEPTED, KEY, RETURNED, People, actor, make_people, make_person, say
from tests.builders.staff import TODAY

OVERRULED = "ЕСКЕРІЛМЕГЕН СӨЗ"
REASON = "Жаңа деректер шықты, түзету керек."


@pytest.fixture
def people(console: Flask) -> People:
    """A case that two judged differently, a third settled, and that was opened again."""
    with site.services_of(console).database.writing() as session:
        made = make_people(session)
        distribute(session, [KEY], made[2:4], actor(made.four), again=False, bulk="bulk")
        say(session, KEY, made.one, replace(ACCEPTED, note=OVERRULED))
        say(session, KEY, made.two, RETURNED)
        say(session, KEY, made.three, replace(RETURNED, note="Құжат басқа жылдікі"))
        make_person(session, "auditor", "auditor")
    return made


def lead_of(console: Flask, people: People) -> Browser:
    with site.services_of(console).database.reading() as session:
        person = get_person(session, people.lead, TODAY)
    assert person is not None
    return browser_of(console, person)


@pytest.mark.parametrize("ask", ["", "as=csv", "as=print", "who=assessor", "who=assessor&as=csv"])
def test_a_lead_reads_of_assessors_their_role_alone(console: Flask, people: People, ask: str) -> None:
    page = lead_of(console, people).get(f"/console/journal/?{ask}")
    assert page.status_code == 200
    assert not [n for n in range(4) if f"assessor {n}" in page.text]
    if "who" in ask:
        assert "data-row" not in page.text  # a name does not find what hides it
        assert not ask.endswith("csv") or page.text.count("\n") == 1
        return
    assert page.text.count("assessor of the ministry") >= 1
    rows = page.text.partition("<tbody" if ask != "as=csv" else "\n")[2]
    assert rows
    assert "lead" in page.text
    # Neither whom it was given to, nor how many have judged, nor that they differ.
    assert not [word for word in ("assessors", "assessment.given", "a verdict was given", "differ") if word in rows]


def test_neither_does_the_workbook_hold_a_name_or_a_hash_of_one(console: Flask, people: People) -> None:
    file = lead_of(console, people).get("/console/journal/?as=xlsx")
    rows = [[cell.value for cell in row] for row in load_workbook(BytesIO(file.data)).active.iter_rows(min_row=2)]
    hidden = [row for row in rows if row[2] == "assessor of the ministry"]
    assert len(hidden) == 1  # what was decided; neither the three verdicts nor the split
    assert {row[9] for row in hidden} == {None}
    assert not [row for row in rows if str(row[2]).startswith("assessor ") and row not in hidden]
    assert all(row[9] for row in rows if row not in hidden)


@pytest.mark.usefixtures("people")
def test_the_auditor_reads_and_finds_names(sign_in: SignIn) -> None:
    auditor = sign_in(Role.AUDITOR)
    assert "assessor 0" in auditor.get("/console/journal/").text
    file = auditor.get("/console/journal/?who=assessor 2&as=csv").text
    assert "assessment.given" in file
    assert "assessor of the ministry" not in file


def test_the_city_reads_no_word_of_who_was_overruled(console: Flask, people: People) -> None:
    page = lead_of(console, people).get(f"/console/values/{KEY}").text
    assert "Құжат басқа жылдікі" in page
    assert RETURNED.note in page
    assert OVERRULED not in page
    assert not [n for n in range(4) if f"assessor {n}" in page]


def test_who_is_late_is_told_of_an_assessor_without_a_name(console: Flask, people: People) -> None:
    database = site.services_of(console).database
    lead = lead_of(console, people)
    typed = {"version": "1", "answer": "no"}
    answer = lead.send(f"/console/values/{KEY}", typed)
    assert answer.status_code == 409
    assert "assessor of the ministry" in answer.text
    assert "assessor 2" not in answer.text
    with database.writing() as session:
        say_again(session, people)
    assert "assessor 3" not in lead.send(f"/console/values/{KEY}", typed).text


def say_again(session: Session, people: People) -> None:
    session.execute(update(ValueCase).where(ValueCase.indicator == KEY.indicator).values(state="accepted"))
    reopen(session, KEY, get_case(session, KEY).version, REASON, actor(people.four))
