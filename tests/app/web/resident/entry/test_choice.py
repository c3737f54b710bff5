"""Ways into a wave: one person one ballot, a sentence for each cause, and nobody locked out by a neighbour."""

import logging
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.identity.gateways import GatewayError
from app.identity.settings import IdentitySettings
from app.web import site
from app.web.resident import drafts
from surveys.ballots.damm import check_digit
from surveys.fieldwork import waves
from surveys.fieldwork.channels import declare_channel
from surveys.identity import codes
from surveys.identity.codes import Addressee
from surveys.models import Participation, Response
from tests.app.web.resident.walker import Walker
from tests.builders.country import BUSINESSES, RESIDENTS
from tests.builders.invitations import FakeGateway, Visitor, make_letters, open_gates
from tests.builders.sites import replace_services

CODE = f"/s/{RESIDENTS}/enter/code"
SMS = f"/s/{RESIDENTS}/enter/sms"
CONSENT = f"/s/{RESIDENTS}/consent"
PHONE = "8 701 123 45 67"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, identity=IdentitySettings(sms_gateway="console"))


@pytest.fixture
def gateway(public: Flask) -> FakeGateway:
    gateway = FakeGateway()
    replace_services(public, gateway=gateway)
    return gateway


@pytest.fixture
def letter(public: Flask) -> str:
    open_gates(public, RESIDENTS, "code")
    (letter,) = make_letters(public, RESIDENTS, "oral", [Addressee()])
    return letter.code


def count(app: Flask, table: type) -> int:
    with app.app_context(), site.database().reading() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def ballot(app: Flask, visitor: Visitor) -> str:
    """The ballot in a browser's draft."""
    cookie = visitor.client.get_cookie("draft", path=f"/s/{RESIDENTS}")
    assert cookie
    with app.test_request_context(headers={"Cookie": f"draft={cookie.value}"}):
        draft = drafts.read_draft(RESIDENTS)
        assert draft
        return draft.ballot


def answer_all(visitor: Visitor) -> None:
    walker = Walker(visitor.client, RESIDENTS)
    walker.go(CONSENT)
    walker.to_check(walker.post(CONSENT, agreed="yes").location)
    assert walker.send().location.endswith("/thanks")


@pytest.mark.parametrize("spell", ["{}", " {} ", "{0:.4} {0:.16}", "{}\n"], ids=["plain", "spaces", "", "newline"])
def test_a_code_lets_in_however_it_is_typed(public: Flask, letter: str, spell: str) -> None:
    typed = codes.grouped(letter) if "0:" in spell else spell.format(letter)
    status, address, _page = Visitor(public).fill(CODE, code=typed)
    assert (status, address) == (303, CONSENT)
    assert count(public, Participation) == 1


def wrong_digit(code: str) -> str:
    return code[:3] + str((int(code[3]) + 1) % 10) + code[4:]


def unknown(code: str) -> str:
    head = f"{(int(code[:15]) + 1) % 10**15:015d}"
    return head + check_digit(head)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda code: code[:15], "A code has 16 digits"),
        (lambda code: code + "1", "A code has 16 digits"),
        (lambda _code: "", "A code has 16 digits"),
        (lambda _code: "٣" * 16, "A code has 16 digits"),
        (wrong_digit, "are mistyped"),
        (unknown, "There is no such code"),
    ],
)
def test_each_cause_has_its_sentence_and_lets_nobody_in(public: Flask, letter: str, spoil, sentence: str) -> None:  # noqa: ANN001 - a table of functions
    status, _address, page = Visitor(public).fill(CODE, code=spoil(letter))
    assert status == 422
    assert sentence in page
    assert 'href="#code"' in page
    assert count(public, Participation) == 0


def test_a_code_of_another_survey_says_so(public: Flask, letter: str) -> None:
    open_gates(public, BUSINESSES, "code")
    status, _address, page = Visitor(public).fill(f"/s/{BUSINESSES}/enter/code", code=letter)
    assert status == 422
    assert "This code is of another survey" in page


def test_a_closed_survey_says_so_whatever_the_code(public: Flask, letter: str) -> None:
    with public.app_context(), site.database().writing() as session:
        waves.close_wave(session, RESIDENTS)
    closed = Visitor(public).client.get(CODE)
    assert closed.status_code == 410
    assert "This survey is closed" in closed.text
    assert letter


def test_the_box_takes_digits_and_no_browser_remembers_them(public: Flask, letter: str) -> None:
    box = re.search(r'<input class="code"[^>]*>', Visitor(public).client.get(CODE).text)
    assert box
    assert 'inputmode="numeric"' in box[0]
    assert 'autocomplete="off"' in box[0]
    assert letter not in box[0]


