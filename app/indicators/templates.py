"""Files to fill in: a row for each indicator of each city, with names and hints in columns the import passes over."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font

from app.indicators.catalogue import ReportingMethod
from app.indicators.errors import Code, refused
from app.indicators.sheet import neutral
from app.indicators.vocabulary import COMMENT, HEADERS, NO, YES, SheetColumn
from scoring.edition import Indicator
from surveys.languages import Text3
from surveys.population.places import City

_CITY_NAME = Text3(kk="қаланың атауы", ru="название города", en="name of the city")
_INDICATOR_NAME = Text3(kk="көрсеткіштің атауы", ru="название показателя", en="name of the indicator")
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
_TO_FILL = (SheetColumn.VALUE, SheetColumn.NUMERATOR, SheetColumn.DENOMINATOR, SheetColumn.STATUS, SheetColumn.SOURCE)
_WIDTHS = (14, 22, 16, 60, 34, 14, 14, 14, 16, 40)
_AS_TEXT = "@"
"""Cells of this format keep what is typed: others turn 1.5 into the first of May."""


class Template(NamedTuple):
    """What a file to fill in asks for, and in which language it speaks."""

    cities: Sequence[City]
    indicators: Iterable[Indicator]
    lang: str


def write_template(path: Path, template: Template) -> int:
    """Write a CSV or XLSX file to fill in, and count its rows; raise ImportRefusedError for another kind of file."""
    writers = {".csv": _write_csv, ".xlsx": _write_xlsx}
    if path.suffix.lower() not in writers:
        raise refused(Code.UNKNOWN_FORMAT, path.name, ", ".join(writers))
    rows = list(_rows(template))
    writers[path.suffix.lower()](path, _header(template.lang), rows, template.lang)
    return len(rows)


def _header(lang: str) -> list[str]:
    def comment(text: Text3) -> str:
        return f"{COMMENT} {text.pick(lang)}"

    city, indicator = HEADERS[SheetColumn.CITY].pick(lang), HEADERS[SheetColumn.INDICATOR].pick(lang)
    named = [city, comment(_CITY_NAME), indicator, comment(_INDICATOR_NAME), comment(_HOW)]
    return named + [HEADERS[column].pick(lang) for column in _TO_FILL]


def _rows(template: Template) -> Iterator[list[str]]:
    """Write the cells before those that are to be filled in."""
    indicators = tuple(template.indicators)
    for city in template.cities:
        for indicator in indicators:
            instruction = _INSTRUCTIONS[ReportingMethod(indicator.method)].pick(template.lang)
            title, unit = Text3(*indicator.name).pick(template.lang), Text3(*indicator.unit).pick(template.lang)
            how = f"{instruction}, {unit}" if unit and indicator.method == ReportingMethod.MEASURED else instruction
            yield [city.code, city.name.pick(template.lang), indicator.code, neutral(title), how]


def _write_csv(path: Path, header: list[str], rows: list[list[str]], lang: str) -> None:
    """Write what a spreadsheet program of that language opens by a double click: BOM, and its own delimiter."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter="," if lang == "en" else ";")
        writer.writerow(header)
        writer.writerows(row + [""] * len(_TO_FILL) for row in rows)


def _write_xlsx(path: Path, header: list[str], rows: list[list[str]], lang: str) -> None:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(lang)
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHIJ", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width

    def cell(text: str, *, bold: bool = False) -> Cell:
        write_only: Cell = WriteOnlyCell(sheet, value=text)
        write_only.font = Font(bold=bold)
        write_only.number_format = _AS_TEXT
        return write_only

    sheet.append([cell(text, bold=True) for text in header])
    for row in rows:
        sheet.append([cell(text) for text in row + [""] * len(_TO_FILL)])
    workbook.save(path)
