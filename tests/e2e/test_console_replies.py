"""One clerk answers a theme of forty suggestions by one reply, and another person releases it (DESK §20 row 15)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from app.accounts.permissions import Role
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.feedback.frame import store_frame
from app.feedback.reply_models import Reply, ReplyTarget
from app.web.console_site import create_console
from tests.builders.answering import EVIDENCE, KK, RU, shown
from tests.builders.comments import WAVE
from tests.builders.replies import code_comment
from tests.builders.staff import CITY
from tests.builders.themes import HEATING
from tests.e2e.console import come_in, served

pytestmark = pytest.mark.e2e
NUMBER = 40
NEW = f"/console/replies/new?theme={HEATING}&city={CITY}&wave={WAVE}"
MOST_PRESSES = 12
"""Clicks and choices of both persons, without the letters that they type."""
OWN = {
    "done": ["done_on", "evidence_address"],
    "will_do": ["title_kk", "title_ru", "title_en", "unit_kk", "unit_ru", "due"],
    "being_looked_at": ["next_word_on"],
    "cannot": [],
    "another_body": ["body_name_kk", "body_name_ru", "body_name_en", "body_address"],
}
"""Fields that a kind of reply has beside its words."""


class AnsweringOffice(NamedTuple):
    """A console that answers, with forty suggestions about one theme."""

    base: str
    app: Flask
    database: Database

    def reached(self) -> int:
        with self.database.reading() as session:
            wanted = select(func.count()).select_from(ReplyTarget).where(ReplyTarget.reached_on.is_not(None))
            return session.execute(wanted).scalar_one()

    def replies(self) -> list[str]:
        with self.database.reading() as session:
            return list(session.scalars(select(Reply.state).order_by(Reply.id)))


class Presses:
    """Clicks and choices on a page, each of them counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.number = 0

    def click(self, role: str, name: str) -> None:
        self.number += 1
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]

    def fill(self, label: str, text: str) -> None:
        self.number += 1
        self.page.get_by_label(label, exact=True).fill(text)


@pytest.fixture
def office(sqlite: Database, settings: Settings, clock: FrozenClock) -> Iterator[AnsweringOffice]:
    with sqlite.writing() as session:
        store_frame(session)
        for each in shown(session, NUMBER):
            code_comment(session, each, HEATING)
    app = create_console(settings, sqlite, clock)
    with served(app) as base:
        yield AnsweringOffice(base, app, sqlite)


def opened(office: AnsweringOffice, chromium: Browser, role: Role, address: str, *, script: bool = True) -> Page:
    context = chromium.new_context(reduced_motion="reduce", java_script_enabled=script)
    come_in(office.app, context, office.base, role, city=CITY)
    page = context.new_page()
    page.goto(f"{office.base}{address}")
    return page


@pytest.mark.parametrize("script", [True, False])
def test_forty_are_answered_by_one_reply_that_another_person_releases(
    office: AnsweringOffice, chromium: Browser, script: bool
) -> None:
    clerk = Presses(opened(office, chromium, Role.ANALYST, f"/console/themes/{HEATING}/{CITY}/{WAVE}", script=script))
    clerk.click("link", "Reply to this theme")
    expect(clerk.page.get_by_text(f"It reaches {NUMBER} suggestions")).to_be_visible()
    clerk.click("radio", "Done With the day on which it was done, and an address where everybody can see it.")
    clerk.fill("Day on which it was done", "2026-11-20")
    clerk.fill("Address where it can be seen", EVIDENCE)
    clerk.fill("Text in Kazakh", KK)
    clerk.fill("Text in Russian", RU)
    clerk.click("button", "Keep it and pass it on to be released")
    expect(clerk.page.get_by_text("Passed on: somebody else releases it.")).to_be_visible()
    assert office.replies() == ["ready"]
    assert not clerk.page.get_by_role("button", name="Release it").is_visible()
    lead = Presses(opened(office, chromium, Role.LEAD, "/console/", script=script))
    lead.click("link", "1 reply waits for you to release it")
    lead.page.locator("[data-open]").first.click()
    lead.click("button", "Release it")
    expect(lead.page.get_by_text("Released: everybody reads it now.")).to_be_visible()
    assert (office.replies(), office.reached()) == (["released"], NUMBER)
    assert clerk.number + lead.number + 1 <= MOST_PRESSES


