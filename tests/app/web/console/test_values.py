"""The list of values and the page of one: what is seen, saved, sent, refused, and what two people do at once."""

import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.permissions import Role
from app.audit.models import JournalRow
from app.database import Database
from app.demo.acceptance import accept_unexamined
from app.indicators.cases import get_case
from app.indicators.drafts import TypedValue, save_value
from app.indicators.keys import CaseKey
from app.indicators.openings import Extension, PeriodPlan, extend, open_period
from app.indicators.states import State
from surveys.languages import Text3
from surveys.population.places import load_places
from tests.app.web.console.conftest import MOST_STATEMENTS, Browser, SignIn
from tests.builders.cases import REASON, add_paper, by
from tests.builders.staff import NOW
from tests.builders.statements import statements_of

CITIES = tuple(city.code for city in load_places().cities)
YES_NO, RATE = CaseKey("2026", "aktau", "ctm_1"), CaseKey("2026", "aktau", "ctm_5")


def open_year(database: Database, year: str, cities: tuple[str, ...] = CITIES) -> None:
    plan = PeriodPlan(year, "standard_2019", cities, due_on=date(2026, 12, 11))
    with database.writing() as session:
        open_period(session, plan, by(None, NOW))


@pytest.fixture
def analyst(console: Flask, sign_in: SignIn, database: Database) -> Browser:
    assert console
    open_year(database, "2026")
    return sign_in(Role.ANALYST, "aktau")


def typed(browser: Browser, key: CaseKey, **fields: str) -> Any:
    page = browser.get(f"/console/values/{key}").text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version
    return browser.send(f"/console/values/{key}", {"version": version[1]} | fields)


def test_who_enters_values_begins_with_what_is_not_done(analyst: Browser) -> None:
    first = analyst.get("/console/values/")
    assert first.location == "/console/values/?period=2026&state=open&state=draft&state=returned"
    page = analyst.get(first.location).text
    assert "Indicator values, 2026, Aktau" in page
    assert "0 of 101" in page
    assert "101 rows" in page
    assert "13 working days left (December 11, 2026)" in page
    assert "Send the whole return" not in page, "an analyst sends nothing"


def test_another_citys_values_are_not_there(analyst: Browser) -> None:
    assert analyst.get("/console/values/2026/almaty/ctm_1").status_code == 404
    assert analyst.send("/console/values/2026/almaty/ctm_1", {"answer": "yes"}).status_code == 404
    assert "Almaty" not in analyst.get("/console/values/?city=almaty").text


@pytest.mark.parametrize("address", ["2026/aktau/nothing", "2030/aktau/ctm_1"])
def test_what_is_not_there_is_404(analyst: Browser, address: str) -> None:
    assert analyst.get(f"/console/values/{address}").status_code == 404


def test_a_value_is_saved_and_the_next_one_opened(analyst: Browser, database: Database) -> None:
    done = typed(analyst, YES_NO, answer="yes", source="Order 12", next="1")
    assert done.status_code == 303
    assert done.location == "/console/values/2026/aktau/ctm_2"
    page = analyst.get(f"/console/values/{YES_NO}").text
    assert re.search(r'<input checked[^>]*value="yes"', page)
    assert "Order 12" in page
    with database.reading() as session:
        assert get_case(session, YES_NO).state is State.DRAFT


def test_saving_what_is_there_already_leaves_no_row_in_the_journal(analyst: Browser, database: Database) -> None:
    def rows() -> int:
        with database.reading() as session:
            return session.scalars(select(func.count()).select_from(JournalRow)).one()

    typed(analyst, RATE, answer="number", value="61,5")
    before = rows()
    answer = typed(analyst, RATE, answer="number", value="61.50")
    assert "ctm_5: nothing has changed" in analyst.get(answer.location).text
    assert rows() == before


def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(analyst: Browser) -> None:
    page = typed(analyst, RATE, answer="number", value="1,234", source="Table 3", note="as of July")
    assert page.status_code == 422
    assert "<title>Error:" in page.text
    assert 'href="#value"' in page.text
    assert "can be read in two ways" in page.text
    for text in ('value="1,234"', "Table 3", "as of July"):
        assert text in page.text


