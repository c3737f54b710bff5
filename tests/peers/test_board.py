"""Complaints of peers' users about what the public learns, each a trap that this product does not fall into.

Sources: DESK §21; the numbers are those of the issues in the peers' own trackers.
"""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.feedback.reply_models import COMMITMENT_EVENTS, COMMITMENT_STATES
from app.web.portal.said.words import STATES, STEPS
from app.web.public import create_public
from tests.builders.comments import make_place
from tests.builders.replies import STATE_AFTER, WORDS, make_commitment, make_reply, make_theme, step, weeks_ago

THEME = "hcs_lighting"
PAGE, FEED = f"/en/said/aktau/{THEME}", f"/en/said/aktau/{THEME}/feed.atom"
PUBLIC_STATES = tuple(state for state in COMMITMENT_STATES if state != "draft")
LEADS_TO = {state: event for event, state in STATE_AFTER.items() if event != "move"}


@pytest.fixture
def portal(sqlite: Database, settings: Settings, clock: FrozenClock) -> FlaskClient:
    with sqlite.writing() as session:
        make_place(session)
        make_theme(session, THEME)
    app: Flask = create_public(settings, sqlite, clock)
    return app.test_client()


@pytest.mark.parametrize("event", COMMITMENT_EVENTS)
def test_decidim_16582_every_change_of_state_is_in_the_public_timeline(
    sqlite: Database, portal: FlaskClient, event: str
) -> None:
    with sqlite.writing() as session:
        told = [step("announce", weeks_ago(3))] + ([step(event, weeks_ago(1))] if event != "announce" else [])
        make_commitment(session, *told, theme=THEME)
    for address in (PAGE, FEED):
        assert str(STEPS[event]) in portal.get(address).text


def test_decidim_13067_what_is_said_of_a_reply_later_is_told_as_loudly(sqlite: Database, portal: FlaskClient) -> None:
    """A correction and a withdrawal are lines of their own; the older words stay as long as the reply stands."""
    corrected = ("Түзетілді", "Исправлено", "Corrected words")
    with sqlite.writing() as session:
        make_reply(session, theme=THEME, days=(weeks_ago(3), weeks_ago(2)), words=(WORDS, corrected))
        make_reply(session, theme=THEME, days=(weeks_ago(3),), state="withdrawn", withdrawn_on=weeks_ago(1),
                   withdrawn_reason_kk="Қате", withdrawn_reason_ru="Ошибка")  # fmt: skip
    for address in (PAGE, FEED):
        page = portal.get(address).text
        for words in (STEPS["reply"], STEPS["correction"], STEPS["withdrawal"], WORDS[2], corrected[2], "Ошибка"):
            assert str(words) in page


def test_decidim_2825_whoever_follows_hears_of_each_change_without_asking(
    sqlite: Database, portal: FlaskClient
) -> None:
    """The feed names each thing that was released under an id of its own, so that a reader shows it as new."""
    with sqlite.writing() as session:
        make_commitment(session, step("announce", weeks_ago(3)), step("move", weeks_ago(2)), theme=THEME)
    before = portal.get(FEED).text.count("<entry>")
    with sqlite.writing() as session:
        make_reply(session, theme=THEME, days=(weeks_ago(0),))
    assert (before, portal.get(FEED).text.count("<entry>")) == (2, 3)


@pytest.mark.parametrize("state", PUBLIC_STATES)
def test_fixmystreet_330_each_state_has_its_own_words_and_no_thanks_for_what_is_not_done(
    sqlite: Database, portal: FlaskClient, state: str
) -> None:
    event = "announce" if state == "announced" else LEADS_TO[state]
    with sqlite.writing() as session:
        told = [step("announce", weeks_ago(3))] + ([step(event, weeks_ago(1))] if event != "announce" else [])
        make_commitment(session, *told, theme=THEME)
    for address in (PAGE, "/en/said/aktau?area=hcs"):
        badges = re.findall(r'class="state[^"]*">([^<]*)<', portal.get(address).text)
        assert [badge.removesuffix(" · overdue") for badge in badges] == [str(STATES[state])]
    assert len(set(map(str, STATES.values()))) == len(PUBLIC_STATES)


@pytest.mark.parametrize(
    ("event", "who"),
    [
        ("dispute", "Those who raised it do not agree that it is done"),
        ("agree", "Those who raised it agree that it is done"),
        ("move", "The akimat moved the day"),
        ("drop", "The akimat gave it up"),
        ("progress", "The akimat told how far it is"),
    ],
)
def test_fixmystreet_2357_nothing_is_opened_again_without_saying_who_and_why(
    sqlite: Database, portal: FlaskClient, event: str, who: str
) -> None:
    why = {"body_kk": "Себебі айтылды", "body_ru": "Причина названа", "body_en": "The reason is given"}
    with sqlite.writing() as session:
        told = (step("announce", weeks_ago(4)), step("report_done", weeks_ago(3)), step(event, weeks_ago(1), **why))
        make_commitment(session, *told, theme=THEME)
    page = portal.get(PAGE).text
    line = page[page.index(who) :]
    assert "The reason is given" in line[: line.index("</li>")]
