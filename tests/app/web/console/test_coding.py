"""Saying on the screen what suggestions are about: one by one, many at once, as the second person, two at a time."""

import re
from typing import NamedTuple

import pytest
from flask import Flask

from app.accounts.queries import get_person
from app.database import Database
from app.feedback.coding import said_of
from app.feedback.second_coding import Said
from surveys.models.comments import Comment
from tests.app.web.console.conftest import MOST_STATEMENTS, Browser, browser_of
from tests.builders.comments import WAVE, make_comment
from tests.builders.staff import CITY, TODAY
from tests.builders.statements import statements_of
from tests.builders.themes import HEATING, ROADS, WATER, code, draw_for, make_coded, make_coders, make_neighbours

QUEUE = "/console/coding/"


class Coders(NamedTuple):
    """Two browsers of people who code in one city, and their ids."""

    one: Browser
    two: Browser
    ids: tuple[int, int]


@pytest.fixture
def coders(console: Flask, database: Database) -> Coders:
    with database.writing() as session:
        one, two = make_coders(session)
        for number in range(3):
            make_comment(session, f"Жылу жоқ {number}", number=number + 1, state="shown", lang="kk")
        people = [get_person(session, each, TODAY) for each in (one, two)]
    browsers = [browser_of(console, person) for person in people if person]
    return Coders(browsers[0], browsers[1], (one, two))


def address(number: int) -> str:
    return f"{QUEUE}{CITY}/{number:032x}"


def said(database: Database, number: int) -> Said:
    with database.reading() as session:
        return said_of(session, [f"{number:032x}"])[f"{number:032x}"]


def test_the_first_page_says_as_many_as_the_list_holds(coders: Coders, database: Database) -> None:
    with database.writing() as session:
        make_comment(session, "Тағы бірі", number=9, state="released", lang="kk")
        draw_for(session, f"{1:032x}", coders.ids[0])
    assert "4 suggestions have no theme yet" in coders.one.get("/console/").text
    assert coders.one.get(QUEUE).text.count("data-row") == 4


def test_a_suggestion_gets_its_themes_and_the_next_one_follows(coders: Coders, database: Database) -> None:
    page = coders.one.get(address(1)).text
    assert "Жылу жоқ 0" in page
    assert f'value="{HEATING}"' in page
    fields = {"version": "1", "coding": "0", "theme": [HEATING, ROADS], "kind": "complaint"}
    answer = coders.one.send(address(1), fields)
    assert (answer.status_code, answer.location) == (303, address(2))
    assert said(database, 1) == Said((HEATING, ROADS), "complaint")
    assert "Жылу жоқ 0" not in coders.one.get(QUEUE).text
    assert answer.location in coders.one.get(QUEUE).text


def test_where_it_was_ticked_on_another_page_that_page_follows(coders: Coders) -> None:
    fields = {"version": "1", "coding": "0", "theme": HEATING, "back": "/console/comments/?all=1"}
    assert coders.one.send(address(1), fields).location == "/console/comments/?all=1"
    fields["back"] = "https://elsewhere.example/"
    assert coders.one.send(address(2), fields).location == "/console/"


def test_too_many_are_said_and_nothing_ticked_is_lost(coders: Coders, database: Database) -> None:
    themes = [HEATING, WATER, ROADS, "hcs_waste"]
    answer = coders.one.send(address(1), {"version": "1", "coding": "0", "theme": themes, "kind": "question"})
    assert answer.status_code == 422
    assert "A suggestion has three themes at most" in answer.text
    assert "Error:" in answer.text
    assert answer.text.count(" checked") == 5
    assert said(database, 1) == Said((), None)


def test_two_at_once_see_both_and_nothing_is_lost(coders: Coders, database: Database) -> None:
    coders.one.send(address(1), {"version": "1", "coding": "0", "theme": HEATING})
    answer = coders.two.send(address(1), {"version": "1", "coding": "0", "theme": WATER, "kind": "thanks"})
    assert answer.status_code == 409
    assert "Heating" in answer.text
    assert "Water supply and sewerage" in answer.text
    assert said(database, 1) == Said((HEATING,), None)
    again = coders.two.send(address(1), {"version": "2", "coding": "0", "theme": WATER, "kind": "thanks"})
    assert again.status_code == 303
    assert said(database, 1) == Said((WATER,), "thanks")


def test_a_decision_that_came_between_hinders_nobody(coders: Coders, database: Database) -> None:
    with database.writing() as session:
        session.get_one(Comment, f"{1:032x}").version = 2
    assert coders.one.send(address(1), {"version": "1", "coding": "0", "theme": HEATING}).status_code == 303
    assert said(database, 1) == Said((HEATING,), None)


def test_ones_last_coding_is_taken_back(coders: Coders, database: Database) -> None:
    coders.one.send(address(1), {"version": "1", "coding": "0", "theme": HEATING})
    answer = coders.one.send(f"{QUEUE}{CITY}/undo")
    assert answer.location == address(1)
    assert said(database, 1) == Said((), None)
    again = coders.one.send(f"{QUEUE}{CITY}/undo", follow_redirects=True)
    assert "There is nothing of yours from the last ten minutes" in again.text


@pytest.mark.parametrize("fields", [{}, {"version": "x", "coding": "0"}, {"version": "1", "coding": "9" * 12}])
def test_what_no_page_sends_is_refused(coders: Coders, fields: dict[str, str]) -> None:
    assert coders.one.send(address(1), fields).status_code == 422
    assert coders.one.send(address(9), {"version": "1", "coding": "0"}).status_code == 404
    assert coders.one.get(f"{QUEUE}almaty/{1:032x}").status_code == 404


