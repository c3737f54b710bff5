"""Small secrets of accounts, sealed with the installation's key: a copy of the database does not open them.

Unlike what cookies hold they do not age. After a change of the key what the one before sealed is opened as long as
the settings name it, and is sealed anew when it is used, or for all at once by `python -m app staff reseal`.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

Keys = Sequence[str]
"""The installation's secret, and then the one before it, where there is one."""

_NONCE = 12


class SealError(ValueError):
    """No key at hand opens this."""


def seal(keys: Keys, use: str, text: str) -> str:
    """Seal a text for one use, such as "totp:7": opened for any other use it is noise."""
    nonce = secrets.token_bytes(_NONCE)
    return urlsafe_b64encode(nonce + _box(keys[0]).encrypt(nonce, text.encode(), use.encode())).decode()


def unseal(keys: Keys, use: str, sealed: str) -> str:
    """Open what was sealed for a use; raises SealError."""
    raw = urlsafe_b64decode(sealed)
    for key in keys:
        try:
            return _box(key).decrypt(raw[:_NONCE], raw[_NONCE:], use.encode()).decode()
        except InvalidTag:
            continue
    raise SealError(use)


def is_current(keys: Keys, use: str, sealed: str) -> bool:
    """Tell whether the key of today opens this."""
    try:
        unseal(keys[:1], use, sealed)
    except SealError:
        return False
    return True


def _box(key: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"staff accounts").derive(key.encode()))
