"""XLSForm in and out: nothing is lost on the way round, and what cannot be carried is named, never guessed."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import assume, given
from openpyxl import Workbook, load_workbook
from pyxform.xls2xform import convert

from surveys.authoring.validation import find_defects
from surveys.authoring.yaml_source import load, shipped
from surveys.authoring.yaml_writing import as_yaml
from surveys.questionnaire.definition import AllOf, Allowance, AnyOf, Questionnaire, ShowIf
from surveys.workbook import Cause, WorkbookError
from surveys.xlsform.exchange import Imported, XlsformError, from_sheets, import_xlsform
from surveys.xlsform.sheets import read_here
from surveys.xlsform.writing import write_xlsform
from tests.builders.questionnaires import (
    about_page,
    area_page,
    closed,
    number,
    open_text,
    questionnaire,
    questionnaires,
    rating,
)

SHIPPED = tuple(map(load, shipped()))
LANGS = ("Қазақша (kk)", "Русский (ru)", "English (en)")

Sheet = list[list[object]]


def imported(content: bytes, *, leave_out: bool = False) -> Imported:
    """Read in this process: the child is tested apart, and costs a second each time."""
    return from_sheets(read_here(content), "form.xlsx", leave_out=leave_out)


def from_yaml(q: Questionnaire, folder: Path) -> Questionnaire:
    path = folder / "again.yaml"
    path.write_text(as_yaml(q), encoding="utf-8")
    return load(path)


@pytest.mark.parametrize("q", SHIPPED, ids=lambda q: q.code)
def test_the_shipped_questionnaires_come_back_from_xlsform_and_yaml_with_their_digest(
    q: Questionnaire, tmp_path: Path
) -> None:
    back = imported(write_xlsform(q))
    assert back.left_out == ()
    again = from_yaml(back.questionnaire, tmp_path)
    assert again.digest() == q.digest()
    assert again.reviewed == q.reviewed


@given(questionnaires())
def test_any_questionnaire_comes_back_from_xlsform_the_same(q: Questionnaire) -> None:
    assume(not find_defects(q, "drawn"))
    back = imported(write_xlsform(q)).questionnaire
    assert back == q
    assert back.digest() == q.digest()


@given(q=questionnaires())
def test_any_questionnaire_comes_back_from_yaml_the_same(
    q: Questionnaire, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assume(not find_defects(q, "drawn"))
    assert from_yaml(q, tmp_path_factory.mktemp("yaml")).digest() == q.digest()


WAYS = [ShowIf(question="its", options=frozenset(some)) for some in (("o+1", "3"), ("o-2",))]
CROWDED = ShowIf(question="crowd", options=frozenset({"p1", "p2"}))
USED = ShowIf(question="bus.use", options=frozenset({"yes"}))

EVERYTHING = questionnaire(
    area_page(
        "its",
        closed("bus.use", "yes", "no", area="its", required=True),
        closed("its", "o+1", "o-2", "3", kind="multi", area="its"),
        number("2nd", -5, 60, area="its", show_if=USED),
        rating("crowd", "its", reverse=True),
        open_text("why", "its", max_chars=300),
        open_text("title", "its"),
    ),
    about_page(
        closed("sex", "f", "m", weighting="sex"),
        closed("district", "almaty.medeu", "astana.esil"),
        closed("more", "a", "b", show_if=AllOf((AnyOf(tuple(WAYS)), CROWDED))),
        show_if=ShowIf(question="bus.use", options=frozenset({"yes", "no"})),
    ),
    reviewed=(Allowance(rule="double_barrelled", lang="ru", phrase="огонь и вода", why="a name"),),
)


def test_everything_a_questionnaire_can_say_comes_back(tmp_path: Path) -> None:
    back = imported(write_xlsform(EVERYTHING)).questionnaire
    assert back == EVERYTHING
    assert back.reviewed == EVERYTHING.reviewed
    assert from_yaml(back, tmp_path) == EVERYTHING


@pytest.mark.parametrize("q", [*SHIPPED, EVERYTHING], ids=lambda q: q.code)
def test_pyxform_accepts_what_is_written(q: Questionnaire, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(write_xlsform(q))
    form = convert(xlsform=path, validate=False)
    assert form.warnings == []
    for question in q.questions:
        assert question.label.kk.partition("{")[0] in form.xform


def test_a_text_that_begins_with_an_equals_sign_is_written_as_a_text() -> None:
    q = questionnaire(area_page("its"), title=EVERYTHING.title._replace(en="=1+1"))
    assert imported(write_xlsform(q)).questionnaire == q


# A form as a stranger would write it in KoboToolbox.
TEXT3 = [f"label::{lang}" for lang in LANGS]
HEADERS = ["type", "name", *TEXT3, "hint::Русский (ru)", "required", "relevant", "constraint", "appearance", "qp_area"]


def texts(name: str) -> list[object]:
    return [f"{name} қазақша", f"{name} по-русски", f"{name} in English"]


def ask(kind: str, name: str, **cells: object) -> list[object]:
    return [kind, name, *texts(name), *(cells.get(header.partition(":")[0]) for header in HEADERS[5:])]


SURVEY: Sheet = [
    HEADERS,
    ask("note", "title"),
    ask("note", "lead"),
    ask("note", "period"),
    ask("note", "consent_1"),
    ask("begin group", "transport", appearance="field-list", qp_area="its"),
    ask("select one yn", "bus", required="true()"),
    ask("select_multiple yn", "ways", relevant="${bus} = 'yes' and (${bus}='yes' or ${bus}='no')"),
    ask("integer", "minutes", constraint=". > 0 and . <= 240", relevant="selected(${ways}, 'yes')"),
    ask("text", "why", constraint="string-length(.) < 301"),
    ask("end group", ""),
]
CHOICES: Sheet = [["list name", "name", *TEXT3], ["yn", "yes", *texts("yes")], ["yn", "no", *texts("no")]]
SETTINGS: Sheet = [
    ["form_id", "version", "qp_audience", "qp_minutes", "qp_areas_per_respondent", "qp_consent_version"],
    ["kobo", 3, "resident", 5, 1, "1"],
]


def book(survey: Sheet = SURVEY, choices: Sheet = CHOICES, settings: Sheet = SETTINGS, **more: Sheet) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    sheets: Mapping[str, Sheet] = {"survey": survey, "choices": choices, "settings": settings} | more
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def with_row(row: list[object], at: int = 9) -> Sheet:
    return [*SURVEY[:at], row, *SURVEY[at:]]


def test_a_form_of_another_tool_is_read() -> None:
    q = imported(book()).questionnaire
    (page,) = q.pages
    assert (q.code, q.version, page.area) == ("kobo", 3, "its")
    assert [(question.code, question.kind) for question in page.questions] == [
        ("bus", "choice"),
        ("ways", "multi"),
        ("minutes", "number"),
        ("why", "text"),
    ]
    assert page.questions[0].required
    assert (page.questions[2].minimum, page.questions[2].maximum) == (1, 240)
    assert page.questions[3].max_chars == 300
    bus = ShowIf(question="bus", options=frozenset({"yes"}))
    assert page.questions[1].show_if == AllOf((bus, ShowIf(question="bus", options=frozenset({"yes", "no"}))))


@pytest.mark.parametrize(
    "names",
    [
        ("kk", "ru", "en"),
        ("Қазақша (kk)", "Русский (ru)", "English (en)"),
        ("Kazakh", "Russian", "English"),
        ("қазақ тілі", "Русский", "english"),
        ("Казахский (kk)", "russian (RU)", "EN"),
    ],
)
def test_languages_are_known_by_any_of_their_names(names: tuple[str, str, str]) -> None:
    rename = dict(zip(TEXT3, [f"label::{name}" for name in names], strict=True))
    survey, choices = ([[rename.get(str(cell), cell) for cell in rows[0]], *rows[1:]] for rows in (SURVEY, CHOICES))
    assert imported(book(survey, choices)).questionnaire == imported(book()).questionnaire


WIDE = [*HEADERS, "media::image", "label::Uzbek (uz)", "label"]

MISFITS = [
    (book(with_row(ask("geopoint", "place"))), "survey", 10, "type"),
    (book(with_row(ask("decimal", "rent"))), "survey", 10, "type"),
    (book(with_row(ask("select_one yn or_other", "other"))), "survey", 10, "type"),
    (book(with_row(ask("rank yn", "best"))), "survey", 10, "type"),
    (book(with_row(ask("deviceid", "device"), 1)), "survey", 2, "type"),
    (book(with_row(ask("calculate", "sum"))), "survey", 10, "type"),
    (book(with_row(ask("select_one nothing", "none"))), "survey", 10, "type"),
    (book(with_row(ask("text", "early"), 1)), "survey", 2, ""),
    (book(with_row(ask("note", "thanks"))), "survey", 10, ""),
    (book([*SURVEY[:9], ask("begin_group", "in"), ask("end_group", ""), *SURVEY[9:]]), "survey", 10, "type"),
    (book([*SURVEY, ask("begin_repeat", "each"), ask("end_repeat", "")]), "survey", 12, "type"),
    (book(with_row(ask("text", "late", relevant="${minutes} > 5"))), "survey", 10, "relevant"),
    (book(with_row(ask("text", "late", relevant="not(${bus} = 'yes')"))), "survey", 10, "relevant"),
    (book(with_row(ask("text", "late", relevant="${bus} != 'yes'"))), "survey", 10, "relevant"),
    (book(with_row(ask("text", "late", relevant="${bus} = 'yes' or"))), "survey", 10, "relevant"),
    (book(with_row(ask("text", "late", relevant="(" * 30 + "${bus} = 'yes'" + ")" * 30))), "survey", 10, "relevant"),
    (book(with_row(ask("text", "late", relevant="(" * 4_000))), "survey", 10, "relevant"),
    (book(with_row(ask("text", "late", constraint="regex(., '[a-z]+')"))), "survey", 10, "constraint"),
    (book(with_row(ask("select_one yn", "late", constraint=". = 'yes'"))), "survey", 10, "constraint"),
    (book(with_row(ask("text", "late", required="${bus} = 'yes'"))), "survey", 10, "required"),
    (book(with_row(ask("text", "late", required="=1+1"))), "survey", 10, "required"),
    (book([WIDE, *SURVEY[1:6], [*SURVEY[6], "bus.png"], *SURVEY[7:]]), "survey", 7, "media::image"),
    (book([WIDE, *SURVEY[1:6], [*SURVEY[6], None, "avtobus"], *SURVEY[7:]]), "survey", 7, "label::Uzbek (uz)"),
    (book([WIDE, *SURVEY[1:6], [*SURVEY[6], None, None, "bus"], *SURVEY[7:]]), "survey", 7, "label"),
    (book(choices=[[*CHOICES[0], "filter"], [*CHOICES[1], "x"], CHOICES[2]]), "choices", 2, "filter"),
    (book(settings=[*SETTINGS, SETTINGS[1]]), "settings", 3, ""),
    (book(settings=[[*SETTINGS[0], "public_key"], [*SETTINGS[1], "abc"]]), "settings", 2, "public_key"),
    (book(entities=[["list_name"], ["trees"]]), "entities", 0, ""),
    (book([*SURVEY, *[ask("note", "n")] * 3_000]), "survey", 3_001, ""),
    (book([[*HEADERS, *map(str, range(60))], *SURVEY[1:]]), "survey", 1, ""),
    (book([[*HEADERS, "required"], *SURVEY[1:]]), "survey", 1, "required"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "sheet", "row", "column"), MISFITS)
def test_what_cannot_be_carried_is_refused_by_row_and_column(content: bytes, sheet: str, row: int, column: str) -> None:
    with pytest.raises(XlsformError) as refused:
        imported(content)
    assert (sheet, row, column) in {(misfit.sheet, misfit.row, misfit.column) for misfit in refused.value.misfits}
    assert all(misfit.reason for misfit in refused.value.misfits)


def test_what_cannot_be_carried_can_be_left_out_and_is_named_each_time() -> None:
    survey = with_row(ask("geopoint", "place"))
    survey = [*survey[:10], ask("text", "late", relevant="${minutes} > 5"), *survey[10:]]
    misfits = imported(book(survey, entities=[["x"]]), leave_out=True)
    assert {(misfit.sheet, misfit.row, misfit.column) for misfit in misfits.left_out} == {
        ("survey", 10, "type"),
        ("survey", 11, "relevant"),
        ("entities", 0, ""),
    }
    assert [question.code for question in misfits.questionnaire.questions] == ["bus", "ways", "minutes", "late", "why"]
    assert misfits.questionnaire.question("late").show_if is None


@pytest.mark.parametrize(
    ("content", "rule", "row"),
    [
        (book([HEADERS, *SURVEY[2:]]), "missing_key", 0),
        (book(with_row(ask("integer", "age"))), "number_without_bounds", 10),
        (book(with_row(ask("text", "Why?"))), "bad_code", 10),
        (book(with_row(ask("text", "late", relevant="${nothing} = 'yes'"))), "unknown_question", 10),
        (book([HEADERS, *SURVEY[1:6], ask("text", "x", relevant="${why} = 'a'"), *SURVEY[6:]]), "later_question", 7),
        (book([HEADERS, *SURVEY[1:6], ["text", "x", "тек қазақша"], *SURVEY[6:]]), "missing_language", 7),
        (book(settings=[SETTINGS[0], ["kobo", "three", "resident", 5, 1, "1"]]), "wrong_type", 0),
    ],
)
def test_a_form_that_makes_no_usable_questionnaire_is_refused_on_its_row(content: bytes, rule: str, row: int) -> None:
    with pytest.raises(XlsformError) as refused:
        imported(content, leave_out=True)
    assert (rule, row) in {(finding.rule, finding.where.line) for finding in refused.value.findings}


def test_a_form_is_read_in_a_child_process_under_the_guards_of_workbooks() -> None:
    assert import_xlsform(book(), "form.xlsx").questionnaire == imported(book()).questionnaire
    for content, cause in ((b"PK\x03\x04", Cause.BROKEN_FILE), (b"\xd0\xcf\x11\xe0", Cause.ENCRYPTED)):
        with pytest.raises(WorkbookError) as refused:
            import_xlsform(content, "form.xlsx")
        assert refused.value.cause is cause


def test_our_own_columns_begin_with_a_prefix_that_no_tool_uses() -> None:
    sheet = load_workbook(BytesIO(write_xlsform(EVERYTHING)))["survey"]
    standard = {"type", "name", "required", "relevant", "constraint", "appearance"}
    ours = {str(cell.value) for cell in sheet[1]} - standard
    assert all(header.startswith(("qp_", "label::", "hint::")) for header in ours)
