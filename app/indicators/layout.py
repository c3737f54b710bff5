"""The header of a file: which column stands where, in whichever language it is named."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from app.indicators.errors import Code, ImportFault, ImportRefusedError, refused
from app.indicators.sheet import MOST_COLUMNS, Cell, SheetRow
from app.indicators.vocabulary import COMMENT, SheetColumn, column_named


class Layout(NamedTuple):
    """Where each column stands, what its header says in the file, and which columns are comments."""

    indexes: Mapping[str, int]
    headers: Mapping[str, str]
    comments: frozenset[int]

    def cell(self, row: SheetRow, column: SheetColumn) -> Cell:
        """Give the cell of a column; an empty one where the row or the file does not reach."""
        index = self.column_index(column)
        return row.cells[index] if index < len(row.cells) else Cell()

    def column_index(self, column: str) -> int:
        """Tell where a column stands; beyond all others when the file does not have it."""
        return self.indexes.get(column, MOST_COLUMNS)

    def header(self, column: str) -> str:
        """Name a column as the file does."""
        return self.headers.get(column, column)

    def strays(self, row: SheetRow) -> Iterator[ImportFault]:
        """Find cells below no header: often a comma inside a number of a file that is parted by commas."""
        expected = self.comments.union(self.indexes.values())
        for index, cell in enumerate(row.cells):
            if index not in expected and cell.text:
                yield ImportFault(row.line, _letter(index), Code.STRAY_CELL, cell.text)


def read_layout(header: SheetRow) -> Layout:
    """Find the columns of a file; raise ImportRefusedError naming all that are missing, unknown or there twice."""
    faults: list[ImportFault] = []
    indexes: dict[str, int] = {}
    comments: set[int] = set()
    for index, name in enumerate(cell.text for cell in header.cells):
        column = column_named(name)
        if name.startswith(COMMENT):
            comments.add(index)
        elif column in indexes:
            faults.append(ImportFault(header.line, name, Code.REPEATED_COLUMN))
        elif column:
            indexes[column] = index
        elif name:
            faults.append(ImportFault(header.line, name, Code.UNKNOWN_COLUMN, name, ", ".join(SheetColumn)))
    if not indexes:
        raise refused(Code.NO_HEADER, expected=", ".join(SheetColumn), line=header.line)
    faults += (ImportFault(header.line, column, Code.MISSING_COLUMN) for column in _lacking(indexes))
    if faults:
        raise ImportRefusedError(faults)
    return Layout(indexes, {column: header.cells[index].text for column, index in indexes.items()}, frozenset(comments))


def _lacking(indexes: Collection[str]) -> Iterator[SheetColumn]:
    """Name the columns a file cannot be read without: a value, or a numerator with its denominator."""
    needed = [SheetColumn.CITY, SheetColumn.INDICATOR]
    if SheetColumn.NUMERATOR in indexes or SheetColumn.DENOMINATOR in indexes:
        needed += [SheetColumn.NUMERATOR, SheetColumn.DENOMINATOR]
    else:
        needed.append(SheetColumn.VALUE)
    return (column for column in needed if column not in indexes)


def _letter(index: int) -> str:
    """Name a column as spreadsheets do: A, B, …, Z, AA, AB, and so on."""
    before, last = divmod(index, 26)
    return (chr(ord("A") + before - 1) if before else "") + chr(ord("A") + last)
