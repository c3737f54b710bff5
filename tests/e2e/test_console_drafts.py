"""What is typed into a value is never lost in a real browser: kept by script, past a session's end, asked about."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import delete, select, update

from app.accounts.models import LoginSession
from app.accounts.permissions import Role
from app.accounts.sessions import open_session
from app.clock import FrozenClock, SystemClock
from app.config import Settings
from app.database import Database
from app.web.console_site import create_console
from app.workspace.models import FormDraft
from tests.builders.cases import RATE, open_small_period
from tests.e2e.console import come_in, served

pytestmark = pytest.mark.e2e
VALUE = f"/console/values/{RATE}"
LINES = {
    "kk": "Қарағандының балабақшаларында кезек ұзақ; «Үміт» — таңба & <b>.\n",
    "ru": 'В детских садах Караганды длинная очередь; «ё» и "кавычки".\n',
}
LETTERS = 2_000
"""As many are typed; a note itself takes 400, which its form says when it is saved."""


@pytest.fixture
def console(sqlite: Database, settings: Settings, clock: FrozenClock) -> Flask:
    with sqlite.writing() as session:
        open_small_period(session)
    return create_console(settings, sqlite, clock)


@pytest.fixture
def base(console: Flask) -> Iterator[str]:
    with served(console) as address:
        yield address


def at_form(page: Page, base: str, language: str) -> str:
    """Open the form and type more into the note than its field lets in by keyboard."""
    page.goto(base + VALUE)
    text = (LINES[language] * 40)[:LETTERS]
    page.locator("[name=note]").evaluate("field => field.removeAttribute('maxlength')")
    page.fill("[name=note]", text)
    return text


def note_of(page: Page) -> str:
    return page.input_value("[name=note]")


@pytest.mark.parametrize("way", [("kk", True), ("ru", True), ("kk", False), ("ru", False)])
def test_what_is_typed_while_the_session_ends_stands_in_the_form_after_signing_in(
    console: Flask, base: str, chromium: Browser, sqlite: Database, way: tuple[str, bool]
) -> None:
    """DESK §20 row 18, with script and without."""
    language, script = way
    context = chromium.new_context(java_script_enabled=script)
    person = come_in(console, context, base, Role.ANALYST, language=language)
    page = context.new_page()
    if script:
        text = at_form(page, base, language)
    else:
        page.goto(base + VALUE)
        text = LINES[language] * 6
        page.fill("[name=note]", text)
    with sqlite.writing() as session:
        session.execute(update(LoginSession).values(seen_at=SystemClock().now().replace(year=2026, month=1, day=1)))
    page.locator("form[data-value] button.primary").first.click()
    page.wait_for_url("**/console/sign-in?**")
    sign_in_again(sqlite, page, base, person.id)
    page.goto(base + VALUE)
    assert note_of(page) == text
    assert page.locator(".said.warned").count() >= 1
    context.close()


@pytest.mark.parametrize("language", LINES)
def test_what_is_typed_while_the_session_is_taken_away_is_put_into_the_form_again(
    console: Flask, base: str, chromium: Browser, sqlite: Database, language: str
) -> None:
    context = chromium.new_context()
    person = come_in(console, context, base, Role.ANALYST, language=language)
    page = context.new_page()
    text = at_form(page, base, language)
    with sqlite.writing() as session:
        session.execute(delete(LoginSession))
    page.locator("form[data-value] button.primary").first.click()
    page.wait_for_selector("input[name=draft_page]", state="attached")
    sign_in_again(sqlite, page, base, person.id)
    page.locator("main button.primary").click()
    page.wait_for_selector("[name=note]")
    assert note_of(page) == text
    context.close()


def test_a_script_keeps_what_is_typed_and_asks_before_it_is_left(
    console: Flask, base: str, chromium: Browser, sqlite: Database
) -> None:
    context = chromium.new_context()
    come_in(console, context, base, Role.ANALYST, language="kk")
    page = context.new_page()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.clock.install()
    text = at_form(page, base, "kk")
    page.locator("[name=note]").press("End")
    page.goto(f"{base}/console/")
    assert asked == ["beforeunload"]
    text = at_form(page, base, "kk")
    with page.expect_response("**/console/drafts/keep") as kept:
        page.clock.fast_forward(11_000)
    assert kept.value.status == 204
    with sqlite.reading() as session:
        (row,) = session.scalars(select(FormDraft))
    assert text[:20].encode() not in row.sealed
    page.goto(f"{base}/console/")
    assert asked == ["beforeunload"], "what is kept may be left"
    page.goto(base + VALUE)
    assert note_of(page) == text
    context.close()


def sign_in_again(database: Database, page: Page, base: str, staff: int) -> None:
    """Let the browser hold a new session of the same person, as signing in gives one."""
    with database.writing() as session:
        token = open_session(session, staff, SystemClock().now(), "Test")
    page.context.add_cookies([{"name": "console", "value": token, "url": f"{base}/console"}])
