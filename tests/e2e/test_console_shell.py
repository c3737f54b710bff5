"""The parts that every page of the console is made of, looked at and used by keyboard; the list is one of the tests."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from app.accounts.permissions import Role
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.web.console_site import create_console
from tests.app.web.console.lists import add_lists, make_views
from tests.builders.staff import make_staff
from tests.e2e.console import come_in, served
from tests.e2e.looking import LOOKED_AT_IN, Looker, Windows

pytestmark = pytest.mark.e2e
LIST = "/console/test/?shared=0&shared=1&sort=-name"


@pytest.fixture
def console(sqlite: Database, settings: Settings, clock: FrozenClock) -> Flask:
    app = create_console(settings, sqlite, clock)
    add_lists(app)
    with sqlite.writing() as session:
        make_views(session, make_staff(session, Role.ADMIN).id, 320)
    return app


@pytest.fixture
def base(console: Flask) -> Iterator[str]:
    with served(console) as address:
        yield address


@pytest.fixture
def windows(chromium: Browser) -> Iterator[Windows]:
    windows = Windows(chromium)
    yield windows
    windows.close()


@pytest.mark.parametrize("language", LOOKED_AT_IN)
def test_every_part_is_drawn_for_everybody(console: Flask, base: str, windows: Windows, language: str) -> None:
    with windows.looking(language) as looker:
        come_in(console, looker.page.context, base, Role.LEAD, language=language, name="Айгерім Сапарова")
        walk(looker, base)


def walk(looker: Looker, base: str) -> None:
    page = looker.page

    def see(name: str, address: str = "") -> None:
        if address:
            page.goto(base + address)
        looker.look(f"console-{name}")

    see("home", "/console/")
    see("missing", "/console/nothing")
    see("forbidden", "/console/staff")
    see("list", LIST)
    see("nothing", "/console/test/?text=nothing")
    page.goto(base + LIST)
    page.get_by_role("checkbox").nth(0).check()
    page.locator("#bulk button.small").click()
    see("confirm")
    page.locator("form.form button.primary").click()
    see("wrong")
    page.fill("#note", "why")
    page.locator("form.form button.primary").click()
    see("finished")
    page.locator('input[value="all"]').check()
    page.locator("#bulk button.small").click()
    page.fill("#note", "why")
    page.locator("form.form button.primary").click()
    see("progress", page.url.removeprefix(base) + "?still=1")


def focused_row(page: Page) -> str:
    return str(page.evaluate("document.activeElement.closest('[data-row]')?.id ?? document.activeElement.tagName"))


CYRILLIC = {"KeyJ": "о", "KeyK": "л", "KeyX": "ч", "KeyG": "п", "KeyH": "р", "Slash": "."}
PRESS = """([code, key, more]) => document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", { code, key, bubbles: true, cancelable: true, ...more }))"""


def press(page: Page, code: str, **more: bool) -> None:
    """Press a key as a Cyrillic layout reports it."""
    page.evaluate(PRESS, [code, CYRILLIC[code], more])


def test_keys_are_those_of_the_place_whatever_the_layout(console: Flask, base: str, chromium: Browser) -> None:
    context = chromium.new_context()
    come_in(console, context, base, Role.LEAD)
    page = context.new_page()
    page.goto(f"{base}/console/test/")
    press(page, "KeyX")
    assert focused_row(page) == "BODY", "keys do nothing while neither list nor card has the focus"
    press(page, "KeyJ")
    assert focused_row(page) == "row-1", "but the first J leads into the list"
    page.locator("[data-list]").focus()
    for code, row in (("KeyJ", "row-1"), ("KeyJ", "row-2"), ("KeyJ", "row-3"), ("KeyK", "row-2")):
        press(page, code)
        assert focused_row(page) == row
    press(page, "KeyX", ctrlKey=True)
    assert page.locator("tbody :checked").count() == 0, "never with another key held"
    press(page, "KeyX")
    assert page.locator("#row-2 :checked").count() == 1
    press(page, "Slash")
    assert page.evaluate("document.activeElement.id") == "filter-text"
    press(page, "KeyJ")
    assert page.evaluate("document.activeElement.id") == "filter-text", "never in a field"
    page.locator("#row-2 a").focus()
    press(page, "Slash", shiftKey=True)
    assert page.locator("#keys[open]").count() == 1
    page.locator("#row-2 a").focus()
    press(page, "KeyG")
    press(page, "KeyH")
    page.wait_for_url(f"{base}/console/")
    context.close()


def test_keys_that_were_switched_off_do_nothing(console: Flask, base: str, chromium: Browser) -> None:
    """W3c wcag21 69, 816: "James" spoken triggers j and m."""
    context = chromium.new_context()
    come_in(console, context, base, Role.LEAD, keys_on=False)
    page = context.new_page()
    page.goto(f"{base}/console/test/")
    page.locator("[data-list]").focus()
    press(page, "KeyJ")
    assert focused_row(page) == "DIV"
    assert page.locator("#keys").count() == 0
    context.close()


def test_many_rows_are_chosen_and_done_without_script(console: Flask, base: str, chromium: Browser) -> None:
    """Decidim 13612, decidim-app 700: the button for many was dead by a script error."""
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    come_in(console, context, base, Role.LEAD)
    page = context.new_page()
    page.goto(base + LIST)
    page.locator("tbody input").nth(0).check()
    page.locator("#bulk button.small").click()
    page.fill("#note", "why")
    page.locator("form.form button.primary").click()
    assert page.url.startswith(base + LIST)
    assert page.locator("tbody :checked").count() == 1
    context.close()
