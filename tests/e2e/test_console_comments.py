"""Moderation in a browser: by keys on any layout, by mouse, without script (DESK §20 row 15)."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import func, select

from app.accounts.permissions import Person, Role
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.feedback.models import CommentDecision
from app.feedback.moderation import CommentState
from app.web.console_site import create_console
from surveys.models.comments import Comment
from tests.builders.comments import do, hide, make_comment, state_of
from tests.builders.staff import make_staff
from tests.e2e.console import come_in, served

pytestmark = pytest.mark.e2e
NUMBER = 100
NAMED = "Иванов И. И. с улицы Абая обещал и не сделал двор"
CYRILLIC = {"KeyS": "ы", "KeyH": "р", "KeyR": "к", "KeyL": "д", "KeyU": "г", "KeyJ": "о", "KeyA": "ф", "KeyN": "т"}
"""What these keys give on a Russian layout."""
PRESS = """([code, key]) => {
  const at = document.activeElement;
  for (const kind of ["keydown", "keyup"])
    at.dispatchEvent(new KeyboardEvent(kind, { code, key, bubbles: true, cancelable: true }));
}"""
STARTS = "/console/comments/?state=released"


class OpenOffice(NamedTuple):
    """A console that answers, and the suggestions in it."""

    base: str
    app: Flask
    database: Database
    ids: list[str]

    def states(self) -> Counter[str]:
        with self.database.reading() as session:
            return Counter(dict(session.execute(select(Comment.state, func.count()).group_by(Comment.state)).all()))


@pytest.fixture
def office(sqlite: Database, settings: Settings, clock: FrozenClock) -> Iterator[OpenOffice]:
    with sqlite.writing() as session:
        ids = [make_comment(session, NAMED, number=number) for number in range(1, NUMBER + 1)]
        make_staff(session, Role.MODERATOR)  # a colleague for second looks
    app = create_console(settings, sqlite, clock)
    with served(app) as base:
        yield OpenOffice(base, app, sqlite, ids)


@pytest.fixture
def page(office: OpenOffice, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(reduced_motion="reduce")
    moderator(office, context)
    yield context.new_page()
    context.close()


def moderator(office: OpenOffice, context: BrowserContext) -> Person:
    return come_in(office.app, context, office.base, Role.MODERATOR, city="aktau")


def open_first(office: OpenOffice, page: Page, number: int = 0) -> None:
    page.goto(f"{office.base}/console/comments/aktau/{office.ids[number]}?state=released")


def test_a_hundred_are_decided_in_at_most_two_hundred_presses_on_a_cyrillic_layout(
    office: OpenOffice, page: Page
) -> None:
    presses = 0

    def press(code: str, *, leads_on: bool = True) -> None:
        nonlocal presses
        presses += 1
        page.wait_for_function("document.activeElement !== document.body")  # a page gives its focus once it is drawn
        if leads_on:
            with page.expect_navigation(wait_until="load"):
                page.evaluate(PRESS, [code, CYRILLIC.get(code, code[-1])])
        else:
            page.evaluate(PRESS, [code, CYRILLIC.get(code, code[-1])])

    page.goto(office.base + STARTS)
    page.keyboard.press("o")  # nothing has the focus yet
    assert office.states() == {"released": NUMBER}
    page.evaluate(PRESS, ["KeyJ", "о"])
    page.locator("[data-row] [data-open]").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    presses += 2
    for number in range(NUMBER):
        if number % 10 == 3:
            press("KeyH", leads_on=False)
            press(f"Digit{1 + number % 6}")
        elif number % 10 == 5:
            press("KeyL")
        else:
            press("KeyS")
    assert presses <= 2 * NUMBER
    states = office.states()
    assert states["shown"] == 80
    assert states["second_look"] == 10
    assert states["hidden_provisional"] + states["hidden"] == 10
    assert "Nothing matches" in page.locator("main").inner_text()


def test_words_are_blacked_out_by_keys_and_no_other_key_decides_meanwhile(office: OpenOffice, page: Page) -> None:
    open_first(office, page)
    page.evaluate(PRESS, ["KeyR", "к"])
    assert page.evaluate("document.activeElement.name") == "word"
    for _word in range(2):
        page.keyboard.press("Space")
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    for code in ("KeyS", "KeyH", "KeyU", "KeyJ"):
        page.evaluate(PRESS, [code, CYRILLIC[code]])
    page.keyboard.press("Enter")
    assert office.states() == {"released": NUMBER}
    with page.expect_navigation():
        page.keyboard.press("1")
    with office.database.reading() as session:
        assert session.get_one(Comment, office.ids[0]).shown_text == "█████ с улицы Абая обещал и не сделал двор"


def test_a_part_that_the_mouse_marked_is_ticked(office: OpenOffice, page: Page) -> None:
    open_first(office, page)
    page.evaluate("""() => {
      const words = document.querySelector("[data-text] mark").firstChild;
      getSelection().setBaseAndExtent(words, 2, words, 9);
    }""")
    page.evaluate(PRESS, ["KeyR", "r"])
    ticked = page.locator('[name="word"]:checked')
    assert [each.get_attribute("value") for each in ticked.all()] == ["0-6", "7-9"]


def test_the_last_decision_is_taken_back_by_a_key(office: OpenOffice, page: Page) -> None:
    open_first(office, page)
    for _number in range(2):
        with page.expect_navigation():
            page.evaluate(PRESS, ["KeyS", "ы"])
    for number in (1, 0):
        with page.expect_navigation():
            page.evaluate(PRESS, ["KeyU", "г"])
        assert office.ids[number] in page.url
    assert office.states() == {"released": NUMBER}
    assert page.locator("[data-said]").count() == 1


def test_keys_act_once_and_never_in_a_field_nor_with_another_key_held(office: OpenOffice, page: Page) -> None:
    open_first(office, page)
    page.evaluate(PRESS, ["KeyR", "r"])
    page.locator("#typed").focus()
    page.keyboard.type("shulj1 ы")
    assert page.locator("#typed").input_value() == "shulj1 ы"
    page.locator("#comment-title").focus()
    for held in ("Control+KeyS", "Alt+KeyS", "Shift+KeyS"):
        page.keyboard.press(held)
    assert office.states() == {"released": NUMBER}
    with page.expect_navigation():
        page.evaluate(f"for (let n = 0; n < 3; n++) ({PRESS})(['KeyS', 'ы'])")
    page.wait_for_load_state()
    with office.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CommentDecision)) == 1


def test_keys_can_be_switched_off(office: OpenOffice, chromium: Browser) -> None:
    context = chromium.new_context()
    come_in(office.app, context, office.base, Role.MODERATOR, city="aktau", keys_on=False)
    page = context.new_page()
    open_first(office, page)
    for code in ("KeyS", "KeyH", "Digit1", "KeyU"):
        page.evaluate(PRESS, [code, code[-1].lower()])
    page.wait_for_timeout(300)
    assert office.states() == {"released": NUMBER}
    context.close()


def test_without_script_everything_is_decided_too(office: OpenOffice, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    moderator(office, context)
    page = context.new_page()
    open_first(office, page)
    page.locator("[data-redact] summary").click()
    for each in page.locator('[name="word"]').all()[:3]:
        each.check()
    page.get_by_role("button", name="Black out as personal data").click()
    page.locator("[data-hide] summary").click()
    page.get_by_role("button", name="advertising").click()
    page.get_by_role("button", name="Show S").click()
    with office.database.reading() as session:
        states = [state_of(session, each) for each in office.ids[:3]]
    assert states == [CommentState.SHOWN_REDACTED, CommentState.HIDDEN_PROVISIONAL, CommentState.SHOWN]
    context.close()


def test_an_outsider_confirms_and_overturns_by_keys(office: OpenOffice, chromium: Browser) -> None:
    with office.database.writing() as session:
        hider = make_staff(session, Role.MODERATOR).id
        for comment in office.ids[:3]:
            do(session, comment, hider, hide())
    context = chromium.new_context(reduced_motion="reduce")
    come_in(office.app, context, office.base, Role.MODERATOR, city="oral")
    page = context.new_page()
    page.goto(f"{office.base}/console/comments/hidden")
    page.evaluate(PRESS, ["KeyJ", "о"])
    assert page.evaluate("document.activeElement.tagName") == "BLOCKQUOTE"
    for code, key in (("KeyC", "с"), ("KeyO", "щ")):
        with page.expect_navigation():
            page.evaluate(PRESS, [code, key])
    page.wait_for_load_state()
    assert page.locator("[data-row]").count() == 1
    with office.database.reading() as session:
        states = [state_of(session, each) for each in office.ids[:3]]
    assert states == [CommentState.HIDDEN, CommentState.SHOWN, CommentState.HIDDEN_PROVISIONAL]
    context.close()
