"""What its writer takes back is gone for staff too: from search, lists, files, forms half typed, and the board."""

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from app.accounts.models import LoginSession
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.feedback import following
from app.feedback.models import CommentNeighbour
from app.models import metadata
from app.web.public import create_public
from app.workspace.models import FormDraft
from surveys.ballots.follow_codes import mark_of
from surveys.models.comments import Comment
from tests.app.web.console.conftest import Browser, SignIn
from tests.builders.comments import make_comment, make_place
from tests.builders.replies import answer, code_comment, make_reply, make_theme
from tests.builders.staff import CITY, NOW

CODE, OTHER = "4F7-K90-QX2-MBA", "4F7-K90-QX2-MBB"
WORDS, HALF = "Zhmyrkhovsky көшесінде жарық жоқ", "Zhmyrkhovsky көшесі туралы"
LIST = "/console/comments/"


@pytest.fixture
def suggestions(console: Flask, database: Database) -> list[str]:
    """Six shown suggestions of a theme, of which the first one has a code, a reply, an answer and a likeness."""
    assert console
    with database.writing() as session:
        make_place(session)
        make_theme(session, "scy-lighting", "scy")
        texts = [WORDS, *(f"Аула қараңғы {number}" for number in range(5))]
        ids = [make_comment(session, text, number=number, area="scy", lang="kk", state="shown")
               for number, text in enumerate(texts, 1)]  # fmt: skip
        for comment in ids:
            code_comment(session, comment, "scy-lighting")
        for comment, code in zip(ids, (CODE, OTHER), strict=False):
            session.execute(update(Comment).where(Comment.id == comment).values(follow_hash=mark_of(code)))
        reply = make_reply(session, ids, area="scy", theme="scy-lighting")
        answer(session, reply, ids, "no")
        session.add(CommentNeighbour(comment=ids[0], other=ids[1], score=0.5))
        session.add(CommentNeighbour(comment=ids[1], other=ids[0], score=0.5))
    return ids


def half_typed(browser: Browser, comment: str) -> None:
    """Begin a decision about a suggestion and leave it."""
    fields = {"draft": f"at|{LIST}{CITY}/{comment}/decide", "note": HALF}
    assert browser.send("/console/drafts/keep", fields).status_code == 204


def drafts(database: Database) -> int:
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(FormDraft)).scalar_one()


def texts_of(database: Database) -> Iterator[str]:
    """Give every text of every table, as a thief of the database reads them."""
    with database.reading() as session:
        for table in metadata.sorted_tables:
            for row in session.execute(select(table)):
                yield from (str(value) for value in row if value is not None)


@pytest.fixture
def portal(settings: Settings, database: Database, clock: FrozenClock) -> FlaskClient:
    return create_public(settings, database, clock).test_client()


def figures(client: FlaskClient) -> dict[str, int]:
    """Read the public figures of the city, and what the page of the theme has."""
    country = json.loads(client.get("/data/said.json").data)
    own = next(row for row in country["rows"] if row["city"] == CITY)
    page = client.get(f"/en/said/{CITY}/scy-lighting").text
    return {name: own[name] for name in ("received", "shown")} | {"on the page": page.count("<blockquote"),
                                                                  "words": page.count("Zhmyrkhovsky")}  # fmt: skip


def test_nothing_of_it_is_left_at_the_console_or_on_the_board(
    database: Database, sign_in: SignIn, portal: FlaskClient, suggestions: list[str]
) -> None:
    moderator, lead = sign_in("moderator"), sign_in("lead")
    with database.writing() as session:
        session.execute(update(LoginSession).values(stepped_up_at=NOW))
    for comment in suggestions[:2]:
        half_typed(moderator, comment)
    addresses = (f"{LIST}?q=жарық", f"{LIST}export?all=1&as=csv", f"{LIST}{CITY}/{suggestions[1]}")
    assert "Zhmyrkhovsky" in moderator.get(addresses[0]).text
    assert "Zhmyrkhovsky" in lead.get(addresses[1]).text
    before = figures(portal)
    assert before == {"received": 6, "shown": 6, "on the page": 6, "words": 1}
    with database.writing() as session:
        assert following.take_back(session, mark_of(CODE))
    for address in addresses:
        assert "Zhmyrkhovsky" not in lead.get(address).text, address
    assert moderator.get(f"{LIST}{CITY}/{suggestions[0]}").status_code in {404, 200}
    assert "Zhmyrkhovsky" not in moderator.get(f"{LIST}{CITY}/{suggestions[0]}").text
    assert drafts(database) == 1, "what was typed about another suggestion stays"
    assert figures(portal) == {"received": 5, "shown": 5, "on the page": 5, "words": 0}
    assert not [text for text in texts_of(database) if "Zhmyrkhovsky" in text or "zhmyrkhovsky" in text]
    with database.reading() as session:
        assert session.scalars(select(CommentNeighbour.comment)).all() == []


def test_the_other_suggestion_of_the_same_person_stays_as_it_is(
    console: Flask, database: Database, suggestions: list[str]
) -> None:
    assert console
    with database.writing() as session:
        following.take_back(session, mark_of(CODE))
        other = following.find(session, mark_of(OTHER))
    assert other is not None
    assert (other.id, other.state, len(other.replies)) == (suggestions[1], "shown", 1)
