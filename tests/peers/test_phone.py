"""Defects that other survey products had with answers kept on a phone, in real Chromium: none may come back here."""

import pytest
from playwright.sync_api import Browser

from tests.builders.country import BUSINESSES, RESIDENTS
from tests.e2e.airplane import Island
from tests.e2e.phone import Phone

pytestmark = pytest.mark.e2e


def two_waiting(phone: Phone) -> None:
    """Leave an answer of residents and one of a business waiting on the phone."""
    phone.keep(RESIDENTS)
    phone.keep(BUSINESSES)
    phone.isle.go_offline()
    phone.send(RESIDENTS)
    phone.send(BUSINESSES)
    phone.isle.go_online()


@pytest.mark.parametrize("status", [409, 410, 422])
def test_enketo_1010_one_bad_record_never_blocks_the_others(phone: Phone, isle: Island, status: int) -> None:
    isle.refused_waves[RESIDENTS] = status
    two_waiting(phone)
    page = phone.device()
    phone.send_now()
    page.wait_for_selector(".card strong")
    page.wait_for_selector("text=refused for the test")
    assert [answer.wave for answer in isle.answers()] == [BUSINESSES]
    assert (page.locator("text=Open and correct").count() == 1) == (status == 422)


def test_enketo_1226_one_stuck_record_can_be_deleted_alone(phone: Phone, isle: Island) -> None:
    isle.refused_waves[RESIDENTS] = 409
    two_waiting(phone)
    page = phone.device()
    phone.send_now()
    page.wait_for_selector("text=refused for the test")
    page.wait_for_selector(".card strong")
    page.click("text=Delete this one")
    page.click("text=Yes, delete")
    page.wait_for_selector("text=refused for the test", state="detached")
    assert phone.stored() | {"marks": 0} == {"drafts": 0, "marks": 0, "queue": 0, "sent": 1}


def test_enketo_1050_a_private_window_is_told_so_and_led_to_the_plain_form(chromium: Browser, isle: Island) -> None:
    phone = Phone.new(chromium, isle)
    phone.keep_nothing()
    page = phone.open(language="en")
    assert "This browser can keep nothing" in page.inner_text("main")
    page.click("text=To the usual form")
    page.check('input[value="almaty"]')
    page.click("main button.primary")
    page.check("#agreed")
    page.click("main button.primary")
    while not page.url.endswith("/check"):
        page.click("main button.primary")
    page.click("main button.primary")
    assert page.url.endswith("/thanks")
    assert len(isle.answers()) == 1
    phone.context.close()


def test_decidim_app_774_an_answer_whose_receipt_was_lost_on_the_way_is_stored_once(phone: Phone, isle: Island) -> None:
    phone.keep()
    isle.lost_replies = 3
    phone.send()
    for _try in range(120):
        if phone.page.locator(".done strong").count():
            break
        phone.send_now()
        phone.page.wait_for_timeout(500)
    assert phone.page.locator(".done strong").count() == 2
    assert len(isle.puts) >= 4
    assert len(set(isle.puts)) == len(isle.answers()) == 1


def test_fixmystreet_6_0_two_presses_of_send_in_two_tabs_store_once(phone: Phone, isle: Island) -> None:
    phone.keep()
    isle.go_offline()
    phone.open()
    phone.agree()
    first, second = phone.open(at="check"), phone.context.new_page()
    second.goto(first.url)
    second.wait_for_selector("main button.primary")
    isle.go_online()
    for page in (first, second):
        page.dblclick("main button.primary")
    for page in (first, second):
        page.wait_for_selector("main strong")
    assert len(isle.answers()) == 1
    assert len(set(isle.puts)) == 1
