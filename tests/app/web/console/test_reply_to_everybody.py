"""One reply on its way: released in the console, read by everybody on the board, and by its writer with their code."""

import pytest
from flask import Flask
from sqlalchemy import update

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.web.public import create_public
from surveys.ballots.follow_codes import mark_of
from surveys.languages import LANGUAGES
from surveys.models.comments import Comment
from tests.app.web.console.replying import DONE, NEW, ReplyOffice, make_reply_office, said, version
from tests.builders.answering import EVIDENCE, KK, RU
from tests.builders.invitations import Visitor
from tests.builders.staff import CITY, NOW
from tests.builders.themes import HEATING

CODE = "4F7-K90-QX2-MBA"
DONE_IN = {"kk": "Орындалды", "ru": "Сделано", "en": "Done"}
TEXT_IN = {"kk": KK, "ru": RU, "en": RU}
"""A text that is there in Kazakh and Russian is read in Russian by readers of English."""


@pytest.fixture
def place(console: Flask, database: Database) -> ReplyOffice:
    return make_reply_office(console, database)


def release(place: ReplyOffice) -> None:
    """Let one lead write a reply to the theme and another release it."""
    address = str(place.browser("lead").send(NEW, DONE | {"then": "ready"}).location)
    other = place.browser("other")
    other.send(f"{address}/release", {"version": version(other.get(address).text)})
    assert [reply.state for reply in place.replies()] == ["released"]


def test_a_released_reply_reaches_the_board_and_whoever_wrote_the_suggestion(
    place: ReplyOffice, settings: Settings
) -> None:
    with place.database.writing() as session:
        session.execute(update(Comment).where(Comment.id == place.ids[0]).values(follow_hash=mark_of(CODE)))
    public = create_public(settings, place.database, FrozenClock(NOW))
    portal = public.test_client()

    def pages(language: str) -> tuple[str, str, str]:
        theme, city = (portal.get(f"/{language}/said/{CITY}{rest}").text for rest in (f"/{HEATING}", "?state=answered"))
        status, _address, own = Visitor(public).fill(f"/s/follow?lang={language}", code=CODE)
        assert status == 200
        return said(theme), said(city), said(own)

    for language in LANGUAGES:
        assert not any(KK in page or RU in page for page in pages(language))
    release(place)
    for language in LANGUAGES:
        theme, city, own = pages(language)
        assert all(TEXT_IN[language] in page and DONE_IN[language] in page for page in (theme, city, own))
        assert 'name="answer" value="yes"' in Visitor(public).fill(f"/s/follow?lang={language}", code=CODE)[2]
    assert EVIDENCE in portal.get(f"/kk/said/{CITY}/{HEATING}").text
