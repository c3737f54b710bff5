"""Everything that is refused about initiatives and documents, under one root; words are made at the edge."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from app.initiatives.states import InitiativeState, InitiativeStep


class InitiativeError(Exception):
    """Root of the refusals of this package."""


class Lack(StrEnum):
    """What is wrong with what a city typed."""

    NEEDED = "needed"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    UNPRINTABLE = "unprintable"
    UNKNOWN_AREA = "unknown_area"
    UNKNOWN_CODE = "unknown_code"
    UNKNOWN_INDICATOR = "unknown_indicator"
    NOT_A_NUMBER = "not_a_number"
    YEARS = "years"
    CHOICE = "choice"
    ADDRESS = "address"
    DAY = "day"
    DAY_TO_COME = "day_to_come"
    DAY_BEFORE_START = "day_before_start"
    NOT_BOTH = "not_both"
    UNKNOWN_DOCUMENT = "unknown_document"
    UNKNOWN_PUBLICATION = "unknown_publication"
    ORDER = "order"


class FieldFault(NamedTuple):
    """What is wrong with one field; `number` is the bound that it breaks."""

    field: str
    lack: Lack
    number: int = 0


class ContentError(InitiativeError):
    """What was typed cannot be taken; `faults` name every field."""

    def __init__(self, faults: Iterable[FieldFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.field}:{fault.lack}" for fault in self.faults))


class IncompleteError(ContentError):
    """An initiative cannot be submitted as it is; the faults name what is missing."""


class UnknownInitiativeError(InitiativeError):
    """There is no such initiative in this city."""


class UnknownDocumentError(InitiativeError):
    """There is no such document of this city."""


class WrongStepError(InitiativeError):
    """A step may not happen to an initiative in its state."""

    def __init__(self, state: InitiativeState, step: InitiativeStep) -> None:
        super().__init__(f"{step} from {state}")
        self.state, self.step = state, step


class WrongDocumentStateError(InitiativeError):
    """That cannot be done to a document in its state."""


class StaleInitiativeError(InitiativeError):
    """Somebody changed it since `version` was read; `stored` is the version there is now."""

    def __init__(self, version: int, stored: int) -> None:
        super().__init__(f"version {version} is now {stored}")
        self.version, self.stored = version, stored


class ExaminedAlreadyError(InitiativeError):
    """Examiners have given an opinion on this text: it is neither recalled nor submitted again unchanged."""


class WhyNot(StrEnum):
    """Why somebody may not examine an initiative."""

    NO_REVIEWER = "no_reviewer"
    OWN_CITY = "own_city"
    OWN_WORK = "own_work"
    GIVEN_ALREADY = "given_already"


class MayNotExamineError(InitiativeError):
    """Somebody may not examine an initiative; `why` says what stands in the way."""

    def __init__(self, why: WhyNot) -> None:
        super().__init__(why)
        self.why = why


class NothingToExamineError(InitiativeError):
    """It waits for no opinion, or what was seen was changed meanwhile."""


class OpinionFault(StrEnum):
    """What is missing in an opinion, or contradicts itself."""

    NO_NOTE = "no_note"
    POINT_OPEN = "point_open"
    CONDITIONS_HALF = "conditions_half"
    CONDITIONS_WITHOUT_SUPPORT = "conditions_without_support"
    LONG_CONDITIONS = "long_conditions"
    LONG_NOTE = "long_note"
    LONG_PRIVATE_NOTE = "long_private_note"
    UNREASONED = "unreasoned"


class OpinionError(InitiativeError):
    """An opinion that is not whole; `faults` are all of them."""

    def __init__(self, faults: Iterable[OpinionFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


class ListCode(StrEnum):
    """What is wrong with a file of the ministry's list, or a row of it."""

    UNKNOWN_EDITION = "unknown_edition"
    NO_HEADER = "no_header"
    MISSING_COLUMN = "missing_column"
    REPEATED_COLUMN = "repeated_column"
    UNKNOWN_COLUMN = "unknown_column"
    NOTHING_GIVEN = "nothing_given"
    TOO_MANY = "too_many"
    NO_PLAIN_CELL = "no_plain_cell"
    STRAY_CELL = "stray_cell"
    NO_CODE = "no_code"
    CODE_SHAPE = "code_shape"
    DUPLICATE = "duplicate"
    UNKNOWN_AREA = "unknown_area"
    NO_NAME = "no_name"
    TOO_LONG = "too_long"
    IN_USE = "in_use"


class InitiativeListFault(NamedTuple):
    """One reason to refuse a list: its line (0 for the whole file), its column, and what stands there."""

    line: int
    column: str
    code: ListCode
    found: str = ""


class ListRefusedError(InitiativeError):
    """A list cannot be imported; `faults` names every reason, in the order of the file."""

    def __init__(self, faults: Iterable[InitiativeListFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.line}:{fault.column}:{fault.code}" for fault in self.faults))


class UnknownListStageError(InitiativeError):
    """No such file waits: it is somebody else's, or a day has passed."""


class OtherListPreviewError(InitiativeError):
    """Something changed since the preview that was seen."""


class GoneNotConfirmedError(InitiativeError):
    """So many initiatives would leave the list, and another number, or none, was typed."""

    def __init__(self, gone: int) -> None:
        super().__init__(f"{gone} would go")
        self.gone = gone
