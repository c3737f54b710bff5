"""Initiatives at the console: a city's way with one, two examiners and a third, the board, figures before and after."""

import html
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.queries import get_person
from app.database import Database
from app.initiatives.models import CityInitiative, InitiativeEvent
from app.initiatives.standing import InitiativeKey, get_standing
from app.initiatives.states import InitiativeState
from tests.app.web.console.conftest import MOST_STATEMENTS, Browser, SignIn, browser_of
from tests.builders import initiatives as make
from tests.builders.initiatives import CITY, LONG_KK, LONG_RU, Planners
from tests.builders.staff import TODAY
from tests.builders.statements import statements_of

PAGE = "/console/initiatives/"
TYPED: dict[str, Any] = {
    "code": "",
    "area": "its",
    "title_kk": "Автобустың келу уақыты",
    "title_ru": "Время прибытия автобусов",
    "title_en": "Bus arrival times",
    "what_kk": LONG_KK,
    "what_ru": LONG_RU,
    "indicators": ["its_1", "its_5"],
    "cost": "120 000",
    "year_from": "2026",
    "year_to": "2027",
    "registers": "Smart Bridge",
    "personal_data": "no",
    "languages": "Екі тілде",
    "keeper_kk": "Көлік басқармасы",
    "keeper_ru": "Управление транспорта",
    "contact": "+7 7292 000000",
}


@pytest.fixture
def people(console: Flask, database: Database) -> Planners:
    assert console
    with database.writing() as session:
        return make.make_planners(session)


def browser(app: Flask, database: Database, staff: int) -> Browser:
    with database.reading() as session:
        person = get_person(session, staff, TODAY)
    assert person is not None
    return browser_of(app, person)


def standing(database: Database, number: int = 1, city: str = CITY) -> Any:
    with database.reading() as session:
        return get_standing(session, InitiativeKey(city, number))


def words_of(page: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2])
    return " ".join(html.unescape(text).split())


def opinion(database: Database, number: int, **fields: Any) -> dict[str, Any]:
    now = standing(database, number)
    return {"revision": now.revision, "version": now.version} | fields


ALL_POINTS = [str(2**bit) for bit in range(8)]


def test_an_initiative_is_planned_submitted_supported_and_brought_to_its_end(
    console: Flask, database: Database, people: Planners
) -> None:
    analyst, lead, one, two = (
        browser(console, database, staff) for staff in (people.analyst, people.lead, people.one, people.two)
    )
    made = analyst.send(f"{PAGE}{CITY}/new", TYPED)
    assert (made.status_code, made.location) == (303, f"{PAGE}{CITY}/1")
    assert "Bus arrival times" in words_of(analyst.get(f"{PAGE}{CITY}/1"))
    saved = analyst.send(f"{PAGE}{CITY}/1/edit", TYPED | {"cost": "90 000", "version": "1"})
    assert saved.status_code == 303
    assert lead.send(f"{PAGE}{CITY}/1/submit", {"version": "2"}).status_code == 303
    assert "1 row" in words_of(one.get(f"{PAGE}examination"))
    given = one.send(
        f"{PAGE}{CITY}/1/examine", opinion(database, 1, opinion="support", points=ALL_POINTS, note="Жақсы")
    )
    assert given.location == f"{PAGE}examination"
    assert "with the examiners" in words_of(lead.get(f"{PAGE}{CITY}/1"))
    conditions = {"conditions_kk": "Деректер ашық болсын", "conditions_ru": "Данные должны быть открыты"}
    two.send(f"{PAGE}{CITY}/1/examine", opinion(database, 1, opinion="support", points=ALL_POINTS[:7], **conditions))
    assert standing(database).state is InitiativeState.SUPPORTED
    told = words_of(lead.get(f"{PAGE}{CITY}/1"))
    for words in ("Жақсы", "Данные должны быть открыты", "Somebody runs it later"):
        assert words in told
    assert "examiner 1" not in told
    assert "examiner 2" not in told
    for word, fields in STEPS.items():
        sent = lead.send(f"{PAGE}{CITY}/1/{word}", fields | {"version": str(standing(database).version)})
        assert sent.status_code == 303, word
    assert standing(database).state is InitiativeState.FINISHED
    with database.reading() as session:
        days = session.execute(select(InitiativeEvent.step, InitiativeEvent.day)).all()
    assert ("finish", TODAY.replace(day=20)) in [tuple(row) for row in days]


STEPS: dict[str, dict[str, Any]] = {
    "start": {"start-day": "2026-11-02"},
    "report": {"report-body_kk": make.DONE_KK, "report-body_ru": make.DONE_RU},
    "finish": {
        "finish-day": "2026-11-20",
        "finish-body_kk": make.DONE_KK,
        "finish-body_ru": make.DONE_RU,
        "finish-address": make.ADDRESS,
    },
}


