"""The quick lane of the survey's most frequent requests: a page of questions shown again, or answered as it should be.

It stands before Flask and does what the route of the page does when nothing is out of the ordinary: a draft, a session
and an open wave are there, no language or look is being chosen, the page has been drawn before, the form carries the
session's token and nothing in it is wrong. In any other case it hands the request on, so the route stays the one place
that decides. Why: docs/adr/0014.
"""

import io
import re
import sys
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qsl

from flask import Flask, Response
from werkzeug.datastructures import MultiDict
from werkzeug.http import parse_cookie

from app.web.csrf import is_same, token_of
from app.web.language import LANGUAGES, best, current_language, speak
from app.web.look.choice import COOKIE, Look
from app.web.resident import drafts
from app.web.resident.form import steps, views
from app.web.resident.form.forms import read_answers
from app.web.resident.form.fragments import surroundings
from app.web.resident.form.walk import Walk
from app.web.resident.waves import Waves
from app.web.sessions import Sessions
from surveys.ballots import ballots
from surveys.questionnaire.definition import Page

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_ADDRESS = re.compile(r"/s/([a-z0-9-]+)/p/([a-z0-9_-]+)")
_BACK = "back=check"
_PLAIN_QUERIES = frozenset({"", _BACK})
_FORM = "application/x-www-form-urlencoded"
_LONGEST, _MOST_FIELDS = 16 * 1024, 200
"""Bytes and fields of a form: far more than any page has, far less than Flask refuses."""

_NO_STORE = ("Cache-Control", "no-store")
_PAGE = [("Content-Type", "text/html; charset=utf-8"), _NO_STORE, ("Vary", "Accept-Encoding")]
Application = Callable[..., Iterable[bytes]]


class Asked(NamedTuple):
    """A request for a page of questions by somebody on the way."""

    environ: dict[str, Any]
    cookies: dict[str, str]
    walk: Walk
    page: Page
    token: str

    @property
    def here(self) -> str:
        """The address asked for."""
        return f"{self.environ['PATH_INFO']}?{self.environ.get('QUERY_STRING', '')}".rstrip("?")


class Lane:
    """Serves pages of questions, and hands every other request on to what it stands before."""

    def __init__(self, served: Application, app: Flask, waves: Waves, *, secure: bool) -> None:
        self._served = served
        self._app = app
        self._waves = waves
        self._secure = secure

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        named = _ADDRESS.fullmatch(environ["PATH_INFO"])
        way = self._ways.get(environ["REQUEST_METHOD"]) if named else None
        if named is None or way is None:
            return self._served(environ, start_response)
        try:
            with self._app.app_context():
                asked = self._asked(environ, *named.groups())
                answer = way(self, asked) if asked else None
        except Exception:  # noqa: BLE001 - a page not drawn yet; anything else the route meets again, and explains
            answer = None
        return (answer or self._served)(environ, start_response)

    def _asked(self, environ: dict[str, Any], wave: str, code: str) -> Asked | None:
        """Read who asks for what; None when the route has to look at the request."""
        cookies = parse_cookie(environ.get("HTTP_COOKIE"))
        if environ.get("QUERY_STRING", "") not in _PLAIN_QUERIES or COOKIE in cookies:
            return None
        language = cookies.get("lang")
        speak(language if language in LANGUAGES else best(environ.get("HTTP_ACCEPT_LANGUAGE", "")))
        secret = cast(Sessions, self._app.session_interface).read(self._app, cookies).get("csrf_token")
        walk = self._walk(wave, cookies)
        page = walk.page(code) if walk else None
        if walk is None or page is None or not secret:
            return None
        return Asked(environ, cookies, walk, page, token_of(secret))

    def _shown(self, asked: Asked) -> Application | None:
        """Put a page together."""
        walk, page = asked.walk, asked.page
        shell = views.shell(walk, page.code, asked.here)
        drawn = steps.question_page_of(walk.wave.code, page, walk.draft.city, current_language(), Look())
        html = drawn.filled(surroundings(shell, asked.token, asked.here) | steps.ticks(page, walk.draft.answers))
        return _packed(html.encode(), asked.environ.get("HTTP_ACCEPT_ENCODING", ""))

    def _answered(self, asked: Asked) -> Application | None:
        """Keep the answers of a page and lead on."""
        form = None if asked.environ["wsgi.url_scheme"] == "https" else _form(asked.environ)
        if form is None or "switch" in form or not is_same(form.get("csrf_token", ""), asked.token):
            return None
        answers = read_answers(asked.page, form)
        if answers is None:
            return None
        draft = asked.walk.draft.with_answers(answers)
        back = asked.environ.get("QUERY_STRING") == _BACK
        address = views.onward(asked.walk, draft, asked.page.code, back=back)
        response = Response(status=303, headers=[("Location", address), _NO_STORE])
        drafts.keep_draft(response, asked.cookies, str(self._app.secret_key), draft, secure=self._secure)
        return response

    _ways = {"GET": _shown, "POST": _answered}  # noqa: RUF012 - a table of methods, not changed

    def _walk(self, wave: str, cookies: dict[str, str]) -> Walk | None:
        view = self._waves.get(wave)
        if view is None or not view.is_open:
            return None
        draft = drafts.read_draft(cookies, str(self._app.secret_key), wave)
        if draft is None or not draft.agreed or draft.city not in view.cities:
            return None
        return Walk(view, draft, ballots.reopen(draft.ballot))


def _packed(body: bytes, accepted: str) -> Application | None:
    """Compress for a reader of today; None for those who want another form, which Flask-Compress knows."""
    if accepted in {"", "identity"}:
        return _page(body)
    if ";" in accepted or "zstd" not in accepted.replace(", ", ",").split(","):
        return None
    return _page(zstd.compress(body), ("Content-Encoding", "zstd"))


def _page(body: bytes, *how: tuple[str, str]) -> Application:
    def answer(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [*_PAGE, ("Content-Length", str(len(body))), *how])
        return [body]

    return answer


def _form(environ: dict[str, Any]) -> MultiDict[str, str] | None:
    """Read a posted form; None for one that Flask has to look at, which can still read it."""
    length = environ.get("CONTENT_LENGTH", "")
    if environ.get("CONTENT_TYPE") != _FORM or not (length.isascii() and length.isdigit() and int(length) <= _LONGEST):
        return None
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    if len(body) < int(length):  # it broke off on the way
        return None
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        return None
    return MultiDict(pairs)