def test_an_empty_form_takes_no_value_back(analyst: Browser, database: Database) -> None:
    typed(analyst, RATE, answer="number", value="61,5")
    page = typed(analyst, RATE, answer="number", value="")
    assert page.status_code == 422
    with database.reading() as session:
        assert get_case(session, RATE).revision == 1


def test_the_linter_speaks_while_a_value_is_typed_and_once_it_is_saved(analyst: Browser) -> None:
    said = analyst.get(f"/console/values/{RATE}/check?answer=number&value=180").json
    assert said["faults"] == {}
    assert "outside its range" in said["remarks"][0]
    assert analyst.get(f"/console/values/{RATE}/check?answer=number&value=1,234").json["faults"].keys() == {"value"}
    typed(analyst, RATE, answer="number", value="180")
    assert "outside its range" in analyst.get(f"/console/values/{RATE}").text
    assert 'class="mark"' in analyst.get("/console/values/?period=2026&flag=out_of_range").text


def test_two_people_on_one_value_lose_nothing(analyst: Browser, sign_in: SignIn, database: Database) -> None:
    lead = sign_in(Role.LEAD, "aktau", name="Serik Bolat")
    seen = re.search(r'name="version"[^>]*value="(\d+)"', analyst.get(f"/console/values/{RATE}").text)
    assert seen
    assert typed(lead, RATE, answer="number", value="50", source="theirs").status_code == 303
    page = analyst.send(
        f"/console/values/{RATE}", {"version": seen[1], "answer": "number", "value": "60", "source": "mine"}
    )
    assert page.status_code == 409
    for text in ("50%", "theirs", "Serik Bolat", 'name="value" value="60"', "mine", "Take theirs", "Keep mine"):
        assert text in page.text
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text.split("Keep mine")[0]))
    assert analyst.send(f"/console/values/{RATE}", fields).status_code == 303
    with database.reading() as session:
        assert get_case(session, RATE).revision == 2


def test_what_was_typed_for_a_value_that_was_sent_meanwhile_is_still_there(analyst: Browser, sign_in: SignIn) -> None:
    lead = sign_in(Role.LEAD, "aktau")
    typed(analyst, RATE, answer="no_data")
    send = {"version": ["ctm_5:2"], "chosen": "ctm_5"}
    assert lead.send("/console/values/2026/aktau/send", send).status_code == 303
    page = analyst.send(f"/console/values/{RATE}", {"version": "3", "answer": "number", "value": "61,5", "note": "new"})
    assert page.status_code == 409
    for text in ("can no longer be changed", "under examination", "61,5", "new"):
        assert text in page.text


def test_what_was_typed_and_not_saved_stands_in_the_form_again(analyst: Browser) -> None:
    half = {"draft": f"value|{RATE}", "answer": "number", "value": "6", "note": "жартысы"}
    assert analyst.send("/console/drafts/keep", half).status_code == 204
    page = analyst.get(f"/console/values/{RATE}").text
    assert "жартысы" in page
    assert 'value="6"' in page
    typed(analyst, RATE, answer="number", value="61,5")
    assert "жартысы" not in analyst.get(f"/console/values/{RATE}").text


def test_the_list_says_that_nothing_is_left_to_do(sign_in: SignIn, database: Database) -> None:
    open_year(database, "2026", ("aktau", "almaty"))
    lead = sign_in(Role.LEAD, "aktau")
    versions = re.findall(r'name="version" value="([^"]+)"', lead.get("/console/values/2026/aktau/send").text)
    lead.send("/console/values/2026/aktau/send", {"version": versions, "missing": "101"})
    first = "/console/values/?period=2026&state=open&state=draft&state=returned"
    assert "Nothing is to be done: 101 values are sent or decided." in lead.get(first).text
    assert "Nothing matches." in lead.get(f"{first}&area=hlt").text


