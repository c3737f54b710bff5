"""Lists of addressees, and letters' codes as a table for a printing house: CSV, read and written in memory."""

import csv
import io
import re
from collections.abc import Iterable
from enum import StrEnum

from app.printing.letters import Mailing
from surveys.errors import SurveyError
from surveys.identity.codes import Addressee, Letter, grouped

_BIN = re.compile(r"[0-9]{12}")
_FORMULA = re.compile(r"\s*[=+\-@\t\r]")


class ListFault(StrEnum):
    """Why a list of addressees is not taken."""

    NOT_TEXT = "not_text"
    NO_COLUMN = "no_column"
    WRONG_BIN = "wrong_bin"
    TWICE = "twice"
    EMPTY = "empty"


class MailingListError(SurveyError):
    """A list of addressees that is not taken; `detail` is the column or the line, never what stands there."""

    def __init__(self, fault: ListFault, words: str, detail: str = "") -> None:
        super().__init__(words)
        self.fault, self.detail = fault, detail


def read_addressees(content: bytes, *, name_column: str = "", bin_column: str = "") -> list[Addressee]:
    """Read addressees from CSV with a line of headings, with the columns that are named; raises MailingListError."""
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise MailingListError(ListFault.NOT_TEXT, "no CSV file in UTF-8") from error
    if not rows:
        raise MailingListError(ListFault.EMPTY, "nobody stands there")
    for column in filter(None, (name_column, bin_column)):
        if column not in rows[0]:
            raise MailingListError(ListFault.NO_COLUMN, f"the file has no column {column!r}", column)
    found = [Addressee(_cell(row, name_column), _cell(row, bin_column)) for row in rows]
    wrong = [line for line, one in enumerate(found, 2) if bin_column and not _BIN.fullmatch(one.bin)]
    if wrong:
        raise MailingListError(ListFault.WRONG_BIN, f"line {wrong[0]}: a BIN has 12 digits", str(wrong[0]))
    bins = [one.bin for one in found if one.bin]
    if len(set(bins)) < len(bins):
        raise MailingListError(ListFault.TWICE, "an enterprise stands there twice")
    return found


def codes_table(mailing: Mailing, letters: Iterable[Letter]) -> bytes:
    """Write letters as CSV: name, code, address; no spreadsheet runs a name as a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("name", "code", "address"))
    for letter in letters:
        writer.writerow((_harmless(letter.addressee.name), grouped(letter.code), mailing.address))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _cell(row: dict[str, str], column: str) -> str:
    return (row.get(column) or "").strip() if column else ""


def _harmless(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell
