"""Somebody about to be let in: sealed in a cookie of their own browser for ten minutes, stored nowhere else."""

import hmac
import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Request, Response

from app.web import site

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
        return bool(self.proof) and hmac.compare_digest(self.proof, _proof(self.wave, self.contact, code))


def new_code() -> str:
    """Draw a code for one message."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def awaiting(wave: str, city: str, contact: str, code: str) -> Pending:
    """Describe a contact that was sent a code."""
    return Pending(wave, city, contact, "sms", _proof(wave, contact, code))


def keep(response: Response, pending: Pending) -> None:
    """Seal it into this browser."""
    sealed = _box(site.settings().secret_key).encrypt_at_time(json.dumps(asdict(pending)).encode(), _seconds())
    response.set_cookie(
        _COOKIE,
        sealed.decode(),
        max_age=LIFE,
        path=f"/s/{pending.wave}/enter",
        httponly=True,
        samesite="Lax",
        secure=site.settings().secure_cookies,
    )


def read(request: Request, wave: str, gate: str) -> Pending | None:
    """Open it; None when there is none, it is older than ten minutes, or it is of another wave or way."""
    try:
        opened = _box(site.settings().secret_key).decrypt_at_time(
            request.cookies.get(_COOKIE, "").encode(), LIFE, _seconds()
        )
    except (InvalidToken, UnicodeEncodeError):
        return None
    pending = Pending(**json.loads(opened))
    return pending if (pending.wave, pending.gate) == (wave, gate) else None


def forget(response: Response, wave: str) -> None:
    """Remove it from this browser."""
    response.delete_cookie(_COOKIE, path=f"/s/{wave}/enter")


def _seconds() -> int:
    moment: datetime = site.clock().now()
    return int(moment.timestamp())


def _proof(wave: str, contact: str, code: str) -> str:
    secret = site.settings().secret_key.encode()
    return hmac.new(secret, f"code by message\x1f{wave}\x1f{contact}\x1f{code}".encode(), "sha256").hexdigest()


@cache
def _box(secret: str) -> Fernet:
    return Fernet(urlsafe_b64encode(HKDF(SHA256(), 32, salt=None, info=b"survey entry").derive(secret.encode())))
