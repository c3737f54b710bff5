"""What people see when something cannot be done: one page per kind of refusal, in their language."""

import logging
from dataclasses import dataclass

from flask import Flask, abort, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from app.web.language import LANGUAGES, _, negotiated, pressed, speak

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What an error page says: what happened and what to do now."""

    status: int
    title: str
    advice: str


def page_of(status: int) -> ErrorPage:
    """Find the words for a status; an unknown one is explained as a bad request."""
    words = {
        404: (_("There is no such page"), _("The address may be mistyped, or the page may have moved.")),
        405: (_("This page cannot be used that way"), _("Go back and use the buttons of the page.")),
        409: (
            _("An answer was already sent"),
            _("The answer sent first stands and counts once. One that was taken back cannot be given again."),
        ),
        410: (_("This survey is closed"), _("Its results will be published on the portal.")),
        413: (_("The text sent is too large"), _("Shorten the text and send it again.")),
        429: (_("Too many tries"), _("Wait a minute and try again; nothing you sent before is lost.")),
        503: (
            _("The answers could not be stored just now"),
            _("They are kept in this browser. Press Send again soon."),
        ),
        500: (_("Something went wrong on our side"), _("Nothing was stored. Try again in a few minutes.")),
    }
    title, advice = words.get(
        status, (_("The request could not be read"), _("Go back, reload the page and try again."))
    )
    return ErrorPage(status, title, advice)


def init_app(app: Flask) -> None:
    """Answer every error with a page and never with a trace."""

    @app.before_request
    def know_no_address_with_nul() -> None:
        # Nothing is called so, and PostgreSQL answers a look-up of it with an error of its own.
        if "\x00" in request.path:
            abort(404)

    @app.errorhandler(HTTPException)
    def explain(error: HTTPException) -> tuple[str, int]:
        return _rendered(error.code or 500)

    @app.errorhandler(CSRFError)
    def expired(_error: CSRFError) -> tuple[str, int]:
        _speak_for_the_path()
        page = ErrorPage(
            400,
            _("This page has been open too long or cookies are off"),
            _("Go back, reload the page and press the button again. Cookies must be allowed for the survey."),
        )
        return _drawn(page), page.status

    @app.errorhandler(Exception)
    def apologise(error: Exception) -> tuple[str, int]:
        # The path and the class only: a message or a body could hold what a person said.
        logger.error("unhandled %s at endpoint %s", type(error).__name__, request.endpoint)
        if app.testing:
            raise error
        return _rendered(InternalServerError.code)


def _rendered(status: int) -> tuple[str, int]:
    _speak_for_the_path()
    return _drawn(page_of(status)), status


def _drawn(page: ErrorPage) -> str:
    return render_template("shared/error.html", page=page, here=_alternates())


def _speak_for_the_path() -> None:
    """Speak the language of the address, else the one asked for, else the survey's cookie, else the browser's."""
    wished = (_first_word(), pressed(request), request.args.get("lang"), request.cookies.get("lang"))
    speak(next((code for code in wished if code in LANGUAGES), None) or negotiated(request))


def _alternates() -> dict[str, str]:
    """Give the addresses of this page in every language; none for what was posted, which a link cannot repeat."""
    if request.method != "GET":
        return {}
    if _first_word() in LANGUAGES:
        rest = request.path.lstrip("/").partition("/")[2]
        return {code: f"/{code}/{rest}" for code in LANGUAGES}
    return {code: f"?lang={code}" for code in LANGUAGES}


def _first_word() -> str:
    return request.path.lstrip("/").partition("/")[0]
