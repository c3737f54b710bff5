"""An XLSForm as the plain data of a questionnaire's YAML file, and every row or column that cannot be carried."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from surveys.languages import LANGUAGES
from surveys.questionnaire.kinds import KINDS, Kind, of_xlsform
from surveys.xlsform.rules import ExpressionError, read_rule
from surveys.xlsform.sheets import FormRow, Misfit, Sheets
from surveys.xlsform.vocabulary import ALSO_READ, language_named

Plain = dict[str, Any]

_COVER: Final = frozenset({"title", "lead", "period"})
_YES: Final = frozenset({"yes", "true", "true()", "1"})
_NO: Final = frozenset({"", "no", "false", "false()", "0"})
_NUMBERS: Final = frozenset(
    {"version", "qp_minutes", "qp_areas_per_respondent"},
)
_GROUP = re.compile(r"(begin|end)[ _](group|repeat)")
_NOTE: Final = "note"


class Read(NamedTuple):
    """A form as plain data; `lines` maps the locations of validation to rows of the survey sheet."""

    document: Plain
    misfits: tuple[Misfit, ...]
    lines: Mapping[str, int]


def read_form(sheets: Sheets, source: str) -> Read:
    """Make plain data of a form's sheets; what cannot be carried is left out of it and named."""
    reader = _FormReader(sheets, source)
    for row in sheets.rows.get("survey", ()):
        reader.take(row)
    return Read(reader.document(), (*sheets.misfits, *reader.misfits), reader.lines)


