"""The ministry's list at the console: what goes out comes in again, all of it or nothing."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask

from app.accounts.permissions import Role
from app.database import Database
from app.initiatives.list_sheets import ListRow
from app.initiatives.lists import current_list
from tests.app.web.console.conftest import Browser, SignIn
from tests.app.web.console.everything import work_in_this_process
from tests.app.web.console.test_initiatives import words_of
from tests.builders import initiatives as make

PAGE, EDITION = "/console/initiatives/list", "standard_2019"
HEAD = "code;area;name_kk;name_ru;name_en\n"
ROWS = "I-1;its;Ақылды бағдаршам;Умный светофор;Smart traffic lights\nI-2;hlt;Э-рецепт;Э-рецепт;E-prescription\n"


@pytest.fixture(autouse=True)
def _no_children(monkeypatch: pytest.MonkeyPatch) -> None:
    work_in_this_process(monkeypatch)


def send(browser: Browser, text: str, name: str = "list.csv", edition: str = EDITION) -> Any:
    return browser.send(PAGE, {"edition": edition, "file": (BytesIO(text.encode()), name)})


def confirm(browser: Browser, stage: str, **fields: str) -> Any:
    mark = browser.get(stage).text.partition('name="mark" value="')[2].partition('"')[0]
    return browser.send(stage, {"mark": mark} | fields)


def listed(database: Database) -> tuple[ListRow, ...]:
    with database.reading() as session:
        return current_list(session, EDITION).rows


def test_a_list_is_looked_at_and_put_in_force_and_what_goes_out_changes_nothing(
    console: Flask, database: Database, sign_in: SignIn
) -> None:
    publisher = sign_in(Role.PUBLISHER)
    assert "No list is imported" in words_of(publisher.get(PAGE))
    sent = send(publisher, HEAD + ROWS)
    assert sent.status_code == 303
    page = words_of(publisher.get(sent.location))
    assert "Ақылды бағдаршам" in page
    assert "New (2)" in page
    assert listed(database) == ()
    assert confirm(publisher, sent.location).status_code == 303
    rows = listed(database)
    assert [row.code for row in rows] == ["I-1", "I-2"]
    for kind in ("csv", "xlsx"):
        out = publisher.get(f"{PAGE}/export.{kind}?edition={EDITION}").data
        again = publisher.send(PAGE, {"edition": EDITION, "file": (BytesIO(out), f"out.{kind}")})
        told = words_of(publisher.get(again.location))
        assert "The file changes nothing" in told, kind
        assert "2 initiatives stay as they are." in told
    assert listed(database) == rows
    assert console


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_file_to_fill_in_has_headings_in_the_person_s_language_and_comes_in(
    console: Flask, database: Database, sign_in: SignIn, language: str
) -> None:
    publisher = sign_in(Role.PUBLISHER, language=language)
    head = publisher.get(f"{PAGE}/export.csv").data.decode("utf-8-sig").strip()
    assert head.count(",") == 4
    sent = send(publisher, f"{head}\nI-1,its,Бір,Один,One\n")
    confirm(publisher, sent.location)
    assert listed(database) == (ListRow("I-1", "its", "Бір", "Один", "One"),)
    assert console


def test_everything_that_is_wrong_is_said_and_nothing_is_taken(
    console: Flask, database: Database, sign_in: SignIn
) -> None:
    publisher = sign_in(Role.PUBLISHER)
    wrong = (
        f"{HEAD}I 1;its;Бір;Один;One\n;its;Бір;Один;One\nI-3;xxx;Үш;Три;\nI-4;its;Төрт;Четыре;Four\n"
        f"I-4;its;Төрт;Четыре;Four\nI-5;its;=1+1;Пять;Five\nI-6;its;Алты;{'ж' * 301};Six;stray\n"
    )
    sent = send(publisher, wrong)
    page = words_of(publisher.get(sent.location))
    for words in (
        "8 things are wrong with the file",
        "Line 2, Code: “I 1” is no code",
        "Line 3, Code: The code is missing.",
        "Line 4, Area: “xxx” is no area of this edition.",
        "Line 4, Name (English): The name is missing",
        "Line 6, Code: The code “I-4” is there twice.",
        "Line 7, Name (Kazakh): “=1+1” is a formula",
        "is longer than 300 characters",
        "“stray” stands outside the columns.",
    ):
        assert words in page, words
    assert "Put the list in force" not in page
    assert publisher.send(sent.location, {"mark": "x"}).status_code == 409
    assert listed(database) == ()
    assert console


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The file is empty"),
        ("code;area;name_kk;name_ru\nI-1;its;Бір;Один\n", "The column “Name (English)” is missing."),
        (f"{HEAD.strip()};colour\n", "“colour” is no column of this list."),
        (HEAD, "There is no initiative in the file."),
    ],
)
def test_a_file_of_another_shape_is_refused(console: Flask, sign_in: SignIn, text: str, words: str) -> None:
    publisher = sign_in(Role.PUBLISHER)
    sent = send(publisher, text)
    page = sent if sent.status_code == 422 else publisher.get(sent.location)
    assert words in words_of(page)
    assert console


def test_what_leaves_the_list_is_typed_and_what_a_city_uses_stays(
    console: Flask, database: Database, sign_in: SignIn
) -> None:
    publisher = sign_in(Role.PUBLISHER)
    confirm(publisher, send(publisher, HEAD + ROWS).location)
    fewer = send(publisher, HEAD + ROWS.splitlines()[0]).location
    assert confirm(publisher, fewer).status_code == 422
    with database.writing() as session:
        people = make.make_planners(session)
        make.plan(session, people, code="I-2", area="hlt")
    assert "“I-2” cannot leave the list" in words_of(publisher.get(fewer))
    with database.writing() as session:
        from app.initiatives import keeping  # noqa: PLC0415 - beside its use
        from app.initiatives.standing import InitiativeKey  # noqa: PLC0415 - the same
        from tests.builders.examination import actor  # noqa: PLC0415 - the same

        keeping.withdraw(session, InitiativeKey("aktau", 1), 1, actor(people.lead))
    assert confirm(publisher, fewer, gone="1").status_code == 303
    assert [row.code for row in listed(database)] == ["I-1"]
    assert console


def test_others_read_the_list_and_cannot_import(console: Flask, sign_in: SignIn) -> None:
    analyst, publisher, other = sign_in(Role.ANALYST), sign_in(Role.PUBLISHER), sign_in(Role.PUBLISHER)
    assert "Import a list" not in words_of(analyst.get(PAGE))
    assert send(analyst, HEAD + ROWS).status_code == 403
    stage = send(publisher, HEAD + ROWS).location
    assert other.get(stage).status_code == 404
    book = publisher.get(f"{PAGE}/export.xlsx").data
    assert ZipFile(BytesIO(book)).testzip() is None
    assert console
