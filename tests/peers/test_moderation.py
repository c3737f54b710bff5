"""Complaints of peers' users about moderation (DESK §21), each as a trap."""

import re
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.permissions import Role
from app.database import Database
from app.feedback.models import CommentAssignment, CommentDecision
from app.feedback.moderation import CommentState, Decision, DecisionEvent, HidingReason
from app.feedback.queries import hiding_figures, in_force
from app.feedback.spans import Span
from surveys.models.comments import Comment
from tests.app.web.console.conftest import SignIn
from tests.builders.comments import CONFIRM, SHOW, do, hide, make_comment, state_of
from tests.builders.staff import make_staff

SCRIPTS = Path(__file__).parents[2] / "app" / "static" / "js" / "console"
LIST = "/console/comments/?state=released&area=hcs"


def fill(database: Database, number: int) -> list[str]:
    with database.writing() as session:
        return [make_comment(session, f"Совет {each}", number=each) for each in range(1, number + 1)]


def test_decidim_12903_filter_and_selection_are_there_after_a_bulk_action(database: Database, sign_in: SignIn) -> None:
    browser, ids = sign_in(Role.MODERATOR), fill(database, 5)
    address = f"{LIST}&state=second_look"
    answer = browser.send("/console/comments/bulk/comments.second_look", {"ids": ids[:2], "back": address})
    page = browser.get(browser.send(answer.location).location).text
    assert re.findall(r'value="(\w{32})" checked', page) == ids[:2]
    assert 'name="area" value="hcs"' in page


def test_decidim_13612_many_are_decided_without_a_script(database: Database, sign_in: SignIn) -> None:
    """What a browser does here is forms and links alone."""
    browser, _ids = sign_in(Role.MODERATOR), fill(database, 60)
    page = browser.get(LIST).text
    assert 'formaction="/console/comments/bulk/comments.show"' in page
    browser.send(browser.send("/console/comments/bulk/comments.show", {"scope": "all", "back": LIST}).location)
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(Comment.state == "shown")) == 60


def test_decidim_3554_hidden_and_shown_it_can_be_hidden_again_and_no_count_is_reset(database: Database) -> None:
    (comment,) = fill(database, 1)
    with database.writing() as session:
        own, outsider = (make_staff(session, Role.MODERATOR, city).id for city in ("aktau", "oral"))
        for round_ in range(1, 4):
            do(session, comment, own, hide())
            do(session, comment, outsider, CONFIRM)
            assert hiding_figures(session)[0].hidden == {"insult": 1}
            do(session, comment, own, SHOW)
            assert session.scalar(select(func.count()).select_from(CommentDecision)) == 3 * round_


@pytest.mark.parametrize("number", [51, 60])
def test_kpi_1395_and_1520_all_that_match_are_more_than_the_page(
    database: Database, sign_in: SignIn, number: int
) -> None:
    browser, _ids = sign_in(Role.MODERATOR), fill(database, number)
    answer = browser.send("/console/comments/bulk/comments.show", {"scope": "all", "back": LIST})
    assert f"Show {number} suggestions?" in browser.get(answer.location).text


def test_kpi_2189_a_state_can_be_unset(database: Database, sign_in: SignIn) -> None:
    browser, (comment,) = sign_in(Role.MODERATOR), fill(database, 1)
    browser.send(f"/console/comments/aktau/{comment}/decide", {"decision": "hide:threat", "version": 1})
    browser.send("/console/comments/aktau/undo")
    with database.reading() as session:
        assert state_of(session, comment) == CommentState.RELEASED
        found = in_force(session, comment)
    assert found
    assert found.reason is None


def test_kobocat_427_each_thing_that_is_done_has_a_right_of_its_own(
    database: Database, console: Flask, sign_in: SignIn
) -> None:
    assert console
    (comment,) = fill(database, 1)
    one = f"/console/comments/aktau/{comment}"
    events = {
        "decide": (f"{one}/decide", {Role.MODERATOR}),
        "undo": ("/console/comments/aktau/undo", {Role.MODERATOR}),
        "confirm": (f"/console/comments/hidden/{comment}", {Role.MODERATOR, Role.REVIEWER}),
        "find": ("/console/comments/audit/1", {Role.AUDITOR}),
        "take": (f"{one}/mine", {Role.MODERATOR, Role.LEAD}),
        "urgent": (f"{one}/urgent", set(Role) - {Role.ADMIN}),
    }
    browsers = {role: sign_in(role) for role in Role}
    for role, (address, may) in product(Role, events.values()):
        answer = browsers[role].send(address, {"decision": "", "verdict": "", "finding": ""})
        assert (answer.status_code == 403) == (role not in may), (role, address)