def test_all_that_match_get_a_theme_at_once_and_lose_it_again(coders: Coders, database: Database) -> None:
    """Decidim 12903, kpi 1395: exactly those that match, and the list is as it was."""
    back = f"{QUEUE}?area=hcs"
    chosen = coders.one.send("/console/coding/bulk/comments.code", {"back": back, "scope": "all"})
    page = coders.one.get(chosen.location).text
    assert "Add a theme to 3 suggestions?" in page
    assert coders.one.send(chosen.location, {"theme": "", "kind": ""}).status_code == 422
    with database.writing() as session:
        make_comment(session, "Кешікті", number=50, state="shown")
    done = coders.one.send(chosen.location, {"theme": HEATING, "kind": "complaint"})
    assert done.location.startswith(f"{back}&done=")
    assert [said(database, number) for number in (1, 2, 3, 50)] == [Said((HEATING,), "complaint")] * 3 + [
        Said((), None)
    ]
    task = done.location.rpartition("=")[2]
    coders.one.send(f"/console/tasks/{task}/undo")
    assert [said(database, number) for number in (1, 2, 3)] == [Said((), None)] * 3


def test_some_are_put_together_and_taken_apart(coders: Coders, database: Database) -> None:
    ids = [f"{number:032x}" for number in (1, 2)]
    form = {"back": QUEUE, "scope": "ticked", "ids": ids}
    chosen = coders.one.send("/console/coding/bulk/comments.group", form)
    assert coders.one.send(chosen.location, {"title": ""}).status_code == 422
    coders.one.send(chosen.location, {"title": "Қазандық 3"})
    assert "Қазандық 3" in coders.one.get(address(1)).text
    with database.writing() as session:
        for each in ids:
            code(session, coders.ids[0], each, HEATING)
    page = coders.one.get(f"/console/themes/{HEATING}/{CITY}/{WAVE}").text
    group = re.findall(r"/console/themes/groups/aktau/(\d+)/dissolve", page)[0]
    assert coders.two.send(f"/console/themes/groups/{CITY}/{group}/dissolve", {"back": QUEUE}).location == QUEUE
    assert "Қазандық 3" not in coders.one.get(address(1)).text


def test_the_second_person_is_asked_and_sees_nothing_of_the_first(coders: Coders, database: Database) -> None:
    one, two = coders.ids
    with database.writing() as session:
        for number in (1, 2):
            code(session, one, f"{number:032x}", HEATING, kind="complaint")
        draw_for(session, f"{1:032x}", two)
        make_neighbours(session, f"{1:032x}", f"{3:032x}")
    assert "1 suggestion waits for your word as the second person" in coders.two.get("/console/").text
    assert "waits for your word" not in coders.one.get("/console/").text
    assert "Жылу жоқ 0" in coders.two.get(f"{QUEUE}?second=1").text
    page = coders.two.get(address(1)).text
    assert re.findall(r' checked data-digit|value="complaint" checked|What was said of it', page) == []
    assert "Heating" not in coders.two.get(address(3)).text.partition('id="alike"')[2], "nor beside what is like it"
    assert "Heating" in coders.one.get(address(3)).text.partition('id="alike"')[2]
    theme = f"/console/themes/{HEATING}/{CITY}/{WAVE}"
    coders.one.send(f"{theme}/typical", {"ids": [f"{1:032x}", f"{2:032x}"]})
    assert "Жылу жоқ 0" in coders.one.get(theme).text.partition('id="typical"')[2].partition("</section>")[0]
    seen = coders.two.get(theme).text
    assert "Жылу жоқ 1" in seen
    assert "Жылу жоқ 0" not in seen.partition('id="near"')[0]
    for where in ("/console/comments/?all=1", f"/console/comments/{CITY}/{1:032x}"):
        assert "Heating" in coders.one.get(where).text, where
    shown = coders.two.get(f"/console/comments/{CITY}/{1:032x}").text.partition('class="listed"')[0]
    assert "Heating" not in shown
    assert "Жылу жоқ 0" not in coders.two.get(f"/console/comments/?theme={HEATING}").text.partition('id="filters"')[0]
    assert "Жылу жоқ 0" in coders.two.get("/console/comments/?theme=none").text
    assert coders.two.send(address(1), {"version": "77", "coding": "0", "theme": WATER}).status_code == 303
    assert said(database, 1) == Said((HEATING,), "complaint")
    after = coders.two.get(theme).text
    assert "Where the two differ" in after
    assert "the second: Water supply and sewerage" in after


def test_pages_of_coding_ask_little_of_the_database(coders: Coders, database: Database) -> None:
    one, two = coders.ids
    with database.writing() as session:
        ids = make_coded(session, one, range(100, 170), HEATING, ROADS)
        for each in ids[:10]:
            draw_for(session, each, two)
        for each in ids[1:20]:
            make_neighbours(session, ids[0], each)
        for number in range(200, 260):
            make_comment(session, f"Су жоқ {number}", number=number, state="shown")
        make_neighbours(session, ids[0], f"{200:032x}")
    for where in (QUEUE, f"{QUEUE}{CITY}/{ids[0]}", f"{QUEUE}{CITY}/{200:032x}"):
        coders.one.get(where)
        with statements_of(database) as statements:
            assert coders.one.get(where).status_code == 200
        assert len(statements) <= MOST_STATEMENTS, (where, "\n".join(each[:200] for each in statements))
