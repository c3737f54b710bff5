"""Codes of letters: sixteen digits that a person can type, paste or scan.

Fifteen digits are random, the last is Damm's check digit, which finds every single wrong digit and every two neighbours
that changed places. The first six digits are the locator: a million of them let one indexed look-up find the one row
of a wave without trying a slow hash against every letter, and leave nine digits, a thousand million, to be guessed.

That is format 1, told by its sixteen digits and their check digit: codes of another format will have another length.
"""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from surveys.ballots import keys
from surveys.ballots.damm import check_digit
from surveys.ballots.macs import mac
from surveys.errors import SurveyError
from surveys.identity.gate import contact_hash
from surveys.models.fieldwork import WaveCity
from surveys.models.identity import AccessCode

LENGTH = 16
LOCATOR = 6
MOST = 500_000
"""Letters of one wave: half of all locators, so that drawing a free one stays quick."""

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""Argon2id as OWASP's sheet has it for a server of many users: 19 MiB, two passes."""

_SPACES = str.maketrans("", "", " -\u2010\u2011\u2012\u2013\u2014\u00a0\u202f\t\r\n")


class CodeFault(StrEnum):
    """Why a code lets nobody in."""

    NOT_SIXTEEN = "not_sixteen"
    MISTYPED = "mistyped"
    UNKNOWN = "unknown"
    OTHER_WAVE = "other_wave"


class CodeError(SurveyError):
    """A code that lets nobody into this wave; `wave` is the one it belongs to when that is known."""

    def __init__(self, fault: CodeFault, wave: str = "") -> None:
        super().__init__(fault)
        self.fault = fault
        self.wave = wave


class LetterError(SurveyError):
    """Letters that cannot be made."""


class Addressee(NamedTuple):
    """Whom a letter goes to; an enterprise's BIN ties its letter to its sign-in."""

    name: str = ""
    bin: str = ""


class Letter(NamedTuple):
    """A letter to be printed."""

    code: str
    addressee: Addressee


class Admission(NamedTuple):
    """What a right code opens: a city, and the contact's hash to be let in by."""

    city: str
    contact: str


def read_code(typed: str) -> str:
    """Read a code as people type or paste it; raises CodeError."""
    digits = typed.translate(_SPACES)
    if len(digits) != LENGTH or not (digits.isascii() and digits.isdigit()):
        raise CodeError(CodeFault.NOT_SIXTEEN)
    if check_digit(digits) != "0":
        raise CodeError(CodeFault.MISTYPED)
    return digits


def grouped(code: str) -> str:
    """Write a code in fours, as it stands in the letter."""
    return " ".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def candidates(session: Session, code: str) -> list[AccessCode]:
    """Find the letters, of any wave, that a code may be of: those with its locator."""
    return list(session.scalars(select(AccessCode).where(AccessCode.locator == code[:LOCATOR])))


def admission(rows: Iterable[AccessCode], directory: Path, wave: str, code: str) -> Admission:
    """Try a code on its candidates, by a slow hash each; raises CodeError when it opens nothing in this wave."""
    for row in sorted(rows, key=lambda row: row.wave != wave):
        try:
            key = keys.load(directory, row.wave)
        except keys.KeyFileError:
            continue  # that wave is frozen: its codes are noise
        if _is_right(key, row.secret_hash, code):
            if row.wave != wave:
                raise CodeError(CodeFault.OTHER_WAVE, row.wave)
            return Admission(row.city, row.enterprise_hash or contact_hash(key, "code", code))
    raise CodeError(CodeFault.UNKNOWN)


def make_letters(
    session: Session,
    key: bytes,
    where: tuple[str, str],
    addressees: Sequence[Addressee],
    *,
    hasher: PasswordHasher = HASHER,
) -> list[Letter]:
    """Draw a code for each addressee of a (wave, city) and store what will recognise it; raises LetterError.

    The codes themselves are in the result and nowhere else.
    """
    wave, city = where
    if session.get(WaveCity, where) is None:
        raise LetterError(f"wave {wave} does not ask in {city}")
    locators = set(session.scalars(select(AccessCode.locator).where(AccessCode.wave == wave)))
    if len(locators) + len(addressees) > MOST:
        raise LetterError(f"wave {wave} has {len(locators)} letters: {MOST} are the most")
    letters = [Letter(*pair) for pair in zip(_draw(len(addressees), locators), addressees, strict=True)]
    rows = [
        {
            "wave": wave,
            "locator": letter.code[:LOCATOR],
            "secret_hash": secret_hash,
            "city": city,
            "enterprise_hash": contact_hash(key, "bin", letter.addressee.bin) if letter.addressee.bin else None,
        }
        for letter, secret_hash in zip(letters, _hashes(key, letters, hasher), strict=True)
    ]
    # Sorted, so that the table does not keep the order of the mailing list.
    session.execute(insert(AccessCode), sorted(rows, key=lambda row: str(row["locator"])))
    return letters


def _draw(count: int, locators: set[str]) -> Iterator[str]:
    for _ in range(count):
        digits = _random_digits()
        while digits[:LOCATOR] in locators:
            digits = _random_digits()
        locators.add(digits[:LOCATOR])
        yield digits + check_digit(digits)


def _random_digits() -> str:
    return f"{secrets.randbelow(10 ** (LENGTH - 1)):0{LENGTH - 1}d}"


def _hashes(key: bytes, letters: Iterable[Letter], hasher: PasswordHasher) -> list[str]:
    # Argon2 works outside of Python's lock: threads use every core.
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda letter: hasher.hash(_peppered(key, letter.code)), letters))


def _is_right(key: bytes, secret_hash: str, code: str) -> bool:
    try:
        return HASHER.verify(secret_hash, _peppered(key, code))
    except VerifyMismatchError:
        return False


def _peppered(key: bytes, code: str) -> str:
    return mac(key, b"access code", code.encode()).hex()
