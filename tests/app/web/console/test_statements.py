"""The dearest pages of one thing: a value with everything on it, its examination, a publication and what came after it.

Each asks the database no more than any page may, however much there is to show.
"""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts.queries import get_person
from app.database import Database
from app.indicators import cases
from app.indicators.cases import get_case
from app.indicators.drafts import TypedValue, save_value
from app.indicators.evidence import Label, Vault, add_evidence, keep_file, withdraw_evidence
from app.indicators.evidence_files import check_file
from app.indicators.keys import CaseKey
from app.indicators.returns import ReturnOrder, send_return
from app.indicators.states import State
from app.web import site
from tests.app.web.console.conftest import MOST_STATEMENTS, Browser, browser_of
from tests.builders.cases import REASON
from tests.builders.examination import (
    ACCEPTED,
    RETURNED,
    People,
    actor,
    make_address,
    make_people,
    make_person,
    open_for,
    say,
)
from tests.builders.papers import make_pdf
from tests.builders.staff import TODAY
from tests.builders.statements import statements_of

RATE = CaseKey("2026", "aktau", "ctm_5")
OTHER = RATE._replace(city="oral")
PAGE, CASE, SPLIT = f"/console/values/{RATE}", f"/console/assess/{RATE}", f"/console/assess/split/{RATE}"


def send_number(session: Session, key: CaseKey, people: People, number: str) -> None:
    if key != RATE:
        session.add(make_address(key, people.analyst))
    save_value(session, key, TypedValue(value=number), get_case(session, key).version, actor(people.analyst))
    versions = {key.indicator: get_case(session, key).version}
    send_return(session, ReturnOrder(key.period, key.city, versions), actor(people.lead), missing=0, bulk="bulk")


def add_file(session: Session, app: Flask, key: CaseKey, people: People, words: str) -> int:
    file = check_file(f"{words}.pdf", make_pdf(words))
    kept = keep_file(Vault(site.services_of(app).settings.evidence, ""), file)
    return add_evidence(session, key, Label(words), kept, actor(people.analyst))


def live_through(session: Session, app: Flask, people: People, rounds: int) -> None:
    """Let a value be accepted once, and then opened, changed, returned by rounds; each has papers and verdicts."""
    for number in range(1, rounds + 1):
        add_file(session, app, RATE, people, f"paper {number}")
        gone = add_file(session, app, RATE, people, f"gone {number}") if number < 3 else 0
        send_number(session, RATE, people, f"{160 + number}")
        first, second = (ACCEPTED, ACCEPTED) if number == 1 else (RETURNED, RETURNED)
        for assessor, word in ((people.one, first), (people.two, second)):
            say(session, RATE, assessor, word)
        if gone and get_case(session, RATE).state is not State.ACCEPTED:
            withdraw_evidence(session, RATE, gone, actor(people.analyst))
        if number == 1:
            version = get_case(session, RATE).version
            version = cases.ask_to_reopen(session, RATE, version, REASON, actor(people.lead)).version
            cases.reopen(session, RATE, version, REASON, actor(people.one))


def typing_again(session: Session, people: People) -> None:
    save_value(session, RATE, TypedValue(value="170"), get_case(session, RATE).version, actor(people.analyst))


def sent_again(session: Session, people: People) -> None:
    send_number(session, RATE, people, "171")


def half_examined(session: Session, people: People) -> None:
    sent_again(session, people)
    say(session, RATE, people.one, ACCEPTED)


def split(session: Session, people: People) -> None:
    half_examined(session, people)
    say(session, RATE, people.two, RETURNED)


def accepted_again(session: Session, people: People) -> None:
    half_examined(session, people)
    say(session, RATE, people.two, ACCEPTED)


def asked_for(session: Session, people: People) -> None:
    accepted_again(session, people)
    cases.ask_to_reopen(session, RATE, get_case(session, RATE).version, REASON, actor(people.lead))


ENDS = [typing_again, sent_again, half_examined, split, accepted_again, asked_for]


@pytest.fixture
def people(console: Flask, database: Database) -> People:
    assert console
    with database.writing() as session:
        for year in ("2024", "2025"):
            open_for(session, "aktau", "oral", period=year)
        people = make_people(session)
        for year in ("2024", "2025"):
            send_number(session, RATE._replace(period=year), people, "60")
        send_number(session, OTHER, people, "70")
        for assessor in (people.one, people.two):
            say(session, OTHER, assessor, ACCEPTED)
    return people


def browsers(app: Flask, database: Database, people: People) -> dict[str, Browser]:
    with database.writing() as session:
        made = {role: make_person(session, role, role) for role in ("auditor", "publisher")}
    staff = {"analyst": people.analyst, "lead": people.lead, "assessor": people.one, "third": people.three} | made
    with database.reading() as session:
        persons = {name: get_person(session, number, TODAY) for name, number in staff.items()}
    return {name: browser_of(app, person) for name, person in persons.items() if person}


@pytest.mark.parametrize("rounds", [2, 5])
@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_a_value_with_everything_on_it_costs_no_more_than_any_page(
    console: Flask, database: Database, people: People, end: Callable[[Session, People], None], rounds: int
) -> None:
    with database.writing() as session:
        live_through(session, console, people, rounds)
        end(session, people)
    dear, seen = [], {}
    for who, browser in browsers(console, database, people).items():
        for kept in ({"draft": f"value|{RATE}", "answer": "number", "value": "6"}, {"draft": f"at|{CASE}"}):
            assert browser.send("/console/drafts/keep", kept | {"note": "half of it"}).status_code == 204
        for address in (PAGE, f"{PAGE}/evidence", CASE, SPLIT):
            browser.get(address)
            with statements_of(database) as statements:
                seen[who, address] = browser.get(address).text
            if len(statements) > MOST_STATEMENTS:
                dear.append(f"{who} {address}: {len(statements)}\n" + "\n".join(each[:300] for each in statements))
    assert dear == [], "\n\n".join(dear)
    for words in ("outside its range", "2024 (not accepted)", "from 70% to 70%", "paper 1"):
        assert words in seen["lead", PAGE], words
    if end is typing_again:
        assert "half of it" in seen["lead", PAGE]
    if end in (sent_again, half_examined):
        assert "half of it" in seen["third", CASE]
