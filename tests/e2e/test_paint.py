"""How soon a page shows on a slow phone: the limits of the experience, taken as the best of several visits."""

from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from app.cli.seed import WAVES
from tests.e2e.conftest import Site
from tests.e2e.looking import LOOKED_AT_IN

pytestmark = pytest.mark.e2e
RESIDENTS = WAVES["resident"][0]
MOST_VISITS = 10
"""A busy machine measures its other work as well: visits go on until one series of bests is within the limits."""

PAINT, BLOCKED = 2_000, 50
"""Milliseconds to the first contentful paint, and of blocking."""

SLOW = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
"""Slow 3G: 400 ms and 400 kb/s, on a processor four times slower."""

OBSERVER = """() => {
  window.seen = {paint: 0, shift: 0, blocked: 0};
  const watch = (type, take) => new PerformanceObserver(
    list => list.getEntries().forEach(take)).observe({type, buffered: true});
  watch('paint', entry => { if (entry.name === 'first-contentful-paint') seen.paint = entry.startTime });
  watch('layout-shift', entry => { seen.shift += entry.value });
  watch('longtask', entry => { seen.blocked += Math.max(0, entry.duration - 50) });
}"""


class Seen(NamedTuple):
    """What one visit measured: milliseconds to the first contentful paint and of blocking, and the layout's shift."""

    paint: float
    blocked: float
    shift: float


def visit(chromium: Browser, address: str, cookies: list[object]) -> Seen:
    """Open an address as a newcomer with a slow phone does."""
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    context.add_cookies(cookies)  # type: ignore[arg-type]  # a cookie read is a cookie to set
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(f"({OBSERVER})()")
    page.goto(address)
    page.wait_for_timeout(1_500)
    seen = page.evaluate("() => seen")
    context.close()
    return Seen(seen["paint"], seen["blocked"], seen["shift"])


def begun(context: BrowserContext, page: Page, site: Site, language: str) -> str:
    """Go to the first question page and give its address."""
    page.goto(f"{site.base}/s/{RESIDENTS}?lang={language}&city=almaty")
    page.click("main button.primary")
    page.check("#agreed")
    page.click("main button.primary")
    assert context.cookies()
    return page.url


@pytest.mark.parametrize("language", LOOKED_AT_IN)
def test_pages_show_within_two_seconds_on_slow_3g_and_nothing_moves(
    chromium: Browser, site: Site, language: str
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    question = begun(context, page, site, language)
    cookies: list[object] = list(context.cookies())
    context.close()
    for address in (f"{site.base}/s/{RESIDENTS}?lang={language}", question):
        best = best_of(chromium, address, cookies)
        print(f"{address.removeprefix(site.base)} {language}: {best}")  # noqa: T201 — the figures are the evidence
        assert 0 < best.paint <= PAINT
        assert best.blocked <= BLOCKED
        assert best.shift == 0


def best_of(chromium: Browser, address: str, cookies: list[object]) -> Seen:
    """Visit until paint and blocking are within the limits; the shift is the worst of all, for no load excuses it."""
    best = visit(chromium, address, cookies)
    for _visit in range(MOST_VISITS):
        if best.paint <= PAINT and best.blocked <= BLOCKED:
            break
        seen = visit(chromium, address, cookies)
        best = Seen(min(best.paint, seen.paint), min(best.blocked, seen.blocked), max(best.shift, seen.shift))
    return best
