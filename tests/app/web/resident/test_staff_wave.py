"""Akimat staff answer by the code of a letter: from the code to the receipt, and what the public does not see of it."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import FrozenClock
from app.database import Database
from app.web import site
from surveys.ballots import ballots, keys
from surveys.ballots.ballots import Ballot
from surveys.identity.codes import Addressee
from surveys.models import Response
from surveys.models.responses import SpentBallot
from surveys.questionnaire.compiled import compile_questionnaire
from surveys.responses.intake import Submission, Suggestion, SuggestionError, prepare
from tests.app.web.resident.walker import Walker
from tests.builders.invitations import Visitor, make_letters
from tests.builders.staff_wave import STAFF, STAFF_WAVE, open_staff_wave

AT = f"/s/{STAFF_WAVE}"


@pytest.fixture
def asked(public: Flask, sqlite: Database, clock: FrozenClock) -> Flask:
    """The survey with a wave of staff that is open."""
    with sqlite.writing() as session:
        open_staff_wave(session, clock.today())
    keys.create(site.services_of(public).settings.keys, STAFF_WAVE)
    return public


def let_in(asked: Flask) -> Walker:
    """Come with the code of a letter, and agree; gives who stands at the first page of questions."""
    (letter,) = make_letters(asked, STAFF_WAVE, "aktau", [Addressee()])
    visitor = Visitor(asked)
    status, address, _page = visitor.fill(f"{AT}/enter/code", code=letter.code)
    assert (status, address) == (303, f"{AT}/consent")
    walker = Walker(visitor.client, STAFF_WAVE)
    walker.go(address)
    return walker


def test_a_letter_leads_through_all_areas_and_no_suggestions_to_a_receipt(asked: Flask, sqlite: Database) -> None:
    walker = let_in(asked)
    first = walker.post(f"{AT}/consent", agreed="yes").location
    check = walker.to_check(first)
    assert "Your suggestions" not in walker.page.text
    assert walker.page.text.count('<section class="answers">') == len(STAFF.areas)
    assert walker.post(check).location == f"{AT}/thanks"
    with sqlite.reading() as session:
        (row,) = session.execute(select(Response.tier, Response.cell).where(Response.wave == STAFF_WAVE))
        assert (row.tier, row.cell) == ("verified", "lang=en")
        assert len(session.scalars(select(SpentBallot)).all()) == 1


def test_the_step_of_suggestions_is_not_there(asked: Flask) -> None:
    walker = let_in(asked)
    walker.post(f"{AT}/consent", agreed="yes")
    answer = walker.client.get(f"{AT}/suggestions")
    assert (answer.status_code, answer.location) == (303, f"{AT}?again=1")


@pytest.mark.parametrize("address", [AT, f"{AT}?way=open&city=aktau"])
def test_nobody_comes_in_without_a_code(asked: Flask, address: str) -> None:
    answer = asked.test_client().get(address)
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, f"{AT}/enter")
    page = asked.test_client().get(f"{AT}/enter", follow_redirects=True)
    assert page.request.path == f"{AT}/enter/code"


def test_the_public_is_told_nothing_of_the_wave(asked: Flask) -> None:
    client = asked.test_client()
    assert STAFF_WAVE not in client.get("/s/?lang=en").text
    assert client.get(f"{AT}/progress").status_code == 404


def test_words_that_a_phone_sends_all_the_same_are_refused(asked: Flask, clock: FrozenClock) -> None:
    key = keys.load(site.services_of(asked).settings.keys, STAFF_WAVE)
    signed = ballots.sign(key, Ballot(STAFF_WAVE, "aktau", "staff", "verified", bytes(16)))
    sent = Submission(answers={}, suggestions=(Suggestion("eco", "Ағаш егу"),), lang="kk")
    with pytest.raises(SuggestionError, match="too_many"):
        prepare(key, signed, sent, compile_questionnaire(STAFF), today=clock.today())
