"""What the pages of the board say: themes and what became of them, who did what and why, and what is not there yet."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.feedback.models import Theme
from app.feedback.reply_models import COMMITMENT_STATES, REPLY_KINDS
from app.web.portal.said import words
from app.web.portal.said.routes import STEPS as STEPS_OF_A_PAGE
from app.web.portal.said.routes import SUGGESTIONS
from app.web.public import create_public
from surveys.models import Wave
from tests.app.portal.said.crawling import LANGUAGES
from tests.builders.comments import make_comment
from tests.builders.replies import (
    STATE_AFTER,
    answer,
    make_commitment,
    make_reply,
    make_shown,
    make_theme,
    step,
    weeks_ago,
)
from tests.builders.staff import TODAY
from tests.builders.statements import statements_of

PAGES = ("/said", "/said/rules", "/said/aktau", "/said/aktau?area=hcs", "/said/aktau/hcs-roads", "/said/aktau/unsorted",
         "/said/oral", "/said/oral/unsorted", "/said/aktau/feed.atom", "/said/aktau/hcs-roads/feed.atom")  # fmt: skip
DATA = tuple(
    f"/data/{name}.{kind}"
    for name in ("said", "said-waves", "said-commitments", "said/aktau")
    for kind in ("csv", "json")
)


@pytest.fixture
def empty(database: Database, settings: Settings, clock: FrozenClock) -> Flask:
    """A site of which nobody ever made anything."""
    return create_public(settings, database, clock)


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_in_every_language(portal: FlaskClient, path: str, language: str) -> None:
    page = portal.get(f"/{language}{path}")
    assert page.status_code == 200
    assert [sign for sign in ("%%", "%(", "{days}", "{{", ">None<", "None.", "&lt;bound") if sign in page.text] == []


@pytest.mark.parametrize("path", [*(f"/kk{page}" for page in PAGES if "roads" not in page), *DATA])
def test_a_country_where_nothing_was_written_says_so(empty: Flask, path: str) -> None:
    answer = empty.test_client().get(path)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_an_empty_city_says_what_comes_and_a_choice_that_matches_nothing_leads_back(portal: FlaskClient) -> None:
    assert "Nothing was written about this yet" in portal.get("/en/said/oral").text
    nothing = portal.get("/en/said/aktau?area=hlt&state=agreed").text
    assert "Nothing here matches this choice." in nothing
    assert 'href="/en/said/aktau">Show everything' in nothing


@pytest.mark.parametrize(
    "path",
    ["/said/nowhere", "/said/aktau/no-theme", "/said/nowhere/feed.atom", "/said/aktau/no-theme/feed.atom",
     "/said/oral/aktau-hcs-ring"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(portal: FlaskClient, path: str) -> None:
    assert portal.get(f"/ru{path}").status_code == 404


def test_what_the_address_does_not_know_is_left_out(portal: FlaskClient) -> None:
    for query in ("area=x&state=y", "area=hcs&state=", "sort=none", "page=-1", "page=x", "page=9999999", "steps=²"):
        assert portal.get(f"/kk/said/aktau/hcs-roads?{query}").status_code == 200
        assert portal.get(f"/kk/said/aktau?{query}").status_code == 200
        assert portal.get(f"/kk/said?{query}").status_code == 200


def test_a_theme_holds_what_is_below_it_and_suggestions_in_their_own_language(portal: FlaskClient) -> None:
    page = portal.get("/en/said/aktau/hcs-roads").text
    assert "13 suggestions" in page
    assert '<blockquote lang="kk"><p>Айналма жол &lt;b&gt;қараңғы&lt;/b&gt;</p>' in page
    assert '<blockquote lang="ru"><p>Асфальт на улице Абая разбит</p>' in page
    below = portal.get("/en/said/aktau/aktau-hcs-ring").text
    assert "fewer than 5 suggestions" in below
    assert below.count("<blockquote") == 2


def test_a_merged_theme_leads_to_the_other(board: Database, portal: FlaskClient) -> None:
    with board.writing() as session:
        make_theme(session, "hcs-streets")
        session.execute(update(Theme).where(Theme.code == "hcs-streets").values(merged_into="hcs-roads", retired=True))
    answer = portal.get("/ru/said/aktau/hcs-streets")
    assert (answer.status_code, answer.location) == (301, "/ru/said/aktau/hcs-roads")


@pytest.mark.parametrize(
    ("outcome", "themes"),
    [
        ("unanswered", {"hlt-queues", "unsorted"}),
        ("answered", {"hcs-roads"}),
        ("promised", {"hcs-roads"}),
        ("overdue", {"hcs-roads"}),
        ("reported", set()),
        ("agreed", set()),
        ("disputed", set()),
    ],
)
def test_themes_are_found_by_what_became_of_them(portal: FlaskClient, outcome: str, themes: set[str]) -> None:
    page = main_of(portal.get(f"/kk/said/aktau?state={outcome}").text)
    known = ("hlt-queues", "hcs-roads", "unsorted")
    assert {theme for theme in known if f"/kk/said/aktau/{theme}" in page} == themes


def test_the_choice_stays_in_another_language_of_the_page(portal: FlaskClient) -> None:
    page = portal.get("/kk/said/aktau?area=hcs&state=overdue").text
    assert 'href="/ru/said/aktau?area=hcs&amp;state=overdue"' in page


def test_cities_stand_in_the_order_of_the_alphabet_until_somebody_sorts(board: Database, portal: FlaskClient) -> None:
    with board.writing() as session:
        make_shown(session, "hcs-roads", (70,), city="taraz", released_on=weeks_ago(8))
    plain = portal.get("/en/said").text
    assert plain.index(">Aktau<") < plain.index(">Astana<") < plain.index(">Taraz<")
    assert 'aria-sort="ascending"><a href="/en/said">' in plain
    most = portal.get("/en/said?sort=-never").text
    assert most.index(">Taraz<") < most.index(">Aktau<") < most.index(">Astana<")
    assert 'aria-sort="descending">' in most
    least = portal.get("/en/said?sort=never").text
    assert least.index(">Aktau<") < least.index(">Taraz<") < least.index(">Astana<")


def test_long_lists_are_turned_page_by_page(board: Database, portal: FlaskClient) -> None:
    with board.writing() as session:
        for number in range(100, 100 + SUGGESTIONS * 2):
            make_shown(session, "hlt-queues", (number,), area="hlt", text=f"Очередь номер {number}.")
        steps = [step("progress", TODAY, percent=percent) for percent in range(STEPS_OF_A_PAGE + 2)]
        make_commitment(session, step("announce"), *steps, theme="hlt-queues", area="hlt")
    address, pages = "/ru/said/aktau/hlt-queues", 3
    shown = [portal.get(f"{address}?page={number}&steps=2").text for number in range(1, pages + 1)]
    assert [page.count("<blockquote") for page in shown] == [SUGGESTIONS, SUGGESTIONS, 2]
    assert len({text for page in shown for text in page.split("<p>") if text.startswith("Очередь номер")}) == 40
    assert 'href="/ru/said/aktau/hlt-queues?steps=2&amp;page=2#page" rel="next"' in shown[0]
    assert 'href="/ru/said/aktau/hlt-queues?steps=2#page" rel="prev"' in shown[1]
    assert shown[0].count('class="when"') == 3


def test_text_of_a_reply_stays_text_and_its_addresses_are_links(board: Database, portal: FlaskClient) -> None:
    text = "Смотрите https://aktau.example/plan?a=1&b=2, <script>alert(1)</script>\r\nи javascript:alert(2)"
    with board.writing() as session:
        make_reply(session, theme="hcs-roads", words=[(text, text, text)], evidence_address="javascript:alert(3)")
    page = main_of(portal.get("/ru/said/aktau/hcs-roads").text)
    link = '<a href="https://aktau.example/plan?a=1&amp;b=2" rel="nofollow noreferrer">'
    assert f"Смотрите {link}https://aktau.example/plan?a=1&amp;b=2</a>, &lt;script&gt;" in page
    assert 'href="javascript' not in page
    assert "<script" not in page


def test_an_english_page_shows_russian_where_there_is_no_english_as_pages_of_codes_do(portal: FlaskClient) -> None:
    page = portal.get("/en/said/aktau/hcs-roads").text
    assert '<div class="said" lang="ru">' in page
    assert "Исправленные слова" in page
    assert "There is no English text of this." in page


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([], "No verdict yet: it takes 10 answers of those who raised it."),
        (["yes"] * 4, "No verdict yet: it takes 10 answers of those who raised it."),
        (["yes"] * 9, "No verdict yet: it takes 10 answers of those who raised it, at least 5 are there."),
        (["yes"] * 4 + ["partly"] * 2 + ["no"] * 4, "At least 50% say that it has become better: at least 10 answers"),
        (
            ["yes"] * 4 + ["partly"] + ["no"] * 5,
            "Fewer than half say that it has become better, between 45% and 50%: at least 10 answers",
        ),
        (["yes"] * 14, "At least 100% say that it has become better: at least 10 answers"),
        (["no"] * 15, "Fewer than 5% say that it has become better: at least 15 answers"),
    ],
)
def test_agreement_is_told_from_ten_answers_on_and_in_steps_of_five(
    board: Database, portal: FlaskClient, answers: list[str], told: str
) -> None:
    with board.writing() as session:
        comments = [make_comment(session, number=number, state="shown") for number in range(200, 215)]
        reply = make_reply(session, comments, theme="hlt-queues", area="hlt")
        answer(session, reply, comments, *answers)
    for page in ("/en/said/aktau?area=hlt", "/en/said/aktau/hlt-queues"):
        assert told in portal.get(page).text


def test_every_code_has_its_words() -> None:
    assert words.REPLIES.keys() == set(REPLY_KINDS)
    assert words.STATES.keys() == set(COMMITMENT_STATES) - {"draft"}
    assert words.STEPS.keys() == STATE_AFTER.keys() | {"reply", "correction", "withdrawal"}


def test_invented_data_are_called_so(board: Database, portal: FlaskClient) -> None:
    pages = ("/said", "/said/rules", "/said/aktau", "/said/aktau/hcs-roads")
    assert not any("Illustrative data" in portal.get(f"/en{page}").text for page in pages)
    with board.writing() as session:
        session.execute(update(Wave).values(illustrative=True))
    assert all("Illustrative data" in portal.get(f"/en{page}").text for page in pages)
    assert portal.get("/data/said/aktau.csv").text.count(",True\r\n") == 4


@pytest.mark.parametrize("path", [*(f"/kk{page}" for page in PAGES), *DATA])
def test_a_page_costs_eight_statements_at_most(board: Database, portal: FlaskClient, path: str) -> None:
    with board.writing() as session:
        for number in range(300, 330):
            comments = make_shown(session, "hcs-roads", (number,), released_on=TODAY - timedelta(days=number % 50))
            reply = make_reply(session, comments, theme="hcs-roads", days=(weeks_ago(1),))
            make_commitment(session, theme="hcs-roads", reply=reply)
    portal.get(path)
    with statements_of(board) as statements:
        assert portal.get(path).status_code == 200
    assert 0 < len(statements) <= 8
