"""Themes in a browser: by keys on a Kazakh layout, and without script."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from app.accounts.permissions import Role
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.feedback.coding import said_of
from app.feedback.frame import store_frame
from app.feedback.second_coding import Said
from app.web.console_site import create_console
from tests.builders.comments import make_comment
from tests.builders.themes import HEATING
from tests.e2e.console import come_in, served

pytestmark = pytest.mark.e2e
NUMBER = 10
KAZAKH = {"KeyC": "с", "KeyQ": "й", "KeyU": "г", "Digit1": '"', "Digit2": "ә", "Digit3": "і", "Digit0": "қ"}
"""What these keys give on a Kazakh layout: the row of digits has its letters."""
PRESS = """([code, key]) => {
  const at = document.activeElement;
  for (const kind of ["keydown", "keyup"])
    at.dispatchEvent(new KeyboardEvent(kind, { code, key, bubbles: true, cancelable: true }));
}"""


class CodingOffice(NamedTuple):
    """A console that answers, and the suggestions in it."""

    base: str
    app: Flask
    database: Database
    ids: list[str]

    def said(self) -> list[Said]:
        with self.database.reading() as session:
            found = said_of(session, self.ids)
        return [found[each] for each in self.ids]


@pytest.fixture
def office(sqlite: Database, settings: Settings, clock: FrozenClock) -> Iterator[CodingOffice]:
    with sqlite.writing() as session:
        store_frame(session)
        ids = [make_comment(session, f"Жылу жоқ {n}", number=n, state="shown") for n in range(1, NUMBER + 1)]
    app = create_console(settings, sqlite, clock)
    with served(app) as base:
        yield CodingOffice(base, app, sqlite, ids)


def opened(office: CodingOffice, chromium: Browser, **how: bool) -> Page:
    context = chromium.new_context(reduced_motion="reduce", **how)  # type: ignore[arg-type]
    come_in(office.app, context, office.base, Role.ANALYST, city="aktau")
    page = context.new_page()
    page.goto(f"{office.base}/console/coding/aktau/{office.ids[0]}")
    return page


def test_each_gets_its_theme_by_two_presses_whatever_the_layout(office: CodingOffice, chromium: Browser) -> None:
    page = opened(office, chromium)
    for _each in office.ids:
        page.evaluate(PRESS, ["Digit1", KAZAKH["Digit1"]])
        with page.expect_navigation(wait_until="load"):
            page.keyboard.press("Enter")
    assert office.said() == [Said((HEATING,), None)] * NUMBER
    page.goto(f"{office.base}/console/coding/aktau/{office.ids[0]}")
    page.evaluate(PRESS, ["KeyC", KAZAKH["KeyC"]])
    for code in ("Digit0", "KeyQ"):
        page.evaluate(PRESS, [code, KAZAKH[code]])
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    assert office.said()[0] == Said((HEATING, "hcs_other"), "complaint")
    with page.expect_navigation(wait_until="load"):
        page.goto(f"{office.base}/console/coding/aktau/{office.ids[0]}")
        page.get_by_role("button", name="Take my last themes back").click()
    assert office.said()[0] == Said((HEATING,), None)


def test_it_works_without_script(office: CodingOffice, chromium: Browser) -> None:
    page = opened(office, chromium, java_script_enabled=False)
    page.get_by_label("Heating").check()
    page.get_by_label("question").check()
    page.get_by_role("button", name="Save").click()
    assert office.said()[0] == Said((HEATING,), "question")
    assert page.get_by_text("The themes are saved.").is_visible()
