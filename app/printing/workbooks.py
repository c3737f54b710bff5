"""Lists as workbooks."""

import re
from collections.abc import Sequence
from datetime import date
from io import BytesIO

from surveys.workbook import in_child

ListCell = str | int | float | date | None

_UNHELD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 has no place for, not even as a number (§2.2, "Characters")."""

_WIDEST = 60
"""Characters of a column."""


def write_list(rows: Sequence[Sequence[ListCell]]) -> bytes:
    """Write rows, of which the first holds the headings, as a workbook; numbers and days stay what they are.

    A child writes it: what that loads goes with it. Signs that a workbook cannot hold become U+FFFD.
    """
    return in_child(_write_here, [[_holdable(cell) for cell in row] for row in rows])


def _holdable(cell: ListCell) -> ListCell:
    return _UNHELD.sub("\ufffd", cell) if isinstance(cell, str) else cell


def _write_here(rows: Sequence[Sequence[ListCell]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - 28 MB, which only the child that writes needs
    from openpyxl.cell import Cell, WriteOnlyCell  # noqa: PLC0415 - the same
    from openpyxl.styles import Font  # noqa: PLC0415 - the same
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - the same

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for number, column in enumerate(zip(*rows, strict=True), start=1):
        # Room for the longest text, within reason.
        longest = max(len("" if value is None else str(value)) for value in column)
        sheet.column_dimensions[get_column_letter(number)].width = min(longest + 2, _WIDEST)

    def heading(title: ListCell) -> Cell:
        cell: Cell = WriteOnlyCell(sheet, str(title))
        cell.font = Font(bold=True)
        return cell

    sheet.append([heading(title) for title in rows[0]])
    for row in rows[1:]:
        sheet.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()
