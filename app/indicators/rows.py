"""From the lines of a file to checked entries: every fault of every row is found, then all entries or none."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from app.indicators.errors import Code, Faults, ImportFault, ImportRefusedError, refused
from app.indicators.layout import Layout, read_layout
from app.indicators.measures import MeasureCells, Measurement, measure
from app.indicators.row_marks import RowMark, digest_of, read_mark
from app.indicators.sheet import SheetRow
from app.indicators.vocabulary import LONGEST_NOTE, LONGEST_SOURCE, Basis, SheetColumn, basis_named
from scoring.edition import Indicator
from surveys.population.places import PlaceError, Places

_MEASURED = (SheetColumn.VALUE, SheetColumn.NUMERATOR, SheetColumn.DENOMINATOR, SheetColumn.STATUS)
_GIVEN = (*_MEASURED, SheetColumn.SOURCE, SheetColumn.BASIS, SheetColumn.NOTE)
"""What a file of ours leaves to be filled in, in its order."""
_LONGEST = {SheetColumn.SOURCE: LONGEST_SOURCE, SheetColumn.NOTE: LONGEST_NOTE}


class ReportedValue(NamedTuple):
    """One checked row: what a file says about an indicator of a city."""

    city: str
    indicator: str
    measure: Measurement
    source: str | None
    """None, as for basis and note, where the file has no such column: what is stored stays."""
    line: int = 0
    basis: Basis | None = None
    note: str | None = None
    is_blank: bool = False
    """Nothing stands in the cells of the measure; what was given before is withdrawn by it."""
    is_untouched: bool = False
    """The file is one of ours, and the row is as it was written: nobody says anything by it."""


class Reference(NamedTuple):
    """What rows are checked against: the edition's indicators by code, and the places by any of their names.

    `only` is the one city that the file may be about, `period` the one that files of ours may be for; rows of those
    that nobody touched are told only where a period is named.
    """

    indicators: Mapping[str, Indicator]
    places: Places
    only: str | None = None
    period: str = ""


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
    _check_target(body, sheet)
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
    source = faults.of(_short, row.line, SheetColumn.SOURCE, texts[SheetColumn.SOURCE])
    note = faults.of(_short, row.line, SheetColumn.NOTE, texts[SheetColumn.NOTE])
    basis = faults.of(_basis, row.line, texts[SheetColumn.BASIS])
    measured = None
    if indicator and not spoiled:
        measured = faults.of(measure, MeasureCells(row.line, *(texts[column] for column in _MEASURED)), indicator)
    if city and indicator:
        faults.of(_once, row.line, (city, indicator.code), sheet)
    if faults.reasons or city is None or indicator is None or measured is None:
        raise ImportRefusedError(sorted(faults.reasons, key=lambda fault: sheet.layout.column_index(fault.column)))
    has = sheet.layout.indexes
    return ReportedValue(
        city,
        indicator.code,
        measured,
        source if SheetColumn.SOURCE in has else None,
        row.line,
        basis if SheetColumn.BASIS in has else None,
        note if SheetColumn.NOTE in has else None,
        not any(texts[column] for column in _MEASURED),
        _is_untouched(row, indicator, [texts[column] for column in _GIVEN], sheet),
    )


def _check_target(body: Iterable[SheetRow], sheet: _Sheet) -> None:
    """Refuse in one sentence a file of ours that was made for another period or for other cities only."""
    layout, (_indicators, _places, only, period) = sheet.layout, sheet.reference
    marks = [mark for row in body if (mark := _mark(row, layout))]
    others = sorted({mark.period for mark in marks} - {period})
    if period and others:
        raise refused(Code.OTHER_PERIOD, ", ".join(others), period)
    cities = sorted({mark.city for mark in marks})
    if period and only and cities and only not in cities:
        raise refused(Code.FILE_OF_OTHER_CITY, ", ".join(cities), only)


def _mark(row: SheetRow, layout: Layout) -> RowMark | None:
    return read_mark(cell.text for index, cell in enumerate(row.cells) if index in layout.comments)


def _is_untouched(row: SheetRow, indicator: Indicator, texts: Iterable[str], sheet: _Sheet) -> bool:
    mark = _mark(row, sheet.layout) if sheet.reference.period else None
    return mark is not None and mark.digest == digest_of(indicator.code, texts)


def _defects(row: SheetRow, layout: Layout) -> Iterator[ImportFault]:
    """Find formulas, errors and dates in the columns that are read."""
    for column in SheetColumn:
        text, defect = layout.cell(row, column)
        if defect:
            yield ImportFault(row.line, column, defect, text)


def _city(line: int, name: str, reference: Reference) -> str:
    try:
        city = reference.places.find_city(name).code
    except PlaceError as error:
        nearest = ", ".join(error.suggestions)
        raise refused(Code.UNKNOWN_CITY, name, nearest, line=line, column=SheetColumn.CITY) from error
    if reference.only not in {None, city}:
        raise refused(Code.OTHER_CITY, name, line=line, column=SheetColumn.CITY)
    return city


def _indicator(line: int, code: str, reference: Reference) -> Indicator:
    indicator = reference.indicators.get(code.casefold())
    if indicator is None:
        raise refused(Code.UNKNOWN_INDICATOR, code, line=line, column=SheetColumn.INDICATOR)
    return indicator


def _short(line: int, column: SheetColumn, text: str) -> str:
    longest = _LONGEST[column]
    if len(text) > longest:
        raise refused(Code.TOO_LONG, text, str(longest), line=line, column=column)
    return text


def _basis(line: int, text: str) -> Basis:
    basis = basis_named(text)
    if basis is None:
        raise refused(Code.UNKNOWN_BASIS, text, ", ".join(filter(None, Basis)), line=line, column=SheetColumn.BASIS)
    return basis


def _once(line: int, pair: tuple[str, str], sheet: _Sheet) -> None:
    first = sheet.first_lines.setdefault(pair, line)
    if first != line:
        raise refused(Code.DUPLICATE, ", ".join(pair), str(first), line=line, column=SheetColumn.INDICATOR)