def test_the_same_code_gives_the_same_ballot_in_two_tabs_and_two_browsers(public: Flask, letter: str) -> None:
    first, second = Visitor(public), Visitor(public)
    for visitor in (first, first, second):
        assert visitor.fill(CODE, code=letter)[1] == CONSENT
    assert ballot(public, first) == ballot(public, second)
    assert count(public, Participation) == 1


def test_asking_again_keeps_what_was_answered(public: Flask, letter: str) -> None:
    visitor = Visitor(public)
    visitor.fill(CODE, code=letter)
    walker = Walker(visitor.client, RESIDENTS)
    walker.go(CONSENT)
    page = walker.post(CONSENT, agreed="yes").location
    walker.go(page)
    walker.post(page, **walker.ticks())
    visitor.fill(CODE, code=letter)
    assert " checked" in walker.go(page).text


def test_whoever_has_sent_learns_that_and_not_what(public: Flask, letter: str) -> None:
    visitor, other = Visitor(public), Visitor(public)
    visitor.fill(CODE, code=letter)
    answer_all(visitor)
    assert visitor.fill(CODE, code=letter)[1] == f"/s/{RESIDENTS}/thanks"
    address = other.fill(CODE, code=letter)[1]
    assert address == f"/s/{RESIDENTS}/enter/sent"
    page = other.client.get(address).text
    assert "Your answer is here already" in page
    assert "answers" not in re.findall(r'class="([^"]+)"', page)
    assert count(public, Response) == 1


def test_what_was_sent_is_read_back_for_45_minutes_and_never_after(
    public: Flask, letter: str, clock: FrozenClock
) -> None:
    visitor = Visitor(public)
    visitor.fill(CODE, code=letter)
    answer_all(visitor)
    thanks = f"/s/{RESIDENTS}/thanks"
    for minutes, status in ((44, 200), (46, 303)):
        late = FrozenClock(clock.now() + timedelta(minutes=minutes))
        replace_services(public, clock=late)
        assert visitor.client.get(thanks).status_code == status


def test_a_guesser_is_stopped_and_told_how_long(public: Flask, letter: str) -> None:
    visitor = Visitor(public)
    statuses = []
    wrong = letter
    for _ in range(12):
        wrong = unknown(wrong)
        statuses.append(visitor.fill(CODE, code=wrong)[0])
    assert statuses == [422] * 10 + [429] * 2
    page = visitor.fill(CODE, code=unknown(wrong))[2]
    assert re.search(r"Wait \d+ minutes? and try again", page)


def test_a_guesser_who_changes_browsers_is_stopped(public: Flask, letter: str) -> None:
    statuses = set()
    wrong = letter
    for _ in range(70):
        head = f"{(int(wrong[:15]) + 10**10) % 10**15:015d}"
        wrong = head + check_digit(head)
        statuses.add(Visitor(public).fill(CODE, code=wrong)[0])
    assert statuses == {422, 429}


def test_thirty_people_behind_one_address_all_get_in(public: Flask, gateway: FakeGateway) -> None:
    open_gates(public, RESIDENTS, "code", "sms")
    letters = make_letters(public, RESIDENTS, "oral", [Addressee()] * 30)
    for number, letter in enumerate(letters):
        visitor = Visitor(public, "10.0.0.7")
        assert visitor.fill(CODE, code=wrong_digit(letter.code))[0] == 422
        assert visitor.fill(CODE, code=unknown(letter.code))[0] == 422
        assert visitor.fill(CODE, code=letter.code)[1] == CONSENT
        by_phone = Visitor(public, "10.0.0.7")
        by_phone.fill(SMS, city="oral", phone=f"+7 702 000 00 {number:02d}")
        assert by_phone.fill(f"{SMS}/code", code=gateway.last_code)[1] == CONSENT
    assert count(public, Participation) == 60


def test_a_code_by_sms_lets_in_and_the_number_is_nowhere(
    public: Flask, gateway: FakeGateway, caplog: pytest.LogCaptureFixture, sqlite: Database
) -> None:
    open_gates(public, RESIDENTS, "sms")
    visitor = Visitor(public)
    with caplog.at_level(logging.DEBUG):
        assert visitor.fill(SMS, city="oral", phone=PHONE)[1] == f"{SMS}/code"
        assert visitor.fill(f"{SMS}/code", code="000000" if gateway.last_code != "000000" else "1")[0] == 422
        assert visitor.fill(f"{SMS}/code", code=gateway.last_code)[1] == CONSENT
    assert gateway.messages[0][0] == "+77011234567"
    traces = caplog.text + sqlite.url + "".join(str(cookie) for cookie in visitor.client._cookies.values())
    with sqlite.engine.connect() as connection:
        traces += str(connection.exec_driver_sql("SELECT * FROM participation").all())
    assert "7011234567" not in traces
    assert gateway.last_code not in traces


