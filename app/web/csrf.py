"""Flask-WTF's protection against forged forms, with one token a session: here a token does not age."""

import hmac
from functools import lru_cache

from flask import Flask, current_app, g, session
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer

from app.web.request import current_request

_FOREIGN = frozenset({"cross-site", "same-site"})
"""What a browser says of a form of any other site; a neighbour below one domain could have planted its own session."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Csrf(CSRFProtect):  # type: ignore[misc]  # Flask-WTF ships no types
    """Guards every form of a site; the session's own token needs no reading."""

    def init_app(self, app: Flask) -> None:
        """Guard a site, and give its templates the session's one token."""
        super().init_app(app)
        app.context_processor(lambda: {"csrf_token": token})

    def protect(self, *, apply_exemptions: bool = False) -> None:
        """Let the session's token through, and look at any other as Flask-WTF does."""
        asked = current_request()
        if asked.method in _SAFE:
            return
        if asked.headers.get("Sec-Fetch-Site") in _FOREIGN:
            self._error_response("a form of another site")
        if asked.method == "POST" and not asked.is_secure:
            secret = session.get("csrf_token")
            if secret and is_same(asked.form.get("csrf_token", ""), token_of(secret)):
                g.csrf_valid = True
                return
        super().protect(apply_exemptions=apply_exemptions)


def token() -> str:
    """Give the token of this request's session; a session without one begins to have it."""
    secret = session.get("csrf_token")
    if not secret:
        generate_csrf()
        secret = session["csrf_token"]
    return token_of(secret)


def token_of(secret: str) -> str:
    """Sign the secret of a session of the current app, as Flask-WTF does."""
    return _signed(str(current_app.secret_key), secret)


def is_same(posted: str, own: str) -> bool:
    """Compare what a form brought with the session's own token, in a time that tells nothing."""
    return hmac.compare_digest(posted.encode(errors="replace"), own.encode())


@lru_cache(maxsize=4096)
def _signed(key: str, secret: str) -> str:
    return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(secret))
