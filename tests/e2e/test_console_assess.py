"""The examination in a browser: by keys on any layout, for everybody, and without script."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import update

from app.accounts.models import Staff
from app.accounts.sessions import open_session
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.indicators.cases import get_case
from app.indicators.examination import visible_verdicts
from app.indicators.states import State
from app.indicators.verdicts import CaseVerdict
from app.web import site
from app.web.console_site import create_console
from tests.builders.examination import ACCEPTED, KEY, RETURNED, People, make_people, say, send_value
from tests.e2e.console import served
from tests.e2e.looking import LOOKED_AT_IN, Windows

pytestmark = pytest.mark.e2e
CYRILLIC = {"KeyA": "ф", "KeyR": "к", "KeyN": "т", "BracketRight": "ъ", "BracketLeft": "х"}
"""What these keys give on a Russian layout."""

PRESS = """([code, key]) => {
  const at = document.activeElement;
  for (const kind of ["keydown", "keyup"])
    at.dispatchEvent(new KeyboardEvent(kind, { code, key, bubbles: true, cancelable: true }));
}"""


class OpenConsole(NamedTuple):
    """A console that answers, and what it stands on."""

    base: str
    app: Flask
    database: Database

    def sign_in(self, context: BrowserContext, staff: int) -> None:
        """Let a browser be signed in as somebody who is there."""
        with self.database.writing() as session:
            token = open_session(session, staff, site.services_of(self.app).clock.now(), "Test")
        context.add_cookies([{"name": "console", "value": token, "url": f"{self.base}/console"}])


@pytest.fixture
def people(sqlite: Database) -> People:
    with sqlite.writing() as session:
        made = make_people(session)
        send_value(session, KEY._replace(indicator="hlt_2"), made[:2])
        send_value(session, KEY._replace(indicator="hlt_3"), made[:2])
        say(session, KEY._replace(indicator="hlt_3"), made.one, ACCEPTED)
        say(session, KEY._replace(indicator="hlt_3"), made.two, RETURNED)
    return made


@pytest.fixture
def console(sqlite: Database, settings: Settings, clock: FrozenClock, people: People) -> Iterator[OpenConsole]:
    assert people
    app = create_console(settings, sqlite, clock)
    with served(app) as base:
        yield OpenConsole(base, app, sqlite)


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(reduced_motion="reduce")
    context.route("https://**", lambda route: route.abort())  # a paper that is a page elsewhere
    yield context
    for page in context.pages:
        page.wait_for_load_state("networkidle")  # a file broken off would stay open in this process
    context.close()


def press(page: Page, code: str, *, cyrillic: bool) -> None:
    """Press a key where it is on the keyboard, with the letter that its layout gives."""
    page.evaluate(PRESS, [code, CYRILLIC.get(code, code[-1]) if cyrillic else code[-1].lower()])


@pytest.mark.parametrize("cyrillic", [False, True], ids=["latin", "cyrillic"])
def test_a_plain_value_takes_five_presses(
    console: OpenConsole, context: BrowserContext, people: People, cyrillic: bool
) -> None:
    console.sign_in(context, people.three)
    page = context.new_page()
    page.goto(f"{console.base}/console/assess/{KEY}?mine=todo")
    with context.expect_page() as opened:
        press(page, "BracketRight", cyrillic=cyrillic)  # the paper
    opened.value.close()
    for code in ("Digit1", "Digit2", "Digit3"):
        press(page, code, cyrillic=cyrillic)
    page.wait_for_load_state("networkidle")
    with page.expect_navigation():
        press(page, "KeyA", cyrillic=cyrillic)
    page.wait_for_load_state("networkidle")
    assert "hlt_2" in page.url  # the next that waits
    assert page.locator("[data-said]").count() == 1
    with console.database.reading() as session:
        assert [row.verdict for row in visible_verdicts(session, KEY, people.three)] == [CaseVerdict.ACCEPT]
    press(page, "KeyN", cyrillic=cyrillic)
    page.wait_for_url("**/split/**")


def test_return_leads_to_the_reasons_first_and_keys_leave_fields_alone(
    console: OpenConsole, context: BrowserContext, people: People
) -> None:
    console.sign_in(context, people.three)
    page = context.new_page()
    page.goto(f"{console.base}/console/assess/{KEY}")
    page.locator("#note").focus()
    page.keyboard.type("ar1n нет")
    assert page.locator("#note").input_value() == "ar1n нет"
    assert page.locator('[name="ticks"]:checked').count() == 0
    page.locator("#case-title").focus()
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.name") == "reasons"
    page.keyboard.press("Space")
    page.wait_for_load_state("networkidle")
    with page.expect_navigation():
        page.keyboard.press("r")
    with console.database.reading() as session:
        assert [row.verdict for row in visible_verdicts(session, KEY, people.three)] == [CaseVerdict.RETURN]
        assert get_case(session, KEY).state is State.SENT


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_enter_in_a_tick_or_a_reason_is_no_verdict(
    console: OpenConsole, chromium: Browser, people: People, script: bool
) -> None:
    context = chromium.new_context(java_script_enabled=script)
    console.sign_in(context, people.three)
    page = context.new_page()
    page.goto(f"{console.base}/console/assess/{KEY}")
    for tick in page.locator('[name="ticks"]').all()[:3]:
        tick.check()
    for name in ("ticks", "reasons"):
        page.locator(f'[name="{name}"]').first.press("Enter")
    page.locator('[name="ticks"]').first.focus()
    if script:
        page.keyboard.press("r")
        assert page.evaluate("document.activeElement.name") == "reasons"
        assert page.get_by_text("To return, choose a reason").is_visible()
        page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert str(KEY) in page.url
    with console.database.reading() as session:
        assert visible_verdicts(session, KEY, people.three) == []
    context.close()


def test_keys_act_once_and_go_on_where_something_was_wrong(
    console: OpenConsole, context: BrowserContext, people: People
) -> None:
    console.sign_in(context, people.three)
    page = context.new_page()
    page.goto(f"{console.base}/console/assess/{KEY}?mine=todo")
    with page.expect_navigation():
        page.keyboard.press("a")  # nothing was ticked
    assert page.get_by_role("alert").is_visible()
    for key in "123":
        page.keyboard.press(key)  # the summary of what is wrong has the focus
    assert page.locator('[name="ticks"]:checked').count() == 3
    page.keyboard.press("Shift+Slash")
    page.keyboard.press("Escape")
    assert page.locator("#keys[open]").count() == 0
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.wait_for_load_state("networkidle")
    with page.expect_navigation():
        page.evaluate(f"for (let n = 0; n < 3; n++) ({PRESS})(['KeyA', 'a'])")
    assert len(sent) == 1
    page.get_by_text("Accepted: ").wait_for()


def test_value_papers_and_verdict_stand_in_one_screen(
    console: OpenConsole, context: BrowserContext, people: People
) -> None:
    console.sign_in(context, people.three)
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 800})
    for language in ("kk", "ru", "en"):
        with console.database.writing() as session:
            session.execute(update(Staff).values(language=language))
        page.goto(f"{console.base}/console/assess/{KEY}")
        assert page.evaluate("scrollY") == 0
        for part in (".figure", "[data-paper]", '[name="ticks"] >> nth=3', '[value="accept"]', '[value="return"]'):
            box = page.locator(part).first.bounding_box()
            assert box, part
            assert box["y"] + box["height"] <= 800, (language, part, box)
    page.set_viewport_size({"width": 360, "height": 740})
    order = [
        page.locator(part).first.bounding_box() for part in (".figure", "[data-paper]", '[value="accept"]', ".compared")
    ]
    tops = [box["y"] for box in order if box]
    assert tops == sorted(tops)
    assert len(tops) == 4


def test_it_works_without_script(console: OpenConsole, chromium: Browser, people: People) -> None:
    context = chromium.new_context(java_script_enabled=False)
    console.sign_in(context, people.three)
    page = context.new_page()
    page.goto(f"{console.base}/console/assess/?mine=todo")
    page.get_by_role("link", name="hlt_1").click()
    for tick in page.locator('[name="ticks"]').all()[:3]:
        tick.check()
    page.get_by_role("button", name="Accept").click()
    assert "hlt_2" in page.url
    context.close()


ADDRESSES = {
    "queue": "/console/assess/?mine=todo",
    "empty": "/console/assess/?city=oral",
    "case": f"/console/assess/{KEY}",
    "split": "/console/assess/split/2026/aktau/hlt_3",
    "agreement": "/console/assess/agreement",
    "assign": "/console/assess/assign",
}


def test_every_page_is_for_everybody(console: OpenConsole, chromium: Browser, people: People) -> None:
    windows = Windows(chromium)
    for language in LOOKED_AT_IN:
        with console.database.writing() as session:
            session.execute(update(Staff).values(language=language))
        with windows.looking(language) as looker:
            console.sign_in(looker.page.context, people.three)
            for name, address in ADDRESSES.items():
                looker.page.goto(console.base + address)
                looker.examine(f"console-assess-{name}")
    windows.close()
