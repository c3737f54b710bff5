"""Codes of suggestions that a phone sends, at once or when it is back in the net: the same at every try."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.clock import FrozenClock
from app.config import Settings
from app.jobs.tasks.file_suggestions import file_waiting
from app.web.public import create_public
from surveys.ballots.follow_codes import mark_of, read_follow_code
from surveys.models import Comment
from surveys.responses import filing
from tests.builders.country import RESIDENTS, Country
from tests.builders.invitations import Visitor
from tests.builders.payloads import a_payload
from tests.conftest import NOW

ID, OTHER = "0123456789abcdef" * 2, "fedcba9876543210" * 2
TEXTS = {"its": "Автобус кешігеді", "hcs": "Су жоқ", "edu": "Орын жоқ"}
WISHES = [{"area": area, "text": text} for area, text in TEXTS.items()]


@pytest.fixture
def site(country: Country, settings: Settings) -> Flask:
    return create_public(settings, country.database)


def codes_of(client: FlaskClient, body: dict[str, Any], name: str = ID) -> list[str]:
    answer = client.put(f"/r/{name}", json=body)
    assert answer.status_code in {200, 201}, answer.json
    return [code for _about, code, _what in answer.json["follow"]]


def test_a_put_that_is_tried_again_gives_the_same_codes_and_stores_nothing_twice(site: Flask, country: Country) -> None:
    """The first reply may be lost on the way: the phone tries until one arrives."""
    body = a_payload(country.residents, RESIDENTS, suggestions=WISHES)
    first = codes_of(site.test_client(), body)
    assert len(set(first)) == 3
    assert [codes_of(site.test_client(), body) for _again in range(3)] == [first] * 3
    file_waiting(country.database, FrozenClock(NOW), country.keys, filing.file_all)
    with country.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Comment)) == 3
        marks = set(session.scalars(select(Comment.follow_hash)))
    assert marks == {mark_of(code) for code in first}


def test_a_phone_that_was_offline_gets_the_codes_that_open_its_words(site: Flask, country: Country) -> None:
    """It sends days later, from another network, in another language; the codes follow from its ballot alone."""
    body = a_payload(country.residents, RESIDENTS, suggestions=WISHES)
    away = site.test_client()
    away.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    codes = codes_of(away, body)
    assert codes_of(site.test_client(), body | {"lang": body["lang"]}) == codes
    for code, wish in zip(codes, WISHES, strict=True):
        assert read_follow_code(code.lower().replace("-", " ")) == code
        status, _address, page = Visitor(site).fill("/s/follow?lang=kk", code=code)
        assert (status, wish["text"] in page) == (200, True)
        assert not [other["text"] for other in WISHES if other is not wish and other["text"] in page]


def test_two_phones_have_no_code_in_common(site: Flask, country: Country) -> None:
    body = a_payload(country.residents, RESIDENTS, suggestions=WISHES)
    assert not set(codes_of(site.test_client(), body)) & set(codes_of(site.test_client(), body, OTHER))