def test_a_return_is_sent_when_nothing_stands_in_its_way(sign_in: SignIn, database: Database) -> None:
    open_year(database, "2026", ("aktau", "almaty"))
    lead = sign_in(Role.LEAD, "aktau")
    typed(lead, YES_NO, answer="yes")
    typed(lead, RATE, answer="not_applicable", note=REASON)
    address = "/console/values/2026/aktau/send"
    page = lead.get(address).text
    assert "2 values cannot be sent yet and stay where they are" in page
    assert "no evidence" in page
    assert "99 values are not filled in" in page
    assert "to the ministry</button>" not in page
    assert 'name="missing"' not in page
    with database.writing() as session:
        for key in (YES_NO, RATE):
            add_paper(session, key, lead.person.id if lead.person else 0)
    page = lead.get(address).text
    assert "2 values are ready to be sent" in page
    versions = sorted(set(re.findall(r'name="version" value="([^"]+)"', page)))
    assert len(versions) == 101
    refused = lead.send(address, {"version": versions, "missing": "98"})
    assert refused.status_code == 422
    assert "Type 99 to confirm" in refused.text
    done = lead.send(address, {"version": versions, "missing": "99"})
    assert done.status_code == 303
    with database.reading() as session:
        assert get_case(session, YES_NO).state is State.SENT
        bulks = select(JournalRow.bulk).where(JournalRow.event == "value.sent").distinct()
        assert len(session.scalars(bulks).all()) == 1
    recalled = lead.send(f"/console/values/{YES_NO}/recall", {"version": "3"})
    assert recalled.status_code == 303
    with database.reading() as session:
        assert get_case(session, YES_NO).state is State.DRAFT


def test_what_was_chosen_is_sent_alone(sign_in: SignIn, database: Database) -> None:
    open_year(database, "2026", ("aktau",))
    lead = sign_in(Role.LEAD, "aktau")
    typed(lead, RATE, answer="no_data")
    page = lead.get(f"/console/values/2026/aktau/send?ids={RATE}&ids=2026/almaty/ctm_1&ids=x").text
    versions = re.findall(r'name="version" value="([^"]+)"', page)
    assert versions == ["ctm_5:2"]
    assert lead.send("/console/values/2026/aktau/send", {"version": versions}).status_code == 303


def test_the_citys_own_day_stands_where_it_has_more_time(sign_in: SignIn, database: Database) -> None:
    open_year(database, "2026", ("aktau", "almaty"))
    analyst, reason = sign_in(Role.ANALYST, "aktau"), Text3(kk=REASON, ru=REASON, en=REASON)
    with database.writing() as session:
        publisher = by(analyst.person.id if analyst.person else None, NOW)
        extend(session, "2026", Extension("aktau", date(2026, 12, 25), reason), publisher)
    page = analyst.get("/console/values/?period=2026").text
    assert "(December 25, 2026)" in page
    assert "December 11, 2026" not in page


def test_nothing_ticked_sends_nobody_to_the_whole_return(sign_in: SignIn, database: Database) -> None:
    open_year(database, "2026", ("aktau",))
    lead = sign_in(Role.LEAD, "aktau")
    page = lead.get("/console/values/?period=2026&state=open").text
    form = re.search(r'<form method="get" id="(\w+)"', page)
    assert form
    assert f'name="ids" form="{form[1]}"' in page, "the ticks belong to the form of the button"
    assert 'name="ticked" value="period=2026&amp;state=open"' in page or "state=open&amp;period=2026" in page
    answer = lead.get("/console/values/2026/aktau/send?ticked=period%3D2026%26state%3Dopen")
    assert (answer.status_code, answer.location) == (303, "/console/values/?period=2026&state=open")
    assert "Please tick at least one value" in lead.get(answer.location).text


def test_what_is_sent_says_who_sent_it_and_is_not_offered_again(sign_in: SignIn, database: Database) -> None:
    open_year(database, "2026", ("aktau", "almaty"))
    lead = sign_in(Role.LEAD, "aktau")
    typed(lead, YES_NO, answer="no_data")
    page = lead.get("/console/values/2026/aktau/send").text
    assert "1 value is ready to be sent" in page
    assert "<strong>there are no data</strong>" in page, "the value stands in the list"
    done = lead.send("/console/values/2026/aktau/send", {"version": "ctm_1:2"})
    listed = lead.get(done.location).text
    name = lead.person.name if lead.person else ""
    assert re.search(rf"1 value was sent to the ministry: .*{name}", listed)
    assert "Send the chosen ones" not in listed
    assert 'name="ids"' not in listed
    assert re.search(rf"Sent by {name}, November 24, 2026", lead.get(f"/console/values/{YES_NO}").text)


