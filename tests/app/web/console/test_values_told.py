"""What pages of values tell their readers in words: why a value came back, who sends, what became of its papers."""

import csv
import re
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from flask import Flask
from openpyxl import load_workbook

from app.accounts.permissions import Role
from app.database import Database
from app.indicators.cases import get_case
from app.indicators.drafts import TypedValue, save_value
from app.indicators.evidence import Extract, Label, add_evidence, withdraw_evidence
from app.indicators.keys import CaseKey
from app.indicators.returns import count_drafts, plan_return
from app.indicators.states import State
from app.web.console.values.views import due_text
from app.web.language import speak
from app.working_calendar import WorkingCalendar
from tests.app.web.console.conftest import Browser, SignIn
from tests.app.web.console.test_imports import send as send_file
from tests.builders.cases import REASON, add_paper, by
from tests.builders.examination import RETURNED, People, make_people, say
from tests.builders.staff import NOW

HEALTH = CaseKey("2026", "aktau", "hlt_1")
RATE, YES_NO = HEALTH._replace(indicator="ctm_5"), HEALTH._replace(indicator="ctm_1")


@pytest.fixture
def people(console: Flask, database: Database) -> People:
    assert console
    with database.writing() as session:
        return make_people(session)


def cells(browser: Browser, address: str, kind: str) -> list[dict[str, object]]:
    """Read a file of the console, as CSV or as a workbook, by its headings."""
    content = browser.get(address).data
    if kind == "csv":
        text = content.decode("utf-8-sig")
        return list(csv.DictReader(StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","))
    head, *rows = load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_why_a_value_came_back_stands_in_the_list_and_in_both_files_and_goes_in_again(
    people: People, sign_in: SignIn, database: Database, kind: str
) -> None:
    analyst, said = sign_in(Role.ANALYST, "aktau"), "The evidence is of another period: 2024 жылдың құжаты керек"
    with database.writing() as session:
        say(session, HEALTH, people.one, RETURNED)
        assert said not in analyst.get("/console/values/?period=2026&q=hlt_1").text, "one verdict alone is nobody's"
        say(session, HEALTH, people.two, RETURNED)
    assert get_state(database) is State.RETURNED
    assert said in analyst.get("/console/values/?period=2026&state=returned").text
    row = cells(analyst, f"/console/values/?period=2026&state=returned&as={kind}", kind)[0]
    assert row["Remark"] == said
    address = f"/console/values/export.{kind}?period=2026&city=aktau"
    remarks = {row["indicator"]: row["# remark"] for row in cells(analyst, address, kind) if row["# remark"]}
    assert remarks == {"hlt_1": said}
    page = analyst.get(send_file(analyst, analyst.get(address).data, f"values.{kind}").location).text
    assert "The file changes nothing" in page


def get_state(database: Database) -> State:
    with database.reading() as session:
        return get_case(session, HEALTH).state


def test_the_files_say_in_words_what_lies_outside_its_range(
    people: People, sign_in: SignIn, database: Database
) -> None:
    analyst, words = sign_in(Role.ANALYST, "aktau"), "It lies outside its range (from 0% to 100%)"
    with database.writing() as session:
        save_value(session, RATE, TypedValue(value="161,5"), 1, by(people.analyst, NOW))
    address = "/console/values/?period=2026&q=ctm_5"
    assert words in analyst.get(address).text
    assert words in str(cells(analyst, f"{address}&as=csv", "csv")[0]["Remark"])
    exported = analyst.get("/console/values/export.csv?period=2026&city=aktau").data.decode()
    assert (words in exported, "above_100" in exported) == (True, False)


def test_whoever_may_not_send_reads_who_does(people: People, sign_in: SignIn, database: Database) -> None:
    analyst, lead = sign_in(Role.ANALYST, "aktau"), sign_in(Role.LEAD, "aktau", name="Serik Bolat")
    with database.writing() as session:
        save_value(session, RATE, TypedValue(value="61,5"), 1, by(people.analyst, NOW))
        save_value(session, YES_NO, TypedValue(value="yes"), 1, by(people.analyst, NOW))
        add_paper(session, RATE, people.analyst)
    sentence = "One of the leads of your akimat sends the return: Serik Bolat and lead."
    assert "The lead of your akimat sends the return." in analyst.get("/console/values/?period=2026").text
    assert "sends the return" not in lead.get("/console/values/?period=2026").text
    today = analyst.get("/console/").text
    assert f"2026: 1 value is ready to be sent. {sentence}" in today
    assert "2026: 1 draft lacks something and cannot be sent yet" in today
    found = re.search(r'<a href="([^"]+)">2026: 1 value is ready to be sent</a>', lead.get("/console/").text)
    assert found
    assert "1 value is ready to be sent" in lead.get(found[1]).text
    with database.writing() as session:
        save_value(session, YES_NO._replace(city="oral"), TypedValue(value="yes"), 1, by(people.analyst, NOW))
        add_paper(session, YES_NO._replace(city="oral"), people.analyst)
    alone = sign_in(Role.ANALYST, "oral").get("/console/").text
    assert "Nobody is lead of the akimat, so nobody can send the return" in alone


