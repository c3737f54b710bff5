"""PUT /r/<id>: takes an answer that a phone kept until it had a network, once however often it is sent."""

import json
import logging

from flask import Blueprint, Response, g, jsonify, request
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from app.database import StorageError
from app.web import site
from app.web.language import _, negotiated, speak
from app.web.resident import payload, sending
from app.web.resident.payload import Payload, PayloadError
from app.web.resident.walk import WaveView
from app.web.resident.watching import Hints
from app.web.resident.waves import find_wave
from surveys import ballots, keys
from surveys.ballots import Ballot, BallotError
from surveys.compiled import Compiled
from surveys.errors import AnswersError
from surveys.instrument import get_compiled
from surveys.intake import Submission, SuggestionError
from surveys.keys import KeyFileError
from surveys.models import QuestionnaireVersion
from surveys.storing import ConflictError, WaveNotOpenError

bp = Blueprint("put", __name__, url_prefix="/r")

_JSON = {"Content-Type": "application/json"}

logger = logging.getLogger(__name__)


class RefusedError(Exception):
    """An answer that the wave cannot take; the word is for programs."""

    def __init__(self, status: int, word: str) -> None:
        super().__init__(word)
        self.status = status
        self.word = word


@bp.put("/<response>")
def put(response: str) -> tuple[str, int, dict[str, str]]:
    """Store a phone's answer; one that waited for a network is taken until its wave is frozen."""
    request.max_content_length = payload.LARGEST
    nonce = payload.read_nonce(response)
    if request.mimetype != "application/json":
        raise RefusedError(415, "content_type")
    sent = payload.read(request.get_data(cache=False))
    speak(sent.lang)
    wave = _wave(sent)
    key = keys.load(site.settings().keys, wave.code)
    ballot = _ballot(key, wave, sent, nonce)
    hints = Hints(seconds=sent.seconds, honey=sent.honey)
    receipt = sending.send(_compiled(wave, sent), key, ballot, _submission(wave, sent), hints=hints, after_closing=True)
    return json.dumps({"receipt": receipt.code}), 200 if receipt.repeated else 201, _JSON


@bp.after_request
def keep_out_of_caches(response: Response) -> Response:
    """Let nobody keep an answer or a receipt on the way."""
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.errorhandler(Exception)
def explain(error: Exception) -> tuple[Response, int]:
    """Say what is wrong: a word for programs and a sentence for people, never a trace."""
    if "language" not in g:
        speak(negotiated(request))
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
        409: _("This was already sent with other answers. The answers sent first are kept and counted once."),
        410: _("This survey takes no more answers."),
        413: _("The text sent is too large"),
        422: _("Some answers do not belong to this survey. Open it again and check them."),
        429: _("Wait a minute and try again; nothing you sent before is lost."),
        500: _("Something went wrong on our side. Nothing was stored. Try again in a few minutes."),
        503: _("The answers could not be stored just now. They stay on this device and will be sent again."),
    }
    return messages.get(status) or _("The request could not be read")


def _wave(sent: Payload) -> WaveView:
    wave = find_wave(sent.wave)
    if wave is None or sent.city not in wave.cities:
        raise RefusedError(404, "no_such_survey")
    return wave


def _ballot(key: bytes, wave: WaveView, sent: Payload, nonce: bytes) -> str:
    """Give the ballot of an invited person, checked, or make that of a phone that followed an open link."""
    if sent.ballot is None:
        if wave.is_invited:
            raise RefusedError(403, "ballot")
        return ballots.mint(key, Ballot(wave.code, sent.city, wave.audience, "open", nonce))
    ballot = ballots.verify(key, sent.ballot)
    if (ballot.wave, ballot.city, ballot.nonce) != (wave.code, sent.city, nonce):
        raise RefusedError(403, "ballot")
    return sent.ballot


def _compiled(wave: WaveView, sent: Payload) -> Compiled:
    """Find the version that was answered: the wave's, or one whose closed questions are the same."""
    compiled = wave.compiled
    if sent.version != compiled.questionnaire.digest():
        compiled = _other_version(wave.compiled, sent.version)
    if sent.consent != compiled.questionnaire.consent_version:
        raise RefusedError(422, "consent")
    return compiled


def _other_version(asked: Compiled, digest: str) -> Compiled:
    with site.database().reading() as session:
        known = select(QuestionnaireVersion.digest).where(
            QuestionnaireVersion.digest == digest, QuestionnaireVersion.code == asked.questionnaire.code
        )
        other = get_compiled(session, digest) if session.scalar(known) else None
    if other is None or (other.columns, other.numbers) != (asked.columns, asked.numbers):
        raise RefusedError(422, "version")
    return other


def _submission(wave: WaveView, sent: Payload) -> Submission:
    return Submission(
        answers=sent.answers,
        suggestions=sent.suggestions,
        extra=frozenset(sent.extra),
        lang=sent.lang,
        channel=wave.channel(sent.channel),
    )
