"""What a moderator meets in a day: reasons explained where they decide, lists that say what they leave out."""

import re
from itertools import combinations

from app.accounts.permissions import Role
from app.database import Database
from app.feedback.moderation import CommentState
from tests.app.web.console.conftest import SignIn
from tests.builders.comments import LOOK, SHOW, do, hide, make_comment, state_of
from tests.builders.themes import make_neighbours

QUEUE = "/console/comments/?state=released&state=second_look&turn=me&copies=once"


def fill(database: Database, number: int) -> list[str]:
    with database.writing() as session:
        return [make_comment(session, f"Совет {each}", number=each) for each in range(1, number + 1)]


def test_each_reason_is_explained_where_one_decides_and_where_many_are_hidden(
    database: Database, sign_in: SignIn
) -> None:
    browser = sign_in(Role.MODERATOR)
    (comment, *_others) = ids = fill(database, 12)
    page = browser.get(f"/console/comments/aktau/{comment}").text
    chosen = browser.send("/console/comments/bulk/comments.hide", {"ids": ids, "back": "/console/comments/?all=1"})
    confirmation = browser.get(chosen.location).text
    for text in (page, confirmation):
        assert "What is for another body to do is not hidden: the akimat names that body." in text
        assert "Criticism of officials or of the akimat is no reason." in text
        assert "/en/said/rules" in text
    assert len(re.findall(r'id="why-', page)) == 6
    assert "Совет 1<" in confirmation
    assert "and 2 more" in confirmation


def test_what_one_handed_on_leaves_ones_own_list_and_count(database: Database, sign_in: SignIn) -> None:
    browser, colleague = sign_in(Role.MODERATOR), sign_in(Role.MODERATOR)
    one, two = fill(database, 2)
    with database.writing() as session:
        do(session, one, browser.person.id if browser.person else None, LOOK)
    assert browser.get("/console/comments/").location == QUEUE
    for person, seen, waits in ((browser, False, "1 suggestion waits"), (colleague, True, "2 suggestions wait")):
        page = person.get(QUEUE).text
        assert ("Совет 1" in page) is seen
        assert "Совет 2" in page
        assert waits in person.get("/console/").text
    page = browser.get(f"/console/comments/aktau/{one}").text
    assert "You handed this to a colleague" in page
    assert 'value="show"' not in page
    assert 'value="show"' in colleague.get(f"/console/comments/aktau/{one}").text
    refused = browser.send(f"/console/comments/aktau/{one}/decide", {"decision": "show", "version": 2})
    assert "so a colleague decides" in refused.text
    with database.reading() as session:
        assert state_of(session, one) == CommentState.SECOND_LOOK
        assert state_of(session, two) == CommentState.RELEASED


def test_where_nobody_else_moderates_the_card_says_so(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.MODERATOR)
    (comment,) = fill(database, 1)
    page = browser.get(f"/console/comments/aktau/{comment}").text
    assert "The city has no other moderator" in page
    assert 'value="second_look"' not in page


def test_a_list_says_what_it_folds_and_all_of_a_campaign_are_shown_at_once(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.MODERATOR)
    ids = fill(database, 4)
    with database.writing() as session:
        for one, other in combinations(ids[:3], 2):
            make_neighbours(session, one, other, 0.9)
        do(session, ids[2], None, SHOW)
    page = browser.get(QUEUE).text
    assert "2 suggestions (with those almost the same: 3)" in page
    assert "Almost the same: as one line" in page
    page = browser.get(f"/console/comments/aktau/{ids[0]}").text
    assert "Show all 2 of these that wait" in page
    form = re.search(r'action="([^"]+comments.show)".*?name="back" value="([^"]+)"', page, re.DOTALL)
    assert form
    chosen = browser.send(form[1], {"scope": "all", "back": form[2].replace("&amp;", "&")})
    assert "Show 2 suggestions?" in browser.get(chosen.location).text
    browser.send(chosen.location)
    with database.reading() as session:
        assert [state_of(session, each) for each in ids] == [*["shown"] * 3, "released"]


def test_a_search_that_finds_nothing_says_where_it_looked_and_looks_everywhere(
    database: Database, sign_in: SignIn
) -> None:
    browser = sign_in(Role.MODERATOR)
    (comment,) = fill(database, 1)
    with database.writing() as session:
        do(session, comment, None, SHOW)
    page = browser.get("/console/comments/?state=released&q=совет").text
    assert "State: to be decided" in page
    assert re.search(r'aria-current="true">to be decided</a> <span class="number">0<', page)
    everywhere = re.search(r'href="([^"]+)">Look in all states', page)
    assert everywhere
    assert "Совет</mark> 1" in browser.get(everywhere[1].replace("&amp;", "&")).text
    whole = re.search(r'href="([^"]+)">Remove all filters', page)
    assert whole
    assert whole[1].endswith("q=%D1%81%D0%BE%D0%B2%D0%B5%D1%82")
    assert ">Find</button>" in page


def test_taking_back_says_what_and_stands_only_where_there_is_something(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.MODERATOR)
    one, two = fill(database, 2)
    card = f"/console/comments/aktau/{two}?state=released"
    assert "Take my last decision back" not in browser.get(card).text
    answer = browser.send(f"/console/comments/aktau/{one}/decide?state=released", {"decision": "show", "version": 1})
    assert "Take my last decision back: shown, «Совет 1»" in browser.get(answer.location).text
    answer = browser.send(f"/console/comments/aktau/{two}/decide", {"decision": "hide:insult", "version": 1})
    assert (
        "Hidden: insult. It waits for somebody from outside the city to confirm it."
        in browser.get(answer.location).text
    )
    outsider = sign_in(Role.MODERATOR, "oral")
    assert "Take my last decision back" not in outsider.get("/console/comments/hidden").text
    outsider.send(f"/console/comments/hidden/{two}", {"verdict": "confirm", "version": 2})
    assert "Take my last decision back" in outsider.get("/console/comments/hidden").text


def test_what_is_typed_into_the_panels_is_kept_by_the_script(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.MODERATOR)
    with database.writing() as session:
        ids = [make_comment(session, f"Совет {each}", number=each, state="shown") for each in (1, 2)]
        hidden = make_comment(session, number=3)
        do(session, hidden, None, hide())
    page = browser.get(f"/console/comments/aktau/{ids[0]}").text
    place = f"at|/console/comments/aktau/{ids[0]}/decide"
    assert f'name="draft" value="{place}" data-draft=' in page
    browser.send("/console/drafts/keep", {"draft": place, "typed": "улица Абая"})
    assert "улица Абая</textarea>" in browser.get(f"/console/comments/aktau/{ids[0]}").text
    analyst = sign_in(Role.ANALYST)
    chosen = analyst.send("/console/coding/bulk/comments.group", {"ids": ids, "back": "/console/comments/?all=1"})
    place = f"at|{chosen.location}"
    assert f'name="draft" value="{place}" data-draft=' in analyst.get(chosen.location).text
    analyst.send("/console/drafts/keep", {"draft": place, "title": "Дворы"})
    assert 'value="Дворы"' in analyst.get(chosen.location).text


def test_signing_out_says_so(sign_in: SignIn) -> None:
    browser = sign_in(Role.MODERATOR)
    answer = browser.send("/console/sign-out")
    assert "You are signed out." in browser.get(answer.location).text