class _FormReader:
    def __init__(self, sheets: Sheets, source: str) -> None:
        self.misfits: list[Misfit] = []
        self.lines: dict[str, int] = {}
        self._source = source
        self._sheets = sheets
        self._document: Plain = {"consent": [], "pages": []}
        self._page: Plain | None = None
        self._passed = 0
        types = "|".join({kind.xlsform.replace("_", "[ _]"): None for kind in KINDS.values()})
        self._type = re.compile(rf"({types}|{_NOTE})(?: +(\S+))?")
        self._choices = self._lists(sheets.rows.get("choices", ()))
        self._codes = {row.cell("name"): _code(row) for row in sheets.rows.get("survey", ()) if row.cell("name")}

    def document(self) -> Plain:
        settings = self._sheets.rows.get("settings", ())
        first = settings[0] if settings else FormRow(0, {}, {})
        self.misfits += [Misfit("settings", row.line, "", "a second row of settings") for row in settings[1:]]
        plain = {"form_id": "code", "version": "version"}
        if title := _title(first):
            self._document.setdefault("title", title)
        for column in (each for each in first.cells if each not in ALSO_READ["settings"]):
            text = first.cells[column]
            key = plain.get(column, column.removeprefix("qp_"))
            self._document[key] = _whole(text.strip()) if column in _NUMBERS else text.strip()
        allowed = [dict(row.cells) for row in self._sheets.rows.get("qp_reviewed", ())]
        return self._document | ({"reviewed": allowed} if allowed else {})

    def take(self, row: FormRow) -> None:
        kind = row.cell("type").casefold()
        if group := _GROUP.fullmatch(kind):
            self._group(row, group[1], group[2])
        elif self._passed:
            self._misfit(row, "", "inside a group that cannot be carried")
        elif (match := self._type.fullmatch(kind)) is None:
            self._misfit(row, "type", f"{row.cell('type') or 'no type'}: none of the five kinds of question")
        elif match[1] == _NOTE:
            self._note(row)
        else:
            # The list's name keeps its capitals.
            question_kind = of_xlsform(match[1].replace(" ", "_"), row.cell("qp_kind"))
            self._question(row, question_kind, row.cell("type")[match.start(2) :] if match[2] else "")

    def _group(self, row: FormRow, edge: str, noun: str) -> None:
        if edge == "end":
            self._passed, self._page = max(0, self._passed - 1), self._page if self._passed else None
        elif self._passed or self._page is not None or noun == "repeat":
            self._passed += 1
            self._misfit(row, "type", "repeated questions" if noun == "repeat" else "a group inside a group")
        else:
            area = row.cell("qp_area")
            role = row.cell("qp_role") or ("area" if area else "about")
            page = {"code": _code(row), "role": role, "title": self._text(row, "label"), "questions": []}
            self._page = page | _without_blanks(area=area) | self._rule(row)
            self._document["pages"].append(self._page)
            self.lines[f"{self._source}, page {_code(row)}"] = row.line
            self._unused(row, "required", "constraint", "hint")

    def _note(self, row: FormRow) -> None:
        part = row.cell("qp_part") or row.cell("name").rstrip("_0123456789")
        text = self._text(row, "label")
        self._unused(row, "required", "relevant", "constraint", "hint")
        if self._page is not None and not self._page["questions"] and "intro" not in self._page:
            self._page["intro"] = text
        elif self._page is None and part == "consent":
            self._document["consent"].append(text)
        elif self._page is None and part in _COVER:
            self._document[part] = text
        else:
            self._misfit(row, "", "a note: only title, lead, period, consent and a page's introduction have a place")

    def _question(self, row: FormRow, kind: Kind, listed: str) -> None:
        if self._page is None:
            self._misfit(row, "", "a question outside a group: a group is a page")
            return
        if kind.most_options and listed not in self._choices:
            self._misfit(row, "type", f"no list {listed or 'named'} on the sheet of choices")
            return
        question: Plain = {
            "code": _code(row),
            "kind": row.cell("qp_kind") or kind.code,
            "label": self._text(row, "label"),
        }
        if "hint" in row.texts:
            question["hint"] = self._text(row, "hint")
        if kind.most_options:
            question["options"] = self._choices[listed]
        question |= _without_blanks(weighting=row.cell("qp_weighting"), required=self._flag(row, "required"))
        question |= _without_blanks(scored=self._flag(row, "qp_scored"), reverse=self._flag(row, "qp_reverse"))
        self._page["questions"].append(question | self._rule(row) | self._limits(row, kind))
        self.lines[f"{self._source}, page {self._page['code']}, question {_code(row)}"] = row.line

    def _limits(self, row: FormRow, kind: Kind) -> Plain:
        text = row.cell("constraint")
        limits: Plain = {}
        for part in map(str.strip, text.split(" and ")) if text else ():
            if limit := kind.read_limit(part):
                limits |= limit
            else:
                self._misfit(row, "constraint", f"{part}: a number has a least and a greatest value, a text a length")
        return limits

    def _rule(self, row: FormRow) -> Plain:
        text = row.cell("relevant")
        if not text:
            return {}
        try:
            return {"show_if": self._coded(read_rule(text))}
        except ExpressionError as error:
            self._misfit(row, "relevant", str(error))
            return {}

    def _coded(self, rule: Plain) -> Plain:
        """Put the codes of questions in place of their names in the form."""
        for joined in ("all_of", "any_of"):
            if joined in rule:
                return {joined: [self._coded(part) for part in rule[joined]]}
        return rule | {"question": self._codes.get(rule["question"], rule["question"])}

    def _flag(self, row: FormRow, column: str) -> bool:
        text = row.cell(column).casefold()
        if text not in _YES | _NO:
            self._misfit(row, column, f"{row.cell(column)}: yes or nothing is due")
        return text in _YES

    def _lists(self, rows: Iterable[FormRow]) -> dict[str, list[Plain]]:
        lists: dict[str, list[Plain]] = {}
        for row in rows:
            option = {"code": row.cell("name"), "label": self._text(row, "label")}
            value = _whole(row.cell("qp_value"))
            option |= _without_blanks(value=value) | _without_blanks(apart=row.cell("qp_apart").casefold() in _YES)
            lists.setdefault(row.cell("list_name"), []).append(option | _without_blanks(city=row.cell("qp_city")))
        return lists

    @staticmethod
    def _text(row: FormRow, column: str) -> Plain:
        return dict(row.texts.get(column, {}))

    def _unused(self, row: FormRow, *columns: str) -> None:
        for column in columns:
            if row.cell(column) or column in row.texts:
                self._misfit(row, column, "has no place on this row")

    def _misfit(self, row: FormRow, column: str, reason: str) -> None:
        self.misfits.append(Misfit("survey", row.line, column, reason))


def _code(row: FormRow) -> str:
    return row.cell("qp_code") or row.cell("name")


def _title(settings: FormRow) -> Plain:
    """Give the title of a form by language; one that names no language is in that of the form."""
    titles: Plain = dict(settings.texts.get("form_title", {}))
    if plain := settings.cell("form_title"):
        titles.setdefault(language_named(settings.cell("default_language")) or LANGUAGES[0], plain)
    return titles


def _without_blanks(**values: object) -> Plain:
    return {name: value for name, value in values.items() if value is not None and value is not False and value != ""}


def _whole(text: str) -> int | str:
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else text
