"""Suggestions at the desk: who reads what, how they are decided one after the other, and that nothing is lost."""

import re
from itertools import combinations

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.permissions import Role
from app.database import Database
from app.feedback.models import CommentAssignment, CommentDecision, CommentNeighbour
from app.feedback.moderation import CommentState
from surveys.models.comments import Comment
from tests.app.web.console.conftest import MOST_STATEMENTS, Browser, SignIn, browser_of
from tests.builders.comments import SHOW, do, hide, make_comment, state_of
from tests.builders.staff import make_staff
from tests.builders.statements import statements_of
from tests.builders.themes import HEATING, code, make_coders, make_neighbours

LIST = "/console/comments/?state=released"
NAMED = "Иванов И. И. с улицы Абая, тел. 8 701 123 45 67, обещал и не сделал двор"


def fill(database: Database, number: int = 3, **more: object) -> list[str]:
    with database.writing() as session:
        return [make_comment(session, f"Совет {each}", number=each, **more) for each in range(1, number + 1)]  # type: ignore[arg-type]


def page_of(comment: str, query: str = "?state=released", city: str = "aktau") -> str:
    return f"/console/comments/{city}/{comment}{query}"


def press(browser: Browser, comment: str, decision: str, version: int = 1, **more: object) -> str:
    """Press a button of a decision; gives where it leads."""
    fields = {"decision": decision, "version": version, **more}
    answer = browser.send(f"/console/comments/aktau/{comment}/decide?state=released", fields)
    assert answer.status_code == 303, answer.text
    assert answer.location
    return answer.location


def test_a_moderator_goes_through_the_list_with_one_press_each(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.MODERATOR)
    one, two, three = fill(database)
    page = browser.get(LIST).text
    assert [page.index(f"Совет {number}") for number in (1, 2, 3)] == sorted(
        page.index(f"Совет {number}") for number in (1, 2, 3)
    )
    assert press(browser, one, "show") == page_of(two)
    assert press(browser, two, "hide:insult") == page_of(three)
    assert press(browser, three, "second_look") == "/console/comments/?state=released"
    with database.reading() as session:
        states = [state_of(session, each) for each in (one, two, three)]
    assert states == [CommentState.SHOWN, CommentState.HIDDEN_PROVISIONAL, CommentState.SECOND_LOOK]
    assert "Nothing matches" in browser.get("/console/comments/?state=released").text


def test_words_are_blacked_out_by_ticks_and_by_typing_them(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.MODERATOR)
    with database.writing() as session:
        comment = make_comment(session, NAMED)
    page = browser.get(page_of(comment)).text
    ticks = re.findall(r'name="word" value="(\d+-\d+)"', page)
    assert len(ticks) == len(NAMED.split())
    press(browser, comment, "redact:personal_data", word=ticks[:3], typed="8 701 123 45 67\n\nнет такого")
    with database.reading() as session:
        row = session.get_one(Comment, comment)
        assert row.shown_text == "█████ с улицы Абая, тел. █████, обещал и не сделал двор"
    shown = browser.get(page_of(comment, "")).text
    assert "Иванов" not in shown
    assert "█████ с улицы Абая" in shown


