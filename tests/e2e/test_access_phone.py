"""Every screen that the phone draws by itself for everybody: axe, 320 px, three languages, three schemes."""

import pytest
from playwright.sync_api import Browser

from tests.builders.country import BUSINESSES, RESIDENTS
from tests.builders.invitations import open_gates
from tests.e2e.airplane import Island
from tests.e2e.looking import LOOKED_AT_IN, Looker
from tests.e2e.phone import Phone, step

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("language", LOOKED_AT_IN)
def test_every_screen_of_the_phone_is_for_everybody(chromium: Browser, isle: Island, language: str) -> None:
    phone = Phone.new(chromium, isle, reduced_motion="reduce", bypass_csp=True)
    looker = Looker(phone.page, language, long_words=False)
    see = _see(phone, looker)
    phone.keep(language=language)
    phone.open(language=language)
    see("phone-city")
    phone.agree()
    isle.go_offline()
    while step(phone.page) != "check":
        see(f"phone-{step(phone.page)}")
        phone.press()
    see("phone-check")
    phone.device(language)
    see("phone-device-draft")
    phone.open(language=language, at="check")
    phone.press()
    see("phone-waiting")
    phone.device(language)
    phone.page.click("[data-action=ask]")
    see("phone-device-delete")
    isle.refused_waves[RESIDENTS] = 422
    isle.go_online()
    phone.send_now()
    phone.page.wait_for_selector("[data-action=correct]")
    see("phone-device-refused")
    isle.refused_waves.clear()
    phone.page.click("[data-action=correct]")
    phone.page.wait_for_selector("main .answers")
    phone.press()
    phone.page.wait_for_selector(".done strong")
    see("phone-thanks")
    phone.context.close()
    assert looker.faults == []


@pytest.mark.parametrize("language", LOOKED_AT_IN)
def test_what_the_phone_cannot_do_is_said_for_everybody(chromium: Browser, isle: Island, language: str) -> None:
    open_gates(isle.app, BUSINESSES, "code")
    phone = Phone.new(chromium, isle, reduced_motion="reduce", bypass_csp=True)
    page, looker = phone.page, Looker(phone.page, language, long_words=False)
    see = _see(phone, looker)
    phone.keep(language=language)
    phone.open("none", language)
    see("phone-closed")
    phone.open(BUSINESSES, language)
    see("phone-by-invitation")
    phone.open(language=language)
    page.click("main button.primary")
    page.wait_for_selector(".errors")
    see("phone-city-error")
    phone.agree(shared=True)
    see("phone-shared")
    page.goto(f"{isle.base}/s/{RESIDENTS}?lang={language}")
    page.check('input[value="oral"]')
    isle.go_offline()
    page.click("main button.primary")
    page.wait_for_selector("input[name=city][type=hidden]", state="attached")
    see("phone-page-not-sent")
    phone.open("none", language)
    see("phone-not-kept")
    isle.go_online()
    phone.keep_nothing()
    phone.open(language=language)
    see("phone-private")
    phone.context.close()
    assert looker.faults == []


def _see(phone: Phone, looker: Looker) -> "object":
    def see(name: str) -> None:
        looker.look(name)
        phone.page.set_viewport_size({"width": 360, "height": 740})
        phone.page.emulate_media(color_scheme="light")

    return see
