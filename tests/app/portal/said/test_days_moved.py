"""A reply's words keep the day that was promised first; where it was moved, the day that counts stands beside them."""

from datetime import date

import pytest
from flask.testing import FlaskClient

from app.database import Database
from app.web.portal.said.excerpts import excerpt
from tests.builders.replies import make_commitment, make_reply, make_shown, step

FIRST, NOW = date(2027, 6, 30), date(2027, 9, 30)
WORDS = (
    "Абай көшесіндегі жарық 2027 жылғы 30 маусымға дейін түгел ауыстырылады.",
    "Освещение на улице Абая полностью заменят до 30 июня 2027 года.",
    "The lights in Abai street are all replaced by 30 June 2027.",
)
PAGES = ("/said/aktau?area=hcs", "/said/aktau/hcs-lights", "/said/aktau/hcs-lights/feed.atom", "/said/aktau/feed.atom")
TOLD = {
    "en": "The promised day was moved. First: June 30, 2027. Now: September 30, 2027.",
    "kk": "Уәде етілген күн ауыстырылды. Бастапқысы: 2027 ж. 30 маусым. Қазіргісі: 2027 ж. 30 қыркүйек.",
    "ru": "Обещанный срок перенесён. Сначала: 30 июня 2027 г. Теперь: 30 сентября 2027 г.",
}


def promise(board: Database, *, is_moved: bool, theme: str | None = "hcs-lights") -> None:
    """Let a reply promise a day in its own words; the promise may stand under no theme."""
    with board.writing() as session:
        told = make_shown(session, "hcs-lights", (90, 91))
        reply = make_reply(session, told, theme="hcs-lights", kind="will_do", words=[WORDS])
        steps = [step("announce", due=FIRST), *([step("move", due=NOW)] if is_moved else [])]
        due = NOW if is_moved else FIRST
        make_commitment(session, *steps, reply=reply, theme=theme, first_due=FIRST, due=due)


@pytest.mark.parametrize("language", TOLD)
@pytest.mark.parametrize("path", PAGES)
def test_the_day_that_counts_stands_beside_the_words_of_the_reply(
    board: Database, portal: FlaskClient, path: str, language: str
) -> None:
    promise(board, is_moved=True, theme=None)
    page = " ".join(portal.get(f"/{language}{path}").text.split())
    assert TOLD[language] in page
    assert WORDS[("kk", "ru", "en").index(language)] in page, "its own words stay"


@pytest.mark.parametrize("path", PAGES)
def test_a_day_that_stands_is_not_said_to_be_moved(board: Database, portal: FlaskClient, path: str) -> None:
    promise(board, is_moved=False)
    page = portal.get(f"/en{path}").text
    assert "June 30, 2027" in page
    assert "First: June 30, 2027" not in page


@pytest.mark.parametrize("text", WORDS)
def test_an_excerpt_ends_with_a_word_and_never_within_a_date(text: str) -> None:
    dates = ("2027 жылғы 30 маусымға", "30 июня 2027 года", "30 June 2027")
    whole = next(day for day in dates if day in text)
    for most in range(20, len(text)):
        short = excerpt(text, most)
        kept = short.removesuffix("…")
        assert len(short) <= most
        assert short.endswith("…")
        assert text.startswith(kept)
        assert not text[len(kept)].isalnum(), "a word is whole"
        assert whole in kept or not any(sign.isdigit() for sign in kept), short
    assert excerpt(text, len(text)) == text


def test_one_word_longer_than_the_room_is_cut() -> None:
    assert excerpt("қ" * 50, 20) == "қ" * 19 + "…"
