"""What the board puts where: promises under a filter, steps within a day, and which suggestion a reply answers."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import pairwise

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.database import Database
from app.web.language import share, speak
from app.web.portal.said.routes import STEPS
from surveys.languages import LANGUAGES
from tests.app.portal.said.test_board_pages import main_of
from tests.builders.comments import make_comment
from tests.builders.replies import answer, make_commitment, make_reply, make_shown, make_theme, step, weeks_ago
from tests.builders.staff import TODAY

NIGHT, MORNING, EVENING = (datetime(TODAY.year, TODAY.month, TODAY.day, hour, tzinfo=UTC) for hour in (1, 5, 11))


def promise(session: Session, title: str, *events: str) -> int:
    titles = {"title_kk": title, "title_ru": title, "title_en": title}
    return make_commitment(session, *(step(each) for each in events), theme="hlt-queues", area="hlt", **titles)


def test_under_a_filter_a_card_shows_what_matches_it(board: Database, portal: FlaskClient) -> None:
    with board.writing() as session:
        make_reply(session, theme="hlt-queues", area="hlt", words=[("Жауап сөзі", "Слова ответа", "Words of a reply")])
        promise(session, "Disputed one", "announce", "report_done", "dispute")
        promise(session, "Agreed one", "announce", "report_done", "agree")
        promise(session, "Promised one", "announce")
        promise(session, "Promised two", "announce")
    known = ("Disputed one", "Agreed one", "Promised one", "Promised two", "Words of a reply")
    expected = {
        "disputed": known[:1], "agreed": known[1:2], "promised": known[2:4], "answered": known[4:], "": known[2:],
    }  # fmt: skip
    for state, titles in expected.items():
        page = portal.get(f"/en/said/aktau?state={state}").text
        assert [title for title in known if title in page] == list(titles), state


def test_steps_of_one_day_stand_in_the_order_in_which_they_happened(board: Database, portal: FlaskClient) -> None:
    with board.writing() as session:
        make_reply(session, theme="hlt-queues", area="hlt", words=[("Кешкі жауап", "Вечерний", "Evening")], at=EVENING)
        steps = (step("announce", at=MORNING, body_en="Morning", body_kk="Таң"),
                 step("progress", at=MORNING + timedelta(hours=1), body_en="Noon", body_kk="Түс"))  # fmt: skip
        make_commitment(session, *steps, theme="hlt-queues", area="hlt")
        make_reply(session, theme="hlt-queues", area="hlt", words=[("Түнгі жауап", "Ночной", "Night")], at=NIGHT)
        make_reply(session, theme="hlt-queues", area="hlt", words=[("Ескі жауап", "Прежний", "Before")],
                   days=(weeks_ago(1),))  # fmt: skip
    page = portal.get("/en/said/aktau/hlt-queues").text
    feed = portal.get("/en/said/aktau/hlt-queues/feed.atom").text
    for text in (page[page.index('class="timeline"') :], feed):
        places = [text.index(each) for each in ("Evening", "Noon", "Morning", "Night", "Before")]
        assert all(first < second for first, second in pairwise(places))


def test_every_answered_suggestion_leads_to_its_reply_whatever_page_of_steps_is_shown(
    board: Database, portal: FlaskClient
) -> None:
    with board.writing() as session:
        comments = make_shown(session, "hlt-queues", range(400, 403), area="hlt")
        reply = make_reply(session, comments, theme="hlt-queues", area="hlt", days=(weeks_ago(2),))
        looked_at = make_shown(session, "hlt-queues", (403,), area="hlt")
        being = make_reply(session, looked_at, area="hlt", kind="being_looked_at", days=(weeks_ago(2),))
        promise(session, "Long", "announce", *["progress"] * (STEPS + 2))
    first = main_of(portal.get("/en/said/aktau/hlt-queues").text)
    second = main_of(portal.get("/en/said/aktau/hlt-queues?steps=2").text)
    assert first.count(f'href="/en/said/aktau/hlt-queues?steps=2#reply-{reply}">answered by this reply') == 3
    assert second.count(f'href="#reply-{reply}">answered by this reply') == 3
    assert second.count(f'id="reply-{reply}"') == 1
    assert second.count(f'href="#reply-{being}">being looked at, says this reply') == 1


def test_an_answer_under_another_theme_is_told_there(board: Database, portal: FlaskClient) -> None:
    with board.writing() as session:
        comments = make_shown(session, "hlt-queues", (500,), area="hlt")
        make_theme(session, "hlt-doctors", "hlt")
        reply = make_reply(session, comments, theme="hlt-doctors", area="hlt")
    page = main_of(portal.get("/en/said/aktau/hlt-queues").text)
    assert f'href="/en/said/aktau/hlt-doctors#reply-{reply}">answered by this reply' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_people_do_not_agree_no_page_says_how_many_do_at_least(
    board: Database, portal: FlaskClient, language: str
) -> None:
    with board.writing() as session:
        comments = make_shown(session, "hlt-queues", range(600, 612), area="hlt")
        reply = make_reply(session, comments, theme="hlt-queues", area="hlt", kind="will_do")
        make_commitment(session, *map(step, ("announce", "report_done", "dispute")), reply=reply,
                        theme="hlt-queues", area="hlt", percent=100)  # fmt: skip
        answer(session, reply, comments, *["yes"] * 3, *["no"] * 9)
    least = {"kk": "кемінде 25", "ru": "не меньше 25", "en": "At least 25"}[language]
    half = {"kk": "жартысына жетпейді", "ru": "меньше половины", "en": "Fewer than half"}[language]
    for address in ("?area=hlt", "/hlt-queues"):
        page = portal.get(f"/{language}/said/aktau{address}").text
        assert half in page
        assert least not in page


def test_a_theme_of_a_city_is_not_public_before_it_has_something_to_show(board: Database, portal: FlaskClient) -> None:
    with board.writing() as session:
        make_theme(session, "aktau-hcs-new", parent="hcs-roads", city="aktau")
    assert portal.get("/en/said/aktau/aktau-hcs-new").status_code == 404
    assert portal.get("/en/said/aktau/aktau-hcs-new/feed.atom").status_code == 404
    assert "aktau-hcs-new" not in portal.get("/en/said/aktau/hcs-roads").text
    with board.writing() as session:
        make_shown(session, "aktau-hcs-new", (700,))
    assert portal.get("/en/said/aktau/aktau-hcs-new").status_code == 200
    assert "aktau-hcs-new" in portal.get("/en/said/aktau/hcs-roads").text


def test_every_card_with_suggestions_quotes_one(portal: FlaskClient) -> None:
    page = main_of(portal.get("/en/said/aktau").text)
    cards = page.split('<article class="theme">')[1:]
    assert [card.count("<blockquote") for card in cards] == [1] * len(cards)
    assert len(cards) >= 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_hidden_leads_to_the_figures_by_reason(portal: FlaskClient, language: str) -> None:
    for address in ("said", "said/aktau"):
        assert f'href="/{language}/said/rules#numbers"' in main_of(portal.get(f"/{language}/{address}").text)
    rules = main_of(portal.get(f"/{language}/said/rules").text)
    anchors = re.findall(r'<a href="#(\w+)"', rules)
    assert anchors[-1] == "numbers"
    assert all(f'<h2 id="{each}"' in rules for each in anchors)


def test_the_little_that_is_hidden_is_not_nothing(board: Database, portal: FlaskClient) -> None:
    with board.writing() as session:
        for number in range(800, 1050):
            make_comment(session, number=number, state="shown")
    page = unescape(portal.get("/en/said/aktau").text)
    assert re.search(r"less than 1% <span[^>]*>\(1\)", page)
    assert "0% <span" not in page[page.index("Hidden") :]


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [(0, 241, "0%"), (1, 241, "less than 1%"), (2, 241, "1%"), (1, 200, "1%"), (240, 241, "more than 99%"),
     (241, 241, "100%"), (0, 0, "")],
)  # fmt: skip
def test_what_is_there_is_never_nothing_and_what_lacks_something_never_all(
    site: Flask, part: int, whole: int, told: str
) -> None:
    with site.app_context():
        speak("en")
        assert share(part, whole) == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_filter_says_whose_word_it_is(portal: FlaskClient, language: str) -> None:
    whose = {"kk": "Мәселені көтергендер", "ru": "Те, кто об этом написал", "en": "Those who raised it"}[language]
    page = portal.get(f"/{language}/said/aktau").text
    for state in ("agreed", "disputed"):
        assert f'<option value="{state}">{whose}' in page
