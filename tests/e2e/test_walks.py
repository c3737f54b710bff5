"""The survey and the portal in real Chromium: a phone without script, three languages, limits that fail the build."""

import gzip
import urllib.request

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
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


def begin(page: Page, site: Site, language: str) -> None:
    """Choose a city and agree."""
    page.goto(f"{site.base}/s/{RESIDENTS}?lang={language}&city=almaty")
    page.click("button.primary")
    page.check("#agreed")
    page.click("button.primary")


def switch(page: Page, language: str) -> None:
    """Press a language button."""
    page.click(f'button[name=switch][value="{language}"]')
    assert page.locator("html").get_attribute("lang") == language


def answer_everything(page: Page, *, switches: dict[str, str]) -> dict[str, list[str]]:
    """Answer every page with its second option, in all areas, changing language where `switches` says."""
    ticked: dict[str, list[str]] = {}
    while not page.url.endswith("/check"):
        step = page.url.rpartition("/")[2]
        boxes = page.locator('input[name="areas"]')
        for place in range(boxes.count()):
            boxes.nth(place).check()
        for group in page.locator("fieldset").all():
            options = group.locator("input[type=radio]")
            if options.count():
                options.nth(1).check()
        if step in switches:
            before = [box.get_attribute("value") for box in page.locator("input:checked").all()]
            switch(page, switches[step])
            ticked[step] = [str(value) for value in before]
            assert [box.get_attribute("value") for box in page.locator("input:checked").all()] == before
        page.locator("button.primary").click()
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
    page.locator("button.primary").click()
    assert page.url.endswith("/thanks")
    new = packed_answers(site).keys() - before.keys()
    assert len(new) == 1
    return packed_answers(site)[new.pop()]


def test_a_walk_in_any_language_and_one_through_all_three_store_the_same_bytes(
    scriptless: BrowserContext, site: Site
) -> None:
    mixed = walk(scriptless, site, "kk", {"about": "ru"}, last="en")
    assert mixed[0] == "en"
    for language in LANGUAGES:
        scriptless.clear_cookies()
        assert walk(scriptless, site, language, {}, last=language) == (language, mixed[1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_light(chromium: Browser, site: Site, language: str) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    begin(page, site, language)
    loaded: list[int] = []
    page.on("response", lambda response: loaded.append(len(gzip.compress(response.body(), 6))))
    page.goto(page.url)
    page.wait_for_load_state("networkidle")
    assert sum(loaded) <= 14 * 1024, "the first question page, with everything it needs"
    loaded.clear()
    page.click("button.primary")
    page.wait_for_load_state("networkidle")
    assert loaded[0] <= 6 * 1024
    context.close()
    for path in PORTAL:
        limit = 60 if path in {"/", "/ratings/1/"} else 40
        with urllib.request.urlopen(f"{site.base}/{language}{path}", timeout=10) as answer:  # noqa: S310 - loopback
            assert len(gzip.compress(answer.read())) <= limit * 1024
