"""Defects that other products' desks had, on the console's own parts: none of them may come back here."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.accounts.models import RoleGrant
from app.accounts.permissions import Role
from app.audit.models import JournalRow
from app.database import Database
from app.workspace.models import SavedView
from tests.app.web.console.conftest import Browser, SignIn, kept_by
from tests.app.web.console.lists import add_lists, make_views
from tests.builders.sites import replace_services

LIST = "/console/test/?text=view&sort=-name"
CHOOSE = "/console/test/bulk/views.share"
Works = list[Callable[[], None]]


@pytest.fixture
def works(console: Flask) -> Works:
    """Long work that was ordered."""
    ordered: Works = []
    replace_services(console, worker=kept_by(console, ordered))
    return ordered


@pytest.fixture
def browser(console: Flask, sign_in: SignIn, works: Works, database: Database) -> Browser:
    """Somebody at a list of 260 rows, none of them shared; what is long waits in `works`."""
    assert works == []
    add_lists(console)
    browser = sign_in(Role.ANALYST)
    assert browser.person
    with database.writing() as session:
        make_views(session, browser.person.id, 260)
        session.execute(update(SavedView).values(shared=False))
    return browser


def confirmed(browser: Browser, **choice: object) -> tuple[str, str]:
    """Choose and confirm; gives what the confirmation said, and where it led."""
    confirmation = browser.send(CHOOSE, {"back": LIST, **choice}).location or ""
    page = browser.get(confirmation).text
    return page, browser.send(confirmation, {"note": "why"}).location or ""


def count_shared(database: Database) -> int:
    with database.reading() as session:
        return session.execute(select(func.count()).where(SavedView.shared)).scalar_one()


def test_decidim_12903_filter_order_and_selection_are_there_after_an_action(browser: Browser) -> None:
    _said, after = confirmed(browser, ids=["260", "259"])
    assert after.startswith(f"{LIST}&done=")
    page = browser.get(after).text
    assert 'value="view"' in page
    assert re.findall(r'value="(\d+)" checked', page) == ["260", "259"]


def test_kpi_1395_all_that_match_are_more_than_the_page(browser: Browser, works: Works, database: Database) -> None:
    said, _after = confirmed(browser, scope="all")
    assert "Share 260 views?" in said
    works[0]()
    assert count_shared(database) == 260


def test_kpi_1520_the_confirmation_names_the_number_that_will_change(browser: Browser, database: Database) -> None:
    with database.writing() as session:
        session.execute(update(SavedView).where(SavedView.id <= 3).values(shared=True))
    said, _after = confirmed(browser, ids=["1", "2", "3", "4"])
    assert "Share 1 views?" in said
    assert "<li>3 – already shared</li>" in said


def test_kpi_2189_what_was_set_can_be_unset(browser: Browser, database: Database) -> None:
    _said, after = confirmed(browser, ids=["5"])
    undo = re.search(r'action="(/console/tasks/\w+/undo)"', browser.get(after).text)
    assert undo
    browser.send(undo[1])
    assert count_shared(database) == 0


def test_zammad_1107_the_result_says_how_many_of_how_many(browser: Browser) -> None:
    _said, after = confirmed(browser, ids=[str(number) for number in range(1, 41)])
    assert "Done: 40 of 40." in browser.get(after).text


def test_dhis2_11288_nothing_is_noted_of_what_did_not_change(browser: Browser, database: Database) -> None:
    with database.writing() as session:
        session.execute(update(SavedView).where(SavedView.id == 1).values(shared=True))
    confirmed(browser, ids=["1", "2"])
    with database.reading() as session:
        rows = session.scalars(select(JournalRow.object_id).where(JournalRow.event == "view.shared")).all()
    assert rows == ["2"]


@pytest.mark.usefixtures("works")
def test_fms_4051_a_right_that_was_taken_holds_no_request_longer(browser: Browser, database: Database) -> None:
    assert browser.get(LIST).status_code == 200
    with database.writing() as session:
        session.execute(update(RoleGrant).values(revoked=True))
    assert browser.get(LIST).status_code == 403
    assert browser.send(CHOOSE, {"ids": ["1"], "back": LIST}).status_code == 403
