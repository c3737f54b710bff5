"""Defects that other survey products had, on the plain form: none of them may come back here."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.web.public import create_public
from surveys.ballots.ballots import open_ballot, verify
from surveys.errors import AnswersError
from surveys.identity import gate
from surveys.models import Participation, Response, SpentBallot, Wave
from surveys.responses.intake import Submission
from surveys.responses.storing import ConflictError
from tests.app.web.resident.walker import Walker
from tests.builders.answers import store_answer
from tests.builders.country import BUSINESSES, RESIDENTS, Country


def stored(database: Database) -> int:
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(Response)).scalar_one()


def ready(public: Flask, wave: str = RESIDENTS) -> Walker:
    """Bring a respondent to the list to check."""
    walker = Walker(public.test_client(), wave)
    walker.to_check(walker.begin())
    return walker


def test_austin_techstack_1279_switching_the_language_loses_no_answer(public: Flask) -> None:
    walker = Walker(public.test_client(), RESIDENTS)
    address = walker.begin()
    for language in ("ru", "en", "kk"):
        walker.go(address)
        ticks = walker.ticks()
        walker.go(walker.post(address, switch=language, **ticks).location)
        for name, value in ticks.items():
            assert re.search(rf'name="{name}" value="{value}"[^>]* checked', walker.page.text)


def test_canada_forms_7391_switching_the_language_stays_on_the_page(public: Flask) -> None:
    walker = Walker(public.test_client(), RESIDENTS)
    address = walker.begin()
    while True:
        walker.go(address)
        assert walker.post(address, switch="en", **walker.ticks()).location in {None, address}
        if address.endswith("/check"):
            break
        walker.go(address)
        address = walker.post(address, **walker.ticks()).location


def test_decidim_8504_a_double_click_or_a_refresh_stores_once(public: Flask, sqlite: Database) -> None:
    walker = ready(public)
    assert [walker.send().location for _click in range(3)] == [f"/s/{RESIDENTS}/thanks"] * 3
    for _refresh in range(3):
        assert walker.client.get(f"/s/{RESIDENTS}/thanks").status_code == 200
    assert stored(sqlite) == 1


def test_decidim_8560_two_tabs_store_once(public: Flask, sqlite: Database) -> None:
    walker = ready(public)
    tab = Walker(walker.client, RESIDENTS)
    tab.go(f"/s/{RESIDENTS}/check")
    assert walker.send().status_code == tab.send().status_code == 303
    assert stored(sqlite) == 1


def test_decidim_app_1015_each_anonymous_respondent_has_a_ballot_of_their_own(public: Flask, sqlite: Database) -> None:
    for _person in range(5):
        assert ready(public).send().status_code == 303
    assert stored(sqlite) == 5
    with sqlite.reading() as session:
        assert session.execute(select(func.count(SpentBallot.ballot_hash.distinct()))).scalar_one() == 5


def test_go_vocal_14729_a_second_answer_cannot_slip_in_as_a_change_of_the_first(country: Country) -> None:
    with country.database.writing() as session:
        wave = session.get_one(Wave, RESIDENTS)
        wave.gate_names = "sms"
        contact = gate.contact_hash(country.key, "telephone", "+77010000000")
        ballots = [gate.admit(session, country.key, wave, "almaty", contact) for _asking in range(2)]
    assert ballots[0] == ballots[1]
    area = country.residents.questionnaire.areas
    first, second = (Submission(answers={"sex": sex}, lang="kk", extra=frozenset(area)) for sex in ("f", "m"))
    with country.database.writing() as session:
        store_answer(session, country, ballots[0], first, today=country.today)
    with pytest.raises(ConflictError), country.database.writing() as session:
        store_answer(session, country, ballots[1], second, today=country.today)
    with country.database.reading() as session:
        (row,) = session.scalars(select(Response))
        assert "sex=f" in row.cell
        assert session.execute(select(func.count()).select_from(Participation)).scalar_one() == 1


@pytest.mark.parametrize("wait", [timedelta(hours=2), timedelta(days=6)])
def test_eq_991_a_pause_loses_no_answer(
    public: Flask, settings: Settings, sqlite: Database, clock: FrozenClock, wait: timedelta
) -> None:
    walker = ready(public)
    # The server restarts meanwhile: nothing of the draft may live in its memory.
    later = create_public(settings, sqlite, FrozenClock(clock.now() + wait))
    later.testing = True
    client = later.test_client()
    client._cookies = walker.client._cookies
    page = client.get(f"/s/{RESIDENTS}/check")
    assert page.status_code == 200
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    assert client.post(f"/s/{RESIDENTS}/check", data={"csrf_token": token[1]}).location == f"/s/{RESIDENTS}/thanks"
    assert stored(sqlite) == 1


def test_eq_379_two_questionnaires_in_two_tabs_do_not_mix(public: Flask, sqlite: Database) -> None:
    client = public.test_client()
    tabs = [Walker(client, wave) for wave in (RESIDENTS, BUSINESSES)]
    addresses = [tab.begin() for tab in tabs]
    for _step in range(3):
        for index, tab in enumerate(tabs):
            tab.go(addresses[index])
            addresses[index] = tab.post(addresses[index], **tab.ticks()).location
    for index, tab in enumerate(tabs):
        tab.to_check(addresses[index])
        assert tab.send().location == f"/s/{tab.wave}/thanks"
    with sqlite.reading() as session:
        assert set(session.scalars(select(Response.wave))) == {RESIDENTS, BUSINESSES}


def test_eq_328_exactly_what_is_stored_was_checked(country: Country) -> None:
    """A second browser cannot put anything between the check and the store: both look at one document."""
    ballot = open_ballot(country.key, RESIDENTS, "almaty", "resident")
    assert verify(country.key, ballot).tier == "open"
    for answers in ({"sex": "f", "ctm_online": "maybe"}, {"sex": "f", "district": "astana.esil"}, {"sex": ["f", "m"]}):
        with pytest.raises(AnswersError), country.database.writing() as session:
            store_answer(session, country, ballot, Submission(answers=answers, lang="kk"), today=country.today)
    assert stored(country.database) == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("kk", "Әзірге ештеңе жіберілген жоқ."),
        ("ru", "Пока ничего не отправлено."),
        ("en", "Nothing has been sent yet."),
    ],
)
def test_eq_973_saving_is_never_taken_for_submission(
    public: Flask, sqlite: Database, language: str, words: str
) -> None:
    walker = ready(public)
    page = walker.client.get(f"/s/{RESIDENTS}/check?lang={language}")
    assert words in page.text
    assert page.text.count('class="primary"') == 1
    assert stored(sqlite) == 0


def test_fixmystreet_6_0_safari_that_posts_twice_stores_once(public: Flask, sqlite: Database) -> None:
    """Safari may repeat a POST by itself on a broken connection: the same bytes, with the same cookies."""
    walker = ready(public)
    cookies = dict(walker.client._cookies)
    first = walker.send()
    walker.client._cookies = cookies
    assert walker.send().location == first.location == f"/s/{RESIDENTS}/thanks"
    assert stored(sqlite) == 1
