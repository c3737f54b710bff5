"""Themes on the screen: the list by n and clock, one theme, a city's own ones, and the national frame."""

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.permissions import Role
from app.accounts.queries import get_person
from app.database import Database
from app.feedback.models import CityTheme, Theme
from app.feedback.themes import make_city_theme
from surveys.models.comments import Comment
from tests.app.web.console.conftest import MOST_STATEMENTS, Browser, SignIn, browser_of
from tests.builders.comments import WAVE, make_comment
from tests.builders.staff import CITY, TODAY
from tests.builders.statements import statements_of
from tests.builders.themes import (
    HEATING,
    WASTE,
    WATER,
    by,
    code,
    draw_for,
    make_coded,
    make_coders,
    make_neighbours,
    name,
    themes_of,
)

LIST = f"/console/themes/?city={CITY}&wave={WAVE}"
PAGE = f"/console/themes/{HEATING}/{CITY}/{WAVE}"
OWN, FRAME = f"/console/themes/own/{CITY}", "/console/themes/frame"
NAMES = {"name_kk": "Қазандық", "name_ru": "Котельная", "name_en": "Boiler house"}


@pytest.fixture
def coder(console: Flask, database: Database) -> Browser:
    """Somebody who codes in a city with seven suggestions about heating and two about water."""
    with database.writing() as session:
        one, _two = make_coders(session)
        make_coded(session, one, range(1, 8), HEATING)
        make_coded(session, one, range(8, 10), WATER)
        person = get_person(session, one, TODAY)
    assert person
    return browser_of(console, person)


def own_code(database: Database) -> str:
    with database.reading() as session:
        return session.scalars(select(Theme.code).where(Theme.city == CITY)).one()


def test_the_file_of_the_list_says_the_day_that_the_page_says(coder: Browser) -> None:
    shown = re.findall(r"working days left \(([^)]+)\)", coder.get(LIST).text)
    filed = [line.split(",")[6] for line in coder.get(f"{LIST}&as=csv").text.splitlines()[1:]]
    assert filed
    assert [f"{date.fromisoformat(day):%B %-d, %Y}" for day in filed] == shown


@pytest.mark.parametrize(("page", "entry"), [(LIST, "Themes"), ("/console/coding/", "Themes"), (OWN, "Themes")])
def test_the_menu_marks_the_subject_of_each_of_its_pages(coder: Browser, page: str, entry: str) -> None:
    assert re.findall(r'aria-current="page">(\w+)</a>', coder.get(page).text)[:1] == [entry]


def test_the_list_counts_and_sorts_by_how_many(coder: Browser) -> None:
    page = coder.get(LIST).text
    assert page.index("Heating") < page.index("Water supply")
    cells = re.findall(r"<span class=\"label\">Suggestions: </span>(\d+)", page)
    assert cells == ["7", "2"]
    assert "78%" in page
    assert "working days left" in page
    assert coder.get(f"{LIST}&as=csv").text.count("\n") == 3
    assert "Ambulance" in coder.get(f"{LIST}&empty=1&area=hlt").text
    assert "Heating" not in coder.get(f"{LIST}&q=wat").text


def test_there_is_nothing_before_the_first_suggestion(console: Flask, sign_in: SignIn) -> None:
    assert console
    assert "There are no suggestions yet." in sign_in(Role.ANALYST).get("/console/themes/").text


def test_what_stands_for_a_theme_is_picked_on_its_page_and_goes_when_it_is_hidden(
    coder: Browser, database: Database
) -> None:
    ids = [f"{number:032x}" for number in range(1, 6)]
    assert coder.send(f"{PAGE}/typical", {"ids": ids}).location == PAGE
    with database.reading() as session:
        assert session.scalars(select(CityTheme.typical)).all() == [" ".join(ids[:3])]
    part = coder.get(PAGE).text.partition('id="typical"')[2].partition("</section>")[0]
    assert re.findall(r"Текст \d", part) == ["Текст 1", "Текст 2", "Текст 3"]
    with database.writing() as session:
        session.get_one(Comment, ids[1]).state = "hidden"
    part = coder.get(PAGE).text.partition('id="typical"')[2].partition("</section>")[0]
    assert "Текст 2" not in part


