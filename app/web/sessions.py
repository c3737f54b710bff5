"""Flask's signed sessions at the cost of what a request uses of them."""

from collections.abc import Mapping
from copy import copy
from functools import lru_cache
from types import MappingProxyType
from typing import Any, cast

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.web.request import plain_name

_KEPT = 4096
"""Cookies whose signature was found right and need not be checked again."""


class ReadSession(SecureCookieSession):
    """A session as a cookie brought it; `is_of_previous` where the secret before this one signed that cookie."""

    is_of_previous = False


class Sessions(SecureCookieSessionInterface):
    """Makes the signer once, checks each cookie's signature once, and writes only what changed.

    A session that the secret before this one signed is written again, under this one, as soon as it is used.

    Whatever uses a session here is kept out of all caches (Cache-Control: no-store), so no answer varies by cookie.
    """

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None
        self._readers: tuple[URLSafeTimedSerializer, ...] = ()
        self._read = lru_cache(maxsize=_KEPT)(_read)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer:
        """Give the signer of the app's secret."""
        if self._signer is None:
            self._signer = cast(URLSafeTimedSerializer, super().get_signing_serializer(app))  # None without a secret
        return self._signer

    def open_session(self, app: Flask, request: Request) -> ReadSession:
        """Read the session that came with a request; an empty one when none did, or none of ours."""
        return self.read(app, request.cookies)

    def read(self, app: Flask, cookies: Mapping[str, str]) -> ReadSession:
        """Give the session among a browser's cookies."""
        cookie = cookies.get(plain_name(app.config["SESSION_COOKIE_NAME"]))
        if not cookie:
            return ReadSession()
        for reader in self._readers or self._make_readers(app):
            try:
                # A new one for every request, for a session may be changed while it is served.
                session = ReadSession(self._read(reader, cookie))
            except BadSignature:
                continue
            if reader is not self._readers[0]:
                session.is_of_previous = True
            return session
        return ReadSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send a session back when the request changed it, or used one that the secret before this one signed."""
        if getattr(session, "is_of_previous", False) and session.accessed:
            session.modified = True
        if session.modified:
            super().save_session(app, session, response)

    def _make_readers(self, app: Flask) -> tuple[URLSafeTimedSerializer, ...]:
        """Make a reader of the app's secret alone and, where there was one before it, a reader of both."""
        both = self.get_signing_serializer(app)
        current = copy(both)
        current.secret_keys = both.secret_keys[-1:]
        self._readers = (current, both)[: len(both.secret_keys)]
        return self._readers


def _read(signer: URLSafeTimedSerializer, cookie: str) -> Mapping[str, Any]:
    return MappingProxyType(signer.loads(cookie))
