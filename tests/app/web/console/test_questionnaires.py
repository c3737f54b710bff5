"""Questionnaires in the console: uploaded, examined, seen step by step, compared, and frozen by a plan."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from app.accounts.permissions import Role
from app.audit.models import JournalRow
from app.fieldwork import questionnaires
from app.fieldwork.models import ProposedQuestionnaire
from app.web import site
from app.web.console.questionnaires import words
from app.web.console.questionnaires.comparison import ChangedPart, compare
from surveys.authoring.findings import HARD, RULES
from surveys.authoring.yaml_source import shipped
from surveys.authoring.yaml_writing import as_yaml
from surveys.languages import Text3
from surveys.models.questionnaires import QuestionnaireVersion
from surveys.questionnaire.definition import Questionnaire
from surveys.xlsform.writing import write_xlsform
from tests.app.web.console.conftest import MOST_STATEMENTS, Browser, SignIn
from tests.app.web.console.fieldwork import RESIDENT, make_wave
from tests.app.web.console.test_waves import PLAN
from tests.builders.statements import statements_of

NEWER = replace(RESIDENT, version=RESIDENT.version + 1, minutes=RESIDENT.minutes + 1)


@pytest.fixture
def publisher(sign_in: SignIn) -> Browser:
    return sign_in(Role.PUBLISHER)


def upload(browser: Browser, content: bytes, name: str = "new.yaml", **more: str) -> tuple[int, str, str]:
    """Upload a file; gives status, address and page."""
    data = {"file": (BytesIO(content), name)} | more
    answer = browser.send("/console/questionnaires/upload", data, content_type="multipart/form-data")
    return answer.status_code, answer.location or "", answer.text


def proposals(console: Flask) -> list[str]:
    with site.services_of(console).database.reading() as session:
        return list(session.scalars(select(ProposedQuestionnaire.digest)))


@pytest.mark.parametrize("kind", ["yaml", "xlsx", "shipped"])
def test_a_file_is_uploaded_and_the_version_is_that_of_the_file(console: Flask, publisher: Browser, kind: str) -> None:
    content = {
        "yaml": as_yaml(NEWER).encode(),
        "xlsx": write_xlsform(NEWER),
        "shipped": shipped()[0].read_bytes(),
    }[kind]
    digest = (RESIDENT if kind == "shipped" else NEWER).digest()
    status, address, page = upload(publisher, content)
    assert (status, address) == (303, f"/console/questionnaires/{digest}"), re.sub(r"\s+", " ", page)[-2000:]
    page = publisher.get(address).text
    assert "Plan a wave with it" in page
    assert proposals(console) == [digest]
    assert upload(publisher, content)[0] == 303
    assert proposals(console) == [digest]


def test_what_was_uploaded_comes_back_as_the_same_version(publisher: Browser, console: Flask) -> None:
    upload(publisher, as_yaml(NEWER).encode())
    for kind in ("yaml", "xlsx"):
        file = publisher.get(f"/console/questionnaires/{NEWER.digest()}.{kind}")
        assert file.headers["Content-Disposition"].endswith(f'.{kind}"')
        assert upload(publisher, file.data)[1].endswith(NEWER.digest())
    assert len(proposals(console)) == 1


def with_one_more_option(content: bytes) -> bytes:
    """Raise the version of a workbook, and add one row that needs no allowance."""
    book = load_workbook(BytesIO(content))
    sheet = book["survey"]
    headings = [cell.value for cell in sheet[1]]
    ends = [row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 1).value == "end_group"]
    sheet.insert_rows(ends[-1])
    given = {"type": "text", "name": "one_more", "label::Қазақша (kk)": "Тағы бір сөз"}
    given |= {"label::Русский (ru)": "Ещё одно слово", "label::English (en)": "One more word"}
    given |= {"type": "integer", "constraint": ". >= 1 and . <= 9"}
    for heading, words_of_it in given.items():
        sheet.cell(ends[-1], headings.index(heading) + 1, words_of_it)
    settings = book["settings"]
    version = [cell.value for cell in settings[1]].index("version") + 1
    settings.cell(2, version, int(settings.cell(2, version).value) + 1)
    changed = BytesIO()
    book.save(changed)
    return changed.getvalue()


@pytest.mark.parametrize("kind", ["yaml", "xlsx"])
@pytest.mark.parametrize("frozen_by", ["plan", "upload"])
def test_an_export_comes_back_with_what_reviewers_let_stand(
    console: Flask, publisher: Browser, kind: str, frozen_by: str
) -> None:
    if frozen_by == "plan":
        make_wave(console)
        changed = RESIDENT
    else:
        changed = replace(NEWER, reviewed=RESIDENT.reviewed)
        upload(publisher, as_yaml(changed).encode())
    file = publisher.get(f"/console/questionnaires/{changed.digest()}.{kind}").data
    found = questionnaires.read_file(file, "again")
    assert Questionnaire.from_json(found.definition).digest() == changed.digest()
    assert [str(each) for each in found.findings] == []


def test_an_export_with_one_more_row_comes_back_without_faults_of_what_did_not_change(
    console: Flask, publisher: Browser
) -> None:
    make_wave(console)
    file = publisher.get(f"/console/questionnaires/{RESIDENT.digest()}.xlsx").data
    status, address, _page = upload(publisher, with_one_more_option(file), "more.xlsx")
    assert status == 303
    assert "There are no errors: a wave can be planned with it." in publisher.get(address).text


def test_a_wave_freezes_what_was_put_forward(console: Flask, publisher: Browser) -> None:
    upload(publisher, as_yaml(NEWER).encode())
    offered = publisher.get("/console/waves/new").text
    assert f">{NEWER.title.en}, version {NEWER.version}</option>" in offered
    assert NEWER.digest()[:8] not in offered.replace(NEWER.digest(), "")
    assert publisher.send("/console/waves/new", PLAN | {"questionnaire": NEWER.digest()}).status_code == 303
    with site.services_of(console).database.reading() as session:
        assert session.get_one(QuestionnaireVersion, NEWER.digest()).code == NEWER.code
    assert ">proposed<" not in publisher.get(f"/console/questionnaires/{NEWER.digest()}").text
    other = replace(NEWER, minutes=NEWER.minutes + 1)
    status, _address, page = upload(publisher, as_yaml(other).encode())
    assert status == 422
    assert "This version number is taken by other wording" in page


def badly_asked() -> Questionnaire:
    page = next(page for page in RESIDENT.pages if page.area)
    question = page.questions[0]
    twice = replace(question, label=Text3(question.label.kk, question.label.ru, f"{question.label.en} and is it good?"))
    changed = replace(page, questions=(twice, *page.questions[1:]))
    pages = tuple(changed if each is page else each for each in RESIDENT.pages)
    return replace(RESIDENT, version=9, pages=pages)


def test_what_would_be_asked_badly_is_shown_and_plans_no_wave(console: Flask, publisher: Browser) -> None:
    bad = badly_asked()
    status, address, _page = upload(publisher, as_yaml(bad).encode())
    assert status == 303
    page = publisher.get(address).text
    assert "asks two things at once" in page
    assert "No wave can be planned with it" in page
    assert "Plan a wave with it" not in page
    answer = publisher.send("/console/waves/new", PLAN | {"questionnaire": bad.digest()})
    assert answer.status_code == 422
    with site.services_of(console).database.reading() as session:
        assert session.get(QuestionnaireVersion, bad.digest()) is None


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Choose a file"),
        (b"code: x\n", "a key is missing"),
        (b"\xff\xfe", "the file is not UTF-8"),
        (b"a: &a [*a]\n", "the file is not YAML as it is read here"),
        (b"PK\x03\x04nonsense", "This is no workbook that can be read"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words_and_leaves_nothing(
    console: Flask, publisher: Browser, content: bytes, sentence: str
) -> None:
    status, _address, page = upload(publisher, content)
    assert status == 422
    assert "<title>Error:" in page
    assert sentence in page
    assert proposals(console) == []


def test_what_an_xlsform_has_beyond_a_questionnaire_is_listed_and_left_out_when_told(
    console: Flask, publisher: Browser
) -> None:
    file = BytesIO(write_xlsform(NEWER))
    book = load_workbook(file)
    sheet = book["survey"]
    headings = [cell.value for cell in sheet[1]]
    row = ["" for _heading in headings]
    row[headings.index("type")], row[headings.index("name")] = "geopoint", "where"
    sheet.append(row)
    changed = BytesIO()
    book.save(changed)
    status, _address, page = upload(publisher, changed.getvalue(), "form.xlsx")
    assert status == 422
    assert "1 thing that a questionnaire cannot hold" in page
    assert "“geopoint” is none of the five kinds of question" in page
    assert proposals(console) == []
    status, address, _page = upload(publisher, changed.getvalue(), "form.xlsx", leave_out="yes")
    assert status == 303
    page = publisher.get(address).text
    assert "sheet survey, row" in page
    assert "“geopoint” is none of the five kinds of question" in page


def test_a_file_that_is_too_large_is_not_read() -> None:
    found = questionnaires.read_file(b"x" * 1_000_001, "a")
    assert ([words.said(each) for each in found.findings], found.definition) == (["the file is too large"], "")


def test_every_rule_has_words_of_the_console() -> None:
    assert words.FINDINGS.keys() == RULES.keys() | HARD.keys()


def test_every_step_is_shown_in_three_languages_as_respondents_see_it(console: Flask, publisher: Browser) -> None:
    make_wave(console)
    page = publisher.get(f"/console/questionnaires/{RESIDENT.digest()}").text
    addresses = re.findall(r'href="(/console/questionnaires/\w+/preview/[^"]+)"', page)
    assert len(addresses) == 3 * (len(RESIDENT.pages) + 5)
    for address in addresses:
        shown = publisher.get(address.replace("&amp;", "&"))
        assert shown.status_code == 200, address
        assert 'method="post"' not in shown.text
        assert "csrf_token" not in shown.text
    area = next(each for each in RESIDENT.pages if each.area)
    for language in ("kk", "ru", "en"):
        address = f"/console/questionnaires/{RESIDENT.digest()}/preview/{language}/oral/{area.code}"
        shown = publisher.get(address).text
        assert f'<html lang="{language}"' in shown
        assert area.questions[0].options[0].label.pick(language) in shown


def test_a_preview_draws_a_page_as_the_survey_does(public: Flask, console: Flask, publisher: Browser) -> None:
    make_wave(console)
    from tests.app.web.resident.walker import Walker  # noqa: PLC0415 - with what is compared
    from tests.builders.country import RESIDENTS  # noqa: PLC0415 - with what is compared

    walker = Walker(public.test_client(), RESIDENTS)
    step = walker.begin("oral", "?lang=en")
    asked = walker.go(step).text
    code = step.rpartition("/")[2]
    shown = publisher.get(f"/console/questionnaires/{RESIDENT.digest()}/preview/en/oral/{code}")
    assert shown.status_code == 200, (code, shown.text)
    fieldsets = [re.findall(r"<fieldset.*?</fieldset>", page, re.DOTALL) for page in (asked, shown.text)]
    assert fieldsets[0] == fieldsets[1]
    assert len(fieldsets[0]) > 1


def test_two_versions_are_compared_part_by_part(publisher: Browser) -> None:
    changes = compare(RESIDENT, badly_asked())
    page = next(page for page in RESIDENT.pages if page.area)
    before = page.questions[0].label.en
    assert changes == [
        ChangedPart(f"{page.code} / {page.questions[0].code} / label / en", before, f"{before} and is it good?")
    ]
    assert compare(RESIDENT, RESIDENT) == []
    for each in (RESIDENT, badly_asked()):
        upload(publisher, as_yaml(each).encode())
    shown = publisher.get(f"/console/questionnaires/{badly_asked().digest()}/compare/{RESIDENT.digest()}").text
    assert "1 part differs." in shown
    assert "and is it good?" in shown


def test_a_questionnaire_is_removed_once_and_a_frozen_one_never(console: Flask, publisher: Browser) -> None:
    make_wave(console)
    upload(publisher, as_yaml(NEWER).encode())
    address = f"/console/questionnaires/{NEWER.digest()}/remove"
    assert [publisher.send(address).status_code for _twice in range(2)] == [303, 404]
    assert publisher.send(f"/console/questionnaires/{RESIDENT.digest()}/remove").status_code == 404
    with site.services_of(console).database.reading() as session:
        own = select(JournalRow.event).where(JournalRow.object_kind == "questionnaire").order_by(JournalRow.seq)
        assert list(session.scalars(own)) == ["questionnaire.proposed", "questionnaire.removed"]


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_who_may_see_and_who_may_upload(console: Flask, sign_in: SignIn, role: str) -> None:
    make_wave(console)
    browser, digest = sign_in(role, "aktau"), RESIDENT.digest()
    sees, manages = role != "admin", role in {"reviewer", "publisher"}
    for address in ("", digest, f"{digest}/preview/kk/oral/start", f"{digest}/compare/{digest}", f"{digest}.yaml"):
        assert browser.get(f"/console/questionnaires/{address}").status_code == (200 if sees else 403), address
    assert upload(browser, b"")[0] == (422 if manages else 403)
    assert browser.send(f"/console/questionnaires/{'0' * 64}/remove").status_code == (404 if manages else 403)


@pytest.mark.parametrize("address", ["", RESIDENT.digest(), f"{RESIDENT.digest()}/preview/kk/oral/start"])
def test_a_page_asks_the_database_eight_times_at_most(console: Flask, publisher: Browser, address: str) -> None:
    make_wave(console)
    upload(publisher, as_yaml(NEWER).encode())
    with statements_of(site.services_of(console).database) as statements:
        assert publisher.get(f"/console/questionnaires/{address}").status_code == 200
    assert len(statements) <= MOST_STATEMENTS, statements


@pytest.mark.parametrize("address", ["0" * 64, f"{'0' * 64}/preview/kk/oral/start", f"{'0' * 64}.yaml"])
def test_a_questionnaire_that_is_none_is_not_found(publisher: Browser, address: str) -> None:
    assert publisher.get(f"/console/questionnaires/{address}").status_code == 404


def test_a_hostile_workbook_is_read_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    def in_child(read: object, content: bytes) -> questionnaires.Upload:
        seen.append(callable(read) and bool(content))
        return questionnaires.Upload("", "", (), ())

    monkeypatch.setattr(questionnaires, "in_child", in_child)
    questionnaires.read_file(as_yaml(NEWER).encode(), "a")
    questionnaires.read_file(write_xlsform(NEWER), "a")
    assert seen == [True, True]
