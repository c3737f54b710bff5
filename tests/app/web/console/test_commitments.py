"""Commitments at the console: from a draft to what residents say of it, the list and its filters, who may what."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.queries import get_person
from app.audit.models import JournalRow
from app.clock import FrozenClock
from app.database import Database
from app.feedback import commitments
from app.feedback.commitment_states import CommitmentState
from app.feedback.reply_models import Commitment, CommitmentEvent
from app.jobs.tasks.turn_commitments import turn_commitments
from tests.app.web.console.conftest import MOST_STATEMENTS, Browser, SignIn, browser_of
from tests.builders.answering import (
    EVIDENCE,
    PROMISE,
    Office,
    announced,
    begin,
    by,
    days,
    make_office,
    released,
    shown,
    writing,
)
from tests.builders.comments import make_place
from tests.builders.replies import answer, make_commitment, make_theme, step
from tests.builders.staff import CITY, TODAY
from tests.builders.statements import statements_of

PAGE = "/console/commitments/"
ONE = f"{PAGE}{CITY}/1"
TYPED = {
    "about": "hcs",
    "title_kk": "Абай көшесін жөндеу",
    "title_ru": "Ремонт улицы Абая",
    "unit_kk": "Жол басқармасы",
    "unit_ru": "Управление дорог",
    "due": "2027-01-20",
}
KK, RU = "Жауын-шашын кедергі болды.", "Помешали дожди."


class Team(NamedTuple):
    """The people of a city at their browsers."""

    office: Office
    analyst: Browser
    lead: Browser
    other: Browser


@pytest.fixture
def team(console: Flask, database: Database) -> Team:
    with database.writing() as session:
        make_place(session)
        office = make_office(session)
    return Team(office, *(browser(console, database, staff) for staff in office))


def browser(app: Flask, database: Database, staff: int) -> Browser:
    with database.reading() as session:
        person = get_person(session, staff, TODAY)
    assert person is not None
    return browser_of(app, person)


@contextmanager
def row_of(database: Database, number: int = 1) -> Iterator[Commitment]:
    with database.reading() as session:
        yield session.get_one(Commitment, number)


def version(database: Database, number: int = 1) -> str:
    with row_of(database, number) as row:
        return str(row.version)


def words_of(page: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2])
    return " ".join(html.unescape(text).split())


def told(word: str, **more: str) -> dict[str, str]:
    fields = {"body_kk": KK, "body_ru": RU} | more
    return {f"{word}-{name}": value for name, value in fields.items()}


def test_a_commitment_is_drafted_announced_told_of_moved_and_reported_as_done(database: Database, team: Team) -> None:
    made = team.analyst.send(f"{PAGE}{CITY}/new", TYPED)
    assert (made.status_code, made.location) == (303, ONE)
    saved = team.analyst.send(f"{ONE}/edit", TYPED | {"title_ru": "Ремонт всей улицы Абая", "version": "1"})
    assert saved.location == ONE
    assert team.lead.send(f"{ONE}/announce", {"version": "2"}).status_code == 303
    half = f"{EVIDENCE}/half"
    progress = told("progress", percent="40", evidence_address=half) | {"version": version(database)}
    assert team.analyst.send(f"{ONE}/progress", progress).status_code == 303
    assert f'href="{half}"' in team.analyst.get(ONE).text
    for day in ("2027-02-10", "2027-03-01"):
        moved = told("move", due=day) | {"version": version(database)}
        assert team.lead.send(f"{ONE}/move", moved).status_code == 303
    page = words_of(team.analyst.get(ONE))
    for words in ("First promised by January 20, 2027", "March 1, 2027 · moved 2 times", "40%", RU, "in progress"):
        assert words in page
    assert "Before: by February 10, 2027. Now: by March 1, 2027." in page
    done = told("report-done", done_on=TODAY.isoformat(), evidence_address=EVIDENCE) | {"version": version(database)}
    assert team.lead.send(f"{ONE}/report-done", done).status_code == 303
    page = team.analyst.get(ONE)
    assert f'href="{EVIDENCE}"' in page.text
    assert "No verdict yet: it takes 10 answers" in words_of(page)
    with database.reading() as session:
        events = select(CommitmentEvent.event, CommitmentEvent.state).order_by(CommitmentEvent.id)
        assert [row.event for row in session.execute(events)] == [
            "announce", "progress", "move", "move", "report_done",
        ]  # fmt: skip
        kept = session.scalars(select(JournalRow.event).where(JournalRow.object_kind == "commitment"))
        assert "commitment.reported_done" in list(kept)


def test_a_commitment_is_given_up_with_a_reason_and_a_draft_without_one(database: Database, team: Team) -> None:
    with database.writing() as session:
        announced(session, *team.office[:2])
    refused = team.lead.send(f"{ONE}/drop", {"version": version(database)})
    assert refused.status_code == 422
    assert words_of(refused).count("Please fill this in.") == 4  # two languages, in the summary and beside the fields
    team.lead.send(f"{ONE}/drop", told("drop") | {"version": version(database)})
    with row_of(database) as row:
        assert row.state == CommitmentState.DROPPED
    assert team.lead.get(ONE).text.count("<form") == team.analyst.get(ONE).text.count("<form")  # nothing left to do
    team.analyst.send(f"{PAGE}{CITY}/new", TYPED)
    assert team.lead.send(f"{PAGE}{CITY}/2/remove", {"version": "1"}).location == PAGE
    assert team.lead.get(f"{PAGE}{CITY}/2").status_code == 404


@pytest.mark.parametrize(
    ("word", "fields", "sentence"),
    [
        ("report-done", told("report-done", evidence_address=EVIDENCE), "Please fill this in."),
        ("report-done", told("report-done", done_on="2026-11-20"), "Please fill this in."),
        ("report-done", told("report-done", done_on="2026-11-25", evidence_address=EVIDENCE), "still to come"),
        ("report-done", told("report-done", done_on="2026-11-20", evidence_address="http://a.kz"), "begin with https"),
        ("move", told("move"), "Please fill this in."),
        ("move", told("move", due="2026-11-24"), "Please choose another day after today."),
        ("progress", told("progress", percent="100"), "Give a whole number from 0 to 99."),
        ("progress", told("progress", percent="half"), "Give a whole number from 0 to 99."),
        ("progress", told("progress", percent="20", body_ru=""), "Please fill this in."),
        ("drop", told("drop", body_kk="Жоқ"), "write at least 10 characters"),
    ],
)
def test_a_step_that_lacks_something_is_refused_and_what_was_typed_stands_in_it(
    database: Database, team: Team, word: str, fields: dict[str, str], sentence: str
) -> None:
    with database.writing() as session:
        announced(session, *team.office[:2])
    answer = team.lead.send(f"{ONE}/{word}", fields | {"version": version(database)})
    assert answer.status_code == 422
    assert sentence in words_of(answer)
    assert fields[f"{word}-body_kk"] in answer.text
    assert "Error:" in answer.text.partition("</title>")[0]
    with row_of(database) as row:
        assert row.state == CommitmentState.ANNOUNCED


def test_an_announced_one_leads_to_where_everybody_reads_it_and_a_draft_is_asked_about(
    database: Database, team: Team
) -> None:
    team.analyst.send(f"{PAGE}{CITY}/new", TYPED)
    page = team.analyst.get(ONE).text
    assert "See it on the portal" not in page
    assert f'href="{ONE}/remove"' in page
    assert "Give up the draft?" in team.analyst.get(f"{ONE}/remove").text
    with row_of(database) as row:
        assert row.state == CommitmentState.DRAFT
    team.lead.send(f"{ONE}/announce", {"version": "1"})
    assert f"/en/said/{CITY}/unsorted?area=hcs#commitment-1" in team.lead.get(ONE).text
    assert team.analyst.get(f"{ONE}/remove").location == ONE


def test_every_box_for_words_says_what_is_to_stand_in_it(database: Database, team: Team) -> None:
    with database.writing() as session:
        announced(session, team.office.analyst, team.office.lead)
    page = team.lead.get(ONE).text
    labels = dict(re.findall(r'<label for="([a-z-]+body_(?:kk|ru))">([^<]+)', page))
    wanted = {"progress": "Note", "report-done": "What was done,", "move": "Reason", "drop": "Reason"}
    assert labels == {
        f"{word}-body_{code}": f"{what} in {name}"
        for word, what in wanted.items()
        for code, name in (("kk", "Kazakh"), ("ru", "Russian"))
    }


def test_whoever_wrote_it_does_not_announce_it_and_half_of_it_is_sent_back_to_the_form(
    database: Database, team: Team
) -> None:
    team.lead.send(f"{PAGE}{CITY}/new", TYPED | {"title_kk": ""})
    assert "You wrote this yourself" in words_of(team.lead.get(ONE))
    assert f"{ONE}/announce" not in team.lead.get(ONE).text
    own = team.lead.send(f"{ONE}/announce", {"version": "1"}, follow_redirects=True)
    assert "You wrote this yourself" in words_of(own)
    half = team.other.send(f"{ONE}/announce", {"version": "1"})
    assert half.location == f"{ONE}/edit?check=1"
    assert words_of(team.other.get(half.location)).count("Please fill this in.") == 2
    with row_of(database) as row:
        assert row.state == CommitmentState.DRAFT


def test_a_draft_needs_to_be_about_something_and_keeps_what_was_typed(database: Database, team: Team) -> None:
    refused = team.analyst.send(f"{PAGE}{CITY}/new", TYPED | {"about": "nowhere"})
    assert refused.status_code == 422
    assert TYPED["title_kk"] in refused.text
    with database.writing() as session:
        make_theme(session, "hcs_heating")
        make_theme(session, "hcs_heating.oral.1", parent="hcs_heating", city="oral")
    form = team.analyst.get(f"{PAGE}{CITY}/new?about=hcs/hcs_heating").text
    assert 'value="hcs/hcs_heating" selected' in form or 'selected value="hcs/hcs_heating"' in form
    assert "hcs_heating.oral.1" not in form  # another city's own theme
    team.analyst.send(f"{PAGE}{CITY}/new", TYPED | {"about": "hcs/hcs_heating"})
    with row_of(database) as row:
        assert (row.area, row.theme) == ("hcs", "hcs_heating")


def test_what_a_reply_promises_is_announced_with_the_reply_alone(database: Database, team: Team) -> None:
    with database.writing() as session:
        place = commitments.CommitmentPlace(CITY, "hcs", None, draft_reply(session, team.office))
        number = commitments.draft(session, by(team.office.analyst), place, PROMISE).id
    page = team.lead.get(f"{PAGE}{CITY}/{number}")
    assert "It belongs to a reply" in words_of(page)
    assert "<button" not in page.text.partition("<main")[2].partition("</main")[0]
    for word in ("announce", "edit", "remove"):
        answer = team.lead.send(f"{PAGE}{CITY}/{number}/{word}", TYPED | {"version": "1"})
        assert answer.status_code == 303
    with row_of(database, number) as row:
        assert (row.state, row.version, row.title_ru) == (CommitmentState.DRAFT, 1, PROMISE.title.ru)


def draft_reply(session: Session, office: Office) -> int:
    return begin(session, office, shown(session, 1), writing("done")).id


def test_a_disputed_one_says_so_and_goes_on_with_a_new_day_and_percent(
    database: Database, team: Team, clock: FrozenClock
) -> None:
    """FMS 897, 1339: closed is not fixed, and what residents dispute is open again."""
    with database.writing() as session:
        comments = shown(session, 10)
        reply = released(session, team.office, comments, writing("will_do")).id
        number = session.scalars(select(Commitment.id).where(Commitment.reply == reply)).one()
        row = session.get_one(Commitment, number)
        done = commitments.StepTold(PROMISE.title, done_on=TODAY, evidence_address=EVIDENCE)
        act = commitments.CommitmentAct.REPORT_DONE
        commitments.take_step(session, by(team.office.lead), row.id, CITY, step=act, told=done, version=None)
        answer(session, reply, comments, *["no"] * 9, "yes")
    turn_commitments(database, clock, None)  # type: ignore[arg-type]  # it needs no keys
    here = f"{PAGE}{CITY}/{number}"
    page = words_of(team.lead.get(here))
    assert "disputed by residents" in page
    assert "Fewer than half say that it has become better, between 10% and 15%: at least 10 answers" in page
    assert "Those who raised it do not agree that it is done" in page
    assert "a new day is to be said:" in page
    assert "1 commitment is disputed by residents" in words_of(team.lead.get("/console/"))
    fields = told("move", due=days(90).isoformat()) | {"version": version(database, number)}
    assert team.lead.send(f"{here}/move", fields).status_code == 422  # how far it is, is missing
    assert team.lead.send(f"{here}/move", fields | {"move-percent": "50"}).status_code == 303
    with row_of(database, number) as row:
        assert (row.state, row.due, row.percent) == (CommitmentState.IN_PROGRESS, days(90), 50)


def make_board(session: Session) -> None:
    """Store commitments of two cities in every state."""
    make_commitment(session, due=days(-3), first_due=days(-30), title_en="Late road")
    make_commitment(session, step("announce"), step("move"), due=days(5), title_en="Moved road")
    make_commitment(session, step("report_done"), due=days(-9), title_en="Reported road")
    make_commitment(session, step("dispute"), due=days(-9), title_en="Disputed road")
    make_commitment(session, step("agree"), due=days(-20), title_en="Agreed road")
    make_commitment(session, step("drop"), due=days(-20), area="edu", title_en="Dropped school")
    make_commitment(session, state="draft", due=days(40), title_en="Draft road")
    make_commitment(session, city="oral", due=days(60), title_en="Road of Oral")
    make_commitment(session, state="draft", city="oral", due=days(60), title_en="Draft of Oral")


def titles(page: Any) -> list[str]:
    return re.findall(r"data-open[^>]*>([^<]+)<", page.text)


def test_the_list_has_what_is_to_be_kept_first_and_every_filter_is_an_address(database: Database, team: Team) -> None:
    with database.writing() as session:
        make_board(session)
    assert titles(team.analyst.get(PAGE)) == [
        "Disputed road", "Late road", "Moved road", "Draft road", "Reported road", "Agreed road", "Dropped school",
    ]  # fmt: skip
    wanted = {
        "due=overdue": ["Disputed road", "Late road"],
        "due=soon": ["Moved road"],
        "due=later": [],
        "state=agreed&state=dropped": ["Agreed road", "Dropped school"],
        "area=edu": ["Dropped school"],
        "moved=1": ["Moved road"],
        "q=late": ["Late road"],
        "state=draft": ["Draft road"],
        "sort=-due": [
            "Dropped school", "Agreed road", "Reported road", "Draft road", "Moved road", "Late road", "Disputed road",
        ],
    }  # fmt: skip
    for query, names in wanted.items():
        assert titles(team.analyst.get(f"{PAGE}?{query}")) == names, query
    page = words_of(team.analyst.get(PAGE))
    for words in ("Overdue 2", "Due within 7 days 1", "disputed by residents 1"):
        assert words in page
    home = words_of(team.lead.get("/console/"))
    for words in ("2 commitments are overdue", "1 commitment is due within 7 days", "1 draft of a commitment waits"):
        assert words in home


def test_the_ministry_reads_every_city_but_no_draft_and_the_auditor_drafts_too(
    database: Database, sign_in: SignIn, team: Team
) -> None:
    assert team
    with database.writing() as session:
        make_board(session)
    reviewer, auditor, moderator = sign_in("reviewer"), sign_in("auditor"), sign_in("moderator")
    assert titles(reviewer.get(f"{PAGE}?city=oral")) == ["Road of Oral"]
    assert titles(auditor.get(f"{PAGE}?city=oral")) == ["Road of Oral", "Draft of Oral"]
    assert "Draft road" not in titles(moderator.get(PAGE))
    assert (reviewer.get(f"{PAGE}oral/9").status_code, auditor.get(f"{PAGE}oral/9").status_code) == (404, 200)
    assert moderator.get(f"{PAGE}oral/8").status_code == 404
    for word in ("announce", "move", "report-done", "drop", "progress", "edit", "remove"):
        assert reviewer.send(f"{ONE}/{word}", {"version": "1"}).status_code == 403
        assert moderator.send(f"{ONE}/{word}", {"version": "1"}).status_code == 403


def test_an_analyst_tells_how_far_it_is_and_nothing_else_alone(database: Database, team: Team) -> None:
    with database.writing() as session:
        announced(session, *team.office[:2])
    page = team.analyst.get(ONE).text
    assert f"{ONE}/progress" in page
    for word in ("announce", "move", "report-done", "drop"):
        assert f"{ONE}/{word}" not in page
        assert team.analyst.send(f"{ONE}/{word}", told(word) | {"version": version(database)}).status_code == 403
    assert re.search(r"sets a new day, reports it as done or gives it up: Lead \w+, Lead \w+\.", page)
    assert "sets a new day, reports it as done" not in team.lead.get(ONE).text


def test_what_was_typed_into_a_step_and_not_sent_stands_in_it_again(database: Database, team: Team) -> None:
    with database.writing() as session:
        announced(session, *team.office[:2])
    page = team.analyst.get(ONE).text
    mark = re.search(r'name="draft" value="(progress\|[^"]+)"', page)
    assert mark
    typed = told("progress", percent="45") | {"draft": mark[1]}
    assert team.analyst.send("/console/drafts/keep", typed).status_code == 204
    page = team.analyst.get(ONE).text
    assert 'value="45"' in page
    assert typed["progress-body_kk"] in page
    assert '<details class="card" open>' in page
    team.analyst.send(f"{ONE}/progress", typed | {"version": version(database)})
    assert '<details class="card" open>' not in team.analyst.get(ONE).text


def test_a_draft_without_a_day_says_so_and_no_other_day(team: Team) -> None:
    assert team.analyst.send(f"{PAGE}{CITY}/new", {**TYPED, "due": ""}).status_code == 303
    assert "none yet" in words_of(team.analyst.get(ONE))
    assert re.search(r'<input[^>]*name="due"[^>]*value=""', team.analyst.get(f"{ONE}/edit").text)
    assert "2026" not in words_of(team.analyst.get(PAGE)).partition("Абая")[2].partition("draft")[0]
    lacking = words_of(team.analyst.get(f"{ONE}/edit?check=1"))
    assert "Please fill this in." in lacking
    assert "another day after today" not in lacking


def test_pages_ask_the_database_the_same_however_much_there_is(database: Database, team: Team) -> None:
    with database.writing() as session:
        make_board(session)
        for number in range(60):
            make_commitment(session, *[step("move")] * 5, due=days(number), first_due=days(1))
    for address in (PAGE, f"{PAGE}?due=overdue&area=edu", f"{PAGE}{CITY}/4", f"{PAGE}{CITY}/20", f"{PAGE}{CITY}/7/edit",
                    f"{PAGE}{CITY}/new", "/console/"):  # fmt: skip
        with statements_of(database) as statements:
            assert team.lead.get(address).status_code == 200
        assert len(statements) <= MOST_STATEMENTS, (address, len(statements))


def test_the_file_holds_what_the_address_asks_for(database: Database, team: Team, sign_in: SignIn) -> None:
    with database.writing() as session:
        make_board(session)
    file = team.analyst.get(f"{PAGE}?due=overdue&as=csv").text
    assert [line.partition(",")[0] for line in file.splitlines()[1:]] == ["Disputed road", "Late road"]
    assert "disputed by residents" in file
    assert "list Commitments" in words_of(sign_in("auditor").get("/console/journal/"))
