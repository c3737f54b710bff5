"""The box for a letter's code with script on: from a QR code, typed or pasted; no address ever holds the code."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from surveys.identity import codes
from surveys.identity.codes import Addressee
from tests.builders.country import RESIDENTS
from tests.builders.invitations import make_letters, open_gates
from tests.e2e.airplane import Island, island

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def isle(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Island]:
    with island(sqlite_template, tmp_path_factory.mktemp("code")) as running:
        open_gates(running.app, RESIDENTS, "code")
        yield running


@pytest.fixture(scope="module")
def code(isle: Island) -> str:
    (letter,) = make_letters(isle.app, RESIDENTS, "oral", [Addressee()])
    return letter.code


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    # A worker still fetching when its browser closes would break off files that this process serves.
    context = chromium.new_context(viewport={"width": 360, "height": 740}, service_workers="block")
    yield context.new_page()
    context.close()


def open_box(page: Page, isle: Island, fragment: str = "") -> None:
    page.goto(f"{isle.base}/s/{RESIDENTS}/enter/code?lang=en{fragment}")


def test_a_code_from_a_qr_stands_in_the_box_in_fours_and_in_no_address(page: Page, isle: Island, code: str) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url + str(request.headers.get("referer"))))
    open_box(page, isle, f"#{code}")
    assert page.input_value("#code") == codes.grouped(code)
    assert "#" not in page.url
    page.click("main button.primary")
    page.wait_for_url("**/consent")
    page.go_back()
    assert not [line for line in [*requests, page.url] if code in line]


@pytest.mark.parametrize("fragment", ["#main", "#1234", "#12345678901234567", "#", "#<b>"])
def test_what_is_no_code_is_left_alone(page: Page, isle: Island, fragment: str) -> None:
    open_box(page, isle, fragment)
    assert page.input_value("#code") == ""


@pytest.mark.parametrize("spell", ["{}", " {} ", "{}\n", "\N{NO-BREAK SPACE}{}"])
def test_a_pasted_code_lets_in_with_spaces_or_without(page: Page, isle: Island, code: str, spell: str) -> None:
    for text in (code, codes.grouped(code), codes.grouped(code).replace(" ", "-")):
        open_box(page, isle)
        page.focus("#code")
        page.evaluate("text => document.execCommand('insertText', false, text)", spell.format(text))
        page.keyboard.press("Enter")
        page.wait_for_url("**/consent")


def test_a_code_typed_key_by_key_lets_in(page: Page, isle: Island, code: str) -> None:
    open_box(page, isle)
    page.type("#code", codes.grouped(code))
    page.keyboard.press("Enter")
    page.wait_for_url("**/consent")
