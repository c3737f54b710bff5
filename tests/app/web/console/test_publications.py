"""Runs and publications in the console: asked for, approved, previewed under embargo, published, withdrawn."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.accounts.models import RoleGrant
from app.accounts.permissions import Role
from app.accounts.queries import get_person
from app.audit.journal import Actor
from app.audit.models import JournalRow
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.indicators.case_models import ValueCase
from app.jobs.tasks.compare_requests import compare_requests
from app.publishing.bundle import Bundle
from app.publishing.models import Publication, PublicationRequest
from app.publishing.requests import Proposal, request_publication
from app.publishing.services import make_draft, store_draft
from app.ratings.execution import RunOrder, execute_run
from app.web.console import selection
from app.web.console_site import create_console
from app.web.public import create_public
from app.workspace import tasks
from app.workspace.models import FormDraft
from surveys.languages import LANGUAGES, Text3
from surveys.models.margins import MarginRecord
from tests.app.publications import publish_copy, withdraw
from tests.app.web.console.conftest import MOST_STATEMENTS, Browser, SignIn, browser_of, kept_by
from tests.app.web.console.rows import every_change_recorded
from tests.builders.country import BUSINESSES, RESIDENTS
from tests.builders.sites import replace_services
from tests.builders.staff import make_staff
from tests.builders.statements import statements_of
from tests.conftest import NOW as MOMENT

ORDER = RunOrder(period="2024", waves=(RESIDENTS, BUSINESSES), kind="official")
REASONS = {"kk": "Мән түзетілді.", "ru": "Значение исправлено.", "en": "A value was corrected."}


@pytest.fixture(scope="module")
def asked(published: tuple[Database, Bundle], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A file with one publication, and a request for another run of the same inputs with its draft."""
    file = tmp_path_factory.mktemp("asked") / "asked.sqlite3"
    file.write_bytes(Path(str(published[0].engine.url.database)).read_bytes())
    database = Database(f"sqlite:///{file}")
    with database.writing() as session:
        requester = Actor(make_staff(session, Role.REVIEWER, name="Asel Requester").id, MOMENT)
        run = execute_run(session, ORDER, requester)
        request = request_publication(session, Proposal(run=run, note="Please look at Oral"), requester)
        store_draft(session, request, make_draft(session, request, today=MOMENT.date()), requester)
    database.close()
    return file, request


@pytest.fixture
def database(asked: tuple[Path, int], tmp_path: Path) -> Iterator[Database]:
    """A copy of it."""
    (tmp_path / "copy.sqlite3").write_bytes(asked[0].read_bytes())
    database = Database(f"sqlite:///{tmp_path / 'copy.sqlite3'}")
    yield database
    database.close()


@pytest.fixture
def console(database: Database, settings: Settings, clock: FrozenClock) -> Iterator[Flask]:
    """The console, which does long work at once; a request that changes something and leaves no row fails the test."""
    app = create_console(settings, database, clock)
    app.testing = True
    app.test_client_class = Browser
    replace_services(app, worker=selection.do)
    with every_change_recorded(database):
        yield app


@pytest.fixture
def number(asked: tuple[Path, int]) -> int:
    return asked[1]


def page_of(number: int, end: str = "") -> str:
    return f"/console/publications/{number}{end}"


def digests(browser: Browser, number: int) -> dict[str, str]:
    """Read what the page of an approval shows."""
    page = browser.get(page_of(number, "/approve")).text
    return dict(re.findall(r'name="(\w+_digest)" value="([^"]+)"', page))


def approve(browser: Browser, number: int) -> None:
    assert browser.send(page_of(number, "/approve"), digests(browser, number) | {"note": "ok"}).status_code == 303


def test_three_people_take_a_run_to_the_portal(
    database: Database, settings: Settings, clock: FrozenClock, sign_in: SignIn, number: int
) -> None:
    reviewer, publisher = sign_in(Role.REVIEWER), sign_in(Role.PUBLISHER)
    public = create_public(settings, database, clock).test_client()
    approve(reviewer, number)
    early = publisher.send(page_of(number, "/publish"))
    assert early.status_code == 422
    assert "Two others have to approve it first" in early.text
    approve(publisher, number)
    assert public.get("/en/ratings/2/").status_code == 404, "nothing of it is public before"
    done = publisher.send(page_of(number, "/publish"))
    assert done.status_code == 303
    ended = publisher.get(done.location).text
    assert "Done: 1 of 1" in ended, ended
    assert public.get("/en/ratings/2/").status_code == 200
    assert "published as publication 2" in publisher.get(page_of(number)).text


