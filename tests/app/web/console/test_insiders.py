"""What somebody inside tries: a role that is gone, a second account, a disk to fill, a list that is not noted."""

import io

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.accounts.models import RoleGrant, Staff
from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.audit.models import JournalRow
from app.indicators import evidence, staging
from app.indicators.case_models import EvidenceFile, ImportStage
from app.indicators.evidence_files import file_of
from app.web import site
from app.workspace import drafts
from app.workspace.drafts import FormPlace
from app.workspace.models import FormDraft
from tests.app.web.console.conftest import Browser, SignIn, browser_of
from tests.builders.cases import YES_NO, open_small_period
from tests.builders.examination import ACCEPTED, KEY, give_role, make_people, say
from tests.builders.papers import make_pdf
from tests.builders.staff import NOW, grant_role, make_staff

HEADER = "city;indicator;value;status;source\n"


@pytest.fixture
def opened(console: Flask) -> Flask:
    with site.services_of(console).database.writing() as session:
        open_small_period(session)
    return console


def send_file(browser: Browser, content: bytes) -> str:
    data = {"period": "2026", "city": "aktau", "file": (io.BytesIO(content), "values.csv")}
    answer = browser.send("/console/import", data)
    answer.request.environ["wsgi.input"].close()
    assert answer.status_code == 303
    return str(answer.location)


@pytest.mark.parametrize("step", ["", "/confirm", "/undo", "/errors.csv"])
def test_a_file_for_a_city_opens_nothing_once_the_role_there_is_gone(opened: Flask, sign_in: SignIn, step: str) -> None:
    analyst = sign_in(Role.ANALYST, "aktau")
    assert analyst.person
    database = site.services_of(opened).database
    address = send_file(analyst, f"{HEADER}aktau;ctm_1;yes;;стат".encode())
    mark = analyst.get(address).text.split('name="mark" value="')[1].split('"')[0]
    with database.writing() as session:
        grant_role(session, analyst.person.id, Role.ANALYST, "almaty")
        session.execute(update(RoleGrant).where(RoleGrant.city == "aktau").values(revoked=True))
    again = browser_of(opened, analyst.person)
    is_sent = step in {"/confirm", "/undo"}
    answer = again.send(address + step, {"mark": mark}) if is_sent else again.get(address + step)
    assert answer.status_code == 404


def test_a_city_fills_no_disk_with_papers_that_it_withdraws(
    opened: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "MOST_OF_A_DAY", 5_000)
    analyst = sign_in(Role.ANALYST, "aktau")
    address, seen = f"/console/values/{YES_NO}/evidence", []
    for number in range(12):
        content = make_pdf(f"{number}") + b"%" * 1_000
        data = {"kind": "file", "file-caption": "Table", "file-is_public": "y"}
        answer = analyst.send(address, data | {"file-file": (io.BytesIO(content), f"{number}.pdf")})
        answer.request.environ["wsgi.input"].close()
        seen.append(answer.status_code)
        analyst.send(f"{address}/{number + 1}/withdraw")
    assert seen[0] == 303
    assert seen[-1] == 422
    settings, database = site.services_of(opened).settings, site.services_of(opened).database
    with database.reading() as session:
        stored = session.scalars(select(func.sum(EvidenceFile.size))).one()
    assert 2_000 < stored <= 5_000
    assert len([path for path in settings.evidence.rglob("*") if path.is_file()]) == seen.count(303)
    assert file_of(settings.evidence, "ab" * 32)
    assert "tomorrow" in answer.text


def test_a_person_keeps_so_many_forms_and_files_and_no_more(
    opened: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MOST", 3)
    monkeypatch.setattr(staging, "MOST_WAITING", 2)
    analyst = sign_in(Role.ANALYST, "aktau")
    other = sign_in(Role.ANALYST, "aktau")
    for browser in (other, analyst):
        for number in range(5):
            assert browser.send("/console/drafts/keep", {"draft": f"value|{number}", "note": "x"}).status_code == 204
            send_file(browser, f"{HEADER}aktau;ctm_1;yes;;стат {number}".encode())
    assert analyst.person
    assert other.person
    with site.services_of(opened).database.reading() as session:
        for person in (analyst.person, other.person):
            kept = session.scalars(select(FormDraft.object_id).where(FormDraft.staff == person.id)).all()
            assert max(kept) == "4"
            assert len(kept) == 3
            assert len(session.scalars(select(ImportStage.id).where(ImportStage.staff == person.id)).all()) == 2


def test_a_file_of_runs_is_noted_in_the_journal(console: Flask, sign_in: SignIn) -> None:
    assert sign_in(Role.AUDITOR).get("/console/runs/?as=csv").status_code == 200
    with site.services_of(console).database.reading() as session:
        told = session.scalars(select(JournalRow.object_id).where(JournalRow.event == "list.exported")).all()
    assert told == ["runs"]


def test_an_admin_makes_no_new_link_alone_to_an_account_that_was_in_use(console: Flask, sign_in: SignIn) -> None:
    with site.services_of(console).database.writing() as session:
        person = make_staff(session, Role.PUBLISHER)
        session.get_one(Staff, person.id).last_seen_on = NOW.date()
        new = make_staff(session, Role.PUBLISHER)
    admin = sign_in(Role.ADMIN)
    answers = [admin.send(f"/console/staff/{each.id}/invite-again") for each in (person, new)]
    assert ["/console/welcome/" in answer.text for answer in answers] == [False, True]
    assert answers[0].status_code == 422


def test_nobody_opens_a_value_of_their_own_city_again(console: Flask) -> None:
    database = site.services_of(console).database
    with database.writing() as session:
        people = make_people(session)
        say(session, KEY, people.one, ACCEPTED)
        say(session, KEY, people.two, ACCEPTED)
        own = make_staff(session, Role.REVIEWER)
        give_role(session, own.id, "analyst", "aktau")
    browser = browser_of(console, own)
    page = browser.get(f"/console/values/{KEY}").text
    assert "/reopen" not in page
    assert (
        browser.send(
            f"/console/values/{KEY}/reopen", {"version": "9", "reason": "Because the city would like to."}
        ).status_code
        == 403
    )


def test_a_draft_is_of_its_own_place(console: Flask) -> None:
    database = site.services_of(console).database
    with database.writing() as session:
        person = make_staff(session, Role.ANALYST)
        drafts.keep(session, Actor(person.id, NOW), FormPlace("value", "x"), b"sealed")
        assert drafts.read(session, person.id + 1, FormPlace("value", "x"), NOW) is None
