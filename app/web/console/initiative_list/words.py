"""What is wrong with a file of the ministry's list, in words."""

from collections.abc import Mapping

from app.initiatives.errors import InitiativeListFault, ListCode
from app.initiatives.list_sheets import COLUMNS, LONGEST_NAME
from app.web.language import _l, pick

FAULTS: Mapping[ListCode, str] = {
    ListCode.UNKNOWN_EDITION: _l("There is no such edition."),
    ListCode.NO_HEADER: _l("The file is empty. Please take the file to fill in from this page."),
    ListCode.MISSING_COLUMN: _l("The column “%(column)s” is missing."),
    ListCode.REPEATED_COLUMN: _l("The column “%(column)s” is there twice."),
    ListCode.UNKNOWN_COLUMN: _l("“%(found)s” is no column of this list."),
    ListCode.NOTHING_GIVEN: _l("There is no initiative in the file."),
    ListCode.TOO_MANY: _l("A list has %(found)s initiatives at most."),
    ListCode.NO_PLAIN_CELL: _l("“%(found)s” is a formula, a date or an odd sign. Please write plain text."),
    ListCode.STRAY_CELL: _l("“%(found)s” stands outside the columns."),
    ListCode.NO_CODE: _l("The code is missing."),
    ListCode.CODE_SHAPE: _l("“%(found)s” is no code: 32 letters, digits, dots and dashes at most, without spaces."),
    ListCode.DUPLICATE: _l("The code “%(found)s” is there twice."),
    ListCode.UNKNOWN_AREA: _l("“%(found)s” is no area of this edition."),
    ListCode.NO_NAME: _l("The name is missing; it is needed in all three languages."),
    ListCode.TOO_LONG: _l("“%(found)s…” is longer than %(longest)s characters."),
    ListCode.IN_USE: _l("“%(found)s” cannot leave the list or its area: an initiative of a city refers to it."),
}


def fault_words(fault: InitiativeListFault) -> str:
    """Say one fault."""
    column = pick(COLUMNS[fault.column]) if fault.column in COLUMNS else fault.column
    return str(FAULTS[fault.code]) % {"found": fault.found, "column": column, "longest": LONGEST_NAME}


def column_words(column: str) -> str:
    """Name a column."""
    return pick(COLUMNS[column]) if column in COLUMNS else ""
