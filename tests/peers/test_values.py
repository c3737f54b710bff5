"""What went wrong at peers where values are entered and decided (DESK §21)."""

import pytest
from flask import Flask

from app.accounts.permissions import Role
from app.database import Database
from app.indicators.cases import get_case
from app.indicators.queries import current_values
from tests.app.web.console.conftest import SignIn
from tests.app.web.console.test_values import RATE, YES_NO, open_year, typed
from tests.builders.cases import REASON


def test_gsa_748_a_form_that_comes_back_empty_deletes_no_value(
    console: Flask, sign_in: SignIn, database: Database
) -> None:
    assert console
    open_year(database, "2026", ("aktau",))
    analyst = sign_in(Role.ANALYST, "aktau")
    assert typed(analyst, RATE, answer="number", value="61,5").status_code == 303
    assert typed(analyst, YES_NO, answer="yes").status_code == 303
    for emptied in ({}, {"answer": ""}, {"answer": "number"}, {"answer": "number", "value": " "}):
        for key in (RATE, YES_NO):
            assert typed(analyst, key, **emptied).status_code == 422
    with database.reading() as session:
        assert [row.numerator for row in current_values(session, "2026", "latest")] == [1, 123]


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MODERATOR, Role.LEAD, Role.PUBLISHER, Role.AUDITOR, Role.ADMIN])
def test_dhis2_9063_who_may_send_may_not_undo_a_decision(
    console: Flask, sign_in: SignIn, database: Database, role: Role
) -> None:
    assert console
    open_year(database, "2026", ("aktau",))
    with database.reading() as session:
        before = get_case(session, YES_NO)
    browser = sign_in(role, "aktau" if role in {Role.ANALYST, Role.MODERATOR, Role.LEAD} else None)
    answer = browser.send(f"/console/values/{YES_NO}/reopen", {"version": "1", "reason": REASON})
    assert answer.status_code == 403
    sends = browser.send("/console/values/2026/aktau/send", {"version": f"{YES_NO.indicator}:1"})
    assert (sends.status_code == 403) == (role is not Role.LEAD)
    with database.reading() as session:
        assert get_case(session, YES_NO) == before


def test_freescout_2873_5482_the_second_of_two_at_one_value_sees_both_and_overwrites_nothing(
    console: Flask, sign_in: SignIn, database: Database
) -> None:
    assert console
    open_year(database, "2026", ("aktau",))
    analyst, lead = sign_in(Role.ANALYST, "aktau"), sign_in(Role.LEAD, "aktau", name="Serik Bolat")
    assert typed(lead, RATE, answer="number", value="50", source="theirs").status_code == 303
    page = analyst.send(f"/console/values/{RATE}", {"version": "1", "answer": "number", "value": "60", "note": "mine"})
    assert page.status_code == 409
    assert [text for text in ("theirs", "Serik Bolat", "mine", 'value="60"') if text not in page.text] == []
    with database.reading() as session:
        assert [(row.numerator, row.denominator) for row in current_values(session, "2026", "latest")] == [(50, 1)]


def test_thunderbird_conversations_730_no_page_with_a_form_draws_itself_anew(
    console: Flask, sign_in: SignIn, database: Database
) -> None:
    assert console
    open_year(database, "2026", ("aktau",))
    analyst, lead = sign_in(Role.ANALYST, "aktau"), sign_in(Role.LEAD, "aktau")
    told = []
    for browser, address in (
        (analyst, f"{RATE}"),
        (analyst, ""),
        (lead, "2026/aktau/send"),
        (analyst, f"{RATE}/evidence"),
    ):
        page = browser.get(f"/console/values/{address}", follow_redirects=True)
        assert page.status_code == 200
        told += [address] * ('http-equiv="refresh"' in page.text.lower() or "Refresh" in page.headers)
    assert told == []
