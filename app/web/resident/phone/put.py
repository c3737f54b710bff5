"""PUT /r/<id> for answers the door could not take: what is wrong, in a word for programs and a sentence for people."""

import logging
from typing import NoReturn, cast

from flask import Blueprint, Response, g, jsonify, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from app.database import StorageError
from app.web.language import _, negotiated, speak
from app.web.resident import door
from app.web.resident.door import RefusedError
from app.web.resident.phone.payload import PayloadError
from surveys.ballots.ballots import BallotError
from surveys.ballots.keys import KeyFileError
from surveys.errors import AnswersError
from surveys.responses.intake import SuggestionError
from surveys.responses.storing import ConflictError, WaveNotOpenError

bp = Blueprint("put", __name__, url_prefix="/r")

logger = logging.getLogger(__name__)


@bp.put("/<response>")
def put(response: str) -> NoReturn:  # noqa: ARG001 - names the address
    """Say why the door did not take an answer."""
    raise cast(Exception, request.environ[door.REFUSAL])


@bp.after_request
def keep_out_of_caches(response: Response) -> Response:
    """Let nobody keep an answer or a receipt on the way."""
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.errorhandler(Exception)
def explain(error: Exception) -> tuple[Response, int]:
    """Say what is wrong: a word for programs and a sentence for people, never a trace."""
    if "language" not in g:
        speak(request.environ.get(door.LANGUAGE) or negotiated(request))
    status, word = _named(error)
    problems = {"problems": _problems(error)} if status == 422 else {}
    response = jsonify(error=word, message=_message(status), **problems)
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response, status


def _named(error: Exception) -> tuple[int, str]:
    if isinstance(error, RefusedError):
        return error.status, error.word
    if isinstance(error, PayloadError):
        return 400, error.reason
    if isinstance(error, HTTPException):
        return error.code or 500, error.name.lower().replace(" ", "_")
    for kind, (status, word) in _REFUSALS.items():
        if isinstance(error, kind):
            return status, word
    logger.error("unhandled %s at PUT", type(error).__name__)
    return 500, "failed"


_REFUSALS: dict[type[Exception], tuple[int, str]] = {
    BallotError: (403, "ballot"),
    ConflictError: (409, "other_content"),
    WaveNotOpenError: (410, "closed"),
    KeyFileError: (410, "closed"),
    AnswersError: (422, "answers"),
    SuggestionError: (422, "suggestions"),
    StorageError: (503, "retry"),
    SQLAlchemyError: (503, "retry"),
}


def _problems(error: Exception) -> list[dict[str, str]]:
    if isinstance(error, AnswersError):
        return [{"question": problem.question, "reason": str(problem.reason)} for problem in error.problems]
    if isinstance(error, SuggestionError):
        return [{"question": f"suggestion{error.position}", "reason": error.reason}]
    return [{"question": "", "reason": _named(error)[1]}]


def _message(status: int) -> str:
    messages = {
        403: _("The right to answer could not be confirmed. Ask for a new invitation."),
        404: _("There is no such survey in this city."),
        409: _("The answer sent first stands and counts once. One that was taken back cannot be given again."),
        410: _("This survey takes no more answers."),
        413: _("The text sent is too large"),
        422: _("Some answers do not belong to this survey. Open it again and check them."),
        429: _("Wait a minute and try again; nothing you sent before is lost."),
        500: _("Something went wrong on our side. Nothing was stored. Try again in a few minutes."),
        503: _("The answers could not be stored just now. They stay on this device and will be sent again."),
    }
    return messages.get(status) or _("The request could not be read")
