"""Values too long for one cookie, laid into several: a browser drops a cookie above 4096 bytes and tells nobody."""

import re
from collections.abc import Mapping

from flask import request
from werkzeug.wrappers import Response

from app.web import site

LONGEST = 3800
"""Bytes of one part; the rest is left for its name and for the count."""

_COUNT = "~"
"""Ends the count of parts before the first one; no sealed value holds it."""


def keep(response: Response, name: str, value: str, *, path: str, max_age: int) -> None:
    """Set a cookie, or as many as its value needs; the first says how many, so that none left over can spoil it."""
    parts = [value[start : start + LONGEST] for start in range(0, len(value), LONGEST)]
    if len(parts) > 1:
        parts[0] = f"{len(parts)}{_COUNT}{parts[0]}"
    for index, part in enumerate(parts):
        site.set_cookie(response, _name(name, index), part, path=path, max_age=max_age)


def whole(cookies: Mapping[str, str], name: str) -> str | None:
    """Put a value together again; None when it, or a part of it, is not there."""
    first = cookies.get(name)
    many, mark, start = (first or "").partition(_COUNT)
    if not mark or not re.fullmatch("[0-9]{1,2}", many):
        return first
    parts = [cookies.get(_name(name, index)) for index in range(1, int(many))]
    return None if None in parts else start + "".join(filter(None, parts))


def forget(response: Response, name: str, *, path: str) -> None:
    """Remove a value with all its parts."""
    part = re.compile(f"{re.escape(name)}-[0-9]{{1,2}}")
    for each in (name, *filter(part.fullmatch, request.cookies)):
        site.delete_cookie(response, each, path=path)


def _name(name: str, index: int) -> str:
    return f"{name}-{index}" if index else name