def test_what_today_counts_as_ready_is_what_the_page_of_the_return_would_send(
    people: People, database: Database
) -> None:
    with database.writing() as session:
        typed = {
            "ctm_1": TypedValue(value="yes"),
            "ctm_2": TypedValue(value="no"),
            "ctm_3": TypedValue(value="..."),
            "ctm_4": TypedValue(status="not applicable", note=REASON),
            "ctm_5": TypedValue(status="not applicable", note="short"),
            "ctm_6": TypedValue(status="missing"),
        }
        for code, value in typed.items():
            key = HEALTH._replace(indicator=code)
            save_value(session, key, value, 1, by(people.analyst, NOW))
            if code not in {"ctm_1", "ctm_3"}:
                add_paper(session, key, people.analyst)
        plan = plan_return(session, "2026", "aktau", None, NOW.date())
        stopped = {fault.key for fault in plan.faults}
        count = count_drafts(session, {"aktau", "oral"})["2026"]
        assert count.ready == len([case for case in plan.filled if case.key not in stopped])
        assert (count.of, count.ready) == (6, 3)


def test_what_became_of_papers_stands_in_the_history(people: People, sign_in: SignIn, database: Database) -> None:
    analyst = sign_in(Role.ANALYST, "aktau")
    minutes = [NOW + timedelta(minutes=n) for n in range(5)]
    with database.writing() as session:
        save_value(session, RATE, TypedValue(value="61,5"), 1, by(people.analyst, minutes[1]))
        label = Label("Бюджет туралы есеп", date(2026, 3, 1))
        paper = add_evidence(session, RATE, label, Extract("ЕРОП", "12"), by(people.analyst, minutes[2]))
        save_value(session, RATE, TypedValue(value="61,25"), 2, by(people.analyst, minutes[3]))
        withdraw_evidence(session, RATE, paper, by(people.lead, minutes[4]))
    page = " ".join(analyst.get(f"/console/values/{RATE}").text.partition('class="history"')[2].split())
    places = [
        page.index(words)
        for words in (
            "Document withdrawn: <strong>Бюджет туралы есеп</strong> <span>lead, November 24, 2026, 11:04",
            "Revision 2: <strong>61.25%</strong>",
            "Document added: <strong>Бюджет туралы есеп</strong> <span>analyst, November 24, 2026, 11:02",
            "Revision 1: <strong>61.5%</strong>",
        )
    ]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("61,5", "61.5%"),
        ("61,50", "61.5%"),
        ("61", "61%"),
        ("0,1250", "0.125%"),
        ("12,345", "12.345%"),
        ("1/3", "33.33%"),
    ],
)
def test_a_number_is_written_in_one_way_everywhere(
    people: People, sign_in: SignIn, database: Database, typed: str, shown: str
) -> None:
    analyst = sign_in(Role.ANALYST, "aktau")
    pair = dict(zip(("numerator", "denominator"), typed.split("/"), strict=True)) if "/" in typed else {}
    value = TypedValue(**pair) if pair else TypedValue(value=f"{typed}0" if typed == "12,345" else typed)
    with database.writing() as session:
        save_value(session, RATE, TypedValue(value="5"), 1, by(people.analyst, NOW))
        save_value(session, RATE, value, 2, by(people.analyst, NOW))
    assert shown in analyst.get("/console/values/?period=2026&q=ctm_5").text
    page = analyst.get(f"/console/values/{RATE}").text
    assert f"<ins>{shown}</ins>" in page
    file = cells(analyst, "/console/values/?period=2026&q=ctm_5&as=csv", "csv")[0]
    assert f"{file['Now']}%" == shown
    exported = cells(analyst, "/console/values/export.csv?period=2026&city=aktau", "csv")
    own = next(row for row in exported if row["indicator"] == "ctm_5")
    assert f"{own['value']}%" == shown or own["numerator"] == "1"


@pytest.mark.parametrize(
    ("language", "left", "words"),
    [
        ("en", 3, "3 working days left (December 2, 2026)"),
        ("en", 1, "1 working day left (December 2, 2026)"),
        ("en", 0, "today"),
        ("en", -1, "overdue since December 2, 2026"),
        ("ru", 3, "осталось 3 рабочих дня (2 декабря 2026"),
        ("ru", 21, "остался 21 рабочий день (2 декабря 2026"),
        ("ru", 5, "осталось 5 рабочих дней (2 декабря 2026"),
        ("kk", 3, "3 жұмыс күні қалды (2026"),
    ],
)
def test_days_that_are_left_are_said_with_the_day(console: Flask, language: str, left: int, words: str) -> None:
    due, calendar = date(2026, 12, 2), WorkingCalendar({})
    today = due + timedelta(days=1) if left < 0 else due
    while calendar.between(today, due) < left:
        today -= timedelta(days=1)
    with console.test_request_context("/"):
        speak(language)
        assert due_text(due, today, calendar).replace("\xa0", " ").startswith(words)