def test_a_decided_value_is_asked_for_and_opened_again_with_a_reason(
    console: Flask, sign_in: SignIn, database: Database
) -> None:
    assert console
    open_year(database, "2026", ("aktau",))
    lead, reviewer = sign_in(Role.LEAD, "aktau"), sign_in(Role.REVIEWER)
    with database.writing() as session:
        case = get_case(session, YES_NO)
        save_value(session, YES_NO, TypedValue(value="yes"), case.version, by(None, NOW))
        accept_unexamined(session, "2026", by(None, NOW))
    page = lead.send(f"/console/values/{YES_NO}/ask", {"version": "3", "reason": "please"})
    assert page.status_code == 422
    assert "20 characters" in page.text
    assert lead.send(f"/console/values/{YES_NO}/reopen", {"version": "3", "reason": REASON}).status_code == 403
    assert lead.send(f"/console/values/{YES_NO}/ask", {"version": "3", "reason": REASON}).status_code == 303
    assert REASON in reviewer.get(f"/console/values/{YES_NO}").text
    assert "1 row" in reviewer.get("/console/values/?period=2026&flag=asked").text
    assert reviewer.send(f"/console/values/{YES_NO}/reopen", {"version": "4", "reason": REASON}).status_code == 303
    page_of_lead = lead.get(f"/console/values/{YES_NO}").text
    assert "Revision 1 stays in force" not in page_of_lead, "it is the latest one too"
    assert "The ministry has opened it again" in page_of_lead


@pytest.mark.parametrize("role", [Role.ANALYST, Role.LEAD, Role.REVIEWER])
def test_pages_cost_few_statements_whatever_the_number_of_values(
    console: Flask, sign_in: SignIn, database: Database, role: Role
) -> None:
    assert console
    for year in ("2024", "2025", "2026"):
        open_year(database, year)
    browser = sign_in(role, None if role is Role.REVIEWER else "aktau")
    with database.writing() as session:
        add_paper(session, RATE, browser.person.id if browser.person else 0)
    for address in (
        "/console/values/?period=2026",
        "/console/values/?period=2026&city=aktau&state=open",
        "/console/values/?period=2026&city=aktau&flag=not_applicable",
        f"/console/values/{RATE}",
        "/console/values/2026/aktau/send",
    ):
        with statements_of(database) as statements:
            page = browser.get(address)
        if role is not Role.LEAD and address.endswith("send"):
            assert page.status_code == 403
            continue
        assert page.status_code == 200
        assert len(statements) <= MOST_STATEMENTS, (address, statements)


def test_the_list_and_its_file_compare_with_the_last_period_that_says_anything(
    analyst: Browser, database: Database
) -> None:
    open_year(database, "2019")
    open_year(database, "2025")  # nothing was said in it
    with database.writing() as session:
        for key, typed_value in (
            (CaseKey("2019", "aktau", "ctm_5"), TypedValue(value="60")),
            (RATE, TypedValue(value="61,5", basis="own_records")),
            (YES_NO, TypedValue(value="yes")),
        ):
            save_value(session, key, typed_value, get_case(session, key).version, by(None, NOW))
    list_of_one = "/console/values/?period=2026&q=CTM_5"
    page = analyst.get(list_of_one).text
    assert ("1 row" in page, "+1.5</td>" in page, 'name="q"' in page) == (True, True, True)
    assert f"/console/values/{YES_NO}" not in page
    rows = analyst.get(f"{list_of_one}&as=csv").data.decode("utf-8-sig").splitlines()
    assert rows[1].split(",")[2:8] == ["60", "61.5", "", "1.5", "own records", "0"]
    of_yes = analyst.get("/console/values/?period=2026&q=ctm_1&as=csv").data.decode("utf-8-sig").splitlines()
    assert [row.split(",")[-7] for row in of_yes[1:] if row.startswith("ctm_1,")] == ["yes"]
    assert "ctm_5" in analyst.get("/console/values/?period=2026&q=ctm").text
