"""The longest answers in words, in real Chromium, which drops a cookie above 4096 bytes without telling anybody."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from surveys.questionnaire.definition import AREAS
from tests.builders.questionnaires import wordy
from tests.builders.words import filed_texts
from tests.e2e.airplane import Island, island
from tests.e2e.phone import Phone

pytestmark = pytest.mark.e2e
WAVE = "long-answers"
LETTERS = "аәбвгғдежзийкқлмнңоөпрстуұүфхһцчшщыіэюя    "
"""Drawn at random, Kazakh letters can hardly be compressed: the worst that an honest text can be."""


def text_of(seed: str, alphabet: str = LETTERS) -> str:
    """Draw 500 signs that begin and end with a letter."""
    draw = random.Random(seed)
    return "қ" + "".join(draw.choice(alphabet) for _ in range(498)) + "ң"


@pytest.fixture
def isle(sqlite_template: Path, tmp_path: Path) -> Iterator[Island]:
    with island(sqlite_template, tmp_path) as running:
        running.open_wave(WAVE, questionnaire=wordy())
        yield running


def written(isle: Island) -> list[str]:
    return filed_texts(isle.country.database, isle.country.keys)


def fill(page: Page, typed: dict[str, str]) -> None:
    """Write 500 signs into every box of a page and a number where one is asked; keep what was written."""
    for box in page.locator("main textarea").all():
        name = str(box.get_attribute("name"))
        typed[name] = text_of(name)
        box.fill(typed[name])
    for box in page.locator("main input[inputmode=numeric]").all():
        box.fill("9999")
    for index, choice in enumerate(page.locator("main select").all()):
        choice.select_option(AREAS[index])


def press(page: Page, button: str = "main button.primary") -> None:
    """Press a button, and wait until the whole of the next page is there."""
    page.click(button)
    page.wait_for_load_state()


def walk_to_the_end(page: Page, base: str) -> dict[str, str]:
    """Answer in as many words as fit, up to the page where all is looked at once more; gives what was written."""
    page.goto(f"{base}/s/{WAVE}?lang=kk&city=almaty")
    page.click("main button.primary")
    page.check("#agreed")
    typed: dict[str, str] = {}
    for _step in range(20):
        press(page)
        if page.url.endswith("/check"):
            break
        fill(page, typed)
        if page.url.endswith("/p/sft"):
            page.click('header button[value="ru"]')
            page.click('header button[value="kk"]')
    assert page.url.endswith("/check")
    return typed


def test_fifteen_answers_of_500_letters_are_kept_sealed_in_cookies_and_none_is_lost(
    chromium: Browser, isle: Island
) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    typed = walk_to_the_end(page, isle.base)
    shown = page.inner_text("main")
    assert len(typed) == 15
    assert [name for name, text in typed.items() if " ".join(text.split()) not in " ".join(shown.split())] == []
    press(page)
    assert page.url.endswith("/thanks")
    assert written(isle) == sorted(typed.values())
    page.reload()
    assert page.locator(".done strong").count() == 2 + len(typed), "a receipt, a code, and one for each suggestion"
    press(page, "#walk button.primary")
    assert [cookie for cookie in context.cookies() if cookie["path"] == f"/s/{WAVE}"] == []
    context.close()


def test_fifteen_answers_of_500_letters_arrive_from_a_phone_without_a_network(chromium: Browser, isle: Island) -> None:
    phone = Phone.new(chromium, isle)
    phone.keep(WAVE)
    isle.go_offline()
    page = phone.open(WAVE)
    phone.agree()
    typed: dict[str, str] = {}
    while not page.locator("main .answers").count():
        fill(page, typed)
        phone.press()
    phone.press()
    isle.go_online()
    phone.hear_the_network()
    page.wait_for_selector(".done strong")
    assert len(typed) == 15
    assert written(isle) == sorted(typed.values())
    phone.context.close()
