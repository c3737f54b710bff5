import re

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from app.database import Database
from app.web import site
from surveys.fieldwork import waves
from surveys.fieldwork.channels import declare_channel
from surveys.models import Response
from tests.app.web.resident.walker import Walker
from tests.builders.country import BUSINESSES, RESIDENTS
from tests.builders.words import filed_texts

LANGUAGES = {"kk": "Жауаптарыңызды тексеріңіз", "ru": "Проверьте ответы", "en": "Check your answers"}


def stored(app: Flask, table: type = Response) -> int:
    with app.app_context(), site.database().reading() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.mark.parametrize("wave", [RESIDENTS, BUSINESSES])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_walk_stores_one_answer_only_at_send(public: Flask, wave: str, language: str) -> None:
    client = public.test_client()
    client.get(f"/s/?lang={language}")
    walker = Walker(client, wave)
    walker.to_check(walker.begin())
    assert LANGUAGES[language] in walker.page.text
    assert f'<html lang="{language}">' in walker.page.text
    assert stored(public) == 0
    response = walker.send()
    assert response.location == f"/s/{wave}/thanks"
    assert stored(public) == 1
    assert re.search(r"<strong>[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}</strong>", client.get(response.location).text)


def test_changing_the_language_on_a_page_keeps_what_is_ticked_and_the_page(public: Flask) -> None:
    walker = Walker(public.test_client(), RESIDENTS)
    address = walker.begin()
    walker.go(address)
    switched = walker.post(address, switch="ru", **walker.ticks())
    assert switched.location == address
    page = walker.go(address).text
    assert '<html lang="ru">' in page
    assert page.count("checked") == len(walker.ticks())


def test_changing_the_language_keeps_a_suggestion_being_written(public: Flask) -> None:
    walker = Walker(public.test_client(), RESIDENTS)
    walker.begin()
    address = f"/s/{RESIDENTS}/suggestions"
    walker.go(address)
    page = walker.post(address, switch="en", area0="ctm", text0="Жол жөндеу керек", text1="", text2="")
    assert page.status_code == 200
    assert "Жол жөндеу керек" in page.text
    assert '<html lang="en">' in page.text


def test_submitting_twice_stores_once(public: Flask) -> None:
    client = public.test_client()
    walker = Walker(client, RESIDENTS)
    walker.to_check(walker.begin())
    walker.send()
    again = walker.send()
    assert again.location.endswith("/thanks")
    assert stored(public) == 1


def test_the_same_ballot_with_other_answers_is_refused(public: Flask) -> None:
    client = public.test_client()
    walker = Walker(client, RESIDENTS)
    first = walker.begin()
    walker.to_check(first)
    cookie = client.get_cookie("draft", path=f"/s/{RESIDENTS}")
    assert cookie
    walker.send()
    client.set_cookie("draft", cookie.value, path=f"/s/{RESIDENTS}")
    walker.go(first)
    name = next(iter(walker.ticks()))
    walker.post(first, **{name: re.findall(rf'name="{name}" value="([^"]+)"', walker.page.text)[1]})
    walker.go(f"/s/{RESIDENTS}/check")
    assert walker.send().status_code == 409
    assert stored(public) == 1


def test_two_waves_in_one_browser_do_not_mix(public: Flask) -> None:
    client = public.test_client()
    residents, businesses = Walker(client, RESIDENTS), Walker(client, BUSINESSES)
    first, other = residents.begin("oral"), businesses.begin("aktau")
    residents.to_check(first)
    businesses.to_check(other)
    residents.send()
    businesses.send()
    with public.app_context(), site.database().reading() as session:
        waves_and_cities = {tuple(row) for row in session.execute(select(Response.wave, Response.city))}
    assert waves_and_cities == {(RESIDENTS, "oral"), (BUSINESSES, "aktau")}


def test_going_on_without_a_city_or_consent_is_an_error_that_says_so(public: Flask) -> None:
    client = public.test_client()
    client.get("/s/?lang=en")
    walker = Walker(client, RESIDENTS)
    refused = walker.post(f"/s/{RESIDENTS}")
    assert refused.status_code == 422
    assert "<title>Error:" in refused.text
    walker.go(walker.post(f"/s/{RESIDENTS}", city="almaty").location)
    refused = walker.post(f"/s/{RESIDENTS}/consent")
    assert refused.status_code == 422
    assert 'href="#agreed"' in refused.text


