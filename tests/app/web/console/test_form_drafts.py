"""What is typed is never lost: drafts, sessions that end while somebody types, and two people at one text."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Blueprint, Flask, render_template_string, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import Form, StringField

from app.accounts.permissions import Permission, Role
from app.audit.journal import Actor
from app.clock import FrozenClock
from app.database import Database
from app.web import site
from app.web.console import conflicts, form_drafts
from app.web.console.access import actor, requires
from app.web.console.conflicts import Other, Side
from app.workspace import claims
from app.workspace.models import FormDraft, SavedView
from tests.app.web.console.conftest import Browser, SignIn, browser_of
from tests.builders.sites import replace_services
from tests.builders.staff import NOW

PAGE = """
{% extends "console/layout.html" %}
{% from "console/parts.html" import token, field, draft_fields, draft_note, opened_by with context %}
{% block title %}Note{% endblock %}
{% block page %}
  <h1>Note</h1>
  {{ opened_by(others) }}{{ draft_note("note", "7", draft) }}
  <form method="post">{{ token() }}{{ draft_fields("note", "7") }}
  <input type="hidden" name="version" value="{{ version }}">
  {{ field(form.text) }}<button>Store</button></form>
{% endblock %}
"""
LONG = {
    "kk": "Қарағандының балабақшаларында кезек ұзақ. «Үміт» — 2 000 таңба & <b> " * 30,
    "ru": 'В детских садах Караганды длинная очередь; «ё» и кавычки " на месте.\r\n' * 30,
}


class NoteForm(Form):
    text = StringField("Text")


class Notes:
    """One text with its version, and who stored it."""

    text, version, name = "", 1, ""


@pytest.fixture
def notes(console: Flask) -> Notes:
    kept = Notes()
    bp = Blueprint("note", __name__, url_prefix="/console/note")

    @requires(Permission.SEE_PERIODS)
    def note() -> str | tuple[str, int]:
        draft = form_drafts.restored("note", "7")
        with site.database().writing() as session:
            others = claims.claim(session, actor(), "note", "7")
        if request.method == "POST":
            if int(request.form["version"]) != kept.version:
                sides = [Side("Text", request.form["text"], kept.text)]
                return conflicts.both(sides, Other(kept.name, NOW), version=kept.version, page="/console/note/")
            kept.text, kept.version = request.form["text"], kept.version + 1
            with site.database().writing() as session:
                form_drafts.drop(session, "note", "7")
        form = NoteForm(draft.fields if draft else None, text=kept.text)
        return render_template_string(PAGE, form=form, draft=draft, version=kept.version, others=others)

    bp.add_url_rule("/", "note", note, methods=["GET", "POST"])
    console.register_blueprint(bp)
    return kept


def shown(page: str) -> str:
    found = re.search(r'<input[^>]* id="text"[^>]* value="([^"]*)"', page)
    return unescape(found[1]) if found else ""


def sent(browser: Browser, text: str, version: int = 1) -> dict[str, str]:
    own = {"csrf_token": browser.token(), "draft_owner": browser.owner()}
    return own | {"draft": "note|7", "version": str(version), "text": text}


FROM = {"Referer": "http://127.0.0.1/console/note/"}


@pytest.mark.usefixtures("notes")
@pytest.mark.parametrize("language", LONG)
def test_what_met_a_session_that_was_over_stands_in_the_form_after_signing_in(
    console: Flask, sign_in: SignIn, database: Database, language: str
) -> None:
    """DESK §20 row 18."""
    browser = sign_in(Role.ANALYST, language=language)
    form = sent(browser, LONG[language])
    replace_services(console, clock=FrozenClock(NOW + timedelta(minutes=31)))
    answer = browser.post("/console/note/", data=form, headers=FROM)
    assert answer.location == "/console/sign-in?next=%2Fconsole%2Fnote%2F"
    with database.reading() as session:
        (row,) = session.scalars(select(FormDraft))
    assert LONG[language][:20].encode() not in row.sealed
    assert browser.person
    again = browser_of(console, browser.person)
    page = again.get("/console/note/").text
    assert shown(page) == LONG[language]
    again.post("/console/note/", data=sent(again, "short"))
    assert shown(again.get("/console/note/").text) == "short"


@pytest.mark.usefixtures("notes")
@pytest.mark.parametrize("language", LONG)
def test_what_met_a_session_that_is_gone_stays_in_the_page_until_somebody_signed_in(
    console: Flask, sign_in: SignIn, database: Database, language: str
) -> None:
    """Signed out in another window, or ended by somebody: whose it was is not known any more."""
    browser = sign_in(Role.ANALYST, language=language)
    form, own = sent(browser, LONG[language]), FROM | {"Sec-Fetch-Site": "same-origin"}
    browser.send("/console/sign-out")
    page = browser.post("/console/note/", data=form, headers=own)
    assert page.status_code == 401
    held = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    assert unescape(held["text"]) == LONG[language]
    assert held["draft_page"] == "/console/note/"
    assert "csrf_token" not in held
    with database.reading() as session:
        assert session.scalars(select(FormDraft)).all() == []
    assert browser.person
    again = browser_of(console, browser.person)
    resent = {name: unescape(value) for name, value in held.items()}
    elsewhere = own | {"Referer": "http://127.0.0.1/console/elsewhere"}
    answer = again.post("/console/note/", data=resent, headers=elsewhere)
    assert answer.location == "/console/note/"
    assert shown(again.get("/console/note/").text) == LONG[language]


@pytest.mark.usefixtures("notes")
def test_a_form_of_another_site_is_not_shown_to_be_sent_again(sign_in: SignIn) -> None:
    browser = sign_in(Role.ANALYST)
    form = sent(browser, "planted")
    browser.send("/console/sign-out")
    for headers in (FROM, FROM | {"Sec-Fetch-Site": "cross-site"}):
        answer = browser.post("/console/note/", data=form, headers=headers)
        assert (answer.status_code, "planted" in answer.text) == (303, False)
    to_nowhere = form | {"draft_page": "https://elsewhere.example/"}
    page = browser.post("/console/note/", data=to_nowhere, headers=FROM | {"Sec-Fetch-Site": "same-origin"}).text
    assert "elsewhere.example" not in page


@pytest.mark.usefixtures("notes")
def test_nobody_else_finds_it(console: Flask, sign_in: SignIn) -> None:
    browser, other = sign_in(Role.ANALYST), sign_in(Role.ANALYST)
    form = sent(browser, "mine alone")
    replace_services(console, clock=FrozenClock(NOW + timedelta(minutes=31)))
    browser.post("/console/note/", data=form, headers=FROM)
    assert other.person
    assert "mine alone" not in browser_of(console, other.person).get("/console/note/").text


@pytest.mark.usefixtures("notes")
def test_a_form_that_another_site_made_is_not_kept(console: Flask, sign_in: SignIn, database: Database) -> None:
    browser = sign_in(Role.ANALYST)
    form = sent(browser, "planted") | {"csrf_token": "forged"}
    browser.post("/console/note/", data=form, headers=FROM)
    replace_services(console, clock=FrozenClock(NOW + timedelta(minutes=31)))
    browser.post("/console/note/", data=form, headers=FROM)
    with database.reading() as session:
        assert session.scalars(select(FormDraft)).all() == []


@pytest.mark.usefixtures("notes")
def test_a_form_of_a_session_before_this_one_is_shown_again(console: Flask, sign_in: SignIn) -> None:
    browser = sign_in(Role.ANALYST)
    form = sent(browser, "typed before") | {"csrf_token": "of the session before"}
    answer = browser.post("/console/note/", data=form, headers=FROM | {"Sec-Fetch-Site": "same-origin"})
    assert answer.location == "/console/note/"
    page = browser.get("/console/note/").text
    assert shown(page) == "typed before"
    assert "press the button once more" in page
    assert console.testing


def test_a_script_keeps_it_and_its_owner_forgets_it(sign_in: SignIn, notes: Notes) -> None:
    notes.text = "stored"
    browser = sign_in(Role.ANALYST)
    assert browser.post("/console/drafts/keep", data=sent(browser, "half")).status_code == 204
    assert browser.post("/console/drafts/keep", data=sent(browser, "half a word")).status_code == 204
    assert shown(browser.get("/console/note/").text) == "half a word"
    back = browser.send("/console/drafts/forget", {"draft": "note|7", "page": "/console/note/"})
    assert back.location == "/console/note/"
    assert shown(browser.get("/console/note/").text) == "stored"
    assert browser.post("/console/drafts/keep", data=sent(browser, "x" * 200_001)).status_code == 413
    assert browser.send("/console/drafts/keep", {"text": "of no form"}).status_code == 413


@pytest.mark.usefixtures("notes")
def test_a_draft_goes_after_a_week(console: Flask, sign_in: SignIn) -> None:
    browser = sign_in(Role.ANALYST)
    browser.post("/console/drafts/keep", data=sent(browser, "half"))
    assert browser.person
    replace_services(console, clock=FrozenClock(NOW + timedelta(days=7, seconds=1)))
    assert shown(browser_of(console, browser.person).get("/console/note/").text) == ""


def test_of_two_at_one_text_the_second_sees_both_and_nothing_is_lost(sign_in: SignIn, notes: Notes) -> None:
    """DESK §20 row 18; freescout 2873, 5482."""
    first, second = sign_in(Role.ANALYST, name="Aigerim"), sign_in(Role.ANALYST)
    assert "opened this" not in first.get("/console/note/").text
    assert "Aigerim opened this at" in second.get("/console/note/").text
    first.post("/console/note/", data=sent(first, "the first"))
    notes.name = "Aigerim"
    answer = second.post("/console/note/", data=sent(second, "the second"))
    assert answer.status_code == 409
    for words in ("the first", "the second", "Aigerim stored it at"):
        assert words in answer.text
    assert notes.text == "the first"
    edit = second.post("/console/drafts/keep?page=/console/note/", data=sent(second, "the second"))
    assert edit.location == "/console/note/"
    assert shown(second.get("/console/note/").text) == "the second"
    assert second.post("/console/note/", data=sent(second, "the second", version=2)).status_code == 200
    assert notes.text == "the second"


def test_a_claim_is_told_of_for_a_quarter_of_an_hour(database: Database, sign_in: SignIn) -> None:
    one, other = sign_in(Role.ANALYST).person, sign_in(Role.ANALYST).person
    assert one
    assert other
    with database.writing() as session:
        assert claims.claim(session, Actor(one.id, NOW), "note", "7") == []
    for minutes, number in ((14, 1), (16, 0)):
        with database.writing() as session:
            at = NOW + timedelta(minutes=minutes)
            assert len(claims.claim(session, Actor(other.id, at), "note", "7")) == number


def views_of(session: Session) -> list[tuple[str, str | None]]:
    return [(view.name, view.city) for view in session.scalars(select(SavedView))]


def test_a_view_is_kept_shared_and_removed_by_its_owner(database: Database, sign_in: SignIn) -> None:
    owner, stranger = sign_in(Role.ANALYST, "aktau"), sign_in(Role.ANALYST, "almaty")
    wish = {"name": " Late  ones ", "address": "/console/values/?state=late"}
    assert owner.send("/console/views", wish).location == wish["address"]
    assert owner.send("/console/views", wish | {"city": "almaty"}).status_code == 404
    owner.send("/console/views", wish | {"city": "aktau"})
    with database.reading() as session:
        assert views_of(session) == [("Late ones", "aktau")]
        number = session.scalars(select(SavedView.id)).one()
    assert stranger.send(f"/console/views/{number}/remove").status_code == 404
    assert owner.send(f"/console/views/{number}/remove", {"next": "/console/values/"}).location == "/console/values/"
    with database.reading() as session:
        assert views_of(session) == []