def test_who_asked_neither_approves_nor_publishes(database: Database, console: Flask, number: int) -> None:
    with database.reading() as session:
        requester = session.scalars(select(PublicationRequest.requested_by)).all()[-1]
        person = get_person(session, requester, MOMENT.date())
    assert person
    browser = browser_of(console, person)
    page = browser.get(page_of(number)).text
    assert "/approve" not in page
    refused = browser.send(page_of(number, "/approve"), digests(browser, number) | {"note": "kept text"})
    assert refused.status_code == 422
    assert "others approve and publish it" in refused.text
    assert "kept text" in refused.text
    assert browser.send(page_of(number, "/publish")).status_code == 403


def test_an_objection_says_why_and_stops_it(sign_in: SignIn, number: int) -> None:
    browser = sign_in(Role.REVIEWER)
    empty = browser.send(page_of(number, "/object"), {"reason": " "})
    assert empty.status_code == 422
    assert "<title>Error:" in empty.text
    assert browser.send(page_of(number, "/object"), {"reason": "Oral looks wrong"}).status_code == 303
    page = browser.get(page_of(number)).text
    assert "Oral looks wrong" in page
    assert "stopped by an objection" in page


def test_a_value_accepted_after_approval_asks_for_a_reason_that_is_printed(
    database: Database, settings: Settings, clock: FrozenClock, sign_in: SignIn, number: int
) -> None:
    reviewer, publisher = approved_twice(sign_in, number)
    change_a_value(database)
    assert "Out of date" in reviewer.get(page_of(number)).text
    bare = publisher.send(page_of(number, "/publish"))
    assert bare.status_code == 422
    assert "Please write why" in bare.text
    ended = publisher.get(publisher.send(page_of(number, "/publish"), REASONS).location).text
    assert "Done: 1 of 1" in ended, ended
    public = create_public(settings, database, clock).test_client()
    for language in LANGUAGES:
        assert REASONS[language] in public.get(f"/{language}/ratings/2/cities/aktau").text


def test_the_preview_shows_every_page_in_three_languages_and_nobody_else_sees_it(
    console: Flask, sign_in: SignIn, number: int, published: tuple[Database, Bundle]
) -> None:
    browser, stranger = sign_in(Role.AUDITOR), console.test_client()
    bundle = published[1]
    ends = ["", "ratings/2/", "ratings/2/method", "ratings/2/choices"]
    ends += [f"ratings/2/cities/{bundle.cities[0].code}{end}" for end in ("", "/explain")]
    ends += [f"ratings/2/areas/{bundle.areas[0].code}"]
    for language in LANGUAGES:
        for end in ends:
            address = page_of(number, f"/preview/{language}/{end}")
            page = browser.get(address)
            assert page.status_code == 200, address
            assert f'<html lang="{language}"' in page.text
            assert page.headers["Cache-Control"] == "no-store"
            links = re.findall(r'href="(/[^"#?]*)', page.text.split("<main", 1)[1])
            assert [link for link in links if not link.startswith("/console/")] == [], address
            assert stranger.get(address).status_code == 303
    assert sign_in(Role.ANALYST).get(page_of(number, "/preview/kk/")).status_code == 403


def test_a_withdrawal_needs_two_persons_and_stands_on_the_portal(
    database: Database, settings: Settings, clock: FrozenClock, sign_in: SignIn
) -> None:
    publisher, reviewer = sign_in(Role.PUBLISHER), sign_in(Role.REVIEWER)
    address = "/console/publications/withdrawals/1"
    assert f"{address}/ask" in publisher.get(address).text
    assert publisher.send(f"{address}/ask", REASONS | {"ru": ""}).status_code == 422
    assert publisher.send(f"{address}/ask", REASONS).status_code == 303
    assert "/confirm/" not in publisher.get(address).text
    confirm = re.search(rf'action="({address}/confirm/\d+)"', reviewer.get(address).text)
    assert confirm
    assert publisher.send(confirm[1]).status_code == 422
    public = create_public(settings, database, clock).test_client()
    assert REASONS["en"] not in public.get("/en/ratings/1/").text
    assert "1 withdrawal waits" in reviewer.get("/console/").text
    assert reviewer.send(confirm[1]).status_code == 303
    assert REASONS["en"] in public.get("/en/ratings/1/").text
    assert sign_in(Role.REVIEWER).send(f"{address}/ask", REASONS).status_code == 403


