"""Lists: pages by key, filters and order by the address, files of exactly what is filtered, what an empty list says."""

import csv
import re
from io import BytesIO, StringIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from app.accounts.permissions import Role
from app.audit.models import JournalRow
from app.database import Database
from app.web.console import exports, tables
from app.workspace.models import SavedView
from tests.app.web.console.conftest import MOST_STATEMENTS, Browser, SignIn
from tests.app.web.console.lists import add_lists, make_views
from tests.builders.statements import statements_of

MANY = 120


@pytest.fixture
def browser(console: Flask, sign_in: SignIn, database: Database) -> Browser:
    add_lists(console)
    browser = sign_in(Role.ANALYST)
    assert browser.person
    with database.writing() as session:
        make_views(session, browser.person.id, MANY)
    return browser


def numbers(text: str) -> list[int]:
    return [int(found) for found in re.findall(r'id="row-(\d+)"', text)]


def link(text: str, rel: str) -> str:
    found = re.search(rf'href="([^"]+)" rel="{rel}"', text)
    return found[1].replace("&amp;", "&") if found else ""


@pytest.mark.parametrize("order", ["", "sort=name", "sort=-name", "sort=number", "sort=-number", "sort=nothing"])
@pytest.mark.parametrize("filters", ["", "shared=1", "text=VIEW&shared=1&shared=0"])
def test_turning_the_pages_shows_every_row_once_and_back_again(browser: Browser, order: str, filters: str) -> None:
    address, pages = f"/console/test/?{filters}&{order}", []
    while address:
        text = browser.get(address).text
        pages.append(numbers(text))
        last, address = text, link(text, "next")
    whole = [number for page in pages for number in page]
    assert len(whole) == len(set(whole)) == (40 if filters == "shared=1" else MANY)
    back = [pages[-1]]
    while address := link(last, "prev"):
        last = browser.get(address).text
        back.append(numbers(last))
    assert back[::-1] == pages
    if order in {"sort=name", "sort=-name"}:
        assert whole == sorted(whole, reverse=order == "sort=-name")


def test_a_row_that_comes_meanwhile_moves_no_other_to_the_next_page(browser: Browser, database: Database) -> None:
    first = browser.get("/console/test/?sort=-name").text
    assert browser.person
    with database.writing() as session:
        session.add(SavedView(staff=browser.person.id, city=None, name="=view 99999", address="/", shared=False))
    assert numbers(browser.get(link(first, "next")).text)[0] == numbers(first)[-1] - 1


@pytest.mark.parametrize("cursor", ["x", "W10", "WzEsMl0", "bnVsbA", "WyJhIl0", "%00", "WzFlOTk5XQ"])
def test_a_place_that_is_none_shows_the_first_page(browser: Browser, cursor: str) -> None:
    assert numbers(browser.get(f"/console/test/?after={cursor}").text)[0] == 1


def test_filters_stand_in_their_fields_and_in_every_link(browser: Browser) -> None:
    text = browser.get("/console/test/?shared=1&text=view&sort=-number&mine=x").text
    assert 'value="view"' in text
    assert '<option value="1" selected>with the city</option>' in text
    assert "40 rows" in text
    assert 'href="/console/test/?shared=1&amp;text=view&amp;mine=x&amp;sort=-number&amp;as=csv"' in text
    assert 'aria-sort="descending"' in text


@pytest.mark.parametrize(("text", "found"), [("%", 60), ("_", 60), ("жол", 60), ("view 00001", 1), ("'\"\\", 0)])
def test_a_search_takes_signs_as_themselves(browser: Browser, text: str, found: int) -> None:
    page = browser.get("/console/test/", query_string={"text": text}).text
    assert f"{found} row" in page