def test_a_template_is_put_where_the_cursor_was(office: AnsweringOffice, chromium: Browser) -> None:
    page = opened(office, chromium, Role.ANALYST, NEW)
    kazakh = page.get_by_label("Text in Kazakh", exact=True)
    kazakh.fill("Басы. Соңы.")
    kazakh.evaluate("area => { area.focus(); area.setSelectionRange(5, 5); }")
    page.locator("#template").select_option("cannot_money")
    page.get_by_role("button", name="Insert into both texts").click()
    text = kazakh.input_value()
    assert text.startswith("Басы.\n\nҰсынысыңызға рақмет.")
    assert text.endswith(" Соңы.")
    assert page.get_by_label("Text in Russian", exact=True).input_value().startswith("Спасибо за предложение.")
    assert page.locator('input[name="kind"][value="cannot"]').is_checked()
    assert office.replies() == []


@pytest.mark.parametrize("script", [True, False])
def test_each_kind_shows_its_own_fields_alone(office: AnsweringOffice, chromium: Browser, script: bool) -> None:
    """As a person presses: the kind first; and again beside a template, a kept draft, and what was refused."""
    page = opened(office, chromium, Role.ANALYST, NEW, script=script)
    assert sorted(own_fields(page)) == sorted(name for own in OWN.values() for name in own), "nothing is chosen yet"
    each_kind_has_its_own(page)
    page.locator("#template").select_option("cannot_money")
    page.get_by_role("button", name="Insert into both texts").click()
    expect(page.get_by_label("Text in Kazakh", exact=True)).to_have_value(re.compile("Ұсынысыңызға"))
    assert own_fields(page) == OWN["another_body"], "what was chosen stays chosen"
    each_kind_has_its_own(page)
    page.get_by_role("button", name="Keep it and pass it on to be released").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert own_fields(page) == OWN["another_body"]
    each_kind_has_its_own(page)


@pytest.mark.parametrize("script", [True, False])
def test_the_templates_of_the_chosen_kind_are_offered(office: AnsweringOffice, chromium: Browser, script: bool) -> None:
    page = opened(office, chromium, Role.ANALYST, NEW, script=script)
    for kind in OWN:
        page.locator(f'[name=kind][value="{kind}"]').check()
        groups = page.locator("#template optgroup").evaluate_all(
            "all => all.filter((each) => getComputedStyle(each).display !== 'none').map((each) => each.dataset.kind)"
        )
        assert groups == [kind]
        if script:
            chosen = page.locator("#template").evaluate("menu => menu.selectedOptions[0].dataset.kind")
            assert chosen == kind


def test_what_was_kept_half_typed_comes_back_with_the_fields_of_its_kind(
    office: AnsweringOffice, chromium: Browser
) -> None:
    page = opened(office, chromium, Role.ANALYST, "/console/")
    page.clock.install()
    page.goto(office.base + NEW)
    page.locator('[name=kind][value="being_looked_at"]').check()
    page.fill("#next_word_on", "2026-12-20")
    with page.expect_response("**/console/drafts/keep") as kept:
        page.clock.fast_forward(11_000)
    assert kept.value.status == 204
    page.goto(office.base + NEW)
    assert page.input_value("#next_word_on") == "2026-12-20"
    assert own_fields(page) == OWN["being_looked_at"]
    each_kind_has_its_own(page)


@pytest.mark.parametrize("kind", [kind for kind, own in OWN.items() if own])
def test_every_line_of_a_refusal_names_its_field_and_leads_into_it(
    office: AnsweringOffice, chromium: Browser, kind: str
) -> None:
    page = opened(office, chromium, Role.ANALYST, NEW)
    page.locator(f'[name=kind][value="{kind}"]').check()
    page.get_by_role("button", name="Keep it and pass it on to be released").click()
    links = page.locator(".errors a")
    expect(links.first).to_be_visible()
    words = links.all_inner_texts()
    assert len(set(words)) == len(words) >= 3, words
    for number in range(len(words)):
        links.nth(number).click()
        field = page.locator(":focus")
        expect(field).to_be_visible()
        label = page.locator(f"label[for={field.get_attribute('id')}]").inner_text()
        assert words[number].startswith(f"{label}: ")


def own_fields(page: Page) -> list[str]:
    """Give the names of the fields of kinds of replies that somebody sees."""
    found = page.locator(".own input:visible").evaluate_all("fields => fields.map((field) => field.name)")
    return [str(name) for name in found]


def each_kind_has_its_own(page: Page) -> None:
    """Choose every kind in turn."""
    for kind, own in OWN.items():
        page.locator(f'[name=kind][value="{kind}"]').check()
        assert own_fields(page) == own, kind