def test_a_withdrawn_publication_names_what_takes_its_place(
    database: Database, clock: FrozenClock, sign_in: SignIn
) -> None:
    publisher, reviewer = sign_in(Role.PUBLISHER), sign_in(Role.REVIEWER)
    address = "/console/publications/withdrawals/1"
    publish_copy(database, 2)
    early = publisher.send(f"{address}/successor", {"successor": "2"})
    assert early.status_code == 422
    assert "Only a withdrawn publication can be replaced" in early.text
    with database.writing() as session:
        withdraw(session, 1, Text3("Қате", "Ошибка", "A mistake"), clock.now())
    page = publisher.get(address).text
    assert "No publication takes its place yet" in page
    for label, reason in (("Kazakh", "Қате"), ("Russian", "Ошибка"), ("English", "A mistake")):
        assert re.search(rf"<dt>In {label}</dt><dd lang=\"\w\w\">{reason}</dd>", page), label
    assert "/successor" not in reviewer.get(address).text
    assert reviewer.send(f"{address}/successor", {"successor": "2"}).status_code == 403
    for wrong in ("1", "9", "x"):
        assert publisher.send(f"{address}/successor", {"successor": wrong}).status_code == 422
    assert publisher.send(f"{address}/successor", {"successor": "2"}).status_code == 303
    shown = publisher.get(address).text
    assert "The portal names publication 2." in shown
    assert "Publication 2 takes its place." in shown
    assert "publication 2 takes its place" in reviewer.get("/console/publications/").text
    with database.reading() as session:
        last = session.scalars(select(JournalRow).order_by(JournalRow.seq.desc())).first()
        assert last
        assert (last.event, last.object_id) == ("publication.succeeded", "1")


@pytest.mark.parametrize(
    "address", ["/console/", "/console/runs/", "/console/publications/", "request", "approve", "run"]
)
def test_a_page_costs_few_statements(database: Database, sign_in: SignIn, number: int, address: str) -> None:
    browser = sign_in(Role.PUBLISHER)
    with database.reading() as session:
        run = session.scalars(select(PublicationRequest.run)).all()[-1]
    address = {"request": page_of(number), "approve": page_of(number, "/approve"), "run": f"/console/runs/{run}"}.get(
        address, address
    )
    browser.get(address)
    with statements_of(database) as statements:
        assert browser.get(address).status_code == 200
    assert len([each for each in statements if each != "BEGIN"]) <= MOST_STATEMENTS, statements


def test_the_page_that_asks_before_publishing_costs_few_statements(
    database: Database, sign_in: SignIn, number: int
) -> None:
    _reviewer, publisher = approved_twice(sign_in, number)
    with statements_of(database) as statements:
        page = publisher.get(page_of(number, "/publish"))
    assert "it takes the place of publication 1 (2024" in page.text
    assert len([each for each in statements if each != "BEGIN"]) <= MOST_STATEMENTS, statements


def test_the_home_page_says_what_waits(sign_in: SignIn, number: int) -> None:
    reviewer, publisher = sign_in(Role.REVIEWER), sign_in(Role.PUBLISHER)
    assert "1 rating waits for your approval" in reviewer.get("/console/").text
    approve(reviewer, number)
    assert "waits for your approval" not in reviewer.get("/console/").text
    approve(publisher, number)
    assert "1 approved rating can be published" in publisher.get("/console/").text


def test_the_nightly_job_marks_what_is_out_of_date(
    database: Database, clock: FrozenClock, sign_in: SignIn, tmp_path: Path
) -> None:
    browser = sign_in(Role.AUDITOR)
    assert compare_requests(database, clock, tmp_path).endswith("out of date: none")
    assert "out of date" not in browser.get("/console/publications/").text
    change_a_value(database, accepted_revision=None)
    assert not compare_requests(database, clock, tmp_path).endswith("none")
    assert "out of date" in browser.get("/console/publications/").text
    with database.reading() as session:
        events = session.scalars(select(JournalRow.event)).all()
    assert events.count("publication.out_of_date") == 1


