"""Files of indicators in the console: sent, looked at, confirmed by a number where something goes, and undone."""

import csv
import re
from datetime import timedelta
from io import BytesIO, StringIO
from urllib.parse import quote

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.permissions import Role
from app.audit.models import JournalRow
from app.clock import FrozenClock
from app.indicators.errors import Code, ImportFault
from app.indicators.queries import current_values
from app.indicators.vocabulary import Status
from app.indicators.wording import SENTENCES
from app.web import site
from app.web.console.imports.views import fault_sentence
from app.web.language import speak
from app.workspace.models import FormDraft
from tests.app.web.console.conftest import MOST_STATEMENTS, Browser, SignIn, browser_of
from tests.builders.cases import RATE, YES_NO, open_small_period, type_in
from tests.builders.indicators import make_xlsx
from tests.builders.sites import replace_services
from tests.builders.staff import NOW
from tests.builders.statements import statements_of

HEADER = "city;indicator;value;status;source"


@pytest.fixture
def opened(console: Flask) -> Flask:
    with site.services_of(console).database.writing() as session:
        open_small_period(session)
    return console


@pytest.fixture
def analyst(opened: Flask, sign_in: SignIn) -> Browser:
    assert opened
    return sign_in(Role.ANALYST, "aktau")


def lines(*rows: str) -> bytes:
    return "\n".join((HEADER, *rows)).encode()


def send(browser: Browser, content: bytes, name: str = "values.csv", city: str = "aktau") -> TestResponse:
    data = {"period": "2026", "city": city, "file": (BytesIO(content), name)}
    answer = browser.send("/console/import", data)
    answer.request.environ["wsgi.input"].close()  # a file of the client's, where much is sent
    return answer