def test_zammad_1107_all_of_them_are_given_and_the_page_says_how_many(database: Database, sign_in: SignIn) -> None:
    browser, ids = sign_in(Role.LEAD), fill(database, 40)
    with database.writing() as session:
        colleague = make_staff(session, Role.ANALYST).id
    answer = browser.send("/console/comments/bulk/comments.assign", {"ids": ids, "back": LIST})
    page = browser.get(browser.send(answer.location, {"person": str(colleague)}).location).text
    assert "Done: 40 of 40." in page
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(CommentAssignment.staff == colleague)) == 40


def test_thunderbird_conversations_730_no_page_of_suggestions_renews_itself(
    database: Database, sign_in: SignIn
) -> None:
    """That keys never act in a field is tried in a browser (tests/e2e/test_console_comments.py)."""
    browser, (comment,) = sign_in(Role.MODERATOR), fill(database, 1)
    for address in (LIST, f"/console/comments/aktau/{comment}", "/console/comments/hidden"):
        answer = browser.get(address)
        assert "Refresh" not in answer.headers
        assert 'http-equiv="refresh"' not in answer.text
    script = (SCRIPTS / "comments.js").read_text(encoding="utf-8")
    assert not re.search(r"fetch\(|setInterval|EventSource|WebSocket", script)


def test_wcag_2_1_4_who_switched_keys_off_gets_no_script_of_keys(database: Database, sign_in: SignIn) -> None:
    (comment,) = fill(database, 1)
    address = f"/console/comments/aktau/{comment}"
    scripts = [re.findall(r"js/console/(\w+)\.js", sign_in(Role.MODERATOR, keys_on=on).get(address).text)
               for on in (True, False)]  # fmt: skip
    assert {"keys", "comments"} <= set(scripts[0])
    assert not {"keys", "comments"} & set(scripts[1])


def test_fms_4435_whoever_wrote_it_can_be_told_why_it_is_not_shown(database: Database) -> None:
    """The page of the follow code says what `in_force` says."""
    ids = fill(database, len(HidingReason))
    with database.writing() as session:
        person = make_staff(session, Role.MODERATOR).id
        for comment, reason in zip(ids, HidingReason, strict=True):
            do(session, comment, person, hide(reason))
            found = in_force(session, comment)
            assert found
            assert found.reason == reason


def test_fms_2374_what_is_blacked_out_is_in_no_page_file_or_search(database: Database, sign_in: SignIn) -> None:
    word = "Zhmyrkhovsky"
    with database.writing() as session:
        comment = make_comment(session, f"{word} обещал двор и ничего не сделал за год")
        do(session, comment, make_staff(session, Role.MODERATOR).id,
           Decision(DecisionEvent.REDACT, HidingReason.PERSONAL_DATA, (Span(0, len(word)),)))  # fmt: skip
    for role in (Role.MODERATOR, Role.ANALYST, Role.LEAD, Role.REVIEWER, Role.AUDITOR):
        browser = sign_in(role)
        pages = [browser.get(f"/console/comments/?q={word[:6]}").text.replace(f'value="{word[:6]}"', "")]
        pages += [browser.get(f"/console/comments/aktau/{comment}?all=1").text]
        if role in {Role.LEAD, Role.AUDITOR}:
            pages.append(browser.get("/console/comments/export?as=csv").text)
        assert not any(word in page for page in pages)
        assert "Nothing matches" in pages[0]


def test_massgov_146_what_says_nothing_has_a_reason_and_a_record(database: Database, sign_in: SignIn) -> None:
    browser, (comment,) = sign_in(Role.MODERATOR), fill(database, 1)
    browser.send(f"/console/comments/aktau/{comment}/decide", {"decision": "hide:no_content", "version": 1})
    page = browser.get(f"/console/comments/aktau/{comment}?all=1").text
    assert re.search(r"hidden: no content", page)
    with database.reading() as session:
        assert hiding_figures(session)[0].hidden == {"no_content": 1}
