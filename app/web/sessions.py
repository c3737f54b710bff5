"""Flask's signed sessions at the cost of what a request uses of them."""

from typing import cast

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer


class Sessions(SecureCookieSessionInterface):
    """Makes the signer once, and looks only at sessions that came or were touched."""

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Give the signer of the app's secret."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the session that came with a request; an empty one when none did."""
        if app.config["SESSION_COOKIE_NAME"] not in request.cookies:
            return cast(SecureCookieSession, self.session_class())
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send a session back when the request looked at it."""
        if session.accessed or session.modified:
            super().save_session(app, session, response)