def test_what_is_missing_stands_beside_its_field_and_nothing_is_submitted(
    console: Flask, database: Database, people: Planners
) -> None:
    lead = browser(console, database, people.lead)
    with database.writing() as session:
        made = make.plan(session, people, what_ru="коротко", registers="", cost=None)
    refused = lead.send(f"{PAGE}{CITY}/1/submit", {"version": "1"})
    assert refused.location == f"{PAGE}{CITY}/1/edit?check=1"
    page = words_of(lead.get(refused.location))
    assert "Please write 40 characters or more." in page
    assert page.count("Please fill this in.") == 4  # in the summary and beside their fields
    assert standing(database, made.key.id).state is InitiativeState.PLANNED


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"area": "xxx"}, "Please choose an area."),
        ({"title_kk": "", "title_ru": "", "title_en": ""}, "Please fill this in."),
        ({"cost": "много"}, "Please write a whole number in digits; years have four."),
        ({"year_from": "2028"}, "It ends before it begins."),
        ({"indicators": ["nowhere_1"]}, "There is no such indicator."),
        ({"code": "A1"}, "The ministry's list has no such initiative."),
        ({"title_ru": "Белгі \x07"}, "There is a sign in it that cannot be shown."),
        ({"what_kk": "ұ" * 1201}, "Please write 1200 characters at most."),
    ],
)
def test_a_refused_text_stands_in_the_form_again_with_what_is_wrong(
    console: Flask, database: Database, people: Planners, changes: dict[str, Any], words: str
) -> None:
    analyst = browser(console, database, people.analyst)
    answer = analyst.send(f"{PAGE}{CITY}/new", TYPED | changes)
    assert answer.status_code == 422
    assert words in words_of(answer)
    assert LONG_RU in html.unescape(answer.text)
    with database.reading() as session:
        assert session.scalars(select(CityInitiative)).all() == []


def test_two_who_change_the_same_text_see_both(console: Flask, database: Database, people: Planners) -> None:
    analyst, lead = (browser(console, database, staff) for staff in (people.analyst, people.lead))
    with database.writing() as session:
        make.plan(session, people)
    first = analyst.send(f"{PAGE}{CITY}/1/edit", TYPED | {"title_ru": "Первая правка", "version": "1"})
    second = lead.send(f"{PAGE}{CITY}/1/edit", TYPED | {"title_ru": "Вторая правка", "version": "1"})
    assert (first.status_code, second.status_code) == (303, 409)
    assert "Первая правка" in second.text
    assert "Вторая правка" in second.text
    assert "analyst of aktau" in second.text


def test_what_is_half_typed_waits_in_the_form(console: Flask, database: Database, people: Planners) -> None:
    analyst = browser(console, database, people.analyst)
    kept = analyst.send("/console/drafts/keep", {"draft": f"initiative|{CITY}/new", "title_kk": "Жартылай"})
    assert kept.status_code == 204
    assert 'value="Жартылай"' in analyst.get(f"{PAGE}{CITY}/new").text
    analyst.send(f"{PAGE}{CITY}/new", TYPED)
    assert "Жартылай" not in analyst.get(f"{PAGE}{CITY}/new").text


@pytest.mark.parametrize("word", ["recall", "withdraw", "stop"])
def test_the_lead_takes_back_what_can_be_taken_back(
    console: Flask, database: Database, people: Planners, word: str
) -> None:
    lead = browser(console, database, people.lead)
    with database.writing() as session:
        before = {"recall": make.submit, "withdraw": make.plan, "stop": make.support}[word](session, people)
    reasons = {"stop-body_kk": make.DONE_KK, "stop-body_ru": make.DONE_RU}
    assert lead.send(f"{PAGE}{CITY}/1/{word}", {"version": str(before.version)} | reasons).status_code == 303
    ends = {"recall": "planned", "withdraw": "withdrawn", "stop": "stopped"}
    assert standing(database).state == ends[word]


def test_what_an_examiner_has_seen_is_not_recalled(console: Flask, database: Database, people: Planners) -> None:
    lead = browser(console, database, people.lead)
    with database.writing() as session:
        submitted = make.submit(session, people)
        make.opine(session, submitted.key, people.one, make.SUPPORTED)
    lead.send(f"{PAGE}{CITY}/1/recall")
    assert "cannot be recalled" in words_of(lead.get(f"{PAGE}{CITY}/1"))
    assert standing(database).state is InitiativeState.SUBMITTED


def test_a_step_without_its_words_keeps_what_was_typed(console: Flask, database: Database, people: Planners) -> None:
    lead = browser(console, database, people.lead)
    with database.writing() as session:
        supported = make.support(session, people)
    answer = lead.send(
        f"{PAGE}{CITY}/1/start", {"version": str(supported.version), "start-day": "2027-01-01", "start-body_ru": "Да"}
    )
    assert answer.status_code == 422
    assert "This day is still to come." in words_of(answer)
    assert "in Kazakh and in Russian" in words_of(answer)
    assert ">\nДа</textarea>" in answer.text.replace("\r", "")


