"""Flask-WTF's protection against forged forms, with one token a session: here a token does not age."""

import hmac
from functools import lru_cache

from flask import g, request, session
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf


class Csrf(CSRFProtect):  # type: ignore[misc]  # Flask-WTF ships no types
    """Guards every form of a site; the session's own token needs no reading."""

    def protect(self, *, apply_exemptions: bool = False) -> None:
        """Let the session's token through, and look at any other as Flask-WTF does."""
        secret = session.get("csrf_token")
        if secret and request.method == "POST" and not request.is_secure:
            given = request.form.get("csrf_token", "")
            if hmac.compare_digest(given.encode(errors="replace"), _token_of(secret).encode()):
                g.csrf_valid = True
                return
        super().protect(apply_exemptions=apply_exemptions)


def token() -> str:
    """Give the token of this request's session."""
    secret = session.get("csrf_token")
    return _token_of(secret) if secret else str(generate_csrf())


@lru_cache(maxsize=4096)
def _token_of(_secret: str) -> str:
    return str(generate_csrf())
