"""What people and programs are told when something cannot be done: one table for every page, phone and operator."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from flask import Flask, Request, abort, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.database import StorageError
from app.faults import describe
from app.web.counting import give_reason
from app.web.hosts import ForeignHostError
from app.web.language import LANGUAGES, _, _l, choose, speak
from app.web.slow import BusyError
from surveys.ballots.ballots import BallotError
from surveys.ballots.envelope_keys import EnvelopeKeyError
from surveys.ballots.keys import KeyFileError
from surveys.errors import AnswersError, NewerFormatError
from surveys.identity.gate import NotAdmittedError
from surveys.responses.intake import SuggestionError
from surveys.responses.storing import ConflictError, WaveNotOpenError

logger = logging.getLogger(__name__)


class Refusal(NamedTuple):
    """What an error of the domain is called outside: an HTTP status, and a word for programs."""

    status: int
    word: str


NEWER_FORMAT = "newer_format"
"""Word for what a newer release gave out: phones try again later, as after every 503, and lose nothing."""

REFUSALS: dict[type[Exception], Refusal] = {
    ForeignHostError: Refusal(400, "host"),
    BallotError: Refusal(403, "ballot"),
    ConflictError: Refusal(409, "other_content"),
    KeyFileError: Refusal(410, "closed"),
    NotAdmittedError: Refusal(410, "closed"),
    WaveNotOpenError: Refusal(410, "closed"),
    AnswersError: Refusal(422, "answers"),
    SuggestionError: Refusal(422, "suggestions"),
    EnvelopeKeyError: Refusal(503, "retry"),
    NewerFormatError: Refusal(503, NEWER_FORMAT),
    StorageError: Refusal(503, "retry"),
    BusyError: Refusal(503, "retry"),
}
"""Errors of the domain that any route may let rise; all others are faults of ours, and 500."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """What is said about one status: on a page its title and advice, to a phone's queue, to an operator."""

    title: str = _l("The request could not be read")
    advice: str = _l("Go back, reload the page and try again.")
    phone: str = _l("The request could not be read")
    operator: str = ""


_UNREADABLE = Sentences()
_OPERATOR = _l("Some answers could not be read: check the suggestions and their areas")

SENTENCES: dict[int | str, Sentences] = {
    "form": Sentences(
        _l("This page has been open too long or cookies are off"),
        _l("Go back, reload the page and press the button again. Cookies must be allowed for the survey."),
    ),
    NEWER_FORMAT: Sentences(
        _l("This was begun with a newer version of this site"),
        _l(
            "Nothing is lost: what you began stays in this browser, and what you sent is stored. "
            "Reload this page in a few minutes."
        ),
        _l("These answers come from a newer version of this site. They stay on this device and will be sent again."),
        _l("This page comes from a newer version of the site. Press “Store this form” again in a few minutes."),
    ),
    403: Sentences(
        phone=_l("The right to answer could not be confirmed. Ask for a new invitation."),
        operator=_OPERATOR,
    ),
    404: Sentences(
        _l("There is no such page"),
        _l("The address may be mistyped, or the page may have moved."),
        _l("There is no such survey in this city."),
    ),
    405: Sentences(_l("This page cannot be used that way"), _l("Go back and use the buttons of the page.")),
    409: Sentences(
        _l("An answer was already sent"),
        _l("The answer sent first stands and counts once. One that was taken back cannot be given again."),
        _l("The answer sent first stands and counts once. One that was taken back cannot be given again."),
        _l("A form with this number was typed in already, with other answers"),
    ),
    410: Sentences(
        _l("This survey is closed"),
        _l("Its results will be published on the portal."),
        _l("This survey takes no more answers."),
    ),
    413: Sentences(
        _l("The text sent is too large"), _l("Shorten the text and send it again."), _l("The text sent is too large")
    ),
    422: Sentences(
        phone=_l("Some answers do not belong to this survey. Open it again and check them."),
        operator=_OPERATOR,
    ),
    429: Sentences(
        _l("Too many tries"),
        _l("Wait a minute and try again; nothing you sent before is lost."),
        _l("Wait a minute and try again; nothing you sent before is lost."),
    ),
    500: Sentences(
        _l("Something went wrong on our side"),
        _l("Nothing was stored. Try again in a few minutes."),
        _l("Something went wrong on our side. Nothing was stored. Try again in a few minutes."),
    ),
    503: Sentences(
        _l("The answers could not be stored just now"),
        _l("They are kept in this browser. Press Send again soon."),
        _l("The answers could not be stored just now. They stay on this device and will be sent again."),
        _l("The answers could not be stored just now. Press “Store this form” again soon."),
    ),
}
"""What is said by status, or by the word of a refusal that says more; what is not here could not be read."""


