"""From the lines of a file to checked entries: every fault of every row is found, then all entries or none."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from app.indicators.errors import Code, Faults, ImportFault, ImportRefusedError, refused
from app.indicators.layout import Layout, read_layout
from app.indicators.measures import MeasureCells, Measurement, measure
from app.indicators.sheet import SheetRow
from app.indicators.vocabulary import LONGEST_SOURCE, SheetColumn
from scoring.edition import Indicator
from surveys.population.places import PlaceError, Places

_MEASURED = (SheetColumn.VALUE, SheetColumn.NUMERATOR, SheetColumn.DENOMINATOR, SheetColumn.STATUS)


class ReportedValue(NamedTuple):
    """One checked row: what a file says about an indicator of a city."""

    city: str
    indicator: str
    measure: Measurement
    source: str
    line: int = 0


class Reference(NamedTuple):
    """What rows are checked against: the edition's indicators by code, and the places by any of their names."""

    indicators: Mapping[str, Indicator]
    places: Places


class _Sheet(NamedTuple):
    """A file being read: its header, what it is checked against, and the line each pair was first met on."""

    layout: Layout
    reference: Reference
    first_lines: dict[tuple[str, str], int]


def read_entries(rows: Iterable[SheetRow], reference: Reference) -> tuple[ReportedValue, ...]:
    """Check all rows of a file; raise ImportRefusedError naming every fault found."""
    lines = (row for row in rows if row.cells)
    header = next(lines, None)
    if header is None:
        raise refused(Code.EMPTY_FILE)
    sheet = _Sheet(read_layout(header), reference, {})
    body = list(lines)
    faults = Faults()
    entries = [faults.of(_entry, row, sheet) for row in body]
    if faults.reasons:
        raise ImportRefusedError(fault._replace(column=sheet.layout.header(fault.column)) for fault in faults.reasons)
    if not any(sheet.layout.cell(row, column).text for row in body for column in _MEASURED):
        raise refused(Code.NOTHING_GIVEN)
    return tuple(entry for entry in entries if entry)


def _entry(row: SheetRow, sheet: _Sheet) -> ReportedValue:
    """Check one row; raise ImportRefusedError naming all its faults, in the order of its cells."""
    texts = {column: sheet.layout.cell(row, column).text for column in SheetColumn}
    faults = Faults()
    faults.reasons += (*sheet.layout.strays(row), *_defects(row, sheet.layout))
    spoiled = any(fault.column in _MEASURED for fault in faults.reasons)
    city = faults.of(_city, row.line, texts[SheetColumn.CITY], sheet.reference)
    indicator = faults.of(_indicator, row.line, texts[SheetColumn.INDICATOR], sheet.reference)
    source = faults.of(_source, row.line, texts[SheetColumn.SOURCE])
    measured = None
    if indicator and not spoiled:
        measured = faults.of(measure, MeasureCells(row.line, *(texts[column] for column in _MEASURED)), indicator)
    if city and indicator:
        faults.of(_once, row.line, (city, indicator.code), sheet)
    if faults.reasons or city is None or indicator is None or measured is None or source is None:
        raise ImportRefusedError(sorted(faults.reasons, key=lambda fault: sheet.layout.column_index(fault.column)))
    return ReportedValue(city, indicator.code, measured, source, row.line)


def _defects(row: SheetRow, layout: Layout) -> Iterator[ImportFault]:
    """Find formulas, errors and dates in the columns that are read."""
    for column in SheetColumn:
        text, defect = layout.cell(row, column)
        if defect:
            yield ImportFault(row.line, column, defect, text)


def _city(line: int, name: str, reference: Reference) -> str:
    try:
        return reference.places.find_city(name).code
    except PlaceError as error:
        nearest = ", ".join(error.suggestions)
        raise refused(Code.UNKNOWN_CITY, name, nearest, line=line, column=SheetColumn.CITY) from error


def _indicator(line: int, code: str, reference: Reference) -> Indicator:
    indicator = reference.indicators.get(code.casefold())
    if indicator is None:
        raise refused(Code.UNKNOWN_INDICATOR, code, line=line, column=SheetColumn.INDICATOR)
    return indicator


def _source(line: int, text: str) -> str:
    if len(text) > LONGEST_SOURCE:
        raise refused(Code.TOO_LONG, text, str(LONGEST_SOURCE), line=line, column=SheetColumn.SOURCE)
    return text


def _once(line: int, pair: tuple[str, str], sheet: _Sheet) -> None:
    first = sheet.first_lines.setdefault(pair, line)
    if first != line:
        raise refused(Code.DUPLICATE, ", ".join(pair), str(first), line=line, column=SheetColumn.INDICATOR)
