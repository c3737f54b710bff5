"""Everything that is refused about indicators, under one root; the words for people are made at the edge."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NamedTuple, ParamSpec, TypeVar

from app.indicators.keys import CaseKey
from app.indicators.states import Event, State

P = ParamSpec("P")
R = TypeVar("R")


class IndicatorError(Exception):
    """Root of the refusals of this package."""


class Code(StrEnum):
    """What is wrong with a file, its header, a row or a cell."""

    UNKNOWN_PERIOD = "unknown_period"
    UNKNOWN_EDITION = "unknown_edition"
    OTHER_EDITION = "other_edition"

    NO_FILE = "no_file"
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
    OTHER_CITY = "other_city"
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
    UNKNOWN_BASIS = "unknown_basis"

    NOT_EDITABLE = "not_editable"
    NOT_YET_OPEN = "not_yet_open"
    OTHER_PERIOD = "other_period"
    FILE_OF_OTHER_CITY = "file_of_other_city"


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


class CaseError(IndicatorError):
    """Root of what may not happen to a case; `key` is the case."""

    def __init__(self, key: CaseKey, why: str) -> None:
        super().__init__(f"{key}: {why}")
        self.key = key


class UnknownCaseError(CaseError):
    """There is no such case."""

    def __init__(self, key: CaseKey) -> None:
        super().__init__(key, "no such case")


class WrongStateError(CaseError):
    """An event may not happen to a case in its state."""

    def __init__(self, key: CaseKey, state: State, event: Event) -> None:
        super().__init__(key, f"{event} from {state}")
        self.state, self.event = state, event


class StaleCaseError(CaseError):
    """Somebody changed the case since `version` was read; `stored` is the version there is now."""

    def __init__(self, key: CaseKey, version: int, stored: int) -> None:
        super().__init__(key, f"version {version} is now {stored}")
        self.version, self.stored = version, stored


class NotExaminedError(CaseError):
    """Nobody, or not enough people, or the wrong ones, gave this verdict on this revision."""

    def __init__(self, key: CaseKey, revision: int) -> None:
        super().__init__(key, f"revision {revision} was not examined")
        self.revision = revision


class AlreadyAssessedError(CaseError):
    """A sent value cannot be recalled: somebody assessed it already."""

    def __init__(self, key: CaseKey) -> None:
        super().__init__(key, "assessed already")


class SendFault(NamedTuple):
    """Why one case of a return cannot be sent."""

    key: CaseKey
    code: "SendCode"


class SendCode(StrEnum):
    """What stands in the way of sending a value."""

    NOT_A_DRAFT = "not_a_draft"
    NO_EVIDENCE = "no_evidence"
    NO_REASON = "no_reason"


class CannotSendError(IndicatorError):
    """A return that is not sent, none of it; `faults` name every case that stands in the way."""

    def __init__(self, faults: Iterable[SendFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.key}:{fault.code}" for fault in self.faults))


class NotConfirmedError(IndicatorError):
    """So many values would be sent as missing, and another number, or none, was typed."""

    def __init__(self, missing: int) -> None:
        super().__init__(f"{missing} would be sent as missing")
        self.missing = missing


class PeriodError(IndicatorError):
    """Something may not happen to a period; `code` says what."""

    def __init__(self, code: "PeriodCode") -> None:
        super().__init__(code)
        self.code = code


class PeriodCode(StrEnum):
    """What is wrong with what is asked of a period."""

    UNKNOWN = "unknown"
    NO_SUCH_PERIOD = "no_such_period"
    ALREADY_THERE = "already_there"
    UNKNOWN_EDITION = "unknown_edition"
    NO_INDICATORS = "no_indicators"
    NO_CITIES = "no_cities"
    DUE_BEFORE_OPENING = "due_before_opening"
    DUE_IN_THE_PAST = "due_in_the_past"
    CORRECTION_DAYS = "correction_days"
    NOT_LATER = "not_later"
    ALREADY_CLOSED = "already_closed"
    THREE_LANGUAGES = "three_languages"


class ReasonTooShortError(IndicatorError):
    """A reason that nobody else could understand; `shortest` is the number of characters it needs."""

    def __init__(self, shortest: int) -> None:
        super().__init__(f"a reason needs {shortest} characters")
        self.shortest = shortest


class RulingCode(StrEnum):
    """What an assessor's word lacks, or where it contradicts itself."""

    NO_REASON = "no_reason"
    NO_NOTE = "no_note"
    REASON_WITHOUT_RETURN = "reason_without_return"
    NOT_LOOKED_AT = "not_looked_at"
    LONG_NOTE = "long_note"
    LONG_PRIVATE_NOTE = "long_private_note"
    UNSETTLED = "unsettled"


class RulingError(IndicatorError):
    """An assessor's word that is not whole; `codes` say why."""

    def __init__(self, codes: Iterable[RulingCode]) -> None:
        self.codes = tuple(codes)
        super().__init__(", ".join(self.codes))


class Hindrance(StrEnum):
    """Why a person may not judge a value."""

    NO_REVIEWER = "no_reviewer"
    OWN_CITY = "own_city"
    OWN_VALUE = "own_value"
    GIVEN_ALREADY = "given_already"
    GIVEN_TO_OTHERS = "given_to_others"


class MayNotAssessError(CaseError):
    """This person may not judge this value; `hindrance` says why."""

    def __init__(self, key: CaseKey, hindrance: Hindrance) -> None:
        super().__init__(key, hindrance)
        self.hindrance = hindrance


class NothingToAssessError(CaseError):
    """The case does not wait for this verdict: it was decided meanwhile, or another revision stands in it."""

    def __init__(self, key: CaseKey, state: State) -> None:
        super().__init__(key, f"{state} waits for no such verdict")
        self.state = state