def mark_of(page: str) -> str:
    found = re.search(r'name="mark" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def stored(app: Flask) -> dict[str, tuple[Status, int | None]]:
    with site.services_of(app).database.reading() as session:
        return {row.indicator: (row.status, row.numerator) for row in current_values(session, "2026", "latest")}


def told(app: Flask) -> list[str]:
    with site.services_of(app).database.reading() as session:
        return list(session.scalars(select(JournalRow.event).order_by(JournalRow.seq)))


def test_a_file_is_sent_looked_at_stored_and_undone(analyst: Browser, opened: Flask) -> None:
    assert "/console/values/template.xlsx?period=2026&amp;city=aktau" in analyst.get("/console/import").text
    where = send(analyst, lines("aktau;ctm_1;иә;;қаулы", "Ақтау;ctm_5;61,5;;")).location
    page = analyst.get(where).text
    assert stored(opened) == {}
    assert page.count('<li>\n        <p class="of">') == 2
    done = analyst.send(f"{where}/confirm", {"mark": mark_of(page)})
    assert (done.status_code, done.location) == (303, where)
    assert stored(opened) == {"ctm_1": (Status.REPORTED, 1), "ctm_5": (Status.REPORTED, 123)}
    assert "2 values are stored as drafts" in analyst.get(where).text
    assert analyst.send(f"{where}/confirm", {"mark": mark_of(page)}).status_code == 303, "pressed twice"
    assert analyst.send(f"{where}/undo").status_code == 303
    assert "2 values are as they were before" in analyst.get(where).text
    assert {status for status, _n in stored(opened).values()} == {Status.MISSING}
    assert "import undone" in analyst.get("/console/import").text
    assert "import undone" in analyst.get("/console/values/2026/aktau/ctm_1").text
    assert told(opened)[1:] == [
        "import.staged",
        "values.imported",
        "import.confirmed",
        "value.restored",
        "value.restored",
        "import.undone",
    ]


def test_a_number_that_met_a_session_that_was_over_stands_there_again_for_the_same_preview_alone(
    analyst: Browser, opened: Flask
) -> None:
    with site.services_of(opened).database.writing() as session:
        type_in(session, YES_NO, value="yes")
        type_in(session, RATE, value="60")
    where = send(analyst, lines("aktau;ctm_1;;;", "aktau;ctm_5;61;;")).location
    mark = mark_of(analyst.get(where).text)
    form = {
        "csrf_token": analyst.token(),
        "draft": f"import|{where.rpartition('/')[2]}",
        "mark": mark,
        "withdrawn": "17",
    }
    replace_services(opened, clock=FrozenClock(NOW + timedelta(minutes=31)))
    answer = analyst.post(f"{where}/confirm", data=form, headers={"Referer": f"http://127.0.0.1{where}"})
    assert answer.location == f"/console/sign-in?next={quote(where, safe='')}"
    assert analyst.person
    again = browser_of(opened, analyst.person)
    assert 'value="17"' in again.get(where).text
    with site.services_of(opened).database.writing() as session:
        type_in(session, YES_NO, value="no")
    page = again.get(where).text
    assert 'value="17"' not in page
    assert again.send(f"{where}/confirm", {"mark": mark_of(page), "withdrawn": "1"}).status_code == 303
    with site.services_of(opened).database.reading() as session:
        assert session.scalars(select(FormDraft)).all() == []


def test_what_would_be_withdrawn_is_apart_and_asks_for_its_number(analyst: Browser, opened: Flask) -> None:
    """GSA 748: a save from a web form would have deleted all data values of an indicator."""
    with site.services_of(opened).database.writing() as session:
        for key, value in ((YES_NO, "yes"), (RATE, "61")):
            type_in(session, key, value=value)
    where = send(analyst, lines("aktau;ctm_1;;;", "aktau;ctm_5;;not applicable;")).location
    page = analyst.get(where).text
    assert "2 values would be withdrawn" in page
    for typed in ("", "1", "two"):
        refused = analyst.send(f"{where}/confirm", {"mark": mark_of(page), "withdrawn": typed})
        assert refused.status_code == 422
        assert "<title>Error:" in refused.text
    assert stored(opened)["ctm_5"] == (Status.REPORTED, 61)
    assert analyst.send(f"{where}/confirm", {"mark": mark_of(page), "withdrawn": "2"}).status_code == 303
    assert stored(opened) == {"ctm_1": (Status.MISSING, None), "ctm_5": (Status.NOT_APPLICABLE, None)}


def test_a_value_that_changed_since_the_preview_is_shown_anew(analyst: Browser, opened: Flask) -> None:
    where = send(analyst, lines("aktau;ctm_5;61,5;;")).location
    mark = mark_of(analyst.get(where).text)
    with site.services_of(opened).database.writing() as session:
        type_in(session, RATE, value="60")
    conflict = analyst.send(f"{where}/confirm", {"mark": mark})
    assert conflict.status_code == 409
    assert "Something changed meanwhile" in conflict.text
    assert "<del>60%</del>" in conflict.text
    assert analyst.send(f"{where}/confirm", {"mark": mark_of(conflict.text)}).status_code == 303


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_with_faults_comes_back_with_a_column_that_says_them(analyst: Browser, kind: str) -> None:
    """ckanext-validation 14: no scrolling for what is wrong, and the number of faults comes first."""
    rows = [("#error", "city", "indicator", "value"), ("", "aktau", "ctm_1", "maybe"), ("", "almaty", "ctm_5", "-5%")]
    content = make_xlsx(rows) if kind == "xlsx" else "\n".join(";".join(row) for row in rows).encode()
    where = send(analyst, content, f"values.{kind}").location
    page = analyst.get(where).text
    assert "Nothing was stored: 2 errors" in page
    assert "another city than the one this file is for" in page
    assert "Store as drafts" not in page
    back = analyst.get(f"{where}/errors.{kind}")
    assert back.headers["Content-Disposition"] == f'attachment; filename="errors.{kind}"'
    if kind == "csv":
        table = list(csv.reader(StringIO(back.data.decode("utf-8-sig"))))
    else:
        sheet = load_workbook(BytesIO(back.data)).worksheets[0]
        table = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert table[0] == ["#error", "city", "indicator", "value"]
    assert table[1] == ["value: “maybe” is neither yes nor no", "aktau", "ctm_1", "maybe"]
    assert table[2][1:] == ["almaty", "ctm_5", "'-5%"]
    table[1][3], table[2][1] = "yes", "aktau"
    corrected = "\n".join(",".join(f'"{cell}"' for cell in row) for row in table).encode()
    again = make_xlsx(table) if kind == "xlsx" else corrected
    assert "Nothing was stored" not in analyst.get(send(analyst, again, f"values.{kind}").location).text


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("values.ods", b"x", "is not a file that can be read"),
        ("values.csv", b"", "The file is empty"),
        ("values.csv", b"x" * 5_000_001, "larger than 5 MB"),
        ("values.xlsx", b"PK\x03\x04", "damaged"),
        ("C:/Users/Aigerim/values.csv", b"city;indicator\n", "This column is not there"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(analyst: Browser, name: str, content: bytes, sentence: str) -> None:
    answer = send(analyst, content, name)
    page = analyst.get(answer.location).text
    assert sentence in page
    assert "Aigerim" not in page
    assert analyst.get(f"{answer.location}/errors.csv").status_code == 200


def test_no_file_and_no_period_are_told(analyst: Browser) -> None:
    nothing = analyst.send("/console/import", {"period": "2026", "city": "aktau"})
    assert (nothing.status_code, "No file was chosen" in nothing.text) == (422, True)
    data = {"period": "1999", "city": "aktau", "file": (BytesIO(lines()), "values.csv")}
    assert analyst.send("/console/import", data).status_code == 404


def test_a_file_is_its_owners_alone_and_another_citys_is_not_taken(analyst: Browser, sign_in: SignIn) -> None:
    where = send(analyst, lines("aktau;ctm_5;61,5;;")).location
    for other in (sign_in(Role.LEAD, "aktau"), sign_in(Role.ANALYST, "almaty")):
        assert [other.get(f"{where}{end}").status_code for end in ("", "/errors.csv")] == [404, 404]
        assert [other.send(f"{where}/{end}").status_code for end in ("confirm", "undo")] == [404, 404]
    assert send(analyst, lines("almaty;ctm_5;61,5;;"), city="almaty").status_code == 404
    assert sign_in(Role.REVIEWER).get("/console/import").status_code == 403


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_comes_out_goes_in_and_changes_nothing(analyst: Browser, opened: Flask, kind: str) -> None:
    """decidim 3190: export and import of the same thing have one format."""
    with site.services_of(opened).database.writing() as session:
        type_in(session, YES_NO, value="yes", source="- хат", basis="register", note="@1+1")
        type_in(session, RATE, value="-1,5")
    out = analyst.get(f"/console/values/export.{kind}?period=2026&city=aktau")
    assert out.headers["Content-Disposition"] == f'attachment; filename="2026-aktau.{kind}"'
    page = analyst.get(send(analyst, out.data, f"values.{kind}").location).text
    assert "The file changes nothing" in page
    assert "values.exported" in told(opened)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "It lies outside its range (from 0% to 100%); the rating will count the nearest bound instead."),
        ("ru", "Значение вне допустимых границ (от 0 % до 100 %)"),
        ("kk", "Мән рұқсат етілген аралықтан тыс ("),
    ],
)
def test_a_number_outside_its_range_is_told_before_it_is_stored(analyst: Browser, lang: str, words: str) -> None:
    analyst.send("/console/language", {"language": lang})
    page = analyst.get(send(analyst, lines("aktau;ctm_5;161,5;;", "aktau;ctm_1;yes;;")).location).text
    assert page.replace("\xa0", " ").count(words) == 1


