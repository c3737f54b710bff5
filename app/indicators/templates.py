"""Files to fill in, and the same with what is known: a row for each indicator of each city.

Names and hints stand in columns that the import passes over.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO, StringIO
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from app.indicators.catalogue import ReportingMethod
from app.indicators.cells import write_measure
from app.indicators.errors import Code, refused
from app.indicators.queries import IndicatorRow
from app.indicators.row_marks import HEADER as MARK
from app.indicators.row_marks import mark_of
from app.indicators.sheet import neutral
from app.indicators.vocabulary import BASES, COMMENT, HEADERS, NO, STATUSES, YES, SheetColumn
from scoring.edition import Indicator
from surveys.languages import Text3
from surveys.population.places import City
from surveys.workbook import in_child

_CITY_NAME = Text3(kk="қаланың атауы", ru="название города", en="name of the city")
_INDICATOR_NAME = Text3(kk="көрсеткіштің атауы", ru="название показателя", en="name of the indicator")
_REMARK = Text3(kk="ескерту", ru="замечание", en="remark")
_HOW = Text3(kk="қалай толтыру керек", ru="как заполнить", en="how to fill in")
_INSTRUCTIONS = {
    ReportingMethod.YES_NO: Text3(
        kk=f"мәні: {YES.kk} немесе {NO.kk}", ru=f"значение: {YES.ru} или {NO.ru}", en=f"value: {YES.en} or {NO.en}"
    ),
    ReportingMethod.PERCENTAGE: Text3(
        kk="мәні: пайызбен, мысалы 61,5", ru="значение: в процентах, например 61,5", en="value: in per cent, as 61.5"
    ),
    ReportingMethod.RATIO: Text3(kk="алымы мен бөлімі", ru="числитель и знаменатель", en="numerator and denominator"),
    ReportingMethod.MEASURED: Text3(kk="мәні: сан", ru="значение: число", en="value: a number"),
}
_TO_FILL = (
    SheetColumn.VALUE,
    SheetColumn.NUMERATOR,
    SheetColumn.DENOMINATOR,
    SheetColumn.STATUS,
    SheetColumn.SOURCE,
    SheetColumn.BASIS,
    SheetColumn.NOTE,
)
_WIDTHS = (14, 22, 16, 60, 34, 14, 14, 14, 16, 40, 24, 40, 34)
_AS_TEXT = "@"
"""Cells of this format keep what is typed: others turn 1.5 into the first of May."""

ENDINGS = (".csv", ".xlsx")


class Template(NamedTuple):
    """What a file to fill in asks for, in which language it speaks, and what is known already."""

    cities: Sequence[City]
    indicators: Iterable[Indicator]
    lang: str
    values: Mapping[tuple[str, str], IndicatorRow] = MappingProxyType({})
    """By city and indicator; their cells are filled in, those of others stay empty."""
    period: str = ""
    """The period it is for; each row is then marked (app.indicators.row_marks)."""
    remarks: Mapping[tuple[str, str], str] = MappingProxyType({})
    """What there is to say of a value, by city and indicator: a column for people, where there is anything."""


class WrittenSheet(NamedTuple):
    """A table to be written: a header and rows of texts, in the manner of a language."""

    lang: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int] = ()
    choices: Sequence[tuple[int, Sequence[str]]] = ()
    """Words that a workbook offers in a column, by its place from 0; others can be typed all the same."""


def write_template(path: Path, template: Template) -> int:
    """Write a CSV or XLSX file to fill in, and count its rows; raise ImportRefusedError for another kind of file."""
    if path.suffix.lower() not in ENDINGS:
        raise refused(Code.UNKNOWN_FORMAT, path.name, ", ".join(ENDINGS))
    sheet = template_sheet(template)
    path.write_bytes(written(sheet, path.suffix.lower()))
    return len(sheet.rows)


def template_sheet(template: Template) -> WrittenSheet:
    """Make the table: a row for each indicator of each city, in which nothing is computed by a spreadsheet."""
    lang = template.lang
    header = _header(lang)
    if template.remarks:
        header.append(f"{COMMENT} {_REMARK.pick(lang)}")
    if template.period:
        header.append(MARK.pick(lang))
    words = {SheetColumn.STATUS: STATUSES.values(), SheetColumn.BASIS: BASES.values()}
    choices = [
        (header.index(HEADERS[column].pick(lang)), [each.pick(lang) for each in texts])
        for column, texts in words.items()
    ]
    return WrittenSheet(lang, header, list(_rows(template)), _WIDTHS[: len(header)], choices)


def written(sheet: WrittenSheet, ending: str) -> bytes:
    """Write a table as a CSV or an XLSX file, the latter in a child: what that loads goes with it."""
    return _as_csv(sheet) if ending == ".csv" else in_child(_as_xlsx, sheet)


def _header(lang: str) -> list[str]:
    def comment(text: Text3) -> str:
        return f"{COMMENT} {text.pick(lang)}"

    city, indicator = HEADERS[SheetColumn.CITY].pick(lang), HEADERS[SheetColumn.INDICATOR].pick(lang)
    named = [city, comment(_CITY_NAME), indicator, comment(_INDICATOR_NAME), comment(_HOW)]
    return named + [HEADERS[column].pick(lang) for column in _TO_FILL]


def _rows(template: Template) -> Iterator[list[str]]:
    indicators = tuple(template.indicators)
    for city in template.cities:
        for indicator in indicators:
            instruction = _INSTRUCTIONS[ReportingMethod(indicator.method)].pick(template.lang)
            title, unit = Text3(*indicator.name).pick(template.lang), Text3(*indicator.unit).pick(template.lang)
            how = f"{instruction}, {unit}" if unit and indicator.method == ReportingMethod.MEASURED else instruction
            asked = [city.code, city.name.pick(template.lang), indicator.code, neutral(title), how]
            known = _known(template.values.get((city.code, indicator.code)), indicator, template.lang)
            said = [neutral(template.remarks.get((city.code, indicator.code), ""))] if template.remarks else []
            marks = [str(mark_of(template.period, city.code, indicator.code, known))] if template.period else []
            yield asked + known + said + marks


def _known(row: IndicatorRow | None, indicator: Indicator, lang: str) -> list[str]:
    """Write the cells that are to be filled in, with what is there already."""
    if row is None:
        return [""] * len(_TO_FILL)
    basis = BASES[row.basis].pick(lang) if row.basis else ""
    return [*write_measure(row.measure, indicator, lang), neutral(row.source), basis, neutral(row.note)]


def _as_csv(sheet: WrittenSheet) -> bytes:
    """Write what a spreadsheet program of that language opens by a double click: BOM, and its own delimiter."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter="," if sheet.lang == "en" else ";")
    writer.writerow(sheet.header)
    writer.writerows(sheet.rows)
    return text.getvalue().encode("utf-8-sig")


def _as_xlsx(sheet: WrittenSheet) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - 28 MB, which only the child that writes needs
    from openpyxl.cell import Cell, WriteOnlyCell  # noqa: PLC0415 - the same
    from openpyxl.styles import Font  # noqa: PLC0415 - the same
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - the same
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 - the same

    workbook = Workbook(write_only=True)
    page = workbook.create_sheet(sheet.lang)
    page.freeze_panes = "A2"
    for number, width in enumerate(sheet.widths, start=1):
        page.column_dimensions[get_column_letter(number)].width = width

    for index, words in sheet.choices if sheet.rows else ():
        letter = get_column_letter(index + 1)
        offered = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=False)
        offered.add(f"{letter}2:{letter}{len(sheet.rows) + 1}")
        page.data_validations.append(offered)

    def cell(text: str, *, bold: bool = False) -> Cell:
        write_only: Cell = WriteOnlyCell(page, value=text)
        write_only.font = Font(bold=bold)
        write_only.number_format = _AS_TEXT
        return write_only

    page.append([cell(text, bold=True) for text in sheet.header])
    for row in sheet.rows:
        page.append([cell(text) for text in row])
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()
