"""What is wrong with a file, a row or a cell, in sentences: here in English, for the screens in the catalogues."""

from collections.abc import Mapping
from typing import Any

from app.indicators.catalogue import unit_named
from app.indicators.errors import Code, ImportFault
from app.indicators.vocabulary import BASES, HEADERS, STATUSES, SheetColumn
from surveys.languages import Text3

LONGEST_QUOTE = 60
"""Characters of what somebody wrote that are told back."""


def _l(message: str) -> str:
    """Mark a text for the catalogues."""
    return message


SENTENCES: Mapping[Code, str] = {
    Code.UNKNOWN_PERIOD: _l(
        "“%(found)s” cannot be imported into: a period is written 2024, 2024-H1, 2024-Q3 or 2024-07, "
        "and --edition is named with its first file"
    ),
    Code.UNKNOWN_EDITION: _l("there is no edition “%(found)s”; there are: %(expected)s"),
    Code.OTHER_EDITION: _l("this period is rated by the edition %(expected)s, not by %(found)s"),
    Code.NO_FILE: _l("no file was chosen"),
    Code.UNKNOWN_FORMAT: _l("%(found)s is not a file that can be read; save it as %(expected)s"),
    Code.TOO_BIG: _l("%(found)s is larger than %(expected)s MB"),
    Code.EMPTY_FILE: _l("the file is empty"),
    Code.WRONG_ENCODING: _l("the text is neither UTF-8 nor Windows-1251; save it as CSV UTF-8"),
    Code.BROKEN_FILE: _l("the workbook is damaged and cannot be opened"),
    Code.ENCRYPTED: _l("the workbook has a password or is of the old XLS kind; save it as XLSX without a password"),
    Code.SUSPICIOUS_ARCHIVE: _l("the workbook would unpack to far more than indicators need; it was not opened"),
    Code.TOO_HEAVY: _l("the workbook took too much time or memory to read; save it anew with nothing but the table"),
    Code.TOO_MANY_ROWS: _l("more than %(expected)s lines; remove what lies below the table, empty formatted lines too"),
    Code.TOO_MANY_COLUMNS: _l("more than %(expected)s columns"),
    Code.NO_HEADER: _l("the first line must name the columns: %(expected)s"),
    Code.MISSING_COLUMN: _l("this column is not there"),
    Code.REPEATED_COLUMN: _l("this column is there twice"),
    Code.UNKNOWN_COLUMN: _l(
        "“%(found)s” is no column; they are %(expected)s; begin the header with # to keep it as a comment"
    ),
    Code.NOTHING_GIVEN: _l("nothing is filled in: no row holds a value, a sign or a status"),
    Code.BROKEN_ROW: _l("the quotation marks do not fit together (%(found)s)"),
    Code.STRAY_CELL: _l("“%(found)s” stands below no header; a comma inside a number or a text needs quotation marks"),
    Code.DUPLICATE: _l("%(found)s is already on line %(expected)s"),
    Code.UNKNOWN_CITY: _l("“%(found)s” is no city of the rating"),
    Code.OTHER_CITY: _l("“%(found)s” is another city than the one this file is for"),
    Code.UNKNOWN_INDICATOR: _l("“%(found)s” is no indicator of this edition"),
    Code.UNKNOWN_STATUS: _l("“%(found)s” is no status; they are %(expected)s"),
    Code.TOO_LONG: _l("longer than %(expected)s characters"),
    Code.UNPRINTABLE: _l("there are control characters in this cell"),
    Code.FORMULA: _l("this is a formula; paste its value instead"),
    Code.ERROR_CELL: _l("the spreadsheet shows an error here: %(found)s"),
    Code.DATE: _l("the spreadsheet holds a date here: %(found)s; format the cell as text and type the number again"),
    Code.NOT_A_NUMBER: _l("“%(found)s” is not a number"),
    Code.AMBIGUOUS_NUMBER: _l(
        "“%(found)s” can be read in two ways; part thousands with spaces and decimals with a point"
    ),
    Code.TOO_MANY_DIGITS: _l("“%(found)s” has more digits than can be kept exactly; round it"),
    Code.NOT_YES_OR_NO: _l("“%(found)s” is neither yes nor no"),
    Code.UNIT_MISMATCH: _l("“%(found)s” has a unit or a word in it; write the number alone, in %(expected)s"),
    Code.VALUE_AND_RATIO: _l("there is a value and a numerator with a denominator; give one of the two"),
    Code.RATIO_NEEDED: _l("give a numerator and a denominator, or a value with a percent sign"),
    Code.VALUE_NEEDED: _l("give the value, or say why there is none"),
    Code.HALF_RATIO: _l("a ratio needs both a numerator and a denominator"),
    Code.ZERO_DENOMINATOR: _l("a denominator cannot be 0"),
    Code.NEGATIVE_DENOMINATOR: _l("a denominator cannot be below 0"),
    Code.STATUS_CONTRADICTS: _l("the status is %(found)s, and yet there is a value"),
    Code.UNKNOWN_BASIS: _l("“%(found)s” is no kind of source; they are %(expected)s"),
    Code.NOT_EDITABLE: _l("the value of %(found)s is %(expected)s and cannot be changed now"),
    Code.NOT_YET_OPEN: _l("the period %(found)s takes no values yet"),
    Code.OTHER_PERIOD: _l(
        "this file was made for the period %(found)s, and you chose %(expected)s; "
        "choose the period of the file, or download the file for %(expected)s"
    ),
    Code.FILE_OF_OTHER_CITY: _l("this file was made for another city (%(found)s), and you chose %(expected)s"),
}
"""Sentences with two gaps: what was found, and what was expected there."""

_AWAITED: Mapping[Code, Mapping[Any, Text3]] = {
    Code.UNKNOWN_BASIS: BASES,
    Code.UNKNOWN_STATUS: STATUSES,
    Code.UNKNOWN_COLUMN: HEADERS,
    Code.NO_HEADER: HEADERS,
}
"""Faults after which all words are listed that would have been understood."""

NEAREST = _l("“%(found)s” is no city of the rating; the nearest: %(expected)s")
"""Of a city that is not known, where others are written nearly so."""


def template_of(fault: ImportFault) -> str:
    """Give the sentence of a fault, with its gaps."""
    return NEAREST if fault.code is Code.UNKNOWN_CITY and fault.expected else SENTENCES[fault.code]


def gaps_of(fault: ImportFault, lang: str = "") -> dict[str, str]:
    """Give what stands in the gaps: what was found, short and without signs that nobody sees, and what was expected.

    Where a language is named, the words that would have been understood are those of its files, and not codes.
    """
    words = _AWAITED.get(fault.code) if lang else None
    expected = ", ".join(text.pick(lang) for text in words.values()) if words else fault.expected
    if lang and fault.code is Code.UNIT_MISMATCH:
        expected = unit_named(fault.expected, lang)
    return {"found": quoted(fault.found), "expected": expected}


def column_of(fault: ImportFault, lang: str) -> str:
    """Name the column of a fault as a file of a language does, where the file itself does not have it."""
    return HEADERS[SheetColumn(fault.column)].pick(lang) if fault.code is Code.MISSING_COLUMN else fault.column


def quoted(text: str) -> str:
    """Shorten what somebody wrote, and make it harmless for a terminal."""
    short = text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"
    return "".join(char if char.isprintable() else "\ufffd" for char in short)