def test_an_opinion_that_is_not_whole_is_refused_with_its_text(
    console: Flask, database: Database, people: Planners
) -> None:
    one = browser(console, database, people.one)
    with database.writing() as session:
        make.submit(session, people)
    answer = one.send(
        f"{PAGE}{CITY}/1/examine", opinion(database, 1, opinion="support", points=ALL_POINTS[:3], note="Үш тармақ")
    )
    assert answer.status_code == 422
    assert "A point is not ticked." in words_of(answer)
    assert "Үш тармақ" in answer.text
    assert answer.text.count(" checked") == 3


def test_nobody_of_the_city_examines_and_nobody_twice(console: Flask, database: Database, people: Planners) -> None:
    with database.writing() as session:
        make.submit(session, people)
        make.opine(session, InitiativeKey(CITY, 1), people.one, make.SUPPORTED)
        from tests.builders.examination import give_role  # noqa: PLC0415 - beside its use

        give_role(session, people.two, "moderator", CITY, revoked=True, until_day=TODAY)
    one, two = (browser(console, database, staff) for staff in (people.one, people.two))
    for who in (one, two):
        who.send(f"{PAGE}{CITY}/1/examine", opinion(database, 1, opinion="support", points=ALL_POINTS))
    assert "You have given your opinion on this text." in words_of(one.get(f"{PAGE}{CITY}/1/examine"))
    assert "had within a year, a role in this city" in words_of(two.get(f"{PAGE}{CITY}/1/examine"))
    assert "are not shown" in words_of(two.get(f"{PAGE}examination"))
    assert standing(database).state is InitiativeState.SUBMITTED


def test_cities_that_plan_the_same_are_shown_to_each_other_and_nothing_more(
    console: Flask, database: Database, people: Planners, sign_in: SignIn
) -> None:
    with database.writing() as session:
        others = make.make_planners(session, "kostanay")
        make.submit(session, others, "kostanay", contact="+7 7142 111111", registers="ҚҰПИЯ")
        make.plan(session, people)
    analyst = browser(console, database, people.analyst)
    page = words_of(analyst.get(f"{PAGE}{CITY}/2"))
    assert "Kostanay" in page
    assert "+7 7142 111111" in page
    assert "Көлік басқармасы" in page
    assert "ҚҰПИЯ" not in page
    board = words_of(analyst.get(f"{PAGE}board"))
    assert "Kostanay: Bus arrival times" in board
    assert "No other city" in words_of(browser(console, database, others.analyst).get(f"{PAGE}kostanay/1"))
    assert analyst.get(f"{PAGE}kostanay/1").status_code == 404
    assert sign_in("publisher").get(f"{PAGE}kostanay/1").status_code == 200


def test_every_page_needs_no_more_statements_whatever_the_rows(
    console: Flask, database: Database, people: Planners
) -> None:
    with database.writing() as session:
        others = make.make_planners(session, "kostanay")
        for number in range(12):
            make.submit(session, others, "kostanay", cost=number)
            make.support(session, people, cost=number)
        split = make.submit(session, people)
        for examiner, word in ((people.one, make.SUPPORTED), (people.two, make.RETURNED)):
            make.opine(session, split.key, examiner, word)
    staff = {"lead": people.lead, "examiner": people.three, "first": people.one}
    dear = []
    pages = ["", "board", "board?area=its", "examination", f"{CITY}/{split.key.id}", f"{CITY}/{split.key.id}/examine"]
    for name, person in staff.items():
        own = browser(console, database, person)
        for address in (*(f"{PAGE}{page}" for page in pages), "/console/", "/console/initiatives/list"):
            own.get(address)
            with statements_of(database) as statements:
                own.get(address)
            dear += [f"{name} {address}: {len(statements)}"] * (len(statements) > MOST_STATEMENTS)
    assert dear == []


def test_lists_are_files_too_and_show_the_viewer_s_own_opinion_alone(
    console: Flask, database: Database, people: Planners
) -> None:
    with database.writing() as session:
        make.submit(session, people)
        make.opine(session, InitiativeKey(CITY, 1), people.one, make.SUPPORTED)
    mine, other = (
        browser(console, database, staff).get(f"{PAGE}examination?as=csv").text for staff in (people.one, people.two)
    )
    assert mine.strip().endswith(",1/2,support")
    assert other.strip().endswith(",1/2,")
    listed = browser(console, database, people.lead).get(f"{PAGE}?as=csv&area=its").text
    assert "Bus arrival times,Transport,2026–2027,120000,with the examiners,0" in listed
