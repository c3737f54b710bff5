"""Values sealed into cookies: nobody but this installation can read or change them, and they age.

What comes out is the second it was sealed in, a nonce, and AES-GCM over both and the cookie's name, in base64. Nonces
are random, so one secret is good for 2³² seals (NIST SP 800-38D §8.3): a hundred million respondents. When the secret
is changed, what was sealed under the one before is still opened for as long as the settings name it.
"""

import json
import secrets
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.web import site
from surveys.errors import NewerFormatError

_SECONDS, _NONCE = 8, 12
"""Bytes of the time and of the nonce before what is sealed."""

FORMAT = 2
"""Number of the format sealed now, written into every value. Whatever changes what is sealed under a name raises it."""

_FORMATS = frozenset({1, 2})
"""Formats of this release and of the two before, all of which are opened; 1 had no number and the same content."""

_SKEW = 60
"""Seconds by which the clocks of two servers may differ."""

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def seal(name: str, data: dict[str, Any]) -> str:
    """Seal plain data as the value of a cookie of this name."""
    packed = zlib.compress(_JSON.encode({**data, "format": FORMAT}).encode(), 1)
    services = site.services()
    head = _seconds(services).to_bytes(_SECONDS) + secrets.token_bytes(_NONCE)
    box = _box(services.settings.secret_key)
    return urlsafe_b64encode(head + box.encrypt(head[_SECONDS:], packed, head + name.encode())).decode()


def unseal(name: str, sealed: str | None, *, life: int) -> dict[str, Any] | None:
    """Open a value; None for none, or one older than `life` seconds, foreign, changed or of a format no longer read.

    Raises NewerFormatError for one that a newer release sealed: it opens again once that release is back.
    """
    if not sealed:
        return None
    services = site.services()
    try:
        raw = urlsafe_b64decode(sealed)
    except ValueError:
        return None
    settings, head, box = services.settings, raw[: _SECONDS + _NONCE], raw[_SECONDS + _NONCE :]
    packed = _opened(settings.secret_key, name, head, box)
    if packed is None and settings.secret_key_previous:
        packed = _opened(settings.secret_key_previous, name, head, box)
    if packed is None or not 0 <= _seconds(services) - int.from_bytes(head[:_SECONDS]) + _SKEW <= life + _SKEW:
        return None
    data: dict[str, Any] = json.loads(zlib.decompress(packed))
    number = data.pop("format", 1)
    if isinstance(number, int) and number > FORMAT:
        raise NewerFormatError(name)
    return data if number in _FORMATS else None


def _opened(secret: str, name: str, head: bytes, box: bytes) -> bytes | None:
    """Open a box; None when this secret did not seal it under this name."""
    try:
        return _box(secret).decrypt(head[_SECONDS:], box, head + name.encode())
    except (InvalidTag, ValueError):
        return None


def _seconds(services: site.Services) -> int:
    return int(services.clock.now().timestamp())


@cache
def _box(secret: str) -> AESGCM:
    # The label under which drafts were sealed first: another one would make those of the release before unreadable.
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"survey draft").derive(secret.encode()))