def test_what_is_shown_with_black_parts_offers_no_one_press_that_uncovers_them(
    database: Database, sign_in: SignIn
) -> None:
    browser = sign_in(Role.MODERATOR)
    with database.writing() as session:
        comment = make_comment(session, NAMED)
    press(browser, comment, "redact:personal_data", typed="Иванов И. И.")
    page = browser.get(page_of(comment)).text
    assert 'value="show"' not in page
    assert "Everybody can read this, without the black parts." in page
    ticks = dict(re.findall(r'data-at="(\d+-\d+)" name="word" value="(\d+-\d+)"', page))
    assert ticks["6-7"] == "13-14"  # the place in the original, and in what the page shows
    assert '<mark class="black">█████</mark>' in page
    typed = {"decision": "show", "version": 2}
    answer = browser.send(f"/console/comments/aktau/{comment}/decide", typed)
    assert answer.status_code == 422
    assert "To let everybody read those parts too, open the original." in answer.text
    street = NAMED.index("Абая,")
    press(browser, comment, "redact:insult", 2, word=f"{street}-{street + 4}")
    with database.reading() as session:
        assert str(session.get_one(Comment, comment).shown_text).startswith("█████ с улицы ████, тел.")
    original = browser.get(f"/console/comments/aktau/{comment}/original").text
    assert "Show it as it was written" in original
    assert 'name="uncovers" value="1"' in original
    press(browser, comment, "show", 3, uncovers="1")
    with database.reading() as session:
        assert state_of(session, comment) == CommentState.SHOWN
    page = browser.get(page_of(comment)).text
    assert 'value="show"' not in page
    assert "Everybody can read this already." in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"decision": "redact:insult"}, "Mark the words that are to be blacked out."),
        ({"decision": "redact:insult", "word": ["0-60"]}, "More than two thirds would be blacked out."),
        ({"decision": "hide:"}, "Please choose a reason."),
    ],
)
def test_a_decision_that_is_not_whole_is_explained_and_what_was_typed_stays(
    database: Database, sign_in: SignIn, fields: dict[str, object], words: str
) -> None:
    browser = sign_in(Role.MODERATOR)
    with database.writing() as session:
        comment = make_comment(session, NAMED)
    more = {"version": 1, "typed": "не нашлось", **fields}
    answer = browser.send(f"/console/comments/aktau/{comment}/decide", more)
    assert answer.status_code == 422
    assert words in answer.text
    assert "не нашлось" in answer.text
    assert "<title>Error:" in answer.text
    with database.reading() as session:
        assert state_of(session, comment) == CommentState.RELEASED


@pytest.mark.parametrize("decision", ["criticism", "hide:criticism", "confirm", "overturn", "undo", "purge", ""])
def test_what_no_button_sends_is_refused(database: Database, sign_in: SignIn, decision: str) -> None:
    browser = sign_in(Role.MODERATOR)
    (comment,) = fill(database, 1)
    answer = browser.send(f"/console/comments/aktau/{comment}/decide", {"decision": decision, "version": 1})
    assert answer.status_code == 422
    with database.reading() as session:
        assert session.scalars(select(CommentDecision)).all() == []


def test_of_two_moderators_at_once_the_second_sees_both_and_can_keep_theirs(
    database: Database, console: Flask, sign_in: SignIn
) -> None:
    browser = sign_in(Role.MODERATOR)
    (comment,) = fill(database, 1)
    with database.writing() as session:
        colleague = make_staff(session, Role.MODERATOR, name="Айгерім Сапарова")
        do(session, comment, colleague.id, SHOW)
    fields = {"decision": "hide:threat", "version": 1}
    answer = browser.send(f"/console/comments/aktau/{comment}/decide", fields)
    assert answer.status_code == 409
    for words in ("Hidden: threat or incitement.", "Shown.", "Айгерім Сапарова", "Keep mine", "Take theirs"):
        assert words in answer.text
    with database.reading() as session:
        assert state_of(session, comment) == CommentState.SHOWN
    again = dict(re.findall(r'name="(decision|version)" value="([^"]+)"', answer.text))
    assert again == {"decision": "hide:threat", "version": "2"}
    assert browser.send(f"/console/comments/aktau/{comment}/decide", again).status_code == 303
    with database.reading() as session:
        assert state_of(session, comment) == CommentState.HIDDEN_PROVISIONAL
        assert len(session.scalars(select(CommentDecision)).all()) == 2
    assert browser_of(console, colleague).get(page_of(comment, "")).status_code == 200


def test_the_last_decision_is_taken_back_and_stands_there_again(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.MODERATOR)
    one, two = fill(database, 2)
    for comment in (one, two):
        press(browser, comment, "show")
    for comment in (two, one):
        answer = browser.send("/console/comments/aktau/undo?state=released")
        assert answer.location == page_of(comment)
        with database.reading() as session:
            assert state_of(session, comment) == CommentState.RELEASED
    answer = browser.send("/console/comments/aktau/undo?state=released")
    assert "There is no decision to take back." in browser.get(answer.location).text


