"""Lines of an XLSX workbook of indicators, read under the guards of surveys.workbook."""

import re
from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.indicators.errors import Code, refused
from app.indicators.sheet import MOST_COLUMNS, MOST_ROWS, Cell, SheetRow, check_size, text_cell, trimmed_row
from surveys import workbook
from surveys.workbook import Limits, WorkbookError

if TYPE_CHECKING:
    from openpyxl import Workbook

_NO_CODE_IN_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.')


def read_xlsx(content: bytes, limits: Limits = Limits()) -> list[SheetRow]:  # noqa: B008 - Limits cannot be changed
    """Give the lines of the first sheet of a workbook, blank ones too; raise ImportRefusedError."""
    check_archive(content)
    try:
        return workbook.in_child(read_here, content, limits)
    except WorkbookError as error:
        raise refused(Code(error.cause)) from error


def check_archive(content: bytes) -> None:
    """Refuse by its zip directory a workbook that is none, is encrypted or would unpack to too much."""
    try:
        workbook.check_archive(content)
    except WorkbookError as error:
        raise refused(Code(error.cause)) from error


def read_here(content: bytes) -> list[SheetRow]:
    """Read the first sheet in this process: for a child with limits, never for one that answers people."""
    try:
        with workbook.opened(content) as book:
            return list(_rows(book))
    except WorkbookError as error:
        raise refused(Code(error.cause)) from error


def _rows(book: "Workbook") -> Iterator[SheetRow]:
    sheet = book.worksheets[0]
    for line, cells in enumerate(sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS + 1), start=1):
        row = trimmed_row(line, map(_cell, cells))
        check_size(row)
        yield row


def _cell(cell: Any) -> Cell:
    """Turn a workbook's cell into text; formulas, errors and dates are marked, never read."""
    value = cell.value
    defect = _defect(cell.data_type, value)
    if value is None or defect:
        return Cell("" if value is None else str(value), defect)
    if isinstance(value, bool):
        return Cell(str(value).upper())
    if isinstance(value, int | float):
        return Cell(_number_text(value, cell.number_format))
    return text_cell(str(value))


def _defect(data_type: str, value: object) -> Code | None:
    if isinstance(value, date | time | timedelta):
        return Code.DATE
    return {"f": Code.FORMULA, "e": Code.ERROR_CELL}.get(data_type)


def _number_text(value: float, number_format: str) -> str:
    """Write the number a workbook holds as it was typed: 0.615 shown as a percentage is 61.5%."""
    exact = Decimal(repr(value))
    if "%" in _NO_CODE_IN_FORMAT.sub("", number_format):
        return f"{_plain(exact.scaleb(2))}%"
    return _plain(exact)


def _plain(number: Decimal) -> str:
    return format(number.to_integral_value() if number == number.to_integral_value() else number, "f")