@pytest.mark.parametrize("phone", ["+7 (701) 123-45-67", "77011234567", "8-701-123-45-67", " 701 123 45 67 "])
def test_one_number_in_every_spelling_is_one_person(public: Flask, gateway: FakeGateway, phone: str) -> None:
    open_gates(public, RESIDENTS, "sms")
    ballots = []
    for typed in (PHONE, phone):
        visitor = Visitor(public)
        visitor.fill(SMS, city="oral", phone=typed)
        visitor.fill(f"{SMS}/code", code=gateway.last_code)
        ballots.append(ballot(public, visitor))
    assert ballots[0] == ballots[1]


@pytest.mark.parametrize("phone", ["", "112", "+1 701 123 45 67", "8 7172 12 34 56 7", "+7 495 123 45 67", "x" * 200])
def test_what_is_no_mobile_number_is_sent_nothing(public: Flask, gateway: FakeGateway, phone: str) -> None:
    open_gates(public, RESIDENTS, "sms")
    status, _address, page = Visitor(public).fill(SMS, city="oral", phone=phone)
    assert status == 422
    assert "Write a mobile number" in page
    assert gateway.messages == []


def test_a_person_votes_once_whichever_city_is_named(public: Flask, gateway: FakeGateway) -> None:
    open_gates(public, RESIDENTS, "sms")
    first, again = Visitor(public), Visitor(public)
    for visitor, city in ((first, "oral"), (again, "almaty")):
        visitor.fill(SMS, city=city, phone=PHONE)
        visitor.fill(f"{SMS}/code", code=gateway.last_code)
    answer_all(first)
    walker = Walker(again.client, RESIDENTS)
    walker.go(CONSENT)
    walker.to_check(walker.post(CONSENT, agreed="yes").location)
    assert walker.send().status_code == 409
    assert count(public, Response) == 1


def test_a_person_whose_answer_was_taken_back_answers_once_more_in_either_city(
    public: Flask, gateway: FakeGateway
) -> None:
    open_gates(public, RESIDENTS, "sms")
    for city in ("oral", "almaty"):
        visitor = Visitor(public)
        visitor.fill(SMS, city=city, phone=PHONE)
        assert visitor.fill(f"{SMS}/code", code=gateway.last_code)[1] == CONSENT
        answer_all(visitor)
        code = re.findall(r"(?:\w{4}-){4}\w{4}", visitor.client.get(f"/s/{RESIDENTS}/thanks").text)[0]
        assert Visitor(public).fill("/s/withdraw", code=code, sure="yes")[1] == "/s/withdraw/done"
        assert count(public, Response) == 0
    last = Visitor(public)
    last.fill(SMS, city="oral", phone=PHONE)
    assert last.fill(f"{SMS}/code", code=gateway.last_code)[1] == f"/s/{RESIDENTS}/enter/sent"


def test_the_poster_that_led_to_a_way_in_is_recorded(public: Flask, gateway: FakeGateway) -> None:
    open_gates(public, RESIDENTS, "sms", "code")
    with public.app_context(), site.database().writing() as session:
        declare_channel(session, RESIDENTS, "tsentr")
    visitor = Visitor(public)
    entry = visitor.client.get(f"/s/{RESIDENTS}?city=oral&via=tsentr").location
    assert "/enter?city=oral" in entry
    visitor.fill(SMS, city="oral", phone=PHONE)
    visitor.fill(f"{SMS}/code", code=gateway.last_code)
    answer_all(visitor)
    with public.app_context(), site.database().reading() as session:
        assert session.scalars(select(Response.channel)).one() == "tsentr"


def test_whoever_answers_next_in_the_same_browser_did_not_come_by_the_link_of_the_one_before(
    public: Flask, gateway: FakeGateway
) -> None:
    open_gates(public, RESIDENTS, "sms", "code")
    visitor = Visitor(public)
    visitor.client.get(f"/s/{RESIDENTS}?via=tsentr")
    assert visitor.client.get_cookie("via", path=f"/s/{RESIDENTS}")
    visitor.fill(SMS, city="oral", phone=PHONE)
    visitor.fill(f"{SMS}/code", code=gateway.last_code)
    answer_all(visitor)
    assert visitor.client.get_cookie("via", path=f"/s/{RESIDENTS}") is None


