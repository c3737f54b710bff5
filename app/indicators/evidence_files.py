"""Files of evidence: what they are, told by their content, and their bytes on the disk, once under their digest.

A kind is taken only when its name and its content agree on it. Nothing here opens a file to show it: it is kept as it
came, and given back as something to be saved.
"""

import os
import re
import struct
import unicodedata
from collections.abc import Callable, Mapping
from enum import StrEnum
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile, is_zipfile

from app.indicators.csv_sheet import decoded
from app.indicators.errors import ImportRefusedError
from app.indicators.evidence_errors import EvidenceCode, EvidenceError
from surveys import workbook
from surveys.ballots import keys
from surveys.workbook import WorkbookError

LARGEST_FILE = 10_000_000
"""Bytes."""

MOST_POINTS = 50_000_000
"""Points of a picture, four bytes each once a page shows it: a sheet of A4 at 600 points an inch has 35 million."""

LONGEST_NAME = 120

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_MARKER = re.compile(rb"\xff+([^\x00\xff])")
"""What begins a segment of a JPEG."""
_MOST_SEGMENTS = 10_000
"""Segments of a JPEG before its first frame: a camera writes some tens, and looking at millions takes seconds."""
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Marks of the heads of frames; the three others are tables, and one that is not used."""
_ZIP, _PDF = b"PK\x03\x04", b"%PDF-"
_HEAD = 1024
"""Bytes in which readers of PDF look for its mark."""
_MARKUP = ("<!doctype", "<html", "<svg", "<script", "<?xml", "<body", "<iframe")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class MediaType(StrEnum):
    """The five kinds that are taken."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    CSV = "text/csv"


ACTING = frozenset({MediaType.XLSX, MediaType.CSV})
"""Kinds whose program acts on what stands in the file: formulas are computed, and links lead to other machines."""

PICTURES = frozenset({MediaType.PNG, MediaType.JPEG})
"""Kinds that a page may show as a picture: points of colour, in which nothing runs."""

KINDS: Mapping[str, MediaType] = {
    "pdf": MediaType.PDF,
    "png": MediaType.PNG,
    "jpg": MediaType.JPEG,
    "jpeg": MediaType.JPEG,
    "xlsx": MediaType.XLSX,
    "csv": MediaType.CSV,
}
"""Endings of names."""


class PaperFile(NamedTuple):
    """A file that passed every check."""

    name: str
    content: bytes
    media_type: MediaType

    @property
    def sha256(self) -> str:
        """Digest the bytes, in hexadecimal."""
        return sha256(self.content).hexdigest()