def test_what_stands_for_a_theme_goes_by_its_own_button_and_not_by_ticking_nothing(
    coder: Browser, database: Database
) -> None:
    ids = [f"{number:032x}" for number in range(1, 3)]
    coder.send(f"{PAGE}/typical", {"ids": ids})
    coder.send(f"{PAGE}/typical")
    page = coder.get(PAGE).text
    assert "Nothing is ticked." in page
    assert 'name="clear"' in page
    with database.reading() as session:
        assert session.scalars(select(CityTheme.typical)).all() == [" ".join(ids)]
    coder.send(f"{PAGE}/typical", {"clear": "1"})
    assert 'id="typical"' not in coder.get(PAGE).text


def test_a_part_of_a_theme_becomes_the_citys_own(coder: Browser, database: Database) -> None:
    ids = [f"{number:032x}" for number in (1, 2)]
    refused = coder.send(f"{PAGE}/split", {"ids": ids, **NAMES, "name_en": " "})
    assert refused.status_code == 422
    assert "A theme needs a name in Kazakh, in Russian and in English." in refused.text
    assert 'value="Қазандық"' in refused.text
    assert coder.send(f"{PAGE}/split", {"ids": ids, **NAMES}).location == PAGE
    with database.reading() as session:
        assert themes_of(session, ids[0]) == ["hcs_heating.aktau.1"]
    assert "Boiler house" in coder.get(PAGE).text
    assert "Shown suggestions about it</dt><dd>7" in coder.get(PAGE).text


def test_what_is_like_them_is_suggested_and_people_say_so(coder: Browser, database: Database) -> None:
    with database.writing() as session:
        near = make_comment(session, "Тоже холодно", number=90, state="shown")
        make_neighbours(session, f"{1:032x}", near)
    assert "Тоже холодно" in coder.get(PAGE).text.partition('id="near"')[2]
    done = coder.send(f"{PAGE}/add", {"ids": near})
    assert done.location.startswith(f"{PAGE}?done=")
    with database.reading() as session:
        assert themes_of(session, near) == [HEATING]
    assert 'id="near"' not in coder.get(PAGE).text
    assert coder.send(f"{PAGE}/add", {"ids": "x"}).location == PAGE


def test_one_is_taken_out_of_a_group(coder: Browser) -> None:
    ids = [f"{number:032x}" for number in (1, 2, 3)]
    chosen = coder.send("/console/coding/bulk/comments.group", {"back": PAGE, "scope": "ticked", "ids": ids})
    coder.send(chosen.location, {"title": "Same"})
    page = coder.get(PAGE).text
    assert page.count("Group: Same") == 3
    where = re.findall(r'action="(/console/themes/groups/aktau/\d+/take-out)"', page)[0]
    assert coder.send(where, {"comment": ids[0], "back": PAGE}).location == PAGE
    assert coder.get(PAGE).text.count("Group: Same") == 2
    assert (
        "There is no such group any more."
        in coder.send(where, {"comment": ids[0], "back": PAGE}, follow_redirects=True).text
    )


def test_all_about_the_theme_are_chosen_and_nothing_else(coder: Browser) -> None:
    back = re.findall(r'name="back" value="([^"]+)"', coder.get(PAGE).text.partition('id="bulk"')[2])[0]
    form = {"back": back.replace("&amp;", "&"), "scope": "all"}
    chosen = coder.send("/console/coding/bulk/comments.code", form)
    assert "Add a theme to 7 suggestions?" in coder.get(chosen.location).text