def test_a_correction_goes_the_same_way_and_each_names_the_other(
    database: Database, settings: Settings, clock: FrozenClock, sign_in: SignIn
) -> None:
    asker, reviewer, publisher = sign_in(Role.REVIEWER), sign_in(Role.REVIEWER), sign_in(Role.PUBLISHER)
    assert asker.person
    with database.writing() as session:
        run = execute_run(session, ORDER, Actor(asker.person.id, clock.now()))
    fields = {"note": "", "corrects": "1", **REASONS}
    assert asker.send(f"/console/publications/ask/{run}", fields | {"kk": ""}).status_code == 422
    assert asker.send(f"/console/publications/ask/{run}", fields).status_code == 303
    with database.reading() as session:
        number = session.scalars(select(PublicationRequest.id).where(PublicationRequest.run == run)).one()
    approve(reviewer, number)
    approve(publisher, number)
    assert "Done: 1 of 1" in publisher.get(publisher.send(page_of(number, "/publish")).location).text
    public = create_public(settings, database, clock).test_client()
    old, new = (public.get(f"/en/ratings/{each}/").text for each in (1, 2))
    assert "This publication was corrected." in old
    assert REASONS["en"] in old
    assert "This publication corrects publication 1:" in new
    assert public.get("/en/").text.count("This publication was corrected.") == 0


def approved_twice(sign_in: SignIn, number: int) -> tuple[Browser, Browser]:
    """Let a reviewer and a publisher approve a request; gives their browsers."""
    reviewer, publisher = sign_in(Role.REVIEWER), sign_in(Role.PUBLISHER)
    approve(reviewer, number)
    approve(publisher, number)
    return reviewer, publisher


def change_a_value(database: Database, **to: bool | None) -> None:
    """Let two assessors have looked at a value meanwhile, or change what else is said of it."""
    with database.writing() as session:
        case = session.scalars(select(ValueCase).where(ValueCase.accepted_revision.is_not(None))).first()
        for column, value in (to or {"unreviewed": False}).items():
            setattr(case, column, value)


def test_a_reason_that_was_typed_stands_in_the_form_until_it_is_printed(
    database: Database, console: Flask, sign_in: SignIn, number: int
) -> None:
    reviewer, publisher = approved_twice(sign_in, number)
    change_a_value(database)
    ordered: list[Callable[[], None]] = []
    replace_services(console, worker=kept_by(console, ordered))
    work = publisher.send(page_of(number, "/publish"), {"draft": f"publish|{number}"} | REASONS).location
    assert reviewer.person
    with database.writing() as session:
        session.execute(update(RoleGrant).where(RoleGrant.staff == reviewer.person.id).values(revoked=True))
    ordered.pop()()
    refused = publisher.get(work).text
    assert "Two others have to approve it first" in refused
    approve(sign_in(Role.REVIEWER), number)
    page = publisher.get(page_of(number, "/publish")).text
    assert [text for text in REASONS.values() if f"{text}</textarea>" not in page] == []
    publisher.send(page_of(number, "/publish"), {"draft": f"publish|{number}"} | REASONS)
    ordered.pop()()
    with database.reading() as session:
        assert session.scalars(select(Publication.number)).all() == [1, 2]
        assert session.scalars(select(FormDraft.form)).all() == [], "it is printed now"


def test_inputs_that_no_page_sees_have_changed_are_asked_about_after_one_refusal(
    database: Database, sign_in: SignIn, number: int
) -> None:
    _reviewer, publisher = approved_twice(sign_in, number)
    with database.writing() as session:
        session.execute(update(MarginRecord).values(people=MarginRecord.people + 1))
    assert "Out of date" not in publisher.get(page_of(number)).text, "that takes a second"
    assert "inputs have changed" in publisher.get(publisher.send(page_of(number, "/publish")).location).text
    assert 'name="kk"' in publisher.get(page_of(number, "/publish")).text
    with database.reading() as session:
        assert session.scalars(select(Publication.number)).all() == [1]


def test_publishing_that_was_taken_over_publishes_once(
    database: Database, settings: Settings, console: Flask, sign_in: SignIn, number: int
) -> None:
    _reviewer, publisher = approved_twice(sign_in, number)
    asleep: list[Callable[[], None]] = []
    replace_services(console, worker=kept_by(console, asleep))
    work = publisher.send(page_of(number, "/publish")).location
    later = create_console(settings, database, FrozenClock(MOMENT + 2 * tasks.SILENT))
    later.testing = True
    later.test_client_class = Browser
    taken: list[Callable[[], None]] = []
    replace_services(later, worker=kept_by(later, taken))
    assert publisher.person
    other = browser_of(later, publisher.person)
    other.get(work)
    other.get(work)
    assert len(taken) == 1, "it was claimed a moment ago"
    taken.pop()()
    asleep.pop()()
    ended = other.get(work).text
    assert "Done: 1 of 1" in ended, ended
    with database.reading() as session:
        assert session.scalars(select(Publication.number)).all() == [1, 2]
        events = session.scalars(select(JournalRow.event)).all()
    assert events.count("publication.published") == 2
