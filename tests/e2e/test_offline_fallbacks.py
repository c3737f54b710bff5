"""The phone where a browser lacks a part (locks, background sync), and what a refused answer says to be corrected."""

import pytest
from playwright.sync_api import Page

from tests.builders.country import BUSINESSES, RESIDENTS
from tests.e2e.airplane import Island
from tests.e2e.keyboard import tab_to
from tests.e2e.phone import Phone, step
from tests.effort import by_effort

pytestmark = pytest.mark.e2e
LACKING = {
    "locks": "delete Navigator.prototype.locks",
    "background sync": "delete ServiceWorkerRegistration.prototype.sync; delete globalThis.SyncManager",
    "broadcast": "delete globalThis.BroadcastChannel",
    "time-outs of requests": "delete AbortSignal.timeout",
}


@pytest.mark.parametrize("name", by_effort(["all of them"], [*LACKING, "all of them"]))
def test_answers_arrive_once_from_a_browser_that_lacks(phone: Phone, isle: Island, name: str) -> None:
    phone.context.add_init_script(LACKING.get(name, "; ".join(LACKING.values())))
    phone.keep(RESIDENTS)
    phone.keep(BUSINESSES)
    isle.go_offline()
    phone.send(RESIDENTS)
    phone.send(BUSINESSES)
    phone.page.wait_for_selector("[data-action=send]")
    isle.go_online()
    phone.hear_the_network()
    phone.hear_the_network()
    phone.page.wait_for_selector(".done strong")
    phone.device("en")
    phone.send_now()
    phone.page.wait_for_function("() => document.querySelectorAll('.card strong').length === 4", polling=50)
    assert sorted(answer.wave for answer in isle.answers()) == [BUSINESSES, RESIDENTS]
    assert len(set(isle.puts)) == 2


def test_two_presses_without_locks_send_one_answer(phone: Phone, isle: Island) -> None:
    phone.context.add_init_script(LACKING["locks"])
    phone.keep()
    phone.open()
    phone.agree()
    phone.open(at="check")
    phone.page.dblclick("main button.primary")
    phone.page.wait_for_selector(".done strong")
    assert len(isle.answers()) == 1


def test_a_refused_answer_opens_at_the_question_to_correct_and_says_what_is_wrong(phone: Phone, isle: Island) -> None:
    isle.refused_waves[RESIDENTS] = 422
    phone.keep()
    page = phone.open(language="en")
    phone.agree()
    page.locator("main input[type=radio]").first.check()
    wrong = str(page.locator("main input[type=radio]").first.get_attribute("name"))
    isle.problems = [{"question": wrong, "reason": "unknown_option"}]
    phone.open(language="en", at="check")
    phone.press()
    phone.device()
    page.click("[data-action=correct]")
    page.wait_for_selector(".errors")
    assert page.locator(f'.errors a[href="#{wrong}"]').count() == 1
    assert page.locator(f"#{wrong}-error").inner_text() == "Choose one of the answers on the page"
    assert page.title().startswith("Error:")
    isle.refused_waves.clear()
    page.locator(f"input[name={wrong}]").nth(1).check()
    phone.press()
    assert step(page) == "check"
    phone.press()
    page.wait_for_selector(".done strong")
    assert len(isle.answers()) == 1


def press_enter(page: Page) -> None:
    """Press Enter on the main button, and see that the focus has come to the start of the next screen."""
    before = step(page)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "before => new URLSearchParams(location.search).get('at') !== before", arg=before, polling=20
    )
    page.wait_for_function("() => document.activeElement.matches('main h1')", polling=20)


@pytest.mark.parametrize("wave", by_effort([RESIDENTS], [RESIDENTS, BUSINESSES]))
def test_the_phone_needs_only_a_keyboard(phone: Phone, isle: Island, wave: str) -> None:
    phone.keep(wave)
    isle.go_offline()
    page = phone.open(wave)
    for _step in range(20):
        if step(page) == "consent":
            tab_to(page, "agreed")
            page.keyboard.press("Space")
        tab_to(page, "primary")
        press_enter(page)
        if step(page) == "sent":
            break
    isle.go_online()
    phone.hear_the_network()
    page.wait_for_selector(".done strong")
    page.wait_for_function("() => document.activeElement.matches('main h1')", polling=20)
    tab_to(page, "primary plain")
    assert [answer.wave for answer in isle.answers()] == [wave]
