"""An operator at one browser: begun with a pass, ended by a button, by two quiet hours, or twelve hours later.

The browser keeps a sealed cookie with the pass in it, so whoever copies the cookie has neither the pass nor more time.
"""

import secrets
from datetime import timedelta
from typing import Any

from flask import request
from limits import parse
from werkzeug.wrappers import Response as AnyResponse

from app.web import site
from app.web.resident import limits
from app.web.resident.limits import Rule
from app.web.sealed import seal, unseal

QUIET = timedelta(hours=2)
"""After so long without a page the pass is asked for again: an office computer is left alone."""

LONGEST = timedelta(hours=12)
"""After so long the pass is asked for again, however busy the operator is: a working day with its breaks."""

_COOKIE = "operator"
_ENDED = Rule("ended work of an operator", parse("1 per 12 hour"), is_personal=False)
"""Remembers what was ended for as long as a copy of its cookie could be used."""


def begin(response: AnyResponse, address: str, pass_text: str) -> None:
    """Let this browser work at an address under a pass, by a name that no browser had before."""
    _keep(response, address, {"pass": pass_text, "name": secrets.token_urlsafe(16), "begun": _now()})


def pass_of_browser() -> str:
    """Give the pass that this browser works under; empty when there is none, or its time is over."""
    opened = _opened()
    if opened is None:
        # The release before kept the pass itself; what is neither sealed nor a pass opens nothing.
        return request.cookies.get(_COOKIE, "")
    is_over = _now() - opened["begun"] > LONGEST.total_seconds() or not limits.has_room(_ENDED, opened["name"])
    return "" if is_over else str(opened["pass"])


def go_on(response: AnyResponse, address: str) -> None:
    """Begin the quiet hours anew."""
    opened = _opened()
    if opened:
        _keep(response, address, opened)
    elif pass_text := pass_of_browser():
        begin(response, address, pass_text)


def end(response: AnyResponse, address: str) -> None:
    """End the work of this browser: from now on a copy of its cookie opens nothing either."""
    opened = _opened()
    if opened:
        limits.count([(_ENDED, opened["name"])])
    site.delete_cookie(response, _COOKIE, path=address)


def _opened() -> dict[str, Any] | None:
    return unseal(_COOKIE, request.cookies.get(_COOKIE), life=int(QUIET.total_seconds()))


def _keep(response: AnyResponse, address: str, kept: dict[str, object]) -> None:
    site.set_cookie(response, _COOKIE, seal(_COOKIE, kept), path=address, max_age=QUIET, samesite="Strict")


def _now() -> int:
    return int(site.clock().now().timestamp())
