"""PUT /r/<id>: takes an answer that a phone kept until it had a network, once however often it is sent.

What cannot be taken is refused in a word for programs and a sentence for people.
"""

import json
import logging
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, g, jsonify, request
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from app.faults import describe
from app.web import site
from app.web.counting import give_reason
from app.web.errors import Refusal, refusal_of, sentences_of
from app.web.language import _l, choose, speak
from app.web.request import current_request
from app.web.resident.form.views import followed_words
from app.web.resident.paradata import Paradata, phone_mark
from app.web.resident.phone import payload
from app.web.resident.phone.payload import Payload, PayloadError
from app.web.resident.services import wave_key, wave_or_404
from app.web.resident.submit import submit
from app.web.resident.waves import WaveView
from surveys.ballots import ballots
from surveys.ballots.ballots import Ballot, BallotError, SignedBallot
from surveys.errors import AnswersError
from surveys.models import QuestionnaireVersion
from surveys.population.places import load_places
from surveys.questionnaire.compiled import Compiled
from surveys.questionnaire.versions import get_compiled
from surveys.responses.intake import SuggestionError

bp = Blueprint("put", __name__, url_prefix="/r")

logger = logging.getLogger(__name__)

_WHAT_CODES_DO = _l(
    "With its code you can see what became of a suggestion, read the answer of the city administration, say "
    "whether it has become better, and take your words back. The code leads to that suggestion and to nothing else."
)


class PutError(Exception):
    """An answer that the wave cannot take."""

    def __init__(self, status: int, word: str) -> None:
        super().__init__(word)
        self.refusal = Refusal(status, word)


@bp.put("/<response>")
def put(response: str) -> Response:
    """Store an answer; one that waited for a network is taken until its wave is frozen."""
    nonce = payload.read_nonce(response)
    upload = payload.read(_body())
    speak(upload.submission.lang)
    wave = wave_or_404(upload.wave, closed_too=True)
    if upload.city not in wave.cities:
        raise PutError(404, "no_such_survey")
    compiled, key = _compiled(wave, upload), wave_key(wave.code)
    receipt = submit(
        compiled,
        key,
        _ballot(key, wave, upload, nonce),
        replace(upload.submission, channel=wave.channel(upload.submission.channel)),
        Paradata(
            device=phone_mark(),
            invitation=wave.invitation(upload.submission.channel),
            seconds=upload.seconds,
            honey=upload.honey,
        ),
        after_closing=True,
    )
    status = 200 if receipt.repeated else 201
    # `receipt` is for scripts of the release before, which show one value and promise that it takes the answer back.
    known: dict[str, Any] = {"receipt": receipt.code or receipt.number, "number": receipt.number, "code": receipt.code}
    followed = followed_words(compiled.questionnaire, load_places().city(upload.city), receipt.follow)
    known["follow"] = [[each.about, each.code, ""] for each in followed]
    if followed:
        known["follow"][-1][2] = str(_WHAT_CODES_DO)
    return Response(json.dumps(known), status, mimetype="application/json")


@bp.after_request
def keep_out_of_caches(response: Response) -> Response:
    """Let nobody keep an answer or a receipt on the way."""
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.errorhandler(Exception)
def explain(error: Exception) -> tuple[Response, int]:
    """Say what is wrong: a word for programs and a sentence for people, never a trace."""
    if "language" not in g:
        speak(choose(request, remembered=False))
    refusal = status, word = _refusal(error)
    give_reason(word)
    problems = {"problems": _problems(error, word)} if status == 422 else {}
    response = jsonify(error=word, message=str(sentences_of(refusal).phone), **problems)
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response, status


def _body() -> bytes:
    asked = current_request()
    if asked.mimetype != "application/json":
        raise PutError(415, "content_type")
    if asked.content_length is None and asked.environ.get("wsgi.input_terminated"):
        raise PutError(411, "length")  # Werkzeug would cut a body without a length at the limit, and call it whole
    asked.max_content_length = payload.LARGEST
    return asked.get_data(cache=False)


def _ballot(key: bytes, wave: WaveView, upload: Payload, nonce: bytes) -> SignedBallot:
    """Give the ballot of an invited person, checked, or make that of a phone that followed an open link."""
    if upload.ballot is None:
        if wave.is_invited:
            raise BallotError("this wave is by invitation")
        return ballots.sign(key, Ballot(wave.code, upload.city, wave.audience, "open", nonce))
    signed = ballots.read(key, upload.ballot)
    if (signed.ballot.wave, signed.ballot.city, signed.ballot.nonce) != (wave.code, upload.city, nonce):
        raise BallotError("a ballot of something else")
    return signed


def _compiled(wave: WaveView, upload: Payload) -> Compiled:
    """Find the version that was answered: the wave's, or one whose closed questions are the same."""
    compiled = wave.compiled
    if upload.version != compiled.questionnaire.digest():
        compiled = _other_version(compiled, upload.version)
    if upload.consent != compiled.questionnaire.consent_version:
        raise PutError(422, "consent")
    return compiled


def _other_version(wave_version: Compiled, digest: str) -> Compiled:
    with site.database().reading() as session:
        query = select(QuestionnaireVersion.digest).where(
            QuestionnaireVersion.digest == digest, QuestionnaireVersion.code == wave_version.questionnaire.code
        )
        other = get_compiled(session, digest) if session.scalar(query) else None
    if other is None or (other.columns, other.numbers) != (wave_version.columns, wave_version.numbers):
        raise PutError(422, "version")
    return other


def _refusal(error: Exception) -> Refusal:
    if isinstance(error, PutError):
        return error.refusal
    if isinstance(error, PayloadError):
        return Refusal(400, error.reason)
    if isinstance(error, HTTPException):
        return Refusal(error.code or 500, _WORDS.get(error.code or 500) or error.name.lower().replace(" ", "_"))
    if isinstance(error, SQLAlchemyError):
        return Refusal(503, "retry")
    if refusal := refusal_of(error):
        return refusal
    logger.error("unhandled error", extra={"endpoint": request.endpoint, "fault": describe(error)})
    return Refusal(500, "failed")


_WORDS = {404: "no_such_survey", 410: "closed"}
"""Words of the statuses that wave_or_404 gives."""


def _problems(error: Exception, word: str) -> list[dict[str, str]]:
    if isinstance(error, AnswersError):
        return [{"question": problem.question, "reason": str(problem.reason)} for problem in error.problems]
    if isinstance(error, SuggestionError):
        return [{"question": f"suggestion{error.position}", "reason": error.reason}]
    return [{"question": "", "reason": word}]
