"""Everything an import of indicators refuses, under one root; the words for people are made at the edge."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NamedTuple, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class IndicatorError(Exception):
    """Root of the refusals of this package."""


class Code(StrEnum):
    """What is wrong with a file, its header, a row or a cell."""

    UNKNOWN_PERIOD = "unknown_period"
    UNKNOWN_EDITION = "unknown_edition"
    OTHER_EDITION = "other_edition"

    UNKNOWN_FORMAT = "unknown_format"
    TOO_BIG = "too_big"
    EMPTY_FILE = "empty_file"
    WRONG_ENCODING = "wrong_encoding"
    BROKEN_FILE = "broken_file"
    ENCRYPTED = "encrypted"
    SUSPICIOUS_ARCHIVE = "suspicious_archive"
    TOO_HEAVY = "too_heavy"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"

    NO_HEADER = "no_header"
    MISSING_COLUMN = "missing_column"
    REPEATED_COLUMN = "repeated_column"
    UNKNOWN_COLUMN = "unknown_column"
    NOTHING_GIVEN = "nothing_given"

    BROKEN_ROW = "broken_row"
    STRAY_CELL = "stray_cell"
    DUPLICATE = "duplicate"
    UNKNOWN_CITY = "unknown_city"
    UNKNOWN_INDICATOR = "unknown_indicator"
    UNKNOWN_STATUS = "unknown_status"
    TOO_LONG = "too_long"
    UNPRINTABLE = "unprintable"

    FORMULA = "formula"
    ERROR_CELL = "error_cell"
    DATE = "date"
    NOT_A_NUMBER = "not_a_number"
    AMBIGUOUS_NUMBER = "ambiguous_number"
    TOO_MANY_DIGITS = "too_many_digits"
    NOT_YES_OR_NO = "not_yes_or_no"
    UNIT_MISMATCH = "unit_mismatch"
    VALUE_AND_RATIO = "value_and_ratio"
    RATIO_NEEDED = "ratio_needed"
    VALUE_NEEDED = "value_needed"
    HALF_RATIO = "half_ratio"
    ZERO_DENOMINATOR = "zero_denominator"
    NEGATIVE_DENOMINATOR = "negative_denominator"
    STATUS_CONTRADICTS = "status_contradicts"


class ImportFault(NamedTuple):
    """One reason to refuse a file: its line (0 for the whole file), its column, what was found and what was awaited."""

    line: int
    column: str
    code: Code
    found: str = ""
    expected: str = ""


class ImportRefusedError(IndicatorError):
    """A file cannot be imported; `faults` names every reason found, in the order of the file."""

    def __init__(self, faults: Iterable[ImportFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.line}:{fault.column}:{fault.code}" for fault in self.faults))

    def __reduce__(self) -> tuple[type["ImportRefusedError"], tuple[tuple[ImportFault, ...]]]:
        """Travel whole between processes: workbooks are read in a child."""
        return type(self), (self.faults,)


def refused(code: Code, found: str = "", expected: str = "", *, line: int = 0, column: str = "") -> ImportRefusedError:
    """Make the refusal of a whole file for one reason."""
    return ImportRefusedError([ImportFault(line, column, code, found, expected)])


class Faults:
    """Gathers the faults of several checks, so that one does not hide the next."""

    def __init__(self) -> None:
        """Begin with none."""
        self.reasons: list[ImportFault] = []

    def of(self, check: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
        """Give what a check gives; None, and its faults are kept, when it refuses."""
        try:
            return check(*args, **kwargs)
        except ImportRefusedError as error:
            self.reasons += error.faults
            return None
