"""Papers behind a value in the console: added, refused with a sentence, withdrawn, and saved but never shown."""

import re
from io import BytesIO

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.accounts.permissions import Role
from app.indicators.evidence_files import file_of
from app.web import site
from tests.app.web.console.conftest import MOST_STATEMENTS, Browser, SignIn
from tests.builders.cases import YES_NO, open_small_period, send, type_in
from tests.builders.papers import CSV, HTML, JPEG, SVG, make_archive, make_pdf, make_png, make_workbook
from tests.builders.statements import statements_of

PDF = make_pdf()
ADDRESS = f"/console/values/{YES_NO}/evidence"


@pytest.fixture
def opened(console: Flask) -> Flask:
    with site.services_of(console).database.writing() as session:
        open_small_period(session)
    return console


@pytest.fixture
def analyst(opened: Flask, sign_in: SignIn) -> Browser:
    assert opened
    return sign_in(Role.ANALYST, "aktau")


def add_file(
    browser: Browser, content: bytes = PDF, name: str = "қаулы.pdf", address: str = ADDRESS, **more: str
) -> TestResponse:
    data = {"kind": "file", "file-caption": "Әкімдіктің қаулысы", "file-is_public": "y"} | more
    answer = browser.send(address, data | {"file-file": (BytesIO(content), name)})
    answer.request.environ["wsgi.input"].close()  # a file of the client's, where much is sent
    return answer


def test_a_file_is_added_listed_and_saved(analyst: Browser, opened: Flask) -> None:
    answer = add_file(analyst, **{"file-document_day": "2026-03-01"})
    assert (answer.status_code, answer.location) == (303, ADDRESS)
    case = ADDRESS.removesuffix("/evidence")
    assert add_file(analyst, make_pdf("2"), "2.pdf", **{"from": case}).location == f"{case}#evidence"
    assert add_file(analyst, make_pdf("3"), "3.pdf", **{"from": "//elsewhere"}).location == ADDRESS
    page = analyst.get(ADDRESS).text
    for text in ("Әкімдіктің қаулысы", "қаулы.pdf", "not checked for viruses", "March 1, 2026"):
        assert text in page, text
    saved = analyst.get(f"{ADDRESS}/1/file")
    assert saved.data == PDF
    assert saved.headers["Content-Disposition"].startswith("attachment;")
    assert saved.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert saved.mimetype == "application/pdf"
    assert "no-store" in saved.headers["Cache-Control"]
    settings = site.services_of(opened).settings
    assert len([path for path in settings.evidence.rglob("*") if path.is_file()]) == 3


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("page.pdf", HTML, "is not a PDF, PNG, JPEG, XLSX or CSV inside"),
        ("drawing.svg", SVG, "is not a PDF, PNG, JPEG, XLSX or CSV inside"),
        ("both.pdf", PDF + make_archive(x=b"x"), "two kinds of file in one"),
        ("big.pdf", PDF + b" " * 11_000_000, "larger than 10 MB"),
        ("../x.pdf", PDF, "Please rename it"),
        ("x\u202efdp.pdf", PDF, "Please rename it"),
        ("empty.pdf", b"", "The file is empty"),
        ("table.pdf", CSV, "another kind of file inside"),
    ],
)
def test_what_is_no_evidence_is_refused_with_its_sentence_and_nothing_typed_is_lost(
    analyst: Browser, opened: Flask, name: str, content: bytes, sentence: str
) -> None:
    answer = add_file(analyst, content, name)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "<title>Error:" in answer.text
    assert 'href="#file-file"' in answer.text
    assert 'value="Әкімдіктің қаулысы"' in answer.text
    assert not site.services_of(opened).settings.evidence.exists()


def test_an_address_and_an_extract_are_added_and_faults_stand_at_their_field(analyst: Browser) -> None:
    wrong = analyst.send(ADDRESS, {"kind": "address", "address-caption": "Кесте", "address-address": "http://x"})
    assert (wrong.status_code, "begins with https://" in wrong.text) == (422, True)
    assert 'href="#address-address"' in wrong.text
    sent = {"kind": "address", "address-caption": "Кесте", "address-is_public": "y"}
    assert analyst.send(ADDRESS, sent | {"address-address": "https://stat.gov.kz/1"}).status_code == 303
    secret = {"kind": "register", "register-caption": "Үзінді", "register-register": "ЕРОП"}
    assert "Please say why" in analyst.send(ADDRESS, secret).text
    assert analyst.send(ADDRESS, secret | {"register-private_reason": "аты-жөндер бар"}).status_code == 303
    page = analyst.get(ADDRESS).text
    assert 'href="https://stat.gov.kz/1" rel="noreferrer"' in page
    assert "аты-жөндер бар" in page
    day = analyst.send(ADDRESS, secret | {"register-document_day": "31.02.2026", "register-is_public": "y"})
    assert "Please write the day" in day.text


@pytest.mark.parametrize(
    ("name", "content", "is_warned"),
    [("кесте.csv", CSV, True), ("кесте.xlsx", make_workbook(), True), ("қаулы.pdf", PDF, False)],
)
def test_beside_a_table_stands_that_its_program_may_act(
    analyst: Browser, sign_in: SignIn, name: str, content: bytes, is_warned: bool
) -> None:
    add_file(analyst, content, name)
    assessor = sign_in(Role.REVIEWER)
    for page in (analyst.get(ADDRESS), assessor.get(f"/console/assess/{YES_NO}")):
        assert page.status_code == 200
        assert ("Open it in protected view" in page.text) is is_warned