def test_what_is_hidden_or_blacked_out_is_neither_shown_nor_found(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.MODERATOR)
    with database.writing() as session:
        comment, other = make_comment(session, NAMED), make_comment(session, "Иванова балка", number=2)
        do(session, comment, browser.person.id if browser.person else None, hide())
        do(session, other, browser.person.id if browser.person else None, SHOW)
    found = browser.get("/console/comments/?q=иванов").text
    assert "</mark>а балка" in found
    assert "с улицы Абая" not in found + browser.get(page_of(comment, "")).text
    for role, city in ((Role.ANALYST, "aktau"), (Role.LEAD, "aktau"), (Role.AUDITOR, None)):
        assert "с улицы Абая" not in sign_in(role, city).get("/console/comments/?all=1").text


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.PUBLISHER])
def test_the_ministry_reads_what_is_shown_and_nothing_else(database: Database, sign_in: SignIn, role: Role) -> None:
    one, two = fill(database, 2)
    with database.writing() as session:
        do(session, two, make_staff(session, Role.MODERATOR, name="Moderator of Aktau").id, SHOW)
    browser = sign_in(role)
    page = browser.get("/console/comments/?all=1").text
    assert "Совет 2" in page
    assert "Совет 1" not in page
    assert browser.get(page_of(one, "")).status_code == 404
    assert "Moderator of Aktau" not in browser.get(page_of(two, "")).text


def test_another_citys_suggestions_are_not_there(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.MODERATOR)
    (comment,) = fill(database, 1, city="oral")
    assert "Совет" not in browser.get("/console/comments/?all=1").text
    assert browser.get(page_of(comment, city="oral")).status_code == 404
    assert browser.get(page_of(comment, city="aktau")).status_code == 404
    for city in ("oral", "aktau"):
        answer = browser.send(f"/console/comments/{city}/{comment}/decide", {"decision": "show", "version": 1})
        assert answer.status_code == 404


def test_urgent_is_pressed_by_whoever_reads_it(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.ANALYST)
    (comment,) = fill(database, 1)
    answer = browser.send(f"/console/comments/aktau/{comment}/urgent")
    page = browser.get(answer.location).text
    assert "The lead of the akimat was told." in page
    assert "Совет 1" in browser.get("/console/comments/?flag=urgent").text
    assert sign_in(Role.MODERATOR).get("/console/").text.count("somebody may be in danger") == 1


def test_a_mark_of_danger_is_taken_away_by_whoever_set_it_or_moderates(database: Database, sign_in: SignIn) -> None:
    analyst, lead, moderator = sign_in(Role.ANALYST), sign_in(Role.LEAD), sign_in(Role.MODERATOR)
    (comment,) = fill(database, 1)
    address = f"/console/comments/aktau/{comment}"
    analyst.send(f"{address}/urgent")
    button = "Nobody is in danger"
    assert [button in each.get(address).text for each in (analyst, lead, moderator)] == [True, False, True]
    refused = lead.send(f"{address}/urgent", {"off": "1"})
    assert refused.status_code == 422
    assert "Somebody else decided last." in refused.text
    page = moderator.get(moderator.send(f"{address}/urgent", {"off": "1"}).location).text
    assert "It is not marked as urgent any more." in page
    assert "Совет 1" not in moderator.get("/console/comments/?flag=urgent").text
    assert "somebody may be in danger" not in moderator.get("/console/").text


def test_danger_stays_on_the_first_page_of_lead_and_moderator_until_the_lead_took_care_of_it(
    database: Database, sign_in: SignIn
) -> None:
    lead, moderator, elsewhere = sign_in(Role.LEAD), sign_in(Role.MODERATOR), sign_in(Role.LEAD, "oral")
    (comment,) = fill(database, 1)
    address = f"/console/comments/aktau/{comment}"
    moderator.send(f"{address}/urgent")
    moderator.send(f"{address}/decide", {"decision": "show", "version": 2})
    tile = "1 suggestion says that somebody may be in danger"
    assert [tile in each.get("/console/").text for each in (lead, moderator, elsewhere)] == [True, True, False]
    button = "The danger was taken care of"
    assert [button in each.get(address).text for each in (lead, moderator)] == [True, False]
    assert moderator.send(f"{address}/urgent", {"settled": "1"}).status_code == 422
    answer = lead.send(f"{address}/urgent", {"settled": "1"})
    assert "Noted: the danger was taken care of." in lead.get(answer.location).text
    assert [tile in each.get("/console/").text for each in (lead, moderator)] == [False, False]


