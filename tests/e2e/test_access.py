"""Every page and state of the public site for everybody: axe, 320 px, three languages, three colour schemes, keyboard.

To have a page looked at, add a line to ADDRESSES; a state that needs steps is a line `see(name)` in a walk.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from app.audit.journal import Actor
from app.cli.seed import WAVES
from app.clock import SystemClock
from app.publishing.corrections import name_successor
from surveys.fieldwork import waves
from surveys.languages import Text3
from surveys.models import Wave
from tests.app.publications import withdraw
from tests.builders.board import fill_board
from tests.e2e.conftest import Site, serving
from tests.e2e.keyboard import focused, tab_to
from tests.e2e.looking import LOOKED_AT_IN, Windows
from tests.effort import by_effort

pytestmark = pytest.mark.e2e
RESIDENTS, BUSINESSES = (WAVES[audience][0] for audience in ("resident", "business"))
CLOSED = "closed-demo"

ADDRESSES = {
    "portal": "/{lang}/",
    "portal-withdrawn": "/{lang}/ratings/1/",
    "portal-city": "/{lang}/ratings/2/cities/oral",
    "portal-explain": "/{lang}/ratings/1/cities/almaty/explain",
    "portal-choices": "/{lang}/ratings/2/choices",
    "portal-area": "/{lang}/ratings/2/areas/hlt",
    "portal-method": "/{lang}/ratings/2/method",
    "portal-data": "/{lang}/data",
    "portal-initiatives": "/{lang}/initiatives",
    "portal-initiatives-city": "/{lang}/initiatives/aktau",
    "portal-missing": "/{lang}/nothing",
    "said": "/{lang}/said",
    "said-rules": "/{lang}/said/rules",
    "said-city": "/{lang}/said/aktau",
    "said-area": "/{lang}/said/aktau?area=hcs",
    "said-theme": "/{lang}/said/aktau/hcs-roads",
    "said-unsorted": "/{lang}/said/aktau/unsorted",
    "settings": "/settings?lang={lang}",
    "survey-index": "/s/?lang={lang}",
    "survey-rights": "/s/rights?lang={lang}",
    "survey-again": f"/s/{RESIDENTS}?again=1&lang={{lang}}",
    "survey-closed": f"/s/{CLOSED}?lang={{lang}}",
    "survey-missing": "/s/none?lang={lang}",
    "survey-progress": f"/s/{RESIDENTS}/progress?lang={{lang}}",
    "survey-follow": "/s/follow?lang={lang}",
    "survey-taken-back": "/s/follow/done?lang={lang}",
    "survey-withdraw": "/s/withdraw?lang={lang}",
    "survey-withdrawn": "/s/withdraw/done?lang={lang}",
    "survey-withdrawal-waits": "/s/withdraw/waits?lang={lang}",
    "survey-receipts": f"/s/{RESIDENTS}/receipts?lang={{lang}}",
    "survey-offline": "/s/offline?lang={lang}",
    "survey-operator": f"/s/{RESIDENTS}/paper?lang={{lang}}",
}
REASON = Text3("Бір қаланың мәні қате.", "Показатели одного города неверны.", "A city's values are wrong.")
EMPTY = {
    "empty-said": "/{lang}/said",
    "empty-said-city": "/{lang}/said/aktau",
    "empty-portal": "/{lang}/",
    "empty-data": "/{lang}/data",
    "empty-survey": "/s/?lang={lang}",
}
See = Callable[[str], None]


@pytest.fixture(scope="session")
def country(site: Site) -> Site:
    """The demo country with a city written to, a wave closed, a publication withdrawn; once, for `site` lives as long.

    A process that takes tests over from another may come to this module twice.
    """
    today = SystemClock().today()
    with site.database.writing() as session:
        version = session.scalars(select(Wave.version).where(Wave.code == RESIDENTS)).one()
        plan = waves.WavePlan(
            code=CLOSED, version=version, opens_on=today, closes_on=today, targets={"almaty": 100}, illustrative=True
        )
        waves.plan_wave(session, plan)
        waves.open_wave(session, CLOSED)
        waves.close_wave(session, CLOSED)
        now = SystemClock().now()
        withdraw(session, 1, REASON, now)
        name_successor(session, 1, 2, Actor(None, now))
        fill_board(session)
    return site


@pytest.fixture(scope="module")
def empty(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A country where nothing is open and nothing published yet."""
    folder = tmp_path_factory.mktemp("empty")
    shutil.copy(sqlite_template, folder / "city-opinion.sqlite3")
    with serving(folder) as running:
        yield running


@pytest.mark.parametrize("language", LOOKED_AT_IN)
@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_is_for_everybody(windows: Windows, country: Site, name: str, language: str) -> None:
    with windows.looking(language) as looker:
        looker.page.goto(country.base + ADDRESSES[name].format(lang=language))
        looker.look(name)


