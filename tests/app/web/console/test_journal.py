"""The page of the journal: who may read which rows, filters as addresses, files, and the banner."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app.accounts.permissions import Role
from app.audit.journal import Actor, Entry, record
from app.audit.models import JournalRow
from app.audit.verify import BrokenJournalError
from app.clock import Clock, FrozenClock
from app.database import Database
from app.jobs.tasks.verify_journal import verify_journal
from app.web.console.journal.words import EVENTS
from surveys.population.places import store_places
from tests.app.audit.chains import thaw
from tests.app.web.console.conftest import MOST_STATEMENTS, SignIn
from tests.builders.staff import NOW, make_staff
from tests.builders.statements import statements_of


@pytest.fixture
def rows(database: Database) -> int:
    """Events of two cities, of the country, of people and of the machine."""
    with database.writing() as session:
        store_places(session)
        person = make_staff(session, Role.LEAD, "aktau", name="Әсел Қыдырбаева")
        moments = iter(NOW - timedelta(days=n) for n in range(100))
        for n, (event, kind, object_id, city) in enumerate((
            ("value.sent", "case", "2024/aktau/hlt_3", "aktau"),
            ("value.accepted", "case", "2024/aktau/hlt_3", "aktau"),
            ("value.sent", "case", "2024/almaty/hlt_3", "almaty"),
            ("publication.published", "publication", "7", None),
            ("staff.invited", "staff", "12", None),
            ("mail.given_up", "mail", "3", None),
        )):  # fmt: skip
            entry = Entry(
                event=event, object_kind=kind, object_id=object_id, city=city, detail={"n": n, "run": "a" * 64}
            )
            record(session, Actor(None if n == 3 else person.id, next(moments)), entry)
    return 6


def shown(sign_in: SignIn, role: Role, address: str = "", city: str | None = None) -> list[str]:
    """Give the events and objects in the file that a person gets for an address."""
    answer = sign_in(role, city).get(f"/console/journal/?as=csv&{address}")
    assert answer.status_code == 200
    lines = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    return [f"{line['What']} {line['Object']}" for line in lines]


@pytest.mark.usefixtures("rows")
def test_each_role_reads_what_the_table_of_rights_says(sign_in: SignIn) -> None:
    assert shown(sign_in, Role.LEAD, city="aktau") == [
        "value.accepted 2024/aktau/hlt_3", "value.sent 2024/aktau/hlt_3",
    ]  # fmt: skip
    assert [line.split(".")[0] for line in shown(sign_in, Role.ADMIN)] == ["mail", "staff"]
    assert len(shown(sign_in, Role.AUDITOR)) == 6 + 2, "and the two files before"
    for role in (Role.ANALYST, Role.MODERATOR, Role.REVIEWER, Role.PUBLISHER):
        assert sign_in(role).get("/console/journal/").status_code == 403


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    ("address", "objects"),
    [
        ("event=value.sent", ["2024/almaty/hlt_3", "2024/aktau/hlt_3"]),
        ("event=value.sent&city=almaty", ["2024/almaty/hlt_3"]),
        ("object=aktau", ["2024/aktau/hlt_3", "2024/aktau/hlt_3"]),
        ("object=publication", ["7"]),
        ("who=қыдырбаева&object=12", ["12"]),
        ("from=2026-11-20&until=2026-11-20", ["12"]),
        ("from=2026-11-23", ["2024/aktau/hlt_3", "2024/aktau/hlt_3"]),
        ("from=yesterday", []),
        ("event=nothing", ["3", "12", "7", "2024/almaty/hlt_3", "2024/aktau/hlt_3", "2024/aktau/hlt_3"]),
    ],
)
def test_filters_are_words_of_the_address(sign_in: SignIn, address: str, objects: list[str]) -> None:
    assert [line.split()[1] for line in shown(sign_in, Role.AUDITOR, address)] == objects


@pytest.mark.usefixtures("rows")
def test_a_day_begins_at_midnight_in_kazakhstan(sign_in: SignIn, database: Database) -> None:
    midnight = datetime(2026, 11, 9, 19, tzinfo=UTC)
    with database.writing() as session:
        for name, at in (("before", midnight - timedelta(seconds=1)), ("after", midnight)):
            record(session, Actor(None, at), Entry(event="run.made", object_kind="run", object_id=name))
    assert shown(sign_in, Role.AUDITOR, "from=2026-11-10&until=2026-11-10") == ["run.made after"]


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_page_says_events_in_words_and_leads_to_an_object_s_history(sign_in: SignIn, language: str) -> None:
    browser = sign_in(Role.AUDITOR, language=language)
    page = browser.get("/console/journal/").text
    words = {"kk": "мән қабылданды", "ru": "значение принято", "en": "a value was accepted"}
    assert words[language] in page
    assert 'href="?object=2024/aktau/hlt_3"' in page
    assert "aaaaaaaaaaaa…" in page
    assert "a" * 64 not in page


def test_an_empty_journal_says_what_will_stand_there(sign_in: SignIn) -> None:
    assert "Nothing has been written yet." in sign_in(Role.AUDITOR).get("/console/journal/").text


def test_the_chain_is_said_to_be_whole_until_a_row_does_not_hold(
    console: Flask, sign_in: SignIn, database: Database, rows: int, clock: FrozenClock
) -> None:
    assert "its first verification is still to come" in sign_in(Role.AUDITOR).get("/console/journal/").text
    verify_journal(database, clock, Path())
    auditor, admin, lead = sign_in(Role.AUDITOR), sign_in(Role.ADMIN), sign_in(Role.LEAD, "aktau")
    page = auditor.get("/console/journal/").text
    assert "The chain is whole since November 24, 2026" in page
    assert 'class="alarm"' not in page
    thaw(database)
    with database.writing() as session:
        session.execute(delete(JournalRow).where(JournalRow.seq == 3))
    later: Clock = FrozenClock(clock.now() + timedelta(hours=2))
    with pytest.raises(BrokenJournalError):
        verify_journal(database, later, Path())
    assert rows == 6
    assert "Row 3 fails the check: a row is missing there" in auditor.get("/console/journal/").text
    for browser in (auditor, admin):
        assert "The journal was changed: row 3 fails the check." in browser.get("/console/").text
    assert "fails the check" not in lead.get("/console/").text
    assert console


def test_a_verification_that_stays_away_is_told_too(sign_in: SignIn, database: Database, clock: FrozenClock) -> None:
    verify_journal(database, FrozenClock(clock.now() - timedelta(days=2)), Path())
    assert "The journal has not been verified since 22.11.2026." in sign_in(Role.AUDITOR).get("/console/").text


def test_the_page_costs_the_same_statements_whatever_the_number_of_rows(
    sign_in: SignIn, database: Database, rows: int
) -> None:
    browser, numbers = sign_in(Role.AUDITOR), []
    for more in (0, 200):
        with database.writing() as session:
            for n in range(more):
                record(session, Actor(None, NOW), Entry(event="value.sent", object_kind="case", object_id=str(n)))
        with statements_of(database) as statements:
            answer = browser.get("/console/journal/")
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= MOST_STATEMENTS, numbers
    assert len(answer.data) < 120_000
    assert rows


def test_reading_a_file_of_the_journal_is_in_the_journal(sign_in: SignIn, database: Database) -> None:
    sign_in(Role.AUDITOR).get("/console/journal/?as=csv")
    with database.reading() as session:
        assert session.scalars(select(JournalRow.event)).all() == ["list.exported"]


def test_every_event_of_the_code_is_said_in_words() -> None:
    assert [event for event, words in EVENTS.items() if "." not in event or not str(words)] == []


def test_details_are_words_and_a_city_does_not_read_that_two_differed(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        store_places(session)
        person = make_staff(session, Role.REVIEWER, name="Сергей Лим")
        case = {"object_kind": "case", "object_id": "2024/aktau/hlt_3", "city": "aktau"}
        for entry in (
            Entry(event="value.returned", detail={"from": "split", "to": "returned", "revision": 1}, **case),
            Entry(event="assignment.made", object_kind="city", object_id="oral", detail={"assessors": str(person.id)}),
            Entry(event="staff.chose", object_kind="staff", object_id=str(person.id), detail={"language": "ru"}),
        ):
            record(session, Actor(person.id, NOW), entry)
    auditor, lead = (sign_in(*who).get("/console/journal/").text for who in ((Role.AUDITOR,), (Role.LEAD, "aktau")))
    for words in ("before: the two differ; after: returned", "assessors: Сергей Лим", "language: Russian"):
        assert words in auditor
    assert 'href="/console/values/2024/aktau/hlt_3"' in auditor
    assert "before: under examination; after: returned" in lead
    assert "differ" not in lead.partition("<tbody>")[2]


@pytest.mark.usefixtures("rows")
def test_a_file_says_words_beside_codes_and_to_a_city_no_more_than_the_page(
    sign_in: SignIn, database: Database
) -> None:
    with database.writing() as session:
        person = make_staff(session, Role.REVIEWER, name="Сергей Лим")
        case = {"object_kind": "case", "object_id": "2024/aktau/hlt_3", "city": "aktau"}
        returned = Entry(event="value.returned", detail={"from": "split", "to": "returned", "revision": 1}, **case)
        record(session, Actor(person.id, NOW), returned)
    heads = {
        "en": ("What happened", "Name of the object", "Name of the city", "Details in plain words"),
        "ru": ("Что произошло", "Название объекта", "Название города", "Подробности простыми словами"),
    }
    said = {
        "en": ("a value was returned", "value Aktau, hlt_3, 2024", "Aktau"),
        "ru": ("", "Актау, hlt_3, 2024", "Актау"),
    }
    for language, titles in heads.items():
        browser = sign_in(Role.AUDITOR, language=language)
        answer = browser.get("/console/journal/?as=csv&event=value.returned")
        line = next(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
        assert line["Object" if language == "en" else "Объект"] == "2024/aktau/hlt_3"
        for title, words in zip(titles, said[language], strict=False):
            assert words in line[title], (title, line)
        assert ("differ" in line[titles[3]]) == (language == "en")
    lead = sign_in(Role.LEAD, "aktau").get("/console/journal/?as=csv&event=value.returned")
    (line,) = csv.DictReader(io.StringIO(lead.data.decode("utf-8-sig")))
    assert "differ" not in line["Details in plain words"]
    assert "Лим" not in lead.text
