"""Somebody about to be let in: sealed in a cookie of their own browser for ten minutes, stored nowhere else.

That is format 2. Format 1, of the release of November 2026, was sealed with Fernet under a key of its own.
"""

import hmac
import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import request
from werkzeug.wrappers import Response

from app.web import site
from app.web.sealed import seal, unseal

LIFE = 10 * 60
"""Seconds that a code by SMS, or a sign-in just made, lets its owner in."""

DIGITS = 6
_COOKIE = "pending"


@dataclass(frozen=True, slots=True)
class Pending:
    """A contact's hash, where it wants to take part, and a keyed hash of the code it was sent; none after a sign-in."""

    wave: str
    city: str
    contact: str
    gate: str
    proof: str = ""

    def is_proved_by(self, code: str) -> bool:
        """Tell whether a code is the one that was sent."""
        proofs = [_proof(secret, self.wave, self.contact, code) for secret in site.settings().secret_keys]
        return bool(self.proof) and any(hmac.compare_digest(self.proof, proof) for proof in proofs)


def new_code() -> str:
    """Draw a code for one message."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def awaiting(wave: str, city: str, contact: str, code: str) -> Pending:
    """Describe a contact that was sent a code."""
    return Pending(wave, city, contact, "sms", _proof(site.settings().secret_key, wave, contact, code))


def keep(response: Response, pending: Pending) -> None:
    """Seal it into this browser."""
    site.set_cookie(response, _COOKIE, seal(_COOKIE, asdict(pending)), path=_path(pending.wave), max_age=LIFE)


def read(wave: str, gate: str) -> Pending | None:
    """Open it; None when there is none, it is older than ten minutes, or it is of another wave or way."""
    sealed = request.cookies.get(_COOKIE, "")
    opened = unseal(_COOKIE, sealed, life=LIFE) or _unseal_first_format(sealed)
    try:
        pending = Pending(**opened) if opened else None
    except TypeError:  # sealed by a release that kept other things
        return None
    return pending if pending and (pending.wave, pending.gate) == (wave, gate) else None


def forget(response: Response, wave: str) -> None:
    """Remove it from this browser."""
    site.delete_cookie(response, _COOKIE, path=_path(wave))


def _unseal_first_format(sealed: str) -> dict[str, Any] | None:
    """Open what the release of November 2026 sealed; None for any other text."""
    boxes = MultiFernet([_first_box(secret) for secret in site.settings().secret_keys])
    try:
        opened = boxes.decrypt_at_time(sealed.encode(), LIFE, int(site.clock().now().timestamp()))
    except (InvalidToken, UnicodeEncodeError):
        return None
    data: dict[str, Any] = json.loads(opened)
    return data


def _first_box(secret: str) -> Fernet:
    return Fernet(urlsafe_b64encode(HKDF(SHA256(), 32, salt=None, info=b"survey entry").derive(secret.encode())))


def _path(wave: str) -> str:
    return f"/s/{wave}/enter"


def _proof(secret: str, wave: str, contact: str, code: str) -> str:
    return hmac.new(secret.encode(), f"code by message\x1f{wave}\x1f{contact}\x1f{code}".encode(), "sha256").hexdigest()