def test_a_city_keeps_its_own_themes(coder: Browser, database: Database) -> None:
    assert coder.send(f"{OWN}/new", {"parent": HEATING, **NAMES, "name_ru": ""}).status_code == 422
    assert coder.send(f"{OWN}/new", {"parent": HEATING, **NAMES}).status_code == 303
    made = own_code(database)
    other = NAMES | {"name_en": "Boiler house 3"}
    for what, fields in {"rename": other, "retire": {}, "restore": {}}.items():
        assert coder.send(f"{OWN}/{made}/{what}", fields).location == f"{OWN}#{made}", what
    page = coder.get(OWN).text
    assert "renamed; before that it was called “Boiler house”" in page
    assert coder.send(f"{OWN}/{made}/merge", {"into": WATER}).status_code == 303
    assert "merged into “Water supply and sewerage”" in coder.get(OWN).text
    assert coder.send(f"{OWN}/{made}/restore", {}).status_code == 422
    assert coder.send(f"{OWN}/{HEATING}/retire", {}).status_code == 404
    assert coder.send(f"{FRAME}/{HEATING}/retire", {}).status_code == 403


def test_a_publisher_keeps_the_national_ones(coder: Browser, sign_in: SignIn, database: Database) -> None:
    publisher = sign_in(Role.PUBLISHER)
    assert publisher.send(f"{FRAME}/new", {"code": "Dentists", **NAMES}).status_code == 422
    assert publisher.send(f"{FRAME}/new", {"code": "hlt_dentists", **NAMES}).status_code == 303
    assert publisher.send(f"{FRAME}/{WATER}/rename", NAMES | {"name_en": "Water"}).location == f"{FRAME}#{WATER}"
    assert publisher.send(f"{FRAME}/{HEATING}/merge", {"into": WATER}).status_code == 303
    assert publisher.send(f"{FRAME}/{WASTE}/retire").status_code == 303
    assert publisher.send(f"{FRAME}/{WASTE}/restore").status_code == 303
    page = coder.get(f"/console/themes/{WATER}/{CITY}/{WAVE}").text
    assert "Shown suggestions about it</dt><dd>9" in page
    assert "merged into" in coder.get(PAGE).text
    with database.reading() as session:
        assert session.get_one(Theme, "hlt_dentists").area == "hlt"


def test_the_ministry_reads_what_is_shown_and_changes_nothing(
    coder: Browser, sign_in: SignIn, database: Database
) -> None:
    with database.writing() as session:
        session.get_one(Comment, f"{1:032x}").state = "second_look"
    assert "Текст 1<" in coder.get(PAGE).text
    reviewer = sign_in(Role.REVIEWER)
    page = reviewer.get(PAGE).text
    assert "Текст 1<" not in page
    assert "Текст 2<" in page
    assert 'name="ids"' not in page
    assert reviewer.send(f"{PAGE}/typical", {"ids": f"{2:032x}"}).status_code == 403
    assert reviewer.get(FRAME).status_code == 200
    assert f"{FRAME}/new" not in reviewer.get(FRAME).text


def test_another_citys_themes_are_not_there(coder: Browser) -> None:
    assert coder.get(f"/console/themes/{HEATING}/almaty/{WAVE}").status_code == 404
    assert coder.get(f"/console/themes/{HEATING}/{CITY}/nothing").status_code == 404
    assert coder.get(f"/console/themes/hcs_nothing/{CITY}/{WAVE}").status_code == 404


def test_pages_of_themes_ask_little_of_the_database(coder: Browser, database: Database) -> None:
    with database.writing() as session:
        one, two = make_coders(session)
        own = make_city_theme(session, by(one), CITY, HEATING, name("Boiler")).code
        ids = make_coded(session, one, range(100, 170), HEATING, WATER)
        for each in ids[:30]:
            draw_for(session, each, two)
            code(session, two, each, WATER)
        near = [make_comment(session, f"Холодно {each}", number=each, state="shown") for each in range(200, 240)]
        for one_like, other in zip(ids, near, strict=False):
            make_neighbours(session, one_like, other)
    coder.send(f"{PAGE}/typical", {"ids": ids[:3]})
    for where in (LIST, f"{LIST}&empty=1", PAGE, OWN, FRAME, f"/console/themes/{own}/{CITY}/{WAVE}"):
        coder.get(where)
        with statements_of(database) as statements:
            assert coder.get(where).status_code == 200
        assert len(statements) <= MOST_STATEMENTS, (where, "\n".join(each[:200] for each in statements))
    assert "Cohen’s κ, the city</dt><dd>0.00" in coder.get(PAGE).text
