"""Operators type in what people wrote on paper or said."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from surveys.ballots import keys
from surveys.fieldwork import paper
from surveys.models import Response
from tests.builders.country import RESIDENTS
from tests.builders.words import filed_texts

PAGE = f"/s/{RESIDENTS}/paper"


@pytest.fixture
def key(public: Flask, settings: Settings) -> bytes:  # noqa: ARG001 - the site makes the key
    return keys.load(settings.keys, RESIDENTS)


class OperatorBrowser:
    """An operator at the page."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def post(self, **fields: object) -> TestResponse:
        page = self.client.get(PAGE).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        ballot = re.search(r'name="ballot" value="([^"]+)"', page)
        assert token
        own = {"csrf_token": token[1], "ballot": ballot[1] if ballot else ""}
        return self.client.post(PAGE, data=own | fields)


@pytest.fixture
def operator(public: Flask, key: bytes, clock: FrozenClock) -> OperatorBrowser:
    operator = OperatorBrowser(public.test_client())
    text = paper.mint_pass(key, paper.OperatorPass(RESIDENTS, "almaty", "tsentr", clock.today()))
    assert operator.post(**{"pass": f" {text} "}).status_code == 303
    return operator


def responses(database: Database) -> list[Response]:
    with database.reading() as session:
        return list(session.scalars(select(Response)))


def test_a_printed_form_is_stored_with_its_mode_language_and_channel(
    operator: OperatorBrowser, key: bytes, sqlite: Database, settings: Settings
) -> None:
    number = paper.new_form_number(key)
    form = {"mode": "paper", "spoken": "ru", "number": number, "ctm_online": "yes", "eco_online": "no", "sex": "f"}
    answer = operator.post(**form, area0="eco", text0="Больше деревьев")
    assert answer.status_code == 303
    assert re.search(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4}){2}\b", operator.client.get(answer.location).text)
    (row,) = responses(sqlite)
    assert (row.mode, row.lang, row.channel, row.tier, row.city) == ("paper", "ru", "tsentr", "open", "almaty")
    assert "sex=f" in row.cell
    assert sum(byte > 0 for byte in row.closed) == 3
    assert filed_texts(sqlite, settings.keys) == ["Больше деревьев"]


def test_a_form_typed_twice_is_stored_once_and_other_answers_to_it_are_refused(
    operator: OperatorBrowser, key: bytes, sqlite: Database
) -> None:
    number = paper.new_form_number(key)
    first = operator.post(mode="paper", number=number, ctm_online="yes")
    again = operator.post(mode="paper", number=number.replace("-", ""), ctm_online="yes")
    assert first.location == again.location
    other = operator.post(mode="paper", number=number, ctm_online="no")
    assert other.status_code == 409
    assert 'value="no" checked' in other.text
    assert len(responses(sqlite)) == 1


def test_an_interview_is_stored_once_however_often_the_button_is_pressed(
    operator: OperatorBrowser, sqlite: Database
) -> None:
    ballot = re.search(r'name="ballot" value="([^"]+)"', operator.client.get(f"{PAGE}?mode=assisted").text)
    assert ballot
    for _press in range(2):
        assert operator.post(mode="assisted", ballot=ballot[1], ctm_online="yes").status_code == 303
    assert operator.post(mode="assisted", ctm_online="yes").status_code == 303
    assert [row.mode for row in responses(sqlite)] == ["assisted", "assisted"]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"number": "1234-5678-9012"}, 422),
        ({"number": ""}, 422),
        ({"mode": "assisted", "ballot": "x"}, 403),
        ({"mode": "assisted", "ctm_online": "maybe"}, 422),
        ({"mode": "assisted", "text0": "Жол", "area0": "nowhere"}, 422),
        ({"mode": "assisted", "nothing": "yes"}, 422),
        ({"mode": "assisted", "ctm_online": ""}, 422),
    ],
)
def test_what_cannot_be_stored_is_explained_and_nothing_typed_is_lost(
    operator: OperatorBrowser, sqlite: Database, form: dict[str, str], status: int
) -> None:
    answer = operator.post(**({"mode": "paper", "ctm_online": "yes", "text1": "Саябақ", "area1": "eco"} | form))
    assert answer.status_code == status
    assert "Саябақ" in answer.text
    assert 'class="errors"' in answer.text
    assert responses(sqlite) == []


def test_only_a_pass_of_this_wave_opens_the_page(public: Flask, key: bytes, clock: FrozenClock) -> None:
    operator = OperatorBrowser(public.test_client())
    old = paper.OperatorPass(RESIDENTS, "almaty", "link", clock.today() - timedelta(days=1))
    for text in ("", "x", paper.mint_pass(b"o" * 32, old), paper.mint_pass(key, old)):
        assert operator.post(**{"pass": text}).status_code == 422
    assert 'name="ctm_online"' not in operator.client.get(PAGE).text


def test_a_language_button_keeps_what_is_typed(operator: OperatorBrowser) -> None:
    answer = operator.post(mode="assisted", ctm_online="yes", text0="Жол", area0="its", switch="en")
    assert answer.status_code == 200
    assert "Store this form" in answer.text
    assert 'name="ctm_online" value="yes" checked' in answer.text
    assert "Жол" in answer.text
