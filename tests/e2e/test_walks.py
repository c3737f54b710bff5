"""The survey and the portal in real Chromium: a phone without script, three languages, limits that fail the build."""

import gzip
import urllib.request

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import Response as Loaded
from sqlalchemy import select

from app.cli.seed import WAVES
from surveys.models import Response
from tests.e2e.conftest import Site

pytestmark = pytest.mark.e2e
RESIDENTS = WAVES["resident"][0]
LANGUAGES = ("kk", "ru", "en")
PORTAL = (
    "/",
    "/ratings/1/",
    "/ratings/2/cities/oral",
    "/ratings/1/cities/almaty/explain",
    "/ratings/1/choices",
    "/ratings/2/areas/hlt",
    "/ratings/1/method",
    "/data",
)


def press(page: Page, button: str = "button.primary") -> None:
    """Press a button, and wait until the whole of the next page is there: what is counted on a part of it is wrong."""
    page.click(button)
    page.wait_for_load_state()


def begin(page: Page, site: Site, language: str) -> None:
    """Choose a city and agree."""
    page.goto(f"{site.base}/s/{RESIDENTS}?lang={language}&city=almaty")
    press(page)
    page.check("#agreed")
    press(page)


def switch(page: Page, language: str) -> None:
    """Press a language button."""
    press(page, f'button[name=switch][value="{language}"]')
    assert page.locator("html").get_attribute("lang") == language


def answer_everything(page: Page, *, switches: dict[str, str]) -> dict[str, list[str]]:
    """Answer every page with its second option, in all areas, changing language where `switches` says."""
    ticked: dict[str, list[str]] = {}
    while not page.url.endswith("/check"):
        step = page.url.rpartition("/")[2]
        boxes = page.locator('input[name="areas"]')
        for index in range(boxes.count()):
            boxes.nth(index).check()
        for group in page.locator("fieldset").all():
            options = group.locator("input[type=radio]")
            if options.count():
                options.nth(1).check()
        if step in switches:
            before = [box.get_attribute("value") for box in page.locator("input:checked").all()]
            switch(page, switches[step])
            ticked[step] = [str(value) for value in before]
            assert [box.get_attribute("value") for box in page.locator("input:checked").all()] == before
        press(page)
    return ticked


def packed_answers(site: Site) -> dict[str, tuple[str, bytes]]:
    with site.database.reading() as session:
        rows = session.execute(select(Response.id, Response.lang, Response.closed).where(Response.wave == RESIDENTS))
        return {row.id: (row.lang, row.closed) for row in rows}


def walk(
    scriptless: BrowserContext, site: Site, language: str, switches: dict[str, str], last: str
) -> tuple[str, bytes]:
    """Walk to Send and give the language and the bytes of the one response that was stored."""
    before = packed_answers(site)
    page = scriptless.new_page()
    begin(page, site, language)
    ticked = answer_everything(page, switches=switches)
    assert set(ticked) == set(switches)
    if last != (list(switches.values()) or [language])[-1]:
        switch(page, last)
    press(page)
    assert page.url.endswith("/thanks")
    new = packed_answers(site).keys() - before.keys()
    assert len(new) == 1
    return packed_answers(site)[new.pop()]


def test_a_walk_in_any_language_and_one_through_all_three_store_the_same_bytes(
    scriptless: BrowserContext, site: Site
) -> None:
    in_three_languages = walk(scriptless, site, "kk", {"about": "ru"}, last="en")
    assert in_three_languages[0] == "en"
    for language in LANGUAGES:
        scriptless.clear_cookies()
        assert walk(scriptless, site, language, {}, last=language) == (language, in_three_languages[1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_light(chromium: Browser, site: Site, language: str) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    begin(page, site, language)
    page.wait_for_load_state("networkidle")  # what still comes for this page has no body once it is left
    loaded: list[Loaded] = []
    page.on("response", lambda answer: loaded.append(answer))  # noqa: PLW0108 - Playwright takes no built-in method
    page.goto(page.url)
    page.wait_for_load_state("networkidle")
    weights = [len(gzip.compress(answer.body(), 6)) for answer in loaded]
    assert 0 < sum(weights) <= 14 * 1024, "the first question page, with everything it needs"
    with page.expect_response(lambda answer: answer.request.is_navigation_request() and answer.ok) as turned:
        page.click("button.primary")
    assert len(gzip.compress(turned.value.body(), 6)) <= 6 * 1024
    context.close()
    for path in PORTAL:
        limit = 60 if path in {"/", "/ratings/1/"} else 40
        with urllib.request.urlopen(f"{site.base}/{language}{path}", timeout=60) as answer:  # noqa: S310 - loopback
            assert len(gzip.compress(answer.read())) <= limit * 1024
