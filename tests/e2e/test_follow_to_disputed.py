"""A resident's way from the page after Send to a disputed commitment, on a phone without script (DESK §11.2, §20)."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from app.clock import FrozenClock
from app.database import Database
from app.feedback import commitments
from app.feedback.commitment_checks import StepTold
from app.feedback.commitment_states import CommitmentAct
from app.feedback.reply_models import Commitment
from app.feedback.verdicts import NEEDED
from app.jobs.tasks.turn_commitments import turn_commitments
from app.web import site
from surveys.models.comments import Comment
from tests.app.web.resident.test_follow import hand_over, open_by, wish
from tests.builders.answering import EVIDENCE, WORDS, by, make_office, released, writing
from tests.builders.comments import SHOW, do
from tests.builders.country import RESIDENTS
from tests.builders.staff import CITY, NOW, TODAY, make_staff
from tests.conftest import make_site
from tests.e2e.console import listening
from tests.e2e.looking import LOOKED_AT_IN, SHOTS

pytestmark = pytest.mark.e2e
TEXT = "Абай көшесіндегі жол шұңқыр, аялдамаға жету қиын."
PHONE = {"width": 360, "height": 740}
LATER = NOW + timedelta(days=6)
"""When staff answer: in the same month, for answers of an earlier one are of something else."""
BOARD = "/{lang}/said/aktau?area=its"
DISPUTED = {
    "kk": "Мәселені көтергендер оның орындалғанымен келіспейді",
    "ru": "Те, кто об этом написал, не согласны, что сделано",
    "en": "Those who raised it do not agree that it is done",
}


def press(page: Page, words: str = "button.primary") -> None:
    page.click(words)
    page.wait_for_load_state()


def look(page: Page, name: str, language: str) -> None:
    """Keep a picture, and see that nothing is wider than the phone."""
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, name
    page.screenshot(path=SHOTS / f"follow-{name}-{language}-360.png", full_page=True)


def send_a_suggestion(page: Page, base: str, language: str) -> str:
    """Walk from the first page to the one after Send; gives the code that stands there."""
    page.goto(f"{base}/s/{RESIDENTS}?lang={language}&city={CITY}")
    press(page)
    page.check("#agreed")
    press(page)
    while not page.url.endswith("/suggestions"):
        for group in page.locator("fieldset").all():
            options = group.locator("input[type=radio]")
            if options.count():
                options.nth(1).check()
        press(page)
    page.select_option("select[name=area0]", "its")
    page.fill("textarea[name=text0]", TEXT)
    press(page)
    press(page)
    assert page.url.endswith("/thanks")
    (code,) = re.findall(r"[0-9A-Z]{3}(?:-[0-9A-Z]{3}){3}", page.locator("dl.codes").inner_text())
    return str(code)


def answer_as_done(database: Database) -> int:
    """Let staff show what was written, promise something in a reply, and report it as done; gives its number."""
    with database.writing() as session:
        office = make_office(session)
        ids = session.scalars(select(Comment.id).where(Comment.state == "released").order_by(Comment.id)).all()
        assert len(ids) == NEEDED
        moderator = make_staff(session, "moderator", CITY).id
        for comment in ids:
            do(session, comment, moderator, SHOW)
        reply = released(session, office, ids, writing("will_do"), LATER).id
        number = session.scalars(select(Commitment.id).where(Commitment.reply == reply)).one()
        done = StepTold(WORDS, done_on=TODAY, evidence_address=EVIDENCE)
        act = CommitmentAct.REPORT_DONE
        commitments.take_step(session, by(office.lead, LATER), number, CITY, step=act, told=done, version=None)
    return number


@pytest.mark.parametrize("language", LOOKED_AT_IN)
def test_a_resident_follows_the_code_says_no_with_others_and_the_board_turns(
    sqlite: Database, settings: object, clock: FrozenClock, chromium: Browser, language: str
) -> None:
    app = make_site(sqlite, settings, clock)  # type: ignore[arg-type]  # the fixture's settings
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]  # a size
    with listening(app) as base:
        page = context.new_page()
        code = send_a_suggestion(page, base, language)
        assert page.locator(f'main a[href="/{language}/said/rules"]').count() == 1
        look(page, "thanks", language)
        press(page, "dl.codes button")
        assert TEXT in page.locator("main").inner_text()
        assert code not in page.url
        look(page, "waits", language)
        others = [found for number in range(NEEDED - 1) for found in wish(app, f"Жол нашар {number}", city=CITY)]
        hand_over(app)
        number = answer_as_done(sqlite)
        page.click('a[href="/s/follow"]')
        page.fill("#code", code.lower().replace("-", " "))
        press(page)
        assert any(words in page.locator("main").inner_text() for words in WORDS[:2]), "there is no English text"
        assert page.locator(f'main a[href="{EVIDENCE}"]').count() == 1, "with the proof"
        look(page, "reply", language)
        for other in others:
            reply = re.findall(r'name="reply" value="(\d+)"', open_by(app, other)[2])[0]
            assert open_by(app, other, reply=reply, answer="no")[0] == 200
        assert turn(app, sqlite) == "reported_done", "nine answers say nothing"
        press(page, 'button[name=answer][value="no"]')
        look(page, "answered", language)
        assert turn(app, sqlite) == "disputed"
        page.goto(base + BOARD.format(lang=language))
        look(page, "board", language)
        page.click("main article a >> nth=0")
        assert DISPUTED[language] in page.locator("main").inner_text()
        assert page.locator('footer a[href^="/s/follow"]').count() == 1
        look(page, "timeline", language)
        assert number > 0
    context.close()


def turn(app: Flask, database: Database) -> str:
    """Let the job of the hour run; gives where the commitment stands."""
    services = site.services_of(app)
    turn_commitments(database, FrozenClock(LATER), services.settings.keys)
    with database.reading() as session:
        return session.scalars(select(Commitment.state)).one()
