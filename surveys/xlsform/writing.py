"""A questionnaire as an XLSForm workbook: what the standard can say in its own columns, the rest in ours (qp_)."""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import chain, count
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from surveys.languages import LANGUAGES, Text3
from surveys.questionnaire.definition import Option, Page, Question, Questionnaire
from surveys.questionnaire.kinds import KINDS
from surveys.xlsform.rules import write_rule
from surveys.xlsform.vocabulary import LANGUAGE_NAMES, SHEETS, TEXTS, text_header

FormRow = dict[str, str]

_UNSAFE = re.compile(r"[^a-z0-9_]")
_TAKEN: Final = frozenset({"meta", "data", "instanceid"})


def write_xlsform(q: Questionnaire) -> bytes:
    """Write a valid questionnaire as a workbook that import gives back the same."""
    form = _Form(q)
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    _fill(workbook.create_sheet("survey"), _headers("survey", "appearance"), form.survey())
    _fill(workbook.create_sheet("choices"), _headers("choices"), form.choices())
    _fill(workbook.create_sheet("settings"), _settings_headers(), [_settings(q)])
    if q.reviewed:
        allowed = [{name: getattr(one, name) for name in SHEETS["qp_reviewed"]} for one in q.reviewed]
        _fill(workbook.create_sheet("qp_reviewed"), _headers("qp_reviewed"), allowed)
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


class _Form:
    """Gives pages and questions names that XML allows, and each list of options one name."""

    def __init__(self, q: Questionnaire) -> None:
        self._q = q
        self._taken = set(_TAKEN)
        self._names = {(kind, code): self._free_name(code) for kind, code in _codes(q)}
        self._questions = {question.code: question for question in q.questions}
        self._question_names = {code: name for (kind, code), name in self._names.items() if kind == "question"}
        self._lists: dict[tuple[Option, ...], str] = {}
        for question in (question for question in q.questions if question.options):
            self._lists.setdefault(question.options, self._question_names[question.code])

    def survey(self) -> Iterator[FormRow]:
        q = self._q
        covers = [("title", q.title), ("lead", q.lead), ("period", q.period)]
        for part, text in (*covers, *(("consent", paragraph) for paragraph in q.consent)):
            yield self._note(part, text)
        for page in q.pages:
            yield self._page(page)
            if page.intro is not None:
                yield self._note("intro", page.intro)
            yield from (self._question(question) for question in page.questions)
            yield {"type": "end_group"}

    def choices(self) -> Iterator[FormRow]:
        for options, name in self._lists.items():
            for option in options:
                row = {"list_name": name, "name": option.code} | _texts("label", option.label)
                value = "" if option.value is None else str(option.value)
                yield row | {"qp_value": value, "qp_apart": _flag(option.apart), "qp_city": option.city or ""}

    def _page(self, page: Page) -> FormRow:
        row = {"type": "begin_group", "appearance": "field-list", "qp_role": str(page.role), "qp_area": page.area or ""}
        return row | self._named("page", page) | _texts("label", page.title) | self._relevant(page)

    def _question(self, question: Question) -> FormRow:
        kind = KINDS[question.kind]
        row = {"type": f"{kind.xlsform} {self._lists[question.options]}" if question.options else kind.xlsform}
        row |= self._named("question", question) | _texts("label", question.label)
        row |= _texts("hint", question.hint) if question.hint else {}
        return (
            row
            | self._relevant(question)
            | {
                "required": _flag(question.required),
                "constraint": kind.constraint(question),
                "qp_kind": kind.code if kind.is_named else "",
                "qp_scored": _flag(question.scored),
                "qp_reverse": _flag(question.reverse),
                "qp_weighting": question.weighting or "",
            }
        )

    def _note(self, part: str, text: Text3) -> FormRow:
        return {"type": "note", "name": self._free_name(part), "qp_part": part} | _texts("label", text)

    def _free_name(self, code: str) -> str:
        name = _UNSAFE.sub("_", code)
        name = name if name[0].isalpha() else f"q_{name}"
        numbered = (f"{name}_{number}" for number in count(2))
        free_name = next(free for free in chain([name], numbered) if free not in self._taken)
        self._taken.add(free_name)
        return free_name

    def _named(self, kind: str, thing: Page | Question) -> FormRow:
        name = self._names[kind, thing.code]
        return {"name": name, "qp_code": "" if name == thing.code else thing.code}

    def _relevant(self, thing: Page | Question) -> FormRow:
        if thing.show_if is None:
            return {}
        return {"relevant": write_rule(thing.show_if, self._questions, self._question_names)}


def _codes(q: Questionnaire) -> Iterator[tuple[str, str]]:
    yield from (("question", question.code) for question in q.questions)
    yield from (("page", page.code) for page in q.pages)


def _settings(q: Questionnaire) -> FormRow:
    return {
        "form_title": q.title.kk,
        "form_id": q.code,
        "version": str(q.version),
        "default_language": LANGUAGE_NAMES[LANGUAGES[0]],
        "style": "pages",
        "qp_audience": str(q.audience),
        "qp_minutes": str(q.minutes),
        "qp_areas_per_respondent": str(q.areas_per_respondent),
        "qp_consent_version": q.consent_version,
    }


def _headers(sheet: str, *more: str) -> tuple[str, ...]:
    texts = [text_header(column, lang) for column in TEXTS.get(sheet, ()) for lang in LANGUAGES]
    first, rest = SHEETS[sheet][:2], SHEETS[sheet][2:]
    return (*first, *texts, *(name for name in (*rest, *more) if name not in texts))


def _settings_headers() -> tuple[str, ...]:
    return ("form_title", *SHEETS["settings"][:2], "default_language", "style", *SHEETS["settings"][2:])


def _texts(column: str, text: Text3) -> FormRow:
    return {text_header(column, lang): words for lang, words in zip(LANGUAGES, text, strict=True)}


def _flag(value: bool) -> str:
    return "yes" if value else ""


def _fill(sheet: Worksheet, headers: tuple[str, ...], rows: Iterable[FormRow]) -> None:
    sheet.append(headers)
    for row in rows:
        sheet.append([row.get(header) or None for header in headers])
    for line in sheet.iter_rows():
        for cell in line:
            if cell.value is not None:
                cell.data_type = "s"  # a text that begins with = is no formula
    for column, header in enumerate(headers, 1):
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = 40 if "::" in header else 14
    sheet.freeze_panes = "C2"