@pytest.mark.parametrize("typed", ["әкімдік", "ӘКІМДІК", "Әкімдік", "ЖЕҢІС", "жеңіс", "женис", "ЖЕНИС"])
def test_a_search_finds_letters_large_or_small_on_every_database(
    browser: Browser, database: Database, typed: str
) -> None:
    assert browser.person
    with database.writing() as session:
        for name in ("ӘКІМДІК", "әкімдік", "Жеңіс даңғылы", "пр. ЖЕҢІС", "Женис", "ЖЕНИС"):
            view = SavedView(staff=browser.person.id, city=None, name=name, address="/", shared=False)
            session.add(view)
    page = browser.get("/console/test/", query_string={"text": typed}).text
    assert "2 rows" in page


def test_paper_says_that_it_has_not_all_rows_and_leads_to_the_others(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "the others are on other pages and in the files"
    assert words not in browser.get("/console/test/?as=print").text
    monkeypatch.setattr(tables, "PRINTED", 100)
    page = browser.get("/console/test/?as=print").text
    assert f"This page has 100 rows of them; {words}." in page
    assert f"{MANY} rows" in page
    rest = browser.get(link(page, "next")).text
    assert numbers(page) + numbers(rest) == list(range(1, MANY + 1))
    assert f"This page has 20 rows of them; {words}." in rest
    assert words not in browser.get("/console/test/").text, "a page to be turned needs no such word"


def test_an_empty_list_says_which_filter_hides_what(browser: Browser) -> None:
    page = browser.get("/console/test/?shared=1&text=00001").text
    assert "Nothing matches." in page
    assert "1 is hidden by the filter “Shared”:" in page
    assert "40 are hidden by the filter “Search”:" in page
    assert 'href="/console/test/?text=00001">show' in page


def test_a_list_without_rows_says_what_the_subject_says(console: Flask, sign_in: SignIn) -> None:
    add_lists(console)
    page = sign_in(Role.ANALYST).get("/console/test/").text
    assert "No view is kept yet." in page
    assert "Nothing matches" not in page


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_holds_exactly_what_is_filtered_and_no_formula(browser: Browser, database: Database, kind: str) -> None:
    answer = browser.get(f"/console/test/?shared=1&sort=-name&as={kind}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="views-2026-11-24.{kind}"'
    if kind == "csv":
        lines = list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))
        assert [row[3] for row in lines[1:]] == [str(number) for number in range(MANY, 0, -3)]
        assert lines[1][2] == "2027-03-24"
    else:
        sheet = load_workbook(BytesIO(answer.data)).active
        assert sheet
        cells = list(sheet.iter_rows())
        assert [row[3].value for row in cells[1:]] == list(range(MANY, 0, -3))
        assert {cell.data_type for row in cells for cell in row} == {"s", "n", "d"}
        lines = [[cell.value for cell in row] for row in cells]
    assert lines[0] == ["Name", "Address", "Day", "Number"]
    assert str(lines[1][0]).startswith("'=view 00120")
    with database.reading() as session:
        (row,) = session.scalars(select(JournalRow).where(JournalRow.event == "list.exported"))
    assert row.detail == f'{{"filters":"shared","kind":"{kind}","rows":40}}'


def test_a_page_to_print_has_all_rows(browser: Browser) -> None:
    assert len(numbers(browser.get("/console/test/?as=print").text)) == MANY


def test_a_page_costs_no_more_statements_than_it_may(browser: Browser, database: Database) -> None:
    with statements_of(database) as statements:
        browser.get("/console/test/?shared=1&text=nothing")
    assert len(statements) == 4 + 1, statements  # who asks, the total, the rows, what is hidden, notices
    assert len(statements) <= MOST_STATEMENTS


def test_the_statement_asks_for_one_page(browser: Browser, database: Database) -> None:
    with statements_of(database) as statements:
        browser.get("/console/test/")
    assert any("LIMIT" in statement for statement in statements)


def test_a_file_is_whole_or_refused(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST", MANY)
    assert browser.get("/console/test/?as=csv").status_code == 200
    monkeypatch.setattr(exports, "MOST", MANY - 1)
    assert browser.get("/console/test/?as=csv").status_code == 413
