"""The header of a file: which column stands where, in whichever language it is named."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from app.indicators.errors import Code, Fault, ImportRefusedError, refused
from app.indicators.sheet import MOST_COLUMNS, Cell, Row
from app.indicators.vocabulary import COMMENT, Column, column_named


class Layout(NamedTuple):
    """Where each column stands, what its header says in the file, and which columns are comments."""

    places: Mapping[str, int]
    headers: Mapping[str, str]
    comments: frozenset[int]

    def cell(self, row: Row, column: Column) -> Cell:
        """Give the cell of a column; an empty one where the row or the file does not reach."""
        place = self.place(column)
        return row.cells[place] if place < len(row.cells) else Cell()

    def place(self, column: str) -> int:
        """Tell where a column stands; beyond all others when the file does not have it."""
        return self.places.get(column, MOST_COLUMNS)

    def header(self, column: str) -> str:
        """Name a column as the file does."""
        return self.headers.get(column, column)

    def strays(self, row: Row) -> Iterator[Fault]:
        """Find cells below no header: often a comma inside a number of a file that is parted by commas."""
        known = self.comments.union(self.places.values())
        for place, cell in enumerate(row.cells):
            if place not in known and cell.text:
                yield Fault(row.line, _letter(place), Code.STRAY_CELL, cell.text)


def read_layout(header: Row) -> Layout:
    """Find the columns of a file; raise ImportRefusedError naming all that are missing, unknown or there twice."""
    faults: list[Fault] = []
    places: dict[str, int] = {}
    comments: set[int] = set()
    for place, name in enumerate(cell.text for cell in header.cells):
        column = column_named(name)
        if name.startswith(COMMENT):
            comments.add(place)
        elif column in places:
            faults.append(Fault(header.line, name, Code.REPEATED_COLUMN))
        elif column:
            places[column] = place
        elif name:
            faults.append(Fault(header.line, name, Code.UNKNOWN_COLUMN, name, ", ".join(Column)))
    if not places:
        raise refused(Code.NO_HEADER, expected=", ".join(Column), line=header.line)
    faults += (Fault(header.line, column, Code.MISSING_COLUMN) for column in _lacking(places))
    if faults:
        raise ImportRefusedError(faults)
    return Layout(places, {column: header.cells[place].text for column, place in places.items()}, frozenset(comments))


def _lacking(places: Collection[str]) -> Iterator[Column]:
    """Name the columns a file cannot be read without: a value, or a numerator with its denominator."""
    needed = [Column.CITY, Column.INDICATOR]
    if Column.NUMERATOR in places or Column.DENOMINATOR in places:
        needed += [Column.NUMERATOR, Column.DENOMINATOR]
    else:
        needed.append(Column.VALUE)
    return (column for column in needed if column not in places)


def _letter(place: int) -> str:
    """Name a place as spreadsheets do: A, B, …, Z, AA, AB, and so on."""
    before, last = divmod(place, 26)
    return (chr(ord("A") + before - 1) if before else "") + chr(ord("A") + last)
