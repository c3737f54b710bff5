"""A spreadsheet file as bytes: read once, measured, digested, and opened as what it really is."""

from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from app.indicators.csv_sheet import read_csv
from app.indicators.errors import Code, refused
from app.indicators.sheet import LARGEST_FILE, SheetRow
from app.indicators.xlsx_sheet import read_xlsx

_READERS: dict[str, Callable[[bytes], Iterable[SheetRow]]] = {".csv": read_csv, ".xlsx": read_xlsx}
_ZIP = b"PK\x03\x04"


class SpreadsheetFile(NamedTuple):
    """The name and the bytes of a file."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Digest the bytes, in hexadecimal."""
        return sha256(self.content).hexdigest()


def open_file(path: Path) -> SpreadsheetFile:
    """Read a file unless it is too big; raise ImportRefusedError."""
    with path.open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise refused(Code.TOO_BIG, path.name, str(LARGEST_FILE // 1_000_000))
    return SpreadsheetFile(path.name, content)


def read_rows(file: SpreadsheetFile) -> Iterable[SheetRow]:
    """Give the lines of a CSV or XLSX file; raise ImportRefusedError."""
    return _READERS[check_kind(file)](file.content)


def check_kind(file: SpreadsheetFile) -> str:
    """Give the ending of a file that is what its name says; raise ImportRefusedError."""
    suffix = Path(file.name).suffix.lower()
    if suffix not in _READERS:
        raise refused(Code.UNKNOWN_FORMAT, file.name, ", ".join(_READERS))
    if len(file.content) > LARGEST_FILE:
        raise refused(Code.TOO_BIG, file.name, str(LARGEST_FILE // 1_000_000))
    if not file.content.strip():
        raise refused(Code.EMPTY_FILE)
    if suffix == ".csv" and file.content.startswith(_ZIP):
        raise refused(Code.UNKNOWN_FORMAT, file.name, ".xlsx")
    return suffix
