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
