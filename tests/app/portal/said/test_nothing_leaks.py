"""Row 24 of the desk: no person, no hour, no hidden word on any page, feed or file of the board."""

import gzip
import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Staff
from app.database import Database
from app.web.language import day, speaking
from surveys.models.comments import Comment
from tests.app.portal.said.crawling import LANGUAGES, Visited, crawl
from tests.builders.board import DRAFT, FIRST, PENDING, SECOND, SECRET, THIRD, WAITING, WITHDRAWN
from tests.builders.comments import make_comment

LARGEST = 40 * 1024
KINDS = {
    "said", "said/rules", "said/aktau", "said/aktau/hcs-roads", "said/aktau/aktau-hcs-ring", "said/aktau/hlt-queues",
    "said/aktau/unsorted?area=hcs", "said/aktau/unsorted?area=soc", "said/oral", "said/aktau/feed.atom",
    "said/aktau/hcs-roads/feed.atom",
}  # fmt: skip
FILES = {
    f"/data/{name}.{kind}"
    for name in ("said", "said-waves", "said-commitments", "said/aktau", "said/oral")
    for kind in ("csv", "json")
}
_HOUR = re.compile(r"\b\d{1,2}:\d\d\b")
MIDNIGHT = "T00:00:00+05:00"
"""What a feed must add to a day."""
_ID = re.compile(r"\b[0-9a-f]{32}\b")
NEVER_SHOWN = (SECRET, PENDING, WAITING, *THIRD, *WITHDRAWN, *DRAFT, "Черновик", "Жоба")


@pytest.fixture(params=LANGUAGES)
def visited(portal: FlaskClient, request: pytest.FixtureRequest) -> dict[str, Visited]:
    return crawl(portal, request.param)


def test_everything_of_the_board_is_three_clicks_from_the_front_page(visited: dict[str, Visited]) -> None:
    language = next(address.split("/")[1] for address in visited if not address.startswith("/data"))
    assert {f"/{language}/{each}" for each in KINDS} | FILES <= visited.keys()
    turned = re.compile(r"[?&](page|steps|sort)=")
    far = {address: each.clicks for address, each in visited.items() if each.clicks > 3 and not turned.search(address)}
    assert far == {}


def test_no_person_no_hour_and_no_hidden_word_is_anywhere(board: Database, visited: dict[str, Visited]) -> None:
    with board.reading() as session:
        people = {word for person in session.scalars(select(Staff)) for word in (person.name, person.email)}
        ids = set(session.scalars(select(Comment.id)))
    assert len(people) > 10
    for address, (answer, _clicks) in visited.items():
        assert answer.status_code == 200, address
        assert [word for word in (*people, *NEVER_SHOWN) if word in answer.text] == [], address
        assert _HOUR.findall(answer.text.replace(MIDNIGHT, "")) == [], address
        assert ids & set(_ID.findall(answer.text)) == set(), address


def test_what_was_released_is_there(visited: dict[str, Visited]) -> None:
    """The words looked for above would be found: those beside them that are public are."""
    everything = "".join(each.answer.text for each in visited.values())
    assert FIRST[0] in everything or FIRST[1] in everything or FIRST[2] in everything
    assert SECOND[0] in everything or "Исправленные слова" in everything
    assert "Асфальт на улице Абая разбит" in everything
    assert "Қате мәлімет" in everything or "Ошибка в сведениях" in everything


def test_every_answer_is_for_everybody_and_from_any_cache(portal: FlaskClient, visited: dict[str, Visited]) -> None:
    for address, (answer, _clicks) in visited.items():
        assert "Set-Cookie" not in answer.headers, address
        assert answer.headers["Cache-Control"].startswith("public, max-age="), address
        again = portal.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304, address
        assert len(gzip.compress(answer.data)) <= LARGEST, address


def test_a_suggestion_is_told_by_its_week_alone(board: Database, portal: FlaskClient) -> None:
    wednesday, monday = date(2026, 9, 16), date(2026, 9, 14)
    with board.writing() as session:
        make_comment(session, number=90, area="its", state="shown", released_on=wednesday)
    page = portal.get("/en/said/aktau/unsorted?area=its").text
    with portal.application.test_request_context("/en/"), speaking("en"):
        assert day(monday) in page
        assert day(wednesday) not in page
    assert wednesday.isoformat() not in page


def test_order_within_a_week_is_that_of_random_ids(board: Database, portal: FlaskClient) -> None:
    """Two days of one week mix; an older week comes after."""
    texts = {
        94: ("Четвёртое", date(2026, 9, 14)),
        91: ("Первое", date(2026, 9, 18)),
        93: ("Третье", date(2026, 9, 16)),
        92: ("Второе", date(2026, 9, 14)),
        90: ("Старое", date(2026, 9, 13)),
    }
    with board.writing() as session:
        for number, (text, released_on) in texts.items():
            make_comment(session, text, number=number, area="its", state="shown", released_on=released_on)
    page = portal.get("/ru/said/aktau/unsorted?area=its").text
    order = [page.index(text) for text in ("Первое", "Второе", "Третье", "Четвёртое", "Старое")]
    assert order == sorted(order)
