"""Hiding is confirmed from outside, originals are opened by few and each time recorded, and samples are audited."""

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.accounts.models import LoginSession
from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.audit.models import JournalRow
from app.database import Database
from app.feedback.audit_draws import draw
from app.feedback.models import CommentAssignment, CommentAudit, CommentDecision
from app.feedback.moderation import CommentState, Decision, DecisionEvent, HidingReason
from app.feedback.spans import Span
from app.staffing import services as staffing
from surveys.models.comments import Comment
from tests.app.web.console.conftest import SignIn
from tests.builders.comments import CONFIRM, SHOW, do, hide, make_comment, state_of, take_words_back
from tests.builders.staff import NOW, grant_role, make_staff

HIDDEN = "/console/comments/hidden"
NAMED = "Иванов И. И. с улицы Абая обещал и не сделал двор"
REDACT = Decision(DecisionEvent.REDACT, HidingReason.PERSONAL_DATA, (Span(0, 12),))


Step = Callable[..., None]


@pytest.fixture
def step_up(database: Database, console: Flask) -> Step:
    """Let everybody who is signed in have given their second factor at a moment; long ago unless told otherwise."""
    assert console

    def done(at: datetime | None = None) -> None:
        with database.writing() as session:
            session.execute(update(LoginSession).values(stepped_up_at=at))

    return done


def hidden_ones(database: Database, number: int, city: str = "aktau") -> tuple[int, list[str]]:
    with database.writing() as session:
        hider = make_staff(session, Role.MODERATOR, city).id
        ids = [make_comment(session, f"Скрытое {each}", number=each, city=city) for each in range(1, number + 1)]
        for comment in ids:
            do(session, comment, hider, hide())
    return hider, ids


def events(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(JournalRow.event).where(JournalRow.object_kind != "staff")))


@pytest.mark.parametrize(("role", "city"), [(Role.MODERATOR, "oral"), (Role.REVIEWER, None)])
def test_an_outsider_reads_confirms_and_overturns(
    database: Database, sign_in: SignIn, role: Role, city: str | None
) -> None:
    _hider, (one, two) = hidden_ones(database, 2)
    browser = sign_in(role, city)
    assert "The hiding of 2 suggestions of other cities waits for you" in browser.get("/console/").text
    page = browser.get(f"{HIDDEN}?city=aktau").text
    assert page.index("Скрытое 1") < page.index("Скрытое 2")
    for comment, verdict in ((one, "confirm"), (two, "overturn")):
        answer = browser.send(f"{HIDDEN}/{comment}?city=aktau", {"verdict": verdict, "version": 2})
        assert answer.location == f"{HIDDEN}?city=aktau"
    with database.reading() as session:
        assert [state_of(session, each) for each in (one, two)] == [CommentState.HIDDEN, CommentState.SHOWN]
    browser.send(f"{HIDDEN}/undo")
    with database.reading() as session:
        assert state_of(session, two) == CommentState.HIDDEN_PROVISIONAL
    again = browser.send(f"{HIDDEN}/{two}", {"verdict": "confirm", "version": 2})
    assert "Somebody decided about this suggestion meanwhile" in browser.get(again.location).text


def test_those_of_the_city_see_no_hiding_of_theirs_to_confirm(database: Database, sign_in: SignIn) -> None:
    hider, (comment,) = hidden_ones(database, 1)
    own = sign_in(Role.MODERATOR)
    both = sign_in(Role.REVIEWER)
    with database.writing() as session:
        assert both.person
        days = {"from_day": NOW.date() - timedelta(days=500), "until_day": NOW.date() - timedelta(days=100)}
        grant_role(session, both.person.id, Role.ANALYST, "aktau", **days)  # type: ignore[arg-type]
    for browser in (own, both):
        assert "Скрытое" not in browser.get(HIDDEN).text
        answer = browser.send(f"{HIDDEN}/{comment}", {"verdict": "confirm", "version": 2})
        assert "so others confirm its hidings" in browser.get(answer.location).text
    with database.reading() as session:
        assert state_of(session, comment) == CommentState.HIDDEN_PROVISIONAL
    assert hider


def test_a_hiding_whose_words_were_taken_back_is_gone(database: Database, sign_in: SignIn) -> None:
    _hider, (comment,) = hidden_ones(database, 1)
    browser = sign_in(Role.REVIEWER)
    with database.writing() as session:
        take_words_back(session, comment)
    answer = browser.send(f"{HIDDEN}/{comment}", {"verdict": "overturn", "version": 2})
    assert "whoever wrote it took it back" in browser.get(answer.location).text
    for fields in ({"verdict": "hide", "version": 2}, {"verdict": "confirm", "version": "x"}, {}):
        assert browser.send(f"{HIDDEN}/{comment}", fields).status_code == 422


def test_who_hid_and_who_confirmed_have_no_name_for_each_other(database: Database, sign_in: SignIn) -> None:
    with database.writing() as session:
        hider = make_staff(session, Role.MODERATOR, name="Айгерім Сапарова").id
        outsider = make_staff(session, Role.MODERATOR, "oral", name="Бекзат Оразов").id
        comment, other = make_comment(session, "Скрытое"), make_comment(session, "Другое", number=2)
        do(session, comment, hider, hide())
        do(session, comment, outsider, CONFIRM)
        do(session, other, hider, hide())
    page = sign_in(Role.MODERATOR).get(f"/console/comments/aktau/{comment}?all=1").text
    assert "somebody from outside the city" in page
    assert "Бекзат Оразов" not in page
    assert "Айгерім Сапарова" not in sign_in(Role.MODERATOR, "oral").get(HIDDEN).text
    assert "Бекзат Оразов" in sign_in(Role.AUDITOR).get(f"/console/comments/aktau/{comment}?all=1").text


def test_an_original_is_read_by_moderators_and_auditors_alone_and_each_time_recorded(
    database: Database, sign_in: SignIn, step_up: Step
) -> None:
    with database.writing() as session:
        comment = make_comment(session, NAMED)
        do(session, comment, make_staff(session, Role.MODERATOR).id, REDACT)
    address = f"/console/comments/aktau/{comment}/original"
    readers = [sign_in(Role.MODERATOR), sign_in(Role.AUDITOR)]
    step_up()
    for browser in readers:
        assert "/console/step-up" in browser.get(address).location
    others = [sign_in(*each) for each in ((Role.ANALYST, "aktau"), (Role.LEAD, "aktau"), (Role.REVIEWER, None),
                                          (Role.MODERATOR, "oral"))]  # fmt: skip
    step_up(NOW)
    for browser in readers:
        page = browser.get(address).text
        assert '<mark class="black">Иванов И. И.</mark> с улицы Абая' in page
        assert "█████ с улицы Абая" in page
    assert events(database).count("comment.original_read") == 2
    for browser in others:
        assert browser.get(address).status_code in {403, 404}
        assert "Иванов" not in browser.get(f"/console/comments/aktau/{comment}?all=1").text
    assert events(database).count("comment.original_read") == 2


def test_what_is_blacked_out_is_changed_on_the_page_of_the_original(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.MODERATOR)
    with database.writing() as session:
        comment = make_comment(session, NAMED)
        do(session, comment, browser.person.id if browser.person else None, REDACT)
    page = browser.get(f"/console/comments/aktau/{comment}/original").text
    ticked = re.findall(r'name="word" value="([\d-]+)" checked', page)
    assert ticked == ["0-6", "7-9", "10-12"]
    fields = {"decision": "redact:personal_data", "version": 2, "word": [*ticked, "15-20"]}
    assert browser.send(f"/console/comments/aktau/{comment}/decide", fields).status_code == 303
    with database.reading() as session:
        assert session.get_one(Comment, comment).shown_text == "█████ с █████ Абая обещал и не сделал двор"


def test_nothing_is_opened_where_nothing_is_hidden(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.MODERATOR)
    with database.writing() as session:
        comment = make_comment(session)
    assert browser.get(f"/console/comments/aktau/{comment}/original").status_code == 404


def test_the_auditor_says_of_each_drawn_decision_whether_it_was_right(database: Database, sign_in: SignIn) -> None:
    hider, _ids = hidden_ones(database, 21)
    browser = sign_in(Role.AUDITOR)
    with database.writing() as session:
        assert draw(session, Actor(None, NOW + timedelta(days=10))) == 2
        numbers = session.scalars(select(CommentAudit.decision).order_by(CommentAudit.decision)).all()
    assert "2 decisions about suggestions were drawn for you" in browser.get("/console/").text
    page = browser.get("/console/comments/audit?finding=none").text
    assert "Скрытое" not in page  # a text is read one at a time
    assert f"/console/comments/audit/{numbers[0]}" in page
    assert "Скрытое" in browser.get(f"/console/comments/audit/{numbers[0]}").text
    assert events(database).count("comment.original_read") == 1
    answer = browser.send(f"/console/comments/audit/{numbers[0]}", {"finding": "agree"})
    assert answer.location == f"/console/comments/audit/{numbers[1]}"
    answer = browser.send(f"/console/comments/audit/{numbers[1]}", {"finding": "disagree"})
    assert answer.location == "/console/comments/audit"
    page = browser.get("/console/comments/audit").text
    assert "Aktau: 2 drawn, 2 looked at, 1 not agreed with" in page
    assert browser.send("/console/comments/audit/999", {"finding": "agree"}).status_code == 404
    assert browser.send(f"/console/comments/audit/{numbers[0]}", {"finding": "perhaps"}).status_code == 422
    files = browser.get("/console/comments/audit?as=csv")
    assert files.status_code == 200
    assert "Скрытое" not in files.text
    assert hider


