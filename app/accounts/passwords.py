"""Passwords: what a new one must be, and how one is recognised.

Length is what counts (NIST SP 800-63B-4, 3.1.1): fourteen characters of any kind, no rules of composition, no expiry.
What an attacker tries first is refused: the commonest passwords, also two of them in a row or one over and over, and
what is known of the person.
"""

import gzip
import re
import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.accounts.errors import PasswordError, PasswordFault

SHORTEST, LONGEST = 14, 200
"""Characters of a password; beyond the longest nobody types, and hashing costs."""

COMMON = Path(__file__).with_name("data") / "common_passwords.txt.gz"

HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=1)
"""Argon2id by RFC 9106, second recommended choice, on one processor: 64 MiB, three passes."""

_PRODUCT = ("qalapikiri", "қалапікірі", "калапикири", "cityopinion", "smartcity")
_TELLING = 4
"""Letters from which on a part of a name or an address counts."""

_BESIDE = re.compile(r"[\W_]+")


def check_new(password: str, *, name: str, email: str) -> None:
    """Refuse a new password that would be guessed; raises PasswordError with every fault."""
    password = _canonical(password)
    if len(password) > LONGEST:  # looking for what is in it takes a time that grows with the square of its length
        raise PasswordError([PasswordFault.TOO_LONG])
    bare = _bare(password)
    faults = []
    if len(password) < SHORTEST:
        faults.append(PasswordFault.TOO_SHORT)
    if _is_common(bare):
        faults.append(PasswordFault.COMMON)
    if any(part in bare for part in _parts(name)):
        faults.append(PasswordFault.HOLDS_NAME)
    if any(part in bare for part in (*_parts(email.partition("@")[0]), _bare(email))):
        faults.append(PasswordFault.HOLDS_EMAIL)
    if any(word in bare for word in _PRODUCT):
        faults.append(PasswordFault.HOLDS_PRODUCT)
    if faults:
        raise PasswordError(faults)


def hashed(password: str) -> str:
    """Hash a password with Argon2id, which takes a tenth of a second and 64 MiB."""
    return HASHER.hash(_canonical(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Tell whether a password is the one of a hash; without a hash as much work is done, for nothing."""
    canonical = _canonical(password)[: LONGEST + 1]
    try:
        HASHER.verify(password_hash or _of_nobody(HASHER), canonical)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Tell whether a hash was made with other costs than today's."""
    return HASHER.check_needs_rehash(password_hash)


@cache
def _of_nobody(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody has this password")


def _canonical(password: str) -> str:
    """Write a password in one form, however a keyboard composed its letters."""
    return unicodedata.normalize("NFKC", password)


def _bare(text: str) -> str:
    """Take letters and digits alone, without case."""
    return _BESIDE.sub("", _canonical(text).casefold())


def _parts(text: str) -> list[str]:
    return [part for part in _BESIDE.split(_canonical(text).casefold()) if len(part) >= _TELLING]


def _is_common(bare: str) -> bool:
    """Tell whether a password is common, two common ones in a row, or a short piece over and over."""
    known = _common()
    if bare in known or any(bare[:at] in known and bare[at:] in known for at in range(1, len(bare))):
        return True
    return any(bare == (bare[:n] * len(bare))[: len(bare)] for n in range(1, len(bare) // 2 + 1))


@cache
def _common() -> frozenset[str]:
    return frozenset(gzip.decompress(COMMON.read_bytes()).decode().split())
