"""One decision about many suggestions: exactly what matched when it was pressed, and all of it back again."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.permissions import Role
from app.audit.models import JournalRow
from app.database import Database
from app.feedback.models import CommentAssignment, CommentDecision
from app.feedback.moderation import CommentState, Decision, DecisionEvent, HidingReason
from app.feedback.spans import Span
from app.workspace.models import Task
from surveys.models.comments import Comment
from tests.app.web.console.conftest import Browser, SignIn, kept_by
from tests.builders.comments import LOOK, SHOW, do, make_comment, take_words_back
from tests.builders.sites import replace_services
from tests.builders.staff import make_staff

LIST = "/console/comments/?state=released"


@pytest.fixture
def waiting(console: Flask) -> list[Callable[[], None]]:
    """Long work that was ordered and is not begun."""
    works: list[Callable[[], None]] = []
    replace_services(console, worker=kept_by(console, works))
    return works


def fill(database: Database, first: int, number: int, **more: object) -> list[str]:
    with database.writing() as session:
        return [make_comment(session, f"Совет {each}", number=each, **more) for each in range(first, first + number)]  # type: ignore[arg-type]


def states(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return dict(session.execute(select(Comment.state, func.count()).group_by(Comment.state)).all())


def choose(browser: Browser, action: str, **fields: object) -> str:
    answer = browser.send(f"/console/comments/bulk/{action}", {"back": LIST, **fields})
    assert answer.status_code == 303
    assert answer.location
    return answer.location


def undo(browser: Browser, page: str) -> str:
    found = re.search(r'action="(/console/tasks/[^"]+/undo)"', page)
    assert found
    answer = browser.send(found[1])
    assert answer.location
    return answer.location


@pytest.mark.parametrize(
    ("action", "fields", "state"),
    [
        ("comments.show", {}, CommentState.SHOWN),
        ("comments.second_look", {}, CommentState.SECOND_LOOK),
        ("comments.hide", {"reason": "advertising"}, CommentState.HIDDEN_PROVISIONAL),
        ("comments.assign", {}, CommentState.RELEASED),
    ],
)
def test_what_is_ticked_is_done_and_taken_back(
    database: Database, sign_in: SignIn, action: str, fields: dict[str, str], state: str
) -> None:
    browser = sign_in(Role.MODERATOR)
    ids = fill(database, 1, 5)
    with database.writing() as session:
        colleague = make_staff(session, Role.ANALYST, name="Бекзат Оразов")
    more = {"person": str(colleague.id)} if action == "comments.assign" else fields
    address = choose(browser, action, ids=ids[:3])
    assert "3 suggestions" in browser.get(address).text
    answer = browser.send(address, more)
    page = browser.get(answer.location).text
    assert "Done: 3 of 3." in page
    assert states(database).get(state) == (5 if action == "comments.assign" else 3)
    with database.reading() as session:
        assigned = session.scalars(select(CommentAssignment.staff)).all()
    assert assigned == ([colleague.id] * 3 if action == "comments.assign" else [])
    assert "Taken back: 3 of 3." in browser.get(undo(browser, page)).text
    assert states(database) == {"released": 5}
    with database.reading() as session:
        assert [each for each in session.scalars(select(CommentAssignment.staff)) if each] == []


def test_all_6012_that_match_are_decided_though_fifty_come_and_nine_are_unfit_and_all_are_undone(
    database: Database, sign_in: SignIn, waiting: list[Callable[[], None]]
) -> None:
    browser = sign_in(Role.MODERATOR)
    ids = fill(database, 1, 6_012)
    with database.writing() as session:
        colleague = make_staff(session, Role.MODERATOR)
        do(session, ids[0], colleague.id, LOOK)
    address = choose(browser, "comments.show", scope="all", back="/console/comments/?state=released&state=second_look")
    fill(database, 10_000, 50)
    with database.writing() as session:
        for comment in ids[100:108]:
            do(session, comment, colleague.id, SHOW)
        take_words_back(session, ids[300])
    page = browser.get(address).text
    assert "Show 6003 suggestions?" in page, re.findall("<h1.*?</h1>", page)
    assert "8 – stands there already" in page
    assert "1 – taken back by whoever wrote it" in page
    answer = browser.send(address)
    waiting.pop()()
    page = browser.get(answer.location).text
    assert "6,003" in page
    assert all(each in page for each in ids[100:108])
    assert states(database) == {"shown": 6_011, "taken_back": 1, "released": 50}
    with database.reading() as session:
        bulk = session.scalars(select(Task.id)).one()
        assert session.scalar(select(func.count()).where(JournalRow.bulk == bulk)) == 6_004  # and the order itself
        assert session.scalar(select(func.count()).where(CommentDecision.bulk == bulk)) == 6_003
        changed = set(session.scalars(select(CommentDecision.comment).where(CommentDecision.bulk == bulk)))
    assert changed == set(ids) - set(ids[100:108]) - {ids[300]}
    undo(browser, page)
    waiting.pop()()
    assert states(database) == {"released": 6_052, "shown": 8, "taken_back": 1, "second_look": 1}


def test_what_was_decided_anew_meanwhile_is_not_undone(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.MODERATOR)
    ids = fill(database, 1, 4)
    answer = browser.send(choose(browser, "comments.show", scope="all"))
    with database.writing() as session:
        take_words_back(session, ids[3])
    browser.send(f"/console/comments/aktau/{ids[1]}/decide", {"decision": "second_look", "version": 2})
    page = browser.get(undo(browser, browser.get(answer.location).text)).text
    assert "Taken back: 2 of 4." in page
    assert states(database) == {"released": 2, "second_look": 1, "taken_back": 1}


def test_filter_page_and_ticks_are_there_after_an_action(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.LEAD)
    ids = fill(database, 1, 60)
    first = browser.get(f"{LIST}&area=hcs").text
    following = re.search(r'href="(/console/comments/[^"]*after=[^"]+)"', first)
    assert following
    back = following[1].replace("&amp;", "&")
    own = str(browser.person.id) if browser.person else ""
    answer = browser.send(choose(browser, "comments.assign", ids=ids[52:54], back=back), {"person": own})
    assert answer.location.startswith(back)
    page = browser.get(answer.location).text
    assert re.findall(r'value="(\w+)" checked', page)[:2] == ids[52:54]
    assert 'name="area" value="hcs"' in page
    assert "yours" in page


def test_nobody_gives_work_to_who_is_not_there(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.LEAD)
    ids = fill(database, 1, 2)
    with database.writing() as session:
        elsewhere = make_staff(session, Role.ANALYST, "oral")
    address = choose(browser, "comments.assign", ids=ids)
    for person in (str(elsewhere.id), "", "9999"):
        assert browser.send(address, {"person": person}).status_code == 422
    with database.reading() as session:
        assert session.scalars(select(CommentAssignment)).all() == []


def test_others_than_moderators_cannot_choose_a_decision(database: Database, sign_in: SignIn) -> None:
    ids = fill(database, 1, 2)
    for role, city in ((Role.ANALYST, "aktau"), (Role.LEAD, "aktau"), (Role.AUDITOR, None), (Role.REVIEWER, None)):
        answer = sign_in(role, city).send("/console/comments/bulk/comments.show", {"ids": ids, "back": LIST})
        assert answer.status_code == 403
    other = sign_in(Role.MODERATOR, "oral").send("/console/comments/bulk/comments.show", {"ids": ids, "back": LIST})
    assert other.location == LIST  # nothing of it is theirs to choose
    assert states(database) == {"released": 2}


def test_many_at_once_are_never_uncovered(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.MODERATOR)
    one, two = fill(database, 1, 2)
    black = Decision(DecisionEvent.REDACT, HidingReason.INSULT, (Span(0, 1),))
    with database.writing() as session:
        do(session, one, browser.person.id if browser.person else None, black)
    address = choose(browser, "comments.show", ids=[one, two])
    page = browser.get(address).text
    assert "Show 1 suggestion?" in page
    assert "shown already, with parts blacked out" in page
    browser.send(address)
    assert states(database) == {"shown_redacted": 1, "shown": 1}
