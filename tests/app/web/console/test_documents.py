"""Documents of cities at the console: kept by the city, released by its lead, replaced and withdrawn."""

from typing import Any

import pytest
from flask import Flask

from app.accounts.permissions import Role
from app.database import Database
from app.initiatives import documents
from tests.app.web.console.conftest import MOST_STATEMENTS, SignIn
from tests.app.web.console.test_initiatives import words_of
from tests.builders import initiatives as make
from tests.builders.examination import actor
from tests.builders.initiatives import CITY
from tests.builders.statements import statements_of

PAGE = "/console/documents/"
TYPED: dict[str, Any] = {
    **make.typed_document().texts,
    "document_day": "2026-03-01",
    "is_approved": "y",
    "approved_on": "2026-03-20",
}


def version(database: Database, number: int = 1) -> str:
    with database.reading() as session:
        return str(documents.find_document(session, CITY, number).version)


def test_a_strategy_is_kept_released_replaced_and_withdrawn(
    console: Flask, database: Database, sign_in: SignIn
) -> None:
    analyst, lead, reviewer = sign_in(Role.ANALYST), sign_in(Role.LEAD), sign_in(Role.REVIEWER)
    made = analyst.send(f"{PAGE}{CITY}/new", TYPED)
    assert made.location == f"{PAGE}{CITY}/1"
    assert reviewer.get(made.location).status_code == 404, "a draft is its city's"
    assert analyst.send(made.location, TYPED | {"decision": "13/7", "version": "1"}).status_code == 303
    assert analyst.send(f"{made.location}/release", {"version": "2"}).status_code == 403
    assert "Aktau" in words_of(reviewer.get(PAGE)).partition("Strategy – ")[2]
    assert lead.send(f"{made.location}/release", {"version": "2"}).status_code == 303
    assert "Aktau" not in words_of(reviewer.get(PAGE)).partition("Strategy – ")[2].partition("Architecture")[0]
    told = words_of(reviewer.get(made.location))
    assert "Maslikhat of Aktau, March 20, 2026, 13/7" in told
    lead.send(f"{PAGE}{CITY}/new", TYPED | {"title_en": "Strategy to 2035", "replaces": "1"})
    lead.send(f"{PAGE}{CITY}/2/release", {"version": "1"})
    assert "replaced" in words_of(reviewer.get(made.location))
    short = lead.send(f"{PAGE}{CITY}/2/withdraw", {"version": version(database, 2), "reason_kk": "Қате"})
    assert short.status_code == 422
    assert "Қате" in short.text
    reasons = {"reason_kk": "Қате құжат жарияланған еді", "reason_ru": "Был опубликован не тот документ"}
    done = lead.send(f"{PAGE}{CITY}/2/withdraw", {"version": version(database, 2)} | reasons)
    assert done.status_code == 303
    assert "Был опубликован не тот документ" in words_of(reviewer.get(f"{PAGE}{CITY}/2"))
    assert console


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title_en": ""}, "Please fill this in."),
        ({"address": "http://aktau.kz/x.pdf"}, "Please write a whole address that begins with https://"),
        ({"address": "https://admin@aktau.kz/x"}, "Please write a whole address that begins with https://"),
        ({"document_day": "2027-01-01"}, "This day is still to come."),
        ({"document_day": ""}, "Please give the day."),
        ({"approved_by_kk": ""}, "Please fill this in."),
        ({"kind": "letter"}, "Please choose."),
        ({"until_year": "soon"}, "Please write a whole number"),
        ({"replaces": "7"}, "This document cannot be replaced"),
    ],
)
def test_a_refused_document_stands_in_the_form_again(
    console: Flask, sign_in: SignIn, changes: dict[str, Any], words: str
) -> None:
    answer = sign_in(Role.ANALYST).send(f"{PAGE}{CITY}/new", TYPED | changes)
    assert answer.status_code == 422
    assert words in words_of(answer)
    assert "Стратегия «Умный Актау»" in answer.text
    assert console


def test_a_draft_is_given_up_and_two_who_change_one_see_both(
    console: Flask, database: Database, sign_in: SignIn
) -> None:
    analyst, lead = sign_in(Role.ANALYST), sign_in(Role.LEAD)
    analyst.send(f"{PAGE}{CITY}/new", TYPED)
    analyst.send(f"{PAGE}{CITY}/1", TYPED | {"decision": "1/1", "version": "1"})
    both = lead.send(f"{PAGE}{CITY}/1", TYPED | {"decision": "2/2", "version": "1"})
    assert both.status_code == 409
    assert {"1/1", "2/2"} <= set(words_of(both).split())
    assert lead.send(f"{PAGE}{CITY}/1/remove", {"version": "1"}).location == f"{PAGE}{CITY}/1"
    assert lead.send(f"{PAGE}{CITY}/1/remove", {"version": "2"}).location == PAGE
    assert lead.get(f"{PAGE}{CITY}/1").status_code == 404
    assert console
    assert database


def test_pages_need_no_more_statements_whatever_the_rows(console: Flask, database: Database, sign_in: SignIn) -> None:
    lead, auditor = sign_in(Role.LEAD), sign_in(Role.AUDITOR)
    assert lead.person
    with database.writing() as session:
        for number in range(30):
            made = make.keep_document(session, CITY, lead.person.id, decision=str(number))
            if number % 2:
                make.release(session, CITY, made, actor(lead.person.id))
    dear = []
    for who in (lead, auditor):
        for page in (PAGE, f"{PAGE}{CITY}/1", f"{PAGE}{CITY}/2", f"{PAGE}{CITY}/new"):
            who.get(page)
            with statements_of(database) as statements:
                who.get(page)
            dear += [f"{page}: {len(statements)}"] * (len(statements) > MOST_STATEMENTS)
    assert dear == []
    assert console
