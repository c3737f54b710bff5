"""Words of one answer as sheets of one length, sealed one by one: what lies in table `envelope`.

An answer without words brings one blank sheet; words that deflate to more than a sheet holds (more than about 1,200
letters of a language) bring several. So all that an envelope shows is that it is there, and only the longest writers
have more than one.

A sheet is LENGTH bytes: format, number of this sheet and of all of the letter (both 0 for a blank), 8 bytes that tell
letters apart, length of the content, content, zeros. The contents of a letter's sheets together are deflated JSON. It
is sealed by AES-GCM (NIST SP 800-38D) with the row's random id of 96 bits as its nonce.

That is format 2. In format 1 words had no mark of a follow code; it is read as long as such envelopes may wait.
"""

import json
import secrets
import zlib
from collections.abc import Iterable
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from surveys.errors import SurveyError

LENGTH = 944
"""Bytes of a sheet: sealed, with its id and SQLite's own bytes, it just fits a row without an overflow page."""

FORMAT = 2
_FORMATS = frozenset({1, 2})
_HEAD, _LETTER = 13, 8
_ROOM = LENGTH - _HEAD
_ID = 12
"""Bytes of an envelope's id, which is the nonce of its seal."""

_RAW = -15
"""zlib's sign for deflate without head and checksum."""

BLANK = bytes((FORMAT,)).ljust(LENGTH, b"\0")
"""The sheet of an answer without words."""


class EnvelopeError(SurveyError):
    """A sheet was written in a format that this release does not know: it must be kept for one that does."""


class SentText(NamedTuple):
    """One suggestion; `mark` is of its follow code (surveys.ballots.follow_codes), None where nobody was given one.

    Without text it was taken back before it was filed.
    """

    area: str
    text: str
    mark: str | None = None


class SentWords(NamedTuple):
    """The words of one answer, and where they belong."""

    wave: str
    city: str
    lang: str
    words: tuple[SentText, ...]


class Sealed(NamedTuple):
    """A row of table `envelope`: 24 hexadecimal signs, and LENGTH + 16 bytes."""

    id: str
    sealed: bytes


class EnvelopeSheet(NamedTuple):
    """One opened sheet: the letter it is of, its number from 0, of how many, and what is on it."""

    letter: bytes
    number: int
    of: int
    content: bytes


def write(letter: SentWords) -> tuple[bytes, ...]:
    """Write a letter on sheets; a blank one when it has no words."""
    if not letter.words:
        return (BLANK,)
    text = json.dumps(letter, ensure_ascii=False, separators=(",", ":")).encode()
    deflated = zlib.compress(text, 9, _RAW)
    parts = [deflated[start : start + _ROOM] for start in range(0, len(deflated), _ROOM)]
    name = secrets.token_bytes(_LETTER)
    heads = (bytes((FORMAT, number, len(parts))) + name + len(part).to_bytes(2) for number, part in enumerate(parts))
    return tuple((head + part).ljust(LENGTH, b"\0") for head, part in zip(heads, parts, strict=True))


def read(sheets: Iterable[EnvelopeSheet]) -> SentWords:
    """Read a letter from all its sheets, in any order."""
    deflated = b"".join(sheet.content for sheet in sorted(sheets, key=lambda sheet: sheet.number))
    wave, city, lang, words = json.loads(zlib.decompress(deflated, _RAW))
    return SentWords(wave, city, lang, tuple(SentText(*text) for text in words))


def seal(key: bytes, sheet: bytes) -> Sealed:
    """Seal a sheet under a new random id."""
    nonce = secrets.token_bytes(_ID)
    return Sealed(nonce.hex(), AESGCM(key).encrypt(nonce, sheet, None))


def unseal(keys: Iterable[bytes], envelope: Sealed) -> tuple[bytes, EnvelopeSheet | None] | None:
    """Open an envelope; gives the key that opens it and the sheet, or None for a blank one. None when no key opens it.

    Raises EnvelopeError for a sheet of another format.
    """
    for key in keys:
        try:
            plain = AESGCM(key).decrypt(bytes.fromhex(envelope.id), envelope.sealed, None)
        except InvalidTag:
            continue
        return key, _sheet(plain)
    return None


def _sheet(plain: bytes) -> EnvelopeSheet | None:
    if plain[0] not in _FORMATS:
        raise EnvelopeError(f"an envelope has format {plain[0]}")
    number, of = plain[1], plain[2]
    length = int.from_bytes(plain[_HEAD - 2 : _HEAD])
    return EnvelopeSheet(plain[3 : 3 + _LETTER], number, of, plain[_HEAD : _HEAD + length]) if of else None