def test_the_next_twenty_that_nobody_has_become_ones_own(database: Database, sign_in: SignIn) -> None:
    first, second = sign_in(Role.MODERATOR), sign_in(Role.MODERATOR)
    ids = fill(database, 25)
    for browser in (first, second):
        answer = browser.send("/console/comments/aktau/take?state=released")
        assert answer.location == "/console/comments/?state=released&state=second_look&mine=1"
    with database.reading() as session:
        rows = session.execute(
            select(CommentAssignment.staff, func.count())
            .group_by(CommentAssignment.staff)
            .order_by(func.count().desc())
        ).all()
    assert [tuple(row) for row in rows] == [
        (each.person.id if each.person else None, n) for each, n in ((first, 20), (second, 5))
    ]
    assert "5 suggestions are yours now." in second.get(answer.location).text
    answer = second.send(f"/console/comments/aktau/{ids[0]}/mine")
    assert "It is yours now." in second.get(answer.location).text


def test_almost_the_same_stand_as_one_line_and_each_is_there(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.MODERATOR)
    ids = fill(database, 4)
    with database.writing() as session:
        for one, other in combinations(ids[:3], 2):
            make_neighbours(session, one, other, 0.9)
    page = browser.get("/console/comments/?state=released&copies=once").text
    assert "2 suggestions" in page
    assert "× 3 almost the same" in page
    assert "3 suggestions" in browser.get(f"/console/comments/?like={ids[1]}").text
    assert "2 like this one" in browser.get(page_of(ids[0])).text


@pytest.mark.parametrize("number", [2, 60])
def test_the_pages_ask_the_database_no_more_the_more_there_is(database: Database, sign_in: SignIn, number: int) -> None:
    browser = sign_in(Role.MODERATOR, areas="hcs")
    ids = fill(database, number)
    with database.writing() as session:
        for comment in ids[1:]:
            session.add(CommentNeighbour(comment=ids[0], other=comment, score=0.5))
        for decision in (SHOW, hide(), SHOW):
            do(session, ids[0], browser.person.id if browser.person else None, decision)
        do(session, ids[1], browser.person.id if browser.person else None, hide())
    originals = [f"/console/comments/aktau/{ids[1]}/original"]
    for address in (LIST, "/console/comments/?q=нет", page_of(ids[0]), page_of(ids[1]), *originals):
        with statements_of(database) as statements:
            assert browser.get(address).status_code == 200
        assert sum(each != "BEGIN" for each in statements) <= MOST_STATEMENTS, address


def test_nothing_tells_the_day_of_a_release(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.MODERATOR)
    ids = fill(database, 60)
    pages = [browser.get(address) for address in (LIST, f"{LIST}&sort=-week", page_of(ids[30]))]
    following = re.search(r'href="(/console/comments/[^"]*after=[^"]+)"', pages[0].text)
    assert following
    pages.append(browser.get(following[1].replace("&amp;", "&")))
    for page in pages:
        assert page.status_code == 200
        assert "week of November 23, 2026" in page.text
        assert "2026-11-24" not in page.text


def test_a_search_finds_and_marks_what_was_typed_on_another_keyboard(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.MODERATOR)
    with database.writing() as session:
        make_comment(session, "Жеңіс даңғылы қараңғы", lang="kk")
        make_comment(session, "Скидка 100 % и_точка", number=2)
    assert '<mark class="hit">Жеңіс</mark> даңғылы' in browser.get("/console/comments/?q=женис").text
    assert "Скидка" in browser.get("/console/comments/?q=100 %25").text
    assert "Nothing matches" in browser.get("/console/comments/?q=%25%25").text


def test_filters_that_are_set_are_named_by_their_words(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.MODERATOR)
    with database.writing() as session:
        made_of, other = (make_comment(session, number=number) for number in (1, 2))
        do(session, made_of, browser.person.id if browser.person else None, SHOW)
        code(session, make_coders(session, 1)[0], made_of, HEATING)
        wave = session.get_one(Comment, other).wave
    page = browser.get(f"/console/comments/?theme={HEATING}&wave={wave}").text
    chips = re.findall(r"<li>([^<]+) <a [^>]*>×</a></li>", page)
    assert [each.partition(":")[0] for each in chips] == ["Wave", "Theme"]
    assert "Heating" in chips[1]
    assert not any("chosen" in each for each in chips)
