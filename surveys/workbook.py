"""Workbooks that strangers send, read with care: their zip directory first, then in a child process with limits.

Our own are written in such a child too, for the memory that their writer takes.
"""

import os
import resource
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from enum import StrEnum
from io import BytesIO
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from zipfile import BadZipFile, ZipFile, ZipInfo

from surveys.background import make_thread_step_back, step_back
from surveys.errors import SurveyError

if TYPE_CHECKING:
    from openpyxl import Workbook

MOST_PARTS = 200
LARGEST_UNPACKED = 16_000_000
"""Bytes of all parts of a workbook together."""
LARGEST_STYLES = 1_000_000
"""Bytes of the table of styles, which is read whole: 10 MB of it cost 13 seconds."""
HIGHEST_RATIO = 200
"""Unpacked to packed bytes of one part. Our own template of 2,020 rows reaches 15; a bomb, 1,000."""

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"

# Whatever openpyxl trips over in a damaged workbook; SyntaxError is the XML parser's.
_DAMAGE = (BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, OSError)

Argument = TypeVar("Argument")
Result = TypeVar("Result")


class Cause(StrEnum):
    """Why a workbook is not read."""

    BROKEN_FILE = "broken_file"
    ENCRYPTED = "encrypted"
    SUSPICIOUS_ARCHIVE = "suspicious_archive"
    TOO_HEAVY = "too_heavy"


class WorkbookError(SurveyError):
    """A workbook that is none, or that would cost too much to read."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause)  # alone, so that it travels whole from the child
        self.cause = cause


class Limits(NamedTuple):
    """What reading one workbook may cost the child."""

    seconds: int = 20
    """Of CPU."""
    memory: int = 512 * 1024 * 1024
    """Bytes of address space, beyond what the child starts with."""


def check_archive(content: bytes) -> None:
    """Refuse by its zip directory a workbook that is none, is encrypted or would unpack to too much."""
    if content.startswith(_OLD_OFFICE):
        raise WorkbookError(Cause.ENCRYPTED)
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (BadZipFile, ValueError, NotImplementedError) as error:  # the last: zipfile, of a newer version of zip
        raise WorkbookError(Cause.BROKEN_FILE) from error
    if any(part.flag_bits & 1 for part in parts):
        raise WorkbookError(Cause.ENCRYPTED)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED or any(map(_swollen, parts)):
        raise WorkbookError(Cause.SUSPICIOUS_ARCHIVE)


def in_child(function: Callable[[Argument], Result], argument: Argument, limits: Limits = Limits()) -> Result:  # noqa: B008 - Limits cannot be changed
    """Give what a function of some module makes of a checked workbook, or the one it writes, in a child with limits.

    The function should import what it needs itself: this process loads its module too.
    """
    with (
        ThreadPoolExecutor(1, initializer=make_thread_step_back) as starter,
        ProcessPoolExecutor(1, get_context("spawn"), _limit_this_process, limits) as child,
    ):
        try:
            return starter.submit(child.submit, function, argument).result().result()
        except (BrokenProcessPool, MemoryError) as error:
            raise WorkbookError(Cause.TOO_HEAVY) from error


@contextmanager
def opened(content: bytes) -> Iterator["Workbook"]:
    """Open a workbook to read its cells; whatever goes wrong inside is a broken file."""
    from openpyxl import load_workbook  # noqa: PLC0415 - 11 MB, which only the child that reads needs

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns about styles and extensions, which are not read
        try:
            workbook = load_workbook(BytesIO(content), read_only=True, keep_links=False)
            for sheet in workbook.worksheets:
                sheet.reset_dimensions()  # the declared size of a sheet need not be true
            yield workbook
        except _DAMAGE as error:
            raise WorkbookError(Cause.BROKEN_FILE) from error


def _swollen(part: ZipInfo) -> bool:
    too_many_styles = part.filename.endswith("styles.xml") and part.file_size > LARGEST_STYLES
    return too_many_styles or part.file_size > HIGHEST_RATIO * max(part.compress_size, 1)


def _limit_this_process(seconds: int, memory: int) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    step_back()
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    if in_use := _address_space():
        resource.setrlimit(resource.RLIMIT_AS, (in_use + memory, in_use + memory))


def _end_with_parent() -> None:
    """End this process when the one that waits for it was killed: it would wait for more work for ever."""
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _address_space() -> int:
    """Measure this process in bytes; 0 where the system does not tell (not Linux: it would not hold the limit)."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[0]) * resource.getpagesize() if statm.exists() else 0