STAFF_SENTENCES: dict[int | str, Sentences] = {
    403: Sentences(
        _l("You have no right to this"),
        _l("Your role does not include it. If it should, ask an administrator of the console."),
    ),
    404: Sentences(
        _l("There is no such page"),
        _l("The address may be mistyped, or what was here belongs to another city or is gone."),
    ),
    409: Sentences(
        _l("Somebody else changed this meanwhile"),
        _l("Nothing of yours was stored. Open the page again to see how it is now."),
    ),
    413: Sentences(_l("What was sent is too large"), _l("A file may have 10 MB. Make it smaller and send it again.")),
    422: Sentences(_l("This cannot be done as it is"), _l("Go back and check what you entered.")),
    429: Sentences(_l("Too many tries"), _l("Wait a minute and try again.")),
    503: Sentences(_l("This could not be stored just now"), _l("Go back and press the button again in a minute.")),
    "form": Sentences(
        _l("This page has been open too long or cookies are off"),
        _l("Go back, reload the page and press the button again. Cookies must be allowed for the console."),
    ),
}
"""What the console says otherwise: its readers are staff, who send no answers."""


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What an error page says: what happened and what to do now."""

    status: int
    title: str
    advice: str
    home: str = ""
    """What stands before the addresses it leads to; nothing for those of the site that was asked."""


class ErrorPages(NamedTuple):
    """How a site shows errors: its template, how it finds the reader's language, where it is, and its own sentences."""

    template: str
    choose: Callable[[Request], str]
    address: str
    sentences: Mapping[int | str, Sentences] = MappingProxyType({})
    """What is said otherwise here than on the public site."""


_PAGES = "city.errors"


def refusal_of(error: Exception) -> Refusal | None:
    """Find what an error of the domain is called outside; None for any other error."""
    return next((REFUSALS[kind] for kind in type(error).__mro__ if kind in REFUSALS), None)


def sentences_of(refusal: Refusal) -> Sentences:
    """Find what is said about a refusal; what a site says itself comes first."""
    own = _pages().sentences
    found = own.get(refusal.word) or SENTENCES.get(refusal.word) or own.get(refusal.status)
    return found or SENTENCES.get(refusal.status, _UNREADABLE)


def init_app(app: Flask, pages: ErrorPages) -> None:
    """Answer every error with a page and never with a trace."""
    app.extensions[_PAGES] = pages

    @app.before_request
    def know_no_address_with_nul() -> None:
        # Nothing is called so, and PostgreSQL answers a look-up of it with an error of its own.
        if "\x00" in request.path:
            abort(404)

    app.register_error_handler(ForeignHostError, _lead_home)

    @app.errorhandler(HTTPException)
    def explain(error: HTTPException) -> tuple[str, int]:
        return _rendered(Refusal(error.code or 500, ""))

    app.register_error_handler(CSRFError, refuse_form)

    @app.errorhandler(Exception)
    def apologise(error: Exception) -> tuple[str, int]:
        if refusal := refusal_of(error):
            give_reason(refusal.word)
            return _rendered(refusal)
        logger.error("unhandled error", extra={"endpoint": request.endpoint, "fault": describe(error)})
        if app.testing:
            raise error
        return _rendered(Refusal(500, ""))


def refuse_form(_error: CSRFError) -> tuple[str, int]:
    """Refuse a form without its token."""
    logger.warning("a form was refused", extra={"endpoint": request.endpoint})
    give_reason("form")
    return _rendered(Refusal(400, "form"))


def _lead_home(error: ForeignHostError) -> tuple[str, int]:
    give_reason(REFUSALS[type(error)].word)
    speak(choose(request, remembered=False))
    home = _pages().address
    advice = _("Open %(address)s instead.", address=home)
    page = ErrorPage(400, _("This is not the address of this site"), advice, home=home)
    return _drawn(page), page.status


def _rendered(refusal: Refusal) -> tuple[str, int]:
    speak(_pages().choose(request))
    words = sentences_of(refusal)
    return _drawn(ErrorPage(refusal.status, words.title, words.advice)), refusal.status


def _drawn(page: ErrorPage) -> str:
    return render_template(_pages().template, page=page, here=_alternates())


def _pages() -> ErrorPages:
    pages: ErrorPages = current_app.extensions[_PAGES]
    return pages


def _alternates() -> dict[str, str]:
    """Give the addresses of this page in every language; none for what was posted, which a link cannot repeat."""
    if request.method != "GET":
        return {}
    first, _slash, rest = request.path[1:].partition("/")
    if first in LANGUAGES:
        return {code: f"/{code}/{rest}" for code in LANGUAGES}
    return {code: f"?lang={code}" for code in LANGUAGES}