def check_file(name: str, content: bytes) -> PaperFile:
    """Tell by content and name what a file is; raise EvidenceError."""
    tidy = _tidy_name(name)
    if not content:
        raise EvidenceError(EvidenceCode.EMPTY_FILE)
    if len(content) > LARGEST_FILE:
        raise EvidenceError(EvidenceCode.TOO_BIG, found=str(LARGEST_FILE // 1_000_000))
    named = KINDS.get(tidy.rpartition(".")[2].lower()) if "." in tidy else None
    found = _kind_of(content)
    if named is None or found is None:
        raise EvidenceError(EvidenceCode.UNKNOWN_KIND, found=tidy)
    if named is not found:
        raise EvidenceError(EvidenceCode.OTHER_KIND, found=tidy)
    return PaperFile(_shortened(tidy), content, found)


def _tidy_name(name: str) -> str:
    """Compose accents and spaces; raise EvidenceError for a name that shows another one than it is."""
    tidy = " ".join(unicodedata.normalize("NFC", name).split(" ")).strip()
    if not tidy.strip(".") or any(char in "/\\" or unicodedata.category(char) in _UNSEEN for char in tidy):
        raise EvidenceError(EvidenceCode.NAME)
    return tidy


def _shortened(name: str) -> str:
    stem, _dot, ending = name.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"


def _kind_of(content: bytes) -> MediaType | None:
    """Find the one kind whose marks a content has; raise EvidenceError for none that is whole, or two at once."""
    if content.startswith(_OLD_OFFICE):
        raise EvidenceError(EvidenceCode.ENCRYPTED)
    for mark, kind, check in _SIGNATURES:
        if content.startswith(mark):
            check(content)
            return kind
    return MediaType.CSV if _is_table(content) else None


def _check_pdf(content: bytes) -> None:
    _check_no_archive(content)
    if b"%%EOF" not in content:
        raise EvidenceError(EvidenceCode.BROKEN_FILE)


def _check_png(content: bytes) -> None:
    _check_no_archive(content)
    if content[12:16] != b"IHDR" or b"IEND" not in content[24:]:
        raise EvidenceError(EvidenceCode.BROKEN_FILE)
    _check_points(*struct.unpack(">II", content[16:24]))


def _check_jpeg(content: bytes) -> None:
    _check_no_archive(content)
    if b"\xff\xd9" not in content:
        raise EvidenceError(EvidenceCode.BROKEN_FILE)
    _check_points(*_size_of_jpeg(content))


def _size_of_jpeg(content: bytes) -> tuple[int, int]:
    """Read the size from the head of the first frame; raise EvidenceError where there is none (ITU-T T.81, B.1, B.2).

    What lies between segments is passed over, as readers do.
    """
    at = 2
    for _segment in range(_MOST_SEGMENTS):
        found = _MARKER.search(content, at)
        if found is None or found[1][0] in {0xD9, 0xDA}:  # the end, or the points themselves
            break
        mark, at = found[1][0], found.end()
        if mark in _FRAMES and len(content) >= at + 7:
            height, width = struct.unpack(">HH", content[at + 3 : at + 7])
            return width, height
        if mark != 0x01 and not 0xD0 <= mark <= 0xD8:  # these have no length
            at += max(int.from_bytes(content[at : at + 2]), 2)
    raise EvidenceError(EvidenceCode.BROKEN_FILE)


def _check_points(width: int, height: int) -> None:
    if not width * height:
        raise EvidenceError(EvidenceCode.BROKEN_FILE)
    if width * height > MOST_POINTS:
        raise EvidenceError(EvidenceCode.TOO_MANY_POINTS, found=str(MOST_POINTS // 1_000_000))


def _check_no_archive(content: bytes) -> None:
    """Refuse a file that a program for archives would open too, or a reader of PDF, whatever its own mark."""
    if is_zipfile(BytesIO(content)) or (not content.startswith(_PDF) and _PDF in content[:_HEAD]):
        raise EvidenceError(EvidenceCode.TWO_KINDS)


def _check_workbook(content: bytes) -> None:
    if _PDF in content[:_HEAD]:
        raise EvidenceError(EvidenceCode.TWO_KINDS)
    try:
        workbook.check_archive(content)
    except WorkbookError as error:
        raise EvidenceError(EvidenceCode(error.cause)) from error
    with ZipFile(BytesIO(content)) as archive:
        parts = {part.filename.lower() for part in archive.infolist()}
    if "xl/workbook.xml" not in parts or any(part.endswith("vbaproject.bin") for part in parts):
        raise EvidenceError(EvidenceCode.UNKNOWN_KIND)


_SIGNATURES: tuple[tuple[bytes, MediaType, Callable[[bytes], None]], ...] = (
    (_PDF, MediaType.PDF, _check_pdf),
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG, _check_png),
    (b"\xff\xd8\xff", MediaType.JPEG, _check_jpeg),
    (_ZIP, MediaType.XLSX, _check_workbook),
)


def _is_table(content: bytes) -> bool:
    """Tell whether a content is text in cells: no page, drawing or script, and nothing that only a program reads."""
    try:
        text = decoded(content)
    except ImportRefusedError:
        return False
    head = text[:_HEAD].lower()
    marked_up = head.lstrip().startswith(("<", "%pdf", "{\\rtf", "#!")) or any(word in head for word in _MARKUP)
    first = next(iter(text.splitlines()), "")
    return not marked_up and any(delimiter in first for delimiter in ",;\t") and _is_printable(text)


def _is_printable(text: str) -> bool:
    return text.replace("\r", "").replace("\n", "").replace("\t", "").replace("\u00a0", "").isprintable()


def file_of(folder: Path, digest: str) -> Path:
    """Give the place of a digest's bytes."""
    return folder / digest[:2] / digest


def store_bytes(folder: Path, file: PaperFile) -> None:
    """Have the bytes of a file on the disk before going on."""
    store_content(folder, file.sha256, file.content)


def store_content(folder: Path, digest: str, content: bytes) -> None:
    """Write the content of a digest: whole or not at all, and what is there stays as it is, but becomes new again.

    A file that no row names goes when it is a day old (orphans.remove_orphans).
    """
    place = file_of(folder, digest)
    if not place.parent.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        place.parent.mkdir(exist_ok=True, mode=0o700)
        keys.sync(folder)
    try:
        os.utime(place)
    except FileNotFoundError:
        keys.write_whole(place, content)


def read_bytes(folder: Path, digest: str) -> bytes:
    """Give the bytes of a digest; raise EvidenceError when they are not there or no longer the same."""
    try:
        content = file_of(folder, digest).read_bytes()
    except FileNotFoundError as error:
        raise EvidenceError(EvidenceCode.DAMAGED) from error
    if sha256(content).hexdigest() != digest:
        raise EvidenceError(EvidenceCode.DAMAGED)
    return content