def rows_of(answer: Any, kind: str) -> list[list[Any]]:
    if kind == "csv":
        return list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("who", [(Role.LEAD, "aktau"), (Role.AUDITOR, None)])
def test_a_file_has_what_everybody_may_read_and_no_ids_and_no_formula(
    database: Database, sign_in: SignIn, step_up: Step, kind: str, who: tuple[Role, str | None]
) -> None:
    with database.writing() as session:
        person = make_staff(session, Role.MODERATOR).id
        formula, named, waits, hidden = (
            make_comment(session, words, number=number)
            for number, words in enumerate(('=HYPERLINK("http://x")', NAMED, "Ждёт", "Скрыто"), 1)
        )
        do(session, formula, person, SHOW)
        do(session, named, person, REDACT)
        do(session, hidden, person, hide())
    browser = sign_in(*who)
    address = f"/console/comments/export?all=1&as={kind}"
    step_up()
    assert "/console/step-up" in browser.get(address).location
    step_up(NOW)
    answer = browser.get(address)
    rows = rows_of(answer, kind)
    texts = ['\'=HYPERLINK("http://x")', "█████ с улицы Абая обещал и не сделал двор"]
    assert [row[-1] or "" for row in rows[1:]] == [*texts, "", ""]  # exactly the list, and nobody's unread words
    assert list(rows[0][-5:]) == ["State", "Themes", "Reply due", "Reply", "Suggestion"]
    assert rows[1][-3:-1] == ["week of December 14, 2026", "not answered"]
    shown = rows_of(browser.get(f"{address}&state=shown"), kind)
    assert [row[-1] for row in shown[1:]] == texts[:1]
    assert not any(each in str(rows) for each in (waits, named, "2026-11-24"))
    assert events(database).count("list.exported") == 2
    for other in ((Role.ANALYST, "aktau"), (Role.MODERATOR, "aktau"), (Role.REVIEWER, None), (Role.PUBLISHER, None)):
        assert sign_in(*other).get(address).status_code == 403
    elsewhere = sign_in(Role.LEAD, "oral")
    assert len(rows_of(elsewhere.get(address), kind)) == 1


def test_what_somebody_had_goes_back_to_everybody_when_they_leave(database: Database, sign_in: SignIn) -> None:
    admin = sign_in(Role.ADMIN)
    with database.writing() as session:
        person = make_staff(session, Role.ANALYST)
        grants = [
            grant_role(session, person.id, role, city).id
            for role, city in ((Role.MODERATOR, "aktau"), (Role.MODERATOR, "oral"))
        ]
        for number, city in enumerate(("aktau", "aktau", "oral")):
            comment = make_comment(session, number=number, city=city)
            session.add(CommentAssignment(comment=comment, staff=person.id, before=None, bulk=None))
    page = admin.get(f"/console/staff/{person.id}/revoke/{grants[1]}")
    assert page.status_code == 200
    assert "1 suggestion that was given to this person goes back to everybody." in page.text

    def has() -> list[str]:
        with database.reading() as session:
            own = select(Comment.city).join(CommentAssignment, CommentAssignment.comment == Comment.id)
            return sorted(session.scalars(own.where(CommentAssignment.staff == person.id)))

    actor = Actor(admin.person.id if admin.person else None, NOW)
    with database.writing() as session:
        assert staffing.revoke(session, actor, grants[0]) == 0  # still an analyst there
    assert has() == ["aktau", "aktau", "oral"]
    with database.writing() as session:
        assert staffing.revoke(session, actor, grants[1]) == 1
    assert has() == ["aktau", "aktau"]
    with database.writing() as session:
        assert staffing.deactivate(session, actor, person.id) == 2
    assert has() == []
    assert events(database).count("comment.assigned") == 3


def test_no_decision_is_lost_in_all_of_this(database: Database, sign_in: SignIn) -> None:
    _hider, (comment,) = hidden_ones(database, 1)
    reviewer, own = sign_in(Role.REVIEWER), sign_in(Role.MODERATOR)
    version = 2
    for _round in range(3):
        reviewer.send(f"{HIDDEN}/{comment}", {"verdict": "overturn", "version": version})
        fields = {"decision": "hide:insult", "version": version + 1}
        assert own.send(f"/console/comments/aktau/{comment}/decide", fields).status_code == 303
        version += 2
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CommentDecision)) == 7