def test_a_long_suggestion_is_refused_with_its_words_kept(public: Flask) -> None:
    walker = Walker(public.test_client(), RESIDENTS)
    walker.begin()
    address = f"/s/{RESIDENTS}/suggestions"
    walker.go(address)
    long = "ұ" * 501
    refused = walker.post(address, area0="ctm", text0=long)
    assert refused.status_code == 422
    assert long in refused.text
    accepted = walker.post(address, area0="ctm", text0=long[:500], area1="hlt", text1="😀" * 500)
    assert accepted.status_code == 303
    walker.to_check(accepted.location)
    assert "😀" * 500 in walker.page.text
    walker.send()
    with public.app_context():
        assert len(filed_texts(site.database(), site.settings().keys)) == 2


def test_more_areas_can_be_answered(public: Flask) -> None:
    walker = Walker(public.test_client(), RESIDENTS)
    walker.begin()
    address = f"/s/{RESIDENTS}/more"
    offered = re.findall(r'name="areas" value="([^"]+)"', walker.go(address).text)
    assert len(offered) == 8
    chosen = walker.post(address, areas=offered[:2]).location.rpartition("/")[2]
    assert chosen in offered[:2]


def test_change_leads_back_to_the_list(public: Flask) -> None:
    walker = Walker(public.test_client(), RESIDENTS)
    address = walker.begin()
    walker.to_check(address)
    link = re.search(r'class="change" href="([^"#]+)', walker.page.text)
    assert link
    walker.go(link[1])
    assert walker.post(link[1], **walker.ticks()).location.endswith("/check")


def test_a_draft_that_was_tampered_with_starts_again(public: Flask) -> None:
    client = public.test_client()
    walker = Walker(client, RESIDENTS)
    address = walker.begin()
    client.set_cookie("draft", "gAAAAABx", path=f"/s/{RESIDENTS}")
    assert client.get(address).location.startswith(f"/s/{RESIDENTS}?again")


@pytest.mark.parametrize(
    ("path", "status"), [("/s/none", 404), (f"/s/{RESIDENTS}/p/none", 303), (f"/s/{RESIDENTS}/thanks", 303)]
)
def test_addresses_that_lead_nowhere_are_answered(public: Flask, path: str, status: int) -> None:
    assert public.test_client().get(path).status_code == status


def test_a_form_without_its_token_is_refused_in_the_right_language(public: Flask) -> None:
    client = public.test_client()
    client.get("/s/?lang=ru")
    refused = client.post(f"/s/{RESIDENTS}", data={"city": "almaty"})
    assert refused.status_code == 400
    assert '<html lang="ru">' in refused.text


def test_a_closed_wave_says_so(public: Flask) -> None:
    with public.app_context(), site.database().writing() as session:
        waves.close_wave(session, RESIDENTS)
    answer = public.test_client().get(f"/s/{RESIDENTS}?lang=kk")
    assert answer.status_code == 410
    assert "Бұл сауалнама жабық" in answer.text


@pytest.mark.parametrize("value", ["nowhere", "", "x" * 3000, "\x00", "'; DROP TABLE response; --", "<script>"])
def test_a_hostile_answer_is_refused_and_never_echoed(public: Flask, value: str) -> None:
    walker = Walker(public.test_client(), RESIDENTS)
    address = walker.begin()
    walker.go(address)
    name = next(iter(walker.ticks()))
    answer = walker.post(address, **{name: value})
    assert answer.status_code == (303 if not value else 422)
    assert "<script>" not in answer.text
    assert stored(public) == 0


def test_nothing_of_the_survey_is_kept_by_caches(public: Flask) -> None:
    assert public.test_client().get("/s/").headers["Cache-Control"] == "no-store"


def test_when_the_database_fails_the_answers_stay_in_the_browser(public: Flask) -> None:
    walker = Walker(public.test_client(), RESIDENTS)
    walker.to_check(walker.begin())
    with public.app_context(), site.database().writing() as session:
        session.execute(
            text("CREATE TRIGGER full BEFORE INSERT ON response BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
        )
    assert walker.send().status_code == 503
    assert stored(public) == 0
    with public.app_context(), site.database().writing() as session:
        session.execute(text("DROP TRIGGER full"))
    walker.go(f"/s/{RESIDENTS}/check")
    assert walker.send().location.endswith("/thanks")
    assert stored(public) == 1


@pytest.mark.parametrize(("named", "stored_as"), [("tsentr", "tsentr"), ("not-declared", "link"), ("Центр", "link")])
def test_only_a_declared_channel_is_recorded(public: Flask, sqlite: Database, named: str, stored_as: str) -> None:
    with sqlite.writing() as session:
        declare_channel(session, RESIDENTS, "tsentr")
    walker = Walker(public.test_client(), RESIDENTS)
    walker.to_check(walker.begin(query=f"?city=almaty&via={named}"))
    assert walker.send().status_code == 303
    with sqlite.reading() as session:
        assert session.scalars(select(Response.channel)).one() == stored_as
