"""The sheets of an XLSForm as rows of named texts; what is no text, or in a column we do not know, is named."""

from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from typing import Any, NamedTuple

from surveys.workbook import Limits, check_archive, in_child, opened
from surveys.xlsform.vocabulary import ALSO_READ, IGNORED, SHEETS, TEXTS, text_column

MOST_ROWS = 3_000
MOST_COLUMNS = 60
MOST_SHEETS = 20


class Misfit(NamedTuple):
    """Something in a form that a questionnaire cannot hold: where, and why. Row 0 is the sheet as a whole."""

    sheet: str
    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        """Write the misfit as one line of a report."""
        where = ", ".join(filter(None, (f"sheet {self.sheet}", f"row {self.row}" if self.row else "", self.column)))
        return f"{where}: {self.reason}"


class FormRow(NamedTuple):
    """One line of a sheet, numbered as the person sees it: its cells by column, its texts by column and language."""

    line: int
    cells: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]

    def cell(self, column: str) -> str:
        """Give a cell without the space around it, "" when there is none."""
        return self.cells.get(column, "").strip()


class Sheets(NamedTuple):
    """What a workbook holds, by sheet, and what of it was not understood."""

    rows: Mapping[str, tuple[FormRow, ...]]
    misfits: tuple[Misfit, ...]


def read_sheets(content: bytes, limits: Limits = Limits()) -> Sheets:  # noqa: B008 - Limits cannot be changed
    """Read the sheets of a form in a child process with limits; raises WorkbookError."""
    check_archive(content)
    return in_child(read_here, content, limits)


def read_here(content: bytes) -> Sheets:
    """Read the sheets of a checked workbook in this process."""
    rows: dict[str, tuple[FormRow, ...]] = {}
    misfits: list[Misfit] = []
    with opened(content) as workbook:
        for sheet in workbook.worksheets[:MOST_SHEETS]:
            if sheet.title.strip().casefold() in SHEETS:
                name = sheet.title.strip().casefold()
                rows[name] = tuple(_rows(name, sheet, misfits))
            else:
                misfits.append(Misfit(sheet.title[:31], 0, "", "a questionnaire has no such sheet"))
        if len(workbook.worksheets) > MOST_SHEETS:
            misfits.append(Misfit("", 0, "", f"more than {MOST_SHEETS} sheets"))
    return Sheets(rows, tuple(dict.fromkeys(misfits)))


def _rows(name: str, sheet: Any, misfits: list[Misfit]) -> Iterator[FormRow]:
    headers: list[str] = []
    for line, cells in enumerate(sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS + 1), start=1):
        if line > MOST_ROWS:
            misfits.append(Misfit(name, line, "", f"more than {MOST_ROWS} rows"))
            return
        if not headers:
            headers = [str(cell.value or "").strip() for cell in cells]
            misfits += _wide(name, line, headers)
            continue
        written = [(header, cell) for header, cell in zip(headers, cells, strict=False) if cell.value is not None]
        if row := _row(name, line, written, misfits):
            yield row


def _wide(name: str, line: int, headers: list[str]) -> Iterator[Misfit]:
    if any(headers[MOST_COLUMNS:]):  # a sheet of few columns is padded to as many as were asked for
        yield Misfit(name, line, "", f"more than {MOST_COLUMNS} columns")
    repeated = sorted({header for header in headers if header and headers.count(header) > 1})
    yield from (Misfit(name, line, header, "a column that stands twice") for header in repeated)


def _row(name: str, line: int, filled: list[tuple[str, Any]], misfits: list[Misfit]) -> FormRow | None:
    cells: dict[str, str] = {}
    texts: dict[str, dict[str, str]] = {}
    for header, cell in filled:
        column = _plain_header(header)
        reason = _fault(cell)
        text = text_column(header)
        if reason:
            misfits.append(Misfit(name, line, header, reason))
        elif text and text[0] in TEXTS.get(name, ()):
            texts.setdefault(text[0], {})[text[1]] = _text(cell.value)
        elif column in SHEETS[name] or column in ALSO_READ.get(name, ()):
            cells[column] = _text(cell.value)
        elif column not in IGNORED:
            misfits.append(Misfit(name, line, header, _unknown(name, column)))
    return FormRow(line, cells, texts) if cells or texts else None


def _plain_header(header: str) -> str:
    return header.strip().casefold().replace(" ", "_").removeprefix("bind::")


def _unknown(name: str, column: str) -> str:
    columns = TEXTS.get(name, ())
    if column.partition(":")[0] in columns:
        return "a text in a language that is not named as Kazakh (kk), Russian (ru) or English (en)"
    return "a questionnaire has no such column"


def _fault(cell: Any) -> str:
    if cell.data_type == "f":
        return "a formula"
    if cell.data_type == "e":
        return "an error of the spreadsheet"
    return "a date or time" if isinstance(cell.value, date | time | timedelta) else ""


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
