"""Every page of the console that somebody comes to, looked at in Chromium (DESK §20 row 29).

What a role comes to by links is found out first. Looked at is a page of each route, and each that shows something which
no page before showed, in one language, width and scheme by turns; in `make test-all` in each language, and what a page
shows counts for each route anew.
"""

import gzip
import re
from collections.abc import Iterator
from itertools import cycle, product
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import update

from app.accounts.models import Staff
from app.accounts.permissions import Role
from app.accounts.sessions import open_session
from surveys.languages import LANGUAGES
from tests.app.web.console.conftest import MOST_STATEMENTS, browser_of
from tests.app.web.console.conftest import Browser as Client
from tests.app.web.console.crawl import Opened, addresses_of, crawl
from tests.builders.office import ROLES, Office, open_office
from tests.builders.sites import replace_services
from tests.conftest import SECRET
from tests.e2e.console import served
from tests.e2e.looking import AXE, HEIGHTS
from tests.effort import by_effort

pytestmark = pytest.mark.e2e
LARGEST = 60 * 1024
EXAMPLES_FOR = {Role.ANALYST, Role.LEAD, Role.REVIEWER, Role.AUDITOR}
"""Roles that open a value in each state; a publisher sees what an auditor sees."""

WAYS = tuple(product(LANGUAGES, HEIGHTS, ("light", "dark", "yellow")))
SHOWN = re.compile(rb'<(\w+)[^>]*?(?: class="([^"]*)"| type="([^"]*)")')

LOOK = """scheme => {
  document.documentElement.classList.toggle('yellow', scheme === 'yellow');
  // What happens to lie below the bar at the bottom comes out by scrolling.
  document.querySelectorAll('.bulk').forEach(bar => { bar.style.position = 'static'; });
  return axe.run(document, {
    resultTypes: ['violations'], preload: false, selectors: false, xpath: false, elementRef: false,
    rules: {'target-size': {enabled: true}},
  }).then(found => found.violations.map(one => one.id + ' ' + one.nodes[0].html.slice(0, 160)));
}"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def office(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = open_office(demo, tmp_path_factory.mktemp("office"), SECRET)
    made.app.testing = True
    made.app.test_client_class = Client
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def pages(office: Office) -> dict[str, list[Opened]]:
    """What each person comes to, by their words; "nobody" is who is not signed in."""
    own = addresses_of(case for case in office.cases if case.city == "aktau")
    found = {}
    for role, word in ROLES.items():
        starts = own if role in EXAMPLES_FOR else []
        client = browser_of(office.app, office.people[word])
        found[word] = list(crawl(office.app, client, [*starts, *office.unlinked[word]], 1))
    found["nobody"] = list(
        crawl(office.app, Client(office.app, office.app.response_class), office.unlinked["nobody"], 1)
    )
    return found


def shown_by(page: Opened) -> set[tuple[str, bytes]]:
    """Tell what kinds of elements a page is made of; with the route, where the same may look otherwise elsewhere."""
    where = by_effort("", page.endpoint)
    return {(where, b" ".join(parts)) for parts in SHOWN.findall(page.body)} | {
        (by_effort(page.endpoint, page.kind), b"")
    }


def unlike(pages: dict[str, list[Opened]]) -> list[tuple[str, str]]:
    """Choose the pages to be looked at: persons and addresses."""
    shown: set[tuple[str, bytes]] = set()
    chosen = []
    for person, opened in pages.items():
        for page in opened:
            is_own = page.is_page and "lang=" not in page.address and not page.endpoint.startswith("preview.")
            if is_own and (fresh := shown_by(page) - shown):
                shown |= fresh
                chosen.append((person, page.address))
    return chosen


def test_every_page_is_there_small_and_quick_to_read(pages: dict[str, list[Opened]]) -> None:
    """DESK §20 row 29: ≤ 8 statements and ≤ 60 KB with rows to show; nothing that a page leads to is missing."""
    faults = []
    for person, opened in pages.items():
        for one in opened:
            size = len(gzip.compress(one.body))
            is_asked_for = "/assess/" in one.address or "/values/" in one.address or person == "nobody"
            faults += [f"{person} {one.address}: {one.status}"] * (one.status >= 400 and not is_asked_for)
            faults += [f"{person} {one.address}: {one.statements} statements"] * (
                one.is_page and one.statements > MOST_STATEMENTS
            )
            faults += [f"{person} {one.address}: {size} bytes"] * (one.is_page and size > LARGEST)
    assert faults == [], "\n".join(faults)
    assert all(len(opened) >= 10 for person, opened in pages.items() if person != "nobody")


def test_every_page_is_for_everybody(office: Office, pages: dict[str, list[Opened]], chromium: Browser) -> None:
    """DESK §20 row 29: axe finds nothing, and nothing is wider than a small telephone."""
    turns = by_effort([cycle(WAYS)], [cycle(way for way in WAYS if way[0] == language) for language in LANGUAGES])
    looks = [(each, next(ways)) for each in unlike(pages) for ways in turns]
    faults: list[str] = []
    with served(office.app) as base:
        replace_services(office.app, clock=office.clock)  # sessions of the present
        for language in LANGUAGES:
            with office.database.writing() as session:
                session.execute(update(Staff).values(language=language))
            for person in pages:
                own = [(address, way) for (who, address), way in looks if who == person and way[0] == language]
                context = chromium.new_context(reduced_motion="reduce", service_workers="block")
                if person != "nobody":
                    context.add_cookies(
                        [{"name": "console", "value": token_of(office, person), "url": f"{base}/console"}]
                    )
                page = context.new_page()
                for address, (_language, width, scheme) in own:
                    separator = "&" if "?" in address else "?"
                    said = f"{separator}lang={language}" if person == "nobody" else ""
                    page.goto(base + address + said)
                    faults += [
                        f"{person} {address} {language} {fault}" for fault in look(page, language, width, scheme)
                    ]
                context.close()
    assert faults == [], "\n".join(faults)
    assert len(looks) > 60


def token_of(office: Office, person: str) -> str:
    """Open a session of somebody."""
    with office.database.writing() as session:
        return open_session(session, office.people[person].id, office.clock.now(), "Test")


def look(page: Page, language: str, width: int, scheme: str) -> Iterator[str]:
    """Look at the page at hand in one way, and at how wide it is on a small telephone."""
    device: Literal["dark", "light"] = "dark" if scheme == "dark" else "light"
    page.emulate_media(color_scheme=device)
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    names_its_own = "/preview/" in page.url
    if (spoken := page.locator("html").get_attribute("lang")) != language and not names_its_own:
        yield f"speaks {spoken}"
    page.evaluate(AXE)
    for fault in page.evaluate(LOOK, scheme):
        yield f"{width} {scheme}: {fault}"
    page.set_viewport_size({"width": 320, "height": 640})
    wider: int = page.evaluate(WIDER)
    if wider > 0:
        yield f"{wider} px too wide"
