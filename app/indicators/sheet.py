"""A spreadsheet as lines of text cells, whatever file it came from, and the limits a file must keep."""

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from app.indicators.errors import Code, refused

LARGEST_FILE = 5_000_000
"""Bytes. Twenty cities × 101 indicators fill a file of about 0.3 MB."""
MOST_ROWS = 20_000
MOST_COLUMNS = 30

_COMPUTED = ("=", "+", "-", "@", "\t", "\r")


class Cell(NamedTuple):
    """The text of a cell; `defect` when the cell holds something that is no plain value."""

    text: str = ""
    defect: Code | None = None


class SheetRow(NamedTuple):
    """One line of a file, numbered from 1 as the person sees it."""

    line: int
    cells: tuple[Cell, ...]


def trimmed_row(line: int, cells: Iterable[Cell]) -> SheetRow:
    """Make a row without the empty cells at its end."""
    used = list(cells)
    while used and used[-1] == Cell():
        used.pop()
    return SheetRow(line, tuple(used))


def check_size(row: SheetRow) -> None:
    """Refuse a row that lies below or reaches beyond what a file of indicators can need."""
    if row.line > MOST_ROWS:
        raise refused(Code.TOO_MANY_ROWS, expected=str(MOST_ROWS), line=row.line)
    if len(row.cells) > MOST_COLUMNS:
        raise refused(Code.TOO_MANY_COLUMNS, expected=str(MOST_COLUMNS), line=row.line)


def text_cell(text: str) -> Cell:
    """Make a cell of a text: one kind of space, nothing invisible; what a spreadsheet would compute is marked."""
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf")
    tidy = _as_meant(" ".join(visible.split()))
    if tidy.startswith("="):
        return Cell(tidy, Code.FORMULA)
    return Cell(tidy, None if tidy.isprintable() else Code.UNPRINTABLE)


def _as_meant(text: str) -> str:
    """Take off the apostrophe that `neutral` put before a text, but never free what a spreadsheet would compute."""
    return text[1:] if text.startswith(tuple(f"'{sign}" for sign in _COMPUTED if sign != "=")) else text


def neutral(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula, for files we write."""
    return f"'{text}" if text.startswith(_COMPUTED) else text
