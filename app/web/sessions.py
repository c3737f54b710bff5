"""Flask's signed sessions at the cost of what a request uses of them."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.web.request import plain_name

_KEPT = 4096
"""Cookies whose signature was found right and need not be checked again."""


class Sessions(SecureCookieSessionInterface):
    """Makes the signer once, checks each cookie's signature once, and writes only what changed.

    Whatever uses a session here is kept out of all caches (Cache-Control: no-store), so no answer varies by cookie.
    """

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None
        self._read = lru_cache(maxsize=_KEPT)(_read)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer:
        """Give the signer of the app's secret."""
        if self._signer is None:
            self._signer = cast(URLSafeTimedSerializer, super().get_signing_serializer(app))  # None without a secret
        return self._signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """Read the session that came with a request; an empty one when none did, or none of ours."""
        # A new one for every request, for a session may be changed while it is served.
        return SecureCookieSession(self.read(app, request.cookies))

    def read(self, app: Flask, cookies: Mapping[str, str]) -> dict[str, Any]:
        """Give what the session among a browser's cookies holds."""
        cookie = cookies.get(plain_name(app.config["SESSION_COOKIE_NAME"]))
        if not cookie:
            return {}
        try:
            return dict(self._read(self.get_signing_serializer(app), cookie))
        except BadSignature:
            return {}

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send a session back when the request changed it."""
        if session.modified:
            super().save_session(app, session, response)


def _read(signer: URLSafeTimedSerializer, cookie: str) -> tuple[tuple[str, Any], ...]:
    return tuple(signer.loads(cookie).items())