def test_a_code_by_sms_lives_ten_minutes_in_its_own_browser(
    public: Flask, gateway: FakeGateway, clock: FrozenClock
) -> None:
    open_gates(public, RESIDENTS, "sms")
    visitor, thief = Visitor(public), Visitor(public)
    visitor.fill(SMS, city="oral", phone=PHONE)
    assert len(gateway.messages) == 1
    assert thief.client.get(f"{SMS}/code").location == SMS
    replace_services(public, clock=FrozenClock(clock.now() + timedelta(minutes=11)))
    assert visitor.client.get(f"{SMS}/code").location == SMS


def test_wrong_codes_by_sms_are_limited_even_with_an_old_cookie(public: Flask, gateway: FakeGateway) -> None:
    open_gates(public, RESIDENTS, "sms")
    visitor = Visitor(public)
    visitor.fill(SMS, city="oral", phone=PHONE)
    wrong = "1" if gateway.last_code == "000000" else "000000"
    cookie = visitor.client.get_cookie("pending", path=f"/s/{RESIDENTS}/enter")
    assert cookie
    statuses = []
    for _ in range(7):
        thief = Visitor(public)
        thief.client.set_cookie("pending", cookie.value, path=f"/s/{RESIDENTS}/enter")
        statuses.append(thief.fill(f"{SMS}/code", code=wrong)[0])
    assert statuses == [422] * 5 + [429] * 2


def test_a_telephone_is_sent_three_messages_an_hour(public: Flask, gateway: FakeGateway) -> None:
    open_gates(public, RESIDENTS, "sms")
    statuses = [Visitor(public).fill(SMS, city="oral", phone=PHONE)[0] for _ in range(5)]
    assert statuses == [303, 303, 303, 429, 429]
    assert len(gateway.messages) == 3


def test_a_gateway_that_fails_is_said_without_the_number(public: Flask, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def send(self, phone: str, text: str) -> None:  # noqa: ARG002 - the gateway's shape
            raise GatewayError("the gateway answers 500")

    replace_services(public, gateway=Broken())
    open_gates(public, RESIDENTS, "sms")
    status, _address, page = Visitor(public).fill(SMS, city="oral", phone=PHONE)
    assert status == 422
    assert "could not be sent just now" in page
    assert "7011234567" not in caplog.text


def test_a_wave_offers_the_ways_it_opens_and_leads_straight_to_an_only_one(public: Flask) -> None:
    open_gates(public, RESIDENTS, "open", "code", "sms", "oidc")
    visitor = Visitor(public)
    assert visitor.client.get(f"/s/{RESIDENTS}?city=oral").location == f"/s/{RESIDENTS}/enter?city=oral"
    page = visitor.client.get(f"/s/{RESIDENTS}/enter?city=oral").text
    ways = re.findall(rf'href="(/s/{RESIDENTS}[^"]*)"', page.partition('<ul class="ways">')[2].partition("</ul>")[0])
    assert ways == [f"{CODE}?city=oral", f"{SMS}?city=oral", f"/s/{RESIDENTS}?way=open&amp;city=oral"]
    assert visitor.client.get(f"/s/{RESIDENTS}?way=open").status_code == 200
    open_gates(public, RESIDENTS, "code")
    assert visitor.client.get(f"/s/{RESIDENTS}?way=open").location == f"/s/{RESIDENTS}/enter"
    assert visitor.client.get(f"/s/{RESIDENTS}/enter").location == CODE
    assert visitor.client.get(SMS).status_code == 404


def test_an_open_link_never_counts_as_verified(public: Flask, gateway: FakeGateway) -> None:
    open_gates(public, RESIDENTS, "open", "sms")
    stranger, acquaintance = Visitor(public), Visitor(public)
    stranger.fill(f"/s/{RESIDENTS}?way=open", city="oral")
    answer_all(stranger)
    acquaintance.fill(SMS, city="oral", phone=PHONE)
    acquaintance.fill(f"{SMS}/code", code=gateway.last_code)
    answer_all(acquaintance)
    with public.app_context(), site.database().reading() as session:
        assert sorted(session.scalars(select(Response.tier))) == ["open", "verified"]


@pytest.mark.parametrize(
    "injected", ["_external=1", "_scheme=javascript", "_anchor=x", "endpoint=index", "city=%22%3E%3Cscript%3E"]
)
def test_an_address_cannot_bend_the_ways(public: Flask, injected: str) -> None:
    open_gates(public, RESIDENTS, "open", "code")
    page = Visitor(public).client.get(f"/s/{RESIDENTS}/enter?{injected}")
    assert page.status_code == 200
    assert "<script>" not in page.text
    assert not re.search(r'href="(?!/|#|\?lang=)', page.text.partition("<main")[2])