@pytest.mark.parametrize(("lang", "unit"), [("en", "years"), ("ru", "лет"), ("kk", "жыл")])
def test_the_unit_of_a_number_is_named_in_words_of_the_page(console: Flask, lang: str, unit: str) -> None:
    with console.test_request_context("/"):
        speak(lang)
        sentence = fault_sentence(ImportFault(2, "value", Code.UNIT_MISMATCH, "73%", "years"))
        counts = fault_sentence(ImportFault(2, "numerator", Code.UNIT_MISMATCH, "73%", "units counted"))
    assert sentence.endswith(unit)
    assert counts.endswith("units counted") == (lang == "en")


def test_one_value_is_spoken_of_as_one(analyst: Browser, opened: Flask) -> None:
    with site.services_of(opened).database.writing() as session:
        type_in(session, RATE, value="61")
    where = send(analyst, lines("aktau;ctm_1;yes;;", "aktau;ctm_5;;missing;")).location
    page = analyst.get(where).text
    assert "Something was reported for it, and in the file there is nothing." in page
    analyst.send(f"{where}/confirm", {"mark": mark_of(page), "withdrawn": "1"})
    assert "The ministry sees them when the return is sent." in analyst.get(where).text
    where = send(analyst, lines("aktau;ctm_1;no;;")).location
    analyst.send(f"{where}/confirm", {"mark": mark_of(analyst.get(where).text)})
    assert "The ministry sees it when the return is sent." in analyst.get(where).text


def test_a_file_to_fill_in_is_of_ones_own_city_alone(analyst: Browser, sign_in: SignIn) -> None:
    own = load_workbook(BytesIO(analyst.get("/console/values/template.xlsx?period=2026").data)).worksheets[0]
    assert {row[0] for row in own.iter_rows(min_row=2, values_only=True)} == {"aktau"}
    assert analyst.get("/console/values/export.csv?period=2026&city=almaty").status_code == 404
    assert analyst.get("/console/values/export.csv?period=1999").status_code == 404
    country = sign_in(Role.AUDITOR).get("/console/values/export.csv?period=2026").data.decode("utf-8-sig")
    assert len(country.splitlines()) == 1 + 20 * 101
    assert sign_in(Role.ADMIN).get("/console/values/export.csv?period=2026").status_code == 403


def test_every_fault_of_a_file_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Code)


def test_the_pages_cost_few_statements(analyst: Browser, opened: Flask) -> None:
    where = send(analyst, lines(*(f"aktau;ctm_{number};1;;" for number in (1, 2, 5)))).location
    for page in ("/console/import", where):
        with statements_of(site.services_of(opened).database) as statements:
            assert analyst.get(page).status_code == 200
        assert len(statements) <= MOST_STATEMENTS, statements


@pytest.mark.parametrize(("lang", "word"), [("kk", "ресми статистика"), ("ru", "официальная статистика")])
def test_a_kind_of_source_that_is_none_is_told_in_words_of_the_page(analyst: Browser, lang: str, word: str) -> None:
    analyst.send("/console/language", {"language": lang})
    content = "city;indicator;value;basis\naktau;ctm_5;61,5;кітап".encode()
    page = analyst.get(send(analyst, content).location).text
    assert word in page
    assert "own_records" not in page
