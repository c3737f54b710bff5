"""The quick lane of the survey's most frequent request: a page of questions shown again, in pieces already drawn.

It stands before Flask and does what the route of the page does when nothing is out of the ordinary: a draft, a session
and an open wave are there, no language or look is being chosen. In any other case it hands the request on, so the route
stays the one place that decides. Why: docs/adr/0014.
"""

import re
import sys
from collections.abc import Callable, Iterable
from typing import Any, cast

from flask import Flask
from werkzeug.http import parse_cookie

from app.web.csrf import token_of
from app.web.language import LANGUAGES, best, current_language, speak
from app.web.look.choice import COOKIE, Look
from app.web.resident import drafts, pages, steps
from app.web.resident.cut import surroundings
from app.web.resident.walk import Walk
from app.web.resident.waves import Waves
from app.web.sessions import Sessions
from surveys import ballots
from surveys.places import load_places

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_ADDRESS = re.compile(r"/s/([a-z0-9-]+)/p/([a-z0-9_-]+)")
_PLAIN_QUERIES = frozenset({"", "back=check"})
_HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Vary", "Accept-Encoding"),
]


class Lane:
    """Shows pages of questions, and hands every other request on to what it stands before."""

    def __init__(self, served: Callable[..., Iterable[bytes]], app: Flask, waves: Waves) -> None:
        self._served = served
        self._app = app
        self._waves = waves

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        asked = environ["REQUEST_METHOD"] == "GET" and _ADDRESS.fullmatch(environ["PATH_INFO"])
        html = self._page(environ, *asked.groups()) if asked else None
        packed = None if html is None else _packed(html.encode(), environ.get("HTTP_ACCEPT_ENCODING", ""))
        if packed is None:
            return self._served(environ, start_response)
        body, how = packed
        start_response("200 OK", [*_HEADERS, ("Content-Length", str(len(body))), *how])
        return [body]

    def _page(self, environ: dict[str, Any], wave: str, code: str) -> str | None:
        """Put a page together; None when the route has to look at the request."""
        cookies = parse_cookie(environ.get("HTTP_COOKIE"))
        if environ["QUERY_STRING"] not in _PLAIN_QUERIES or COOKIE in cookies:
            return None
        with self._app.app_context():
            language = cookies.get("lang")
            speak(language if language in LANGUAGES else best(environ.get("HTTP_ACCEPT_LANGUAGE", "")))
            session = cast(Sessions, self._app.session_interface).read(self._app, cookies)
            walk = self._walk(wave, cookies)
            page = walk.page(code) if walk else None
            if walk is None or page is None or "csrf_token" not in session:
                return None
            here = f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}".rstrip("?")
            shell = pages.shell(walk, code, here)
            city = load_places().city(walk.draft.city)
            try:
                drawn = steps.question_page_of(wave, page, city.code, current_language(), Look())
            except RuntimeError:  # not drawn yet
                return None
            around = surroundings(shell, token_of(session["csrf_token"]), here)
            return drawn.filled(around | steps.ticks(page, walk.draft.answers))

    def _walk(self, wave: str, cookies: dict[str, str]) -> Walk | None:
        view = self._waves.get(wave)
        if view is None or not view.is_open:
            return None
        draft = drafts.read_draft(cookies, str(self._app.secret_key), wave)
        if draft is None or not draft.agreed or draft.city not in view.cities:
            return None
        return Walk(view, draft, ballots.reopen(draft.ballot))


def _packed(body: bytes, accepted: str) -> tuple[bytes, list[tuple[str, str]]] | None:
    """Compress for a reader of today; None for those who want another form, which Flask-Compress knows."""
    if accepted in {"", "identity"}:
        return body, []
    if ";" in accepted or "zstd" not in accepted:
        return None
    return zstd.compress(body), [("Content-Encoding", "zstd")]
