"""The list of values by keys: E opens the form of a value, X chooses it and S asks before it is sent; on any layout."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from app.accounts.sessions import open_session
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.indicators.cases import get_case
from app.indicators.drafts import TypedValue, save_value
from app.indicators.states import State
from app.web import site
from app.web.console_site import create_console
from tests.builders.examination import KEY, actor, make_address, make_people
from tests.e2e.console import served
from tests.e2e.test_console_assess import PRESS

pytestmark = pytest.mark.e2e
DRAFT = KEY._replace(indicator="hlt_2")
CYRILLIC = {"KeyJ": "о", "KeyE": "у", "KeyX": "ч", "KeyS": "ы"}


@pytest.fixture
def base(sqlite: Database, settings: Settings, clock: FrozenClock, context: BrowserContext) -> Iterator[str]:
    """Serve a console to the lead of a city that has one draft with its paper."""
    with sqlite.writing() as session:
        people = make_people(session)
        save_value(session, DRAFT, TypedValue("yes"), get_case(session, DRAFT).version, actor(people.analyst))
        session.add(make_address(DRAFT, people.analyst))
    app: Flask = create_console(settings, sqlite, clock)
    with served(app) as address:
        with sqlite.writing() as session:
            token = open_session(session, people.lead, site.services_of(app).clock.now(), "Test")
        context.add_cookies([{"name": "console", "value": token, "url": f"{address}/console"}])
        yield address


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(reduced_motion="reduce")
    yield made
    made.close()


def press(page: Page, code: str, *, cyrillic: bool) -> None:
    page.evaluate(PRESS, [code, CYRILLIC[code] if cyrillic else code[-1].lower()])


def open_list(page: Page, base: str) -> None:
    page.goto(f"{base}/console/values/?period={KEY.period}&state=draft")
    page.locator("[data-open]").first.focus()


@pytest.mark.parametrize("cyrillic", [False, True], ids=["latin", "cyrillic"])
def test_e_opens_a_value_and_s_asks_to_send_what_is_chosen(
    base: str, context: BrowserContext, sqlite: Database, cyrillic: bool
) -> None:
    page = context.new_page()
    open_list(page, base)
    with page.expect_navigation():
        press(page, "KeyE", cyrillic=cyrillic)
    assert page.url.partition("?")[0] == f"{base}/console/values/{DRAFT}"
    open_list(page, base)
    press(page, "KeyX", cyrillic=cyrillic)
    assert page.locator("tbody input:checked").count() == 1
    with page.expect_navigation():
        press(page, "KeyS", cyrillic=cyrillic)
    assert f"/console/values/{KEY.period}/{KEY.city}/send" in page.url
    assert "ids=" in page.url, "what was ticked is sent along"
    assert "hlt_2" in page.content()
    with sqlite.reading() as session:
        assert get_case(session, DRAFT).state is State.DRAFT  # nothing is sent before it is confirmed


def test_a_key_in_a_field_is_a_letter(base: str, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{base}/console/values/{DRAFT}")
    field = page.locator("textarea, input[type=text]").first
    field.focus()
    before = field.input_value()
    page.keyboard.type("es")
    assert field.input_value() == f"{before}es"
    assert page.url == f"{base}/console/values/{DRAFT}"