@pytest.mark.parametrize("language", LOOKED_AT_IN)
@pytest.mark.parametrize("name", EMPTY)
def test_a_page_with_nothing_to_show_is_for_everybody(windows: Windows, empty: Site, name: str, language: str) -> None:
    with windows.looking(language) as looker:
        looker.page.goto(empty.base + EMPTY[name].format(lang=language))
        looker.look(name)


def step_of(page: Page) -> str:
    """Name the step a page of a walk shows."""
    return page.url.partition("?")[0].rpartition("/")[2]


def press(page: Page) -> None:
    """Press the page's main button, and wait until the whole of the next page is there."""
    page.click("main button.primary")
    page.wait_for_load_state()


def unseen(_name: str) -> None:
    """Look at nothing: this state is the same as one looked at elsewhere."""


def begin(page: Page, see: See) -> None:
    """Choose a city and agree, with what is wrong seen on the way."""
    see("city")
    press(page)
    see("city-error")
    page.check('input[value="almaty"]')
    press(page)
    see("consent")
    press(page)
    see("consent-error")
    page.check("#agreed")
    press(page)


def answer(page: Page, see: See) -> None:
    """Answer every page of the questionnaire, one area more than asked among them."""
    while (step := step_of(page)) != "suggestions":
        see(step)
        if step == "more":
            page.locator("input[name=areas]").first.check()
        for group in page.locator("fieldset").all():
            if group.locator("input[type=radio]").count():
                group.locator("input[type=radio]").nth(1).check()
        press(page)


def suggest(page: Page, see: See) -> None:
    """Write one suggestion that is too long, then one that is not."""
    see("suggestions")
    page.fill("#text0", "Ж" * 501)
    press(page)
    see("suggestions-error")
    page.fill("#text0", "Қысқы жол")
    page.select_option("#area0", "ctm")
    press(page)
    see("check")


def send_twice(page: Page, see: See) -> None:
    """Send, then send other answers under the same ballot."""
    cookies = page.context.cookies()
    press(page)
    see("thanks")
    page.context.add_cookies(cookies)  # type: ignore[arg-type]  # a cookie read is a cookie to set
    page.goto(page.url.replace("/thanks", "/p/about"))
    page.locator("input[type=radio]").first.check()
    press(page)
    press(page)
    press(page)
    see("conflict")


def go_wrong(page: Page, see: See) -> None:
    """Answer with a code that is not on the page, and send a form without its token."""
    page.locator("input[type=radio]").first.evaluate("radio => { radio.value = 'nowhere'; radio.checked = true }")
    press(page)
    see("page-error")
    address = page.url
    page.locator("[name=csrf_token]").first.evaluate("token => token.remove()")
    press(page)
    see("token-missing")
    page.goto(address)


@pytest.mark.parametrize("language", LOOKED_AT_IN)
def test_every_step_of_residents_is_for_everybody(windows: Windows, country: Site, language: str) -> None:
    with windows.looking(language) as looker:
        looker.page.goto(f"{country.base}/s/{RESIDENTS}?lang={language}")
        begin(looker.page, looker.look)
        go_wrong(looker.page, looker.look)
        answer(looker.page, lambda step: looker.look(f"residents-{step}"))
        suggest(looker.page, looker.look)
        send_twice(looker.page, looker.look)


@pytest.mark.parametrize("language", LOOKED_AT_IN)
def test_every_question_to_businesses_is_for_everybody(windows: Windows, country: Site, language: str) -> None:
    with windows.looking(language) as looker:
        looker.page.goto(f"{country.base}/s/{BUSINESSES}?lang={language}")
        begin(looker.page, unseen)
        answer(looker.page, lambda step: looker.look(f"businesses-{step}"))


@pytest.mark.parametrize("language", LOOKED_AT_IN)
def test_settings_opened_from_a_page_being_filled_in_are_for_everybody(
    windows: Windows, country: Site, language: str
) -> None:
    with windows.looking(language) as looker:
        page = looker.page
        page.goto(f"{country.base}/s/{RESIDENTS}?lang={language}")
        page.check('input[value="oral"]')
        page.click(".low-vision")
        page.check('input[value="yellow"]')
        page.check('input[value="200"]')
        press(page)
        looker.look("settings-saved")
        page.locator("main button.primary").first.click()
        page.wait_for_load_state()
        assert page.locator('input[value="oral"]').is_checked()
        assert page.locator("html").get_attribute("class") == "text-200 yellow"
        looker.look("city-yellow-200")


@pytest.mark.parametrize("wave", by_effort([RESIDENTS], [RESIDENTS, BUSINESSES]))
def test_a_walk_needs_only_a_keyboard(chromium: Browser, country: Site, wave: str) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{country.base}/s/{wave}?lang=kk")
    reached = []
    for _target in range(3):
        page.keyboard.press("Tab")
        reached.append(focused(page))
    assert reached == ["skip", "low-vision", "brand"]
    for _step in range(20):
        if step_of(page) == "consent":
            tab_to(page, "agreed")
            page.keyboard.press("Space")
        tab_to(page, "primary")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if step_of(page) == "thanks":
            break
    assert step_of(page) == "thanks"
    context.close()
