"""Lines of an XLSX workbook, read with care: its zip directory first, then in a child process with limits."""

import re
import resource
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date, time, timedelta
from decimal import Decimal
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from openpyxl import load_workbook

from app.indicators.errors import Code, refused
from app.indicators.sheet import MOST_COLUMNS, MOST_ROWS, Cell, Row, check_size, text_cell, trimmed_row

MOST_PARTS = 200
LARGEST_UNPACKED = 16_000_000
"""Bytes of all parts of a workbook together."""
LARGEST_STYLES = 1_000_000
"""Bytes of the table of styles, which is read whole: 10 MB of it cost 13 seconds."""
HIGHEST_RATIO = 200
"""Unpacked to packed bytes of one part. Our own template of 2,020 rows reaches 15; a bomb, 1,000."""

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_NO_CODE_IN_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.')


class Limits(NamedTuple):
    """What reading one workbook may cost the child."""

    seconds: int = 20
    """Of CPU."""
    memory: int = 512 * 1024 * 1024
    """Bytes of address space, beyond what the child starts with."""


def read_xlsx(content: bytes, limits: Limits = Limits()) -> list[Row]:  # noqa: B008 - Limits cannot be changed
    """Give the lines of the first sheet of a workbook, blank ones too; raise ImportRefusedError."""
    check_archive(content)
    with ProcessPoolExecutor(1, get_context("spawn"), _limit_this_process, limits) as child:
        try:
            return child.submit(_read, content).result()
        except (BrokenProcessPool, MemoryError) as error:
            raise refused(Code.TOO_HEAVY) from error


def check_archive(content: bytes) -> None:
    """Refuse by its zip directory a workbook that is none, is encrypted or would unpack to too much."""
    if content.startswith(_OLD_OFFICE):
        raise refused(Code.ENCRYPTED)
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (BadZipFile, ValueError, NotImplementedError) as error:
        raise refused(Code.BROKEN_FILE) from error
    if any(part.flag_bits & 1 for part in parts):
        raise refused(Code.ENCRYPTED)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED or any(map(_swollen, parts)):
        raise refused(Code.SUSPICIOUS_ARCHIVE)


def _swollen(part: ZipInfo) -> bool:
    too_many_styles = part.filename.endswith("styles.xml") and part.file_size > LARGEST_STYLES
    return too_many_styles or part.file_size > HIGHEST_RATIO * max(part.compress_size, 1)


def _limit_this_process(seconds: int, memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    if in_use := _address_space():
        resource.setrlimit(resource.RLIMIT_AS, (in_use + memory, in_use + memory))


def _address_space() -> int:
    """Measure this process in bytes; 0 where the system does not tell (not Linux: it would not hold the limit)."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[0]) * resource.getpagesize() if statm.exists() else 0


def _read(content: bytes) -> list[Row]:
    """Read the first sheet; runs in the child."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns about styles and extensions, which are not read
        try:
            return list(_rows(content))
        except (BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, OSError) as error:
            # Whatever openpyxl trips over in a damaged workbook; SyntaxError is the XML parser's.
            raise refused(Code.BROKEN_FILE) from error


def _rows(content: bytes) -> Iterator[Row]:
    workbook = load_workbook(BytesIO(content), read_only=True, keep_links=False)
    sheet = workbook.worksheets[0]
    sheet.reset_dimensions()  # the declared size of a sheet need not be true
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
