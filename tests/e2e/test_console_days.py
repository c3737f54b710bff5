"""The day of each role with a keyboard and nothing else, from the page Today on (DESK §20 row 29).

Tab goes to what is named, whose focus has to be seen; Enter and Space press it. No page is opened by its address but
the first.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from app.accounts.models import Staff
from app.accounts.permissions import Role
from app.accounts.sessions import open_session
from app.audit.models import JournalRow
from app.clock import SystemClock
from tests.builders.office import ROLES, Office, open_office
from tests.conftest import SECRET
from tests.e2e.console import served
from tests.e2e.keyboard import focused

pytestmark = pytest.mark.e2e
MOST = 250
"""Presses of Tab to anything; a list of a page has fifty rows."""


class Step(NamedTuple):
    """To go to an element by Tab and press a key there, or to type into it."""

    to: str
    key: str = "Enter"
    typed: str = ""


def menu(address: str) -> Step:
    return Step(f'.menu a[href="/console/{address}"]')


def write(field: str, typed: str) -> Step:
    return Step(field, "", typed)


SEND = Step("main form button.primary")
ADDRESS = "#evidence .adding details:nth-of-type(2)"
DAYS: dict[Role, tuple[Sequence[Step], Sequence[str]]] = {
    Role.ANALYST: (
        (
            menu("values/"),
            Step('a[href*="/aktau/agr_1?"]'),
            Step("[name=answer]", "Space"),
            write("#source", "Stat"),
            Step("form[data-value] button.small"),
            Step(f"{ADDRESS} > summary"),
            write(f"{ADDRESS} [type=url]", "https://stat.gov.kz/1"),
            write(f"{ADDRESS} [name$=caption]", "Әкімдіктің қаулысы"),
            Step(f"{ADDRESS} button.primary"),
        ),
        ("value.saved", "evidence.added"),
    ),
    Role.LEAD: (
        (
            Step('.waiting a[href*="/values/"][href$="state=draft"]'),
            Step(".bulk a.button"),
            SEND,
        ),
        ("value.sent",),
    ),
    Role.REVIEWER: (
        (
            Step('.waiting a[href$="mine=asked"]'),
            Step("tbody [data-open]"),
            *[Step("[name=ticks]", "Space")] * 3,
            Step('[name=verdict][value="accept"]'),
        ),
        ("assessment.given",),
    ),
    Role.PUBLISHER: (
        (
            Step('.waiting a[href="/console/publications/"]'),
            Step('main a[href^="/console/publications/"]:not([href*=withdrawals])'),
            Step('a[href$="/approve"]'),
            SEND,
            Step('a[href$="/publish"]'),
            SEND,
        ),
        ("publication.approved", "bulk.ordered"),
    ),
    Role.AUDITOR: ((menu("journal/"), write("#filter-object", "2025/aktau/hlt_1"), Step("#filter-object")), ()),
    Role.ADMIN: (
        (
            menu("staff/"),
            Step('main a[href="/console/staff/invite"]'),
            write("#email", "new@example.kz"),
            write("#name", "Жаңа Қызметкер"),
            Step("#role", "End"),
            SEND,
        ),
        ("staff.invited",),
    ),
    Role.MODERATOR: (
        (
            menu("comments/"),
            Step(".rows a[data-open]"),
            Step("[name=decision][value=show]"),
            Step("[data-hide] summary"),
            Step('[name=decision][value="hide:insult"]'),
        ),
        ("comment.shown", "comment.hidden"),
    ),
}
"""Steps of each role's day, and what the journal holds of it in the end."""


@pytest.fixture(scope="module")
def office(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = open_office(demo, tmp_path_factory.mktemp("days"), SECRET)
    yield made
    made.database.close()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until an element has the focus; it has to be seen there."""
    page.wait_for_load_state()
    for _press in range(MOST):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            focused(page)
            return
    pytest.fail(f"Tab never reaches {selector} on {page.url}")


def take(page: Page, step: Step) -> None:
    """Take one step."""
    tab_to(page, step.to)
    if step.typed:
        page.keyboard.type(step.typed)
    elif step.key == "Enter" and not page.evaluate(
        "document.activeElement.matches('summary, [data-upload] button, button[data-upload]')"
    ):
        with page.expect_navigation():
            page.keyboard.press("Enter")
    else:
        page.keyboard.press(step.key)


@pytest.mark.parametrize("role", Role)
def test_a_day_takes_a_keyboard_and_nothing_else(office: Office, chromium: Browser, role: Role) -> None:
    steps, events = DAYS[role]
    person = office.people[ROLES[role]]
    with served(office.app) as base:
        with office.database.writing() as session:
            session.get_one(Staff, person.id).language = "ru"
            token = open_session(session, person.id, SystemClock().now(), "Test")
            before = session.scalars(select(JournalRow.seq).order_by(JournalRow.seq.desc())).first() or 0
        context = chromium.new_context(reduced_motion="reduce", service_workers="block")
        context.add_cookies([{"name": "console", "value": token, "url": f"{base}/console"}])
        page = context.new_page()
        page.goto(f"{base}/console/")
        for step in steps:
            take(page, step)
        page.wait_for_load_state("networkidle")
        assert page.locator(".errors").count() == 0, page.locator(".errors").inner_text()
        if role is Role.AUDITOR:
            assert page.locator("tbody tr").count() > 1
        context.close()
    with office.database.reading() as session:
        since = select(JournalRow.event).where(JournalRow.seq > before, JournalRow.actor == person.id)
        told = set(session.scalars(since))
    assert told >= set(events)


def test_everybody_has_a_day() -> None:
    assert DAYS.keys() == set(Role)