def test_a_paper_is_withdrawn_and_stays(analyst: Browser) -> None:
    add_file(analyst)
    assert analyst.send(f"{ADDRESS}/1/withdraw").status_code == 303
    page = analyst.get(ADDRESS).text
    assert "It stays for the auditor" in page
    assert "<del>Әкімдіктің қаулысы</del>" in page
    assert analyst.get(f"{ADDRESS}/1/file").data == PDF
    assert analyst.send(f"{ADDRESS}/1/withdraw").status_code == 303
    assert "withdrawn already" in analyst.get(ADDRESS).text


def test_the_same_file_of_two_cities_is_stored_once_and_both_assessors_are_warned(
    analyst: Browser, opened: Flask, sign_in: SignIn
) -> None:
    almaty = f"/console/values/{YES_NO._replace(city='almaty')}/evidence"
    add_file(analyst)
    add_file(sign_in(Role.ANALYST, "almaty"), name="other.pdf", address=almaty)
    assessor = sign_in(Role.REVIEWER)
    warning = "The same file stands behind other values too"
    for page in (ADDRESS, almaty):
        assert warning in assessor.get(page).text
    assert warning not in analyst.get(ADDRESS).text, "a city is not told of another"
    settings = site.services_of(opened).settings
    assert len([path for path in settings.evidence.rglob("*") if path.is_file()]) == 1


def test_another_citys_papers_are_not_there_and_assessors_change_none(analyst: Browser, sign_in: SignIn) -> None:
    add_file(analyst)
    other = sign_in(Role.ANALYST, "almaty")
    assert [other.get(f"{ADDRESS}{end}").status_code for end in ("", "/1/file")] == [404, 404]
    assert add_file(other).status_code == 404
    assert other.send(f"{ADDRESS}/1/withdraw").status_code == 404
    assessor = sign_in(Role.REVIEWER)
    assert assessor.get(f"{ADDRESS}/1/file").data == PDF
    assert add_file(assessor).status_code == 403
    assert sign_in(Role.ADMIN).get(ADDRESS).status_code == 403
    mixed = f"/console/values/{YES_NO._replace(indicator='ctm_5')}/evidence/1/file"
    assert analyst.get(mixed).status_code == 404, "a paper is found below its own value alone"


def test_papers_of_a_sent_value_stand_still(analyst: Browser, opened: Flask) -> None:
    add_file(analyst)
    with site.services_of(opened).database.writing() as session:
        type_in(session, YES_NO, value="yes")
        send(session, YES_NO)
    page = analyst.get(ADDRESS).text
    assert "Add a file" not in page
    assert "Withdraw" not in page
    assert "cannot be changed now" in add_file(analyst, make_pdf("2"), "2.pdf").text


def test_what_is_no_case_or_no_form_is_not_there(analyst: Browser) -> None:
    assert analyst.get("/console/values/2026/aktau/nothing/evidence").status_code == 404
    assert add_file(analyst, address="/console/values/2026/aktau/nothing/evidence").status_code == 404
    assert analyst.send(ADDRESS, {"kind": "other"}).status_code == 422


def test_a_file_damaged_on_the_disk_is_not_given_as_evidence(analyst: Browser, opened: Flask) -> None:
    add_file(analyst)
    services = site.services_of(opened)
    (stored,) = (path for path in services.settings.evidence.rglob("*") if path.is_file())
    assert stored == file_of(services.settings.evidence, stored.name)
    stored.write_bytes(b"%PDF-other")
    assert analyst.get(f"{ADDRESS}/1/file").location == ADDRESS
    assert "The stored file is damaged" in analyst.get(ADDRESS).text


def test_what_was_said_of_a_paper_that_was_added_does_not_come_back_as_typed(analyst: Browser) -> None:
    case = ADDRESS.removesuffix("/evidence")
    mark = re.search(r'name="draft" value="([^"]+)"', analyst.get(case).text)
    assert mark
    typed = {"from": case, "draft": mark[1], "note": "typed beside the paper", "file-caption": "Caption of the paper"}
    assert add_file(analyst, **typed).status_code == 303
    page = analyst.get(case).text
    assert "typed beside the paper" in page
    assert 'value="Caption of the paper"' not in page


def test_the_page_costs_few_statements(analyst: Browser, opened: Flask) -> None:
    for number in range(5):
        add_file(analyst, make_pdf(str(number)), f"{number}.pdf")
    with statements_of(site.services_of(opened).database) as statements:
        assert analyst.get(ADDRESS).status_code == 200
    assert len(statements) <= MOST_STATEMENTS, statements


def test_a_picture_is_shown_on_the_page_and_nothing_else_is(analyst: Browser, sign_in: SignIn) -> None:
    for name, content in (("1.png", make_png()), ("2.jpg", JPEG), ("3.pdf", PDF), ("4.csv", CSV)):
        assert add_file(analyst, content, name).status_code == 303, name
    shown = [f'<img src="{ADDRESS}/{number}/file" alt="Әкімдіктің қаулысы"' for number in (1, 2)]
    case = ADDRESS.removesuffix("/evidence")
    assessor = sign_in(Role.REVIEWER).get(case.replace("/values/", "/assess/"))
    for page in (analyst.get(ADDRESS), analyst.get(case), assessor):
        assert page.text.count("<img ") == 2, page.request.path
        assert [each for each in shown if each not in page.text] == []
        assert page.text.count("a file, is saved and opened by your own program") == 2
        assert "img-src 'self'" in page.headers["Content-Security-Policy"]
    for number in (1, 2, 3, 4):
        saved = analyst.get(f"{ADDRESS}/{number}/file")
        assert saved.headers["Content-Disposition"].startswith("attachment;")
        assert saved.headers["X-Content-Type-Options"] == "nosniff"
        assert saved.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
