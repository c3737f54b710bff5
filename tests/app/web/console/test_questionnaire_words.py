"""What the reader of XLSForms, validation and the linter say: in the reader's language, and where to write what."""

import ast
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import Workbook

from app.accounts.permissions import Role
from app.fieldwork import questionnaires
from app.web.console.questionnaires import wording
from app.web.language import speak
from surveys.authoring.findings import HARD
from surveys.xlsform.writing import write_xlsform
from tests.app.web.console.conftest import Browser, SignIn
from tests.app.web.console.test_questionnaires import upload

SPEAKERS = {
    "gaps": ("surveys/xlsform/reading.py", "surveys/xlsform/sheets.py", "surveys/xlsform/rules.py"),
    "details": (
        *("surveys/authoring/document.py", "surveys/authoring/validation.py", "surveys/authoring/text_checks.py"),
        *("surveys/authoring/rule_checks.py", "surveys/authoring/allowances.py", "surveys/questionnaire/kinds.py"),
    ),
}
CALLS = {"Defect", "note", "_Note", "Misfit", "_misfit", "ExpressionError"}
KOBO = [
    ["type", "name", "label::Русский (ru)"],
    ["begin_group", "transport", "Транспорт"],
    ["integer", "trips", "Сколько поездок вы совершили?"],
    ["end_group", None, None],
]


def spoken(file: str) -> Iterator[str]:
    """Give the English phrases that a module says, with 7 in place of what is put in."""
    for node in ast.walk(ast.parse(Path(file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _name(node.func) in CALLS:
            yield from (_filled(each) for each in node.args[-1:] if isinstance(each, ast.JoinedStr | ast.Constant))
        elif isinstance(node, ast.FunctionDef) and node.name in {"_fault", "_unknown"}:
            returned = [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
            yield from (_filled(each) for each in returned if isinstance(each, ast.JoinedStr | ast.Constant))


def _name(called: ast.expr) -> str:
    return called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""


def _filled(text: ast.expr) -> str:
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    return "".join(str(part.value) if isinstance(part, ast.Constant) else _stand_in(part) for part in parts)


def _stand_in(put_in: ast.AST) -> str:
    """Give what stands for a value: its type and the value where the phrase names both."""
    is_named = isinstance(put_in, ast.FormattedValue) and isinstance(put_in.value, ast.Call)
    return "str '7'" if is_named and _name(put_in.value.func) == "_named" else "7"


@pytest.mark.parametrize(("table", "phrases"), [("gaps", wording.GAPS), ("details", wording.DETAILS)])
def test_every_phrase_has_a_sentence(table: str, phrases: wording.Phrases) -> None:
    said = {each for file in SPEAKERS[table] for each in spoken(file) if " " in each.strip()}
    said -= {*HARD.values(), "7 = 7"}  # the rule's own sentence, and two languages
    assert len(said) > 15
    assert sorted(each for each in said if not wording.phrase(phrases, each)) == []


@pytest.mark.parametrize(
    ("language", "found", "said"),
    [
        ("en", "Экология in kk as well", "“Экология” stands in Kazakh as well"),
        ("ru", "the city is named only in kk, en", "город назван только на казахском и на английском"),
        ("kk", "kk = ru", "қазақша және орысша"),
    ],
)
def test_a_language_is_named_and_never_a_bare_code(console: Flask, language: str, found: str, said: str) -> None:
    with console.test_request_context("/console/", headers={"Accept-Language": language}):
        speak(language)
        assert wording.detail(found) == said


def kobo(settings: list[list[object]]) -> bytes:
    book = Workbook()
    book.active.title = "survey"
    for row in KOBO:
        book["survey"].append(row)
    for name, rows in (("choices", [["list_name", "name"]]), ("settings", settings)):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def test_an_ordinary_form_is_told_which_sheet_and_column_to_fill_in(sign_in: SignIn) -> None:
    publisher = sign_in(Role.PUBLISHER)
    form = kobo([["form_title", "form_id", "default_language"], ["Транспорт города", "trips", "Русский (ru)"]])
    status, _address, page = upload(publisher, form, "kobo.xlsx")
    assert status == 422
    for key in ("audience", "minutes", "areas_per_respondent", "consent_version", "lead", "period"):
        assert f"fill in: {wording.FORM_PLACES[key]}" in page
    assert str(wording.NO_CONSENT) in page
    assert f"fill in: {wording.FORM_PLACES['title']}" not in page
    assert "a key is missing" not in page
    assert "no page has an area of city life" in page
    titles = [row for row in re.findall(r"<tr data-row>.*?</tr>", page, re.DOTALL) if ">title, " in row]
    assert [re.findall(r"title, (.*?)<", row) for row in titles] == [["in Kazakh"], ["in English"]]


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_english_stands_in_what_is_said_of_a_form(sign_in: SignIn, language: str) -> None:
    publisher = sign_in(Role.PUBLISHER, language=language)
    page = upload(publisher, kobo([["form_title"], ["Транспорт"]]), "kobo.xlsx")[2]
    rows = re.findall(r"<tr data-row>(.*?)</tr>", page, re.DOTALL)
    words = re.findall(r"[A-Za-z_]{3,}", " ".join(re.sub(r"<[^>]*>", " ", row) for row in rows))
    names = {"survey", "settings", "note", "lead", "period", "consent", "type", "version", "minimum", "maximum"}
    names |= {"resident", "business", "staff", "XLSForm", "transport", "trips"}
    assert len(rows) > 8
    assert {each for each in words if "_" not in each} - names == set()


def test_the_template_is_offered_and_comes_back_without_a_fault(sign_in: SignIn) -> None:
    publisher: Browser = sign_in(Role.PUBLISHER)
    assert 'href="/console/questionnaires/template.xlsx"' in publisher.get("/console/questionnaires/").text
    file = publisher.get("/console/questionnaires/template.xlsx")
    found = questionnaires.read_file(file.data, "template.xlsx")
    assert [str(each) for each in (*found.findings, *found.gaps)] == []
    assert found.definition
    assert questionnaires.read_file(write_xlsform(questionnaires.template()), "a").definition == found.definition
