"""A file that somebody sent, read and checked in a process of its own: what it says, or everything that is wrong."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from app.indicators.catalogue import indicators_of
from app.indicators.csv_sheet import read_csv
from app.indicators.errors import Code, ImportFault, ImportRefusedError, refused
from app.indicators.files import SpreadsheetFile, check_kind
from app.indicators.rows import Reference, ReportedValue, read_entries
from app.indicators.sheet import SheetRow
from app.indicators.xlsx_sheet import check_archive, read_here
from surveys import workbook
from surveys.population.places import load_places
from surveys.workbook import Limits, WorkbookError


class Expected(NamedTuple):
    """What a file is for: the edition that rates it, the one city whose values it may hold, and the period."""

    edition: str
    city: str
    period: str = ""


class UploadReading(NamedTuple):
    """What a file says; no entry where there is a fault."""

    entries: tuple[ReportedValue, ...]
    faults: tuple[ImportFault, ...]
    """The first, as many as were asked for."""
    all_faults: int
    """How many there are."""


def read_upload(
    file: SpreadsheetFile,
    expected: Expected,
    limits: Limits = Limits(),  # noqa: B008 - Limits cannot be changed
    most_faults: int | None = None,
) -> UploadReading:
    """Read and check a file; takes seconds of another process, none of this one, whatever the file holds."""
    try:
        _check(file)
        return workbook.in_child(partial(_read, file.name, expected, most_faults), file.content, limits)
    except ImportRefusedError as error:
        return _with_faults(error, most_faults)
    except WorkbookError as error:
        return _with_faults(refused(Code(error.cause)), most_faults)


def read_lines(file: SpreadsheetFile, limits: Limits = Limits()) -> list[SheetRow]:  # noqa: B008 - Limits cannot be changed
    """Give the lines of a file as they are, read in a process of its own; raise ImportRefusedError."""
    _check(file)
    try:
        return workbook.in_child(partial(_lines, file.name), file.content, limits)
    except WorkbookError as error:
        raise refused(Code(error.cause)) from error


def _check(file: SpreadsheetFile) -> None:
    """Refuse what costs nothing to refuse."""
    if check_kind(file) == ".xlsx":
        check_archive(file.content)


def _read(name: str, expected: Expected, most_faults: int | None, content: bytes) -> UploadReading:
    """Check every line; runs in the child. Faults beyond those asked for stay there: to unpack them takes time here."""
    reference = Reference(indicators_of(expected.edition), load_places(), expected.city, expected.period)
    try:
        return UploadReading(read_entries(_lines(name, content), reference), (), 0)
    except ImportRefusedError as error:
        return _with_faults(error, most_faults)


def _with_faults(error: ImportRefusedError, most: int | None) -> UploadReading:
    return UploadReading((), error.faults[:most], len(error.faults))


def _lines(name: str, content: bytes) -> list[SheetRow]:
    """Read the lines; runs in the child."""
    rows: Iterable[SheetRow] = (read_csv if Path(name).suffix.lower() == ".csv" else read_here)(content)
    return list(rows)
