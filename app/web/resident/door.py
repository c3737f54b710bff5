"""The door of PUT /r/<id>: takes an answer that a phone kept until it had a network, once however often it is sent.

It stands before Flask, for taking an answer needs no route, session or template; whatever it cannot take goes on to
Flask, whose route says why (app.web.resident.phone.put). Why: docs/adr/0014.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import select
from werkzeug.exceptions import RequestEntityTooLarge

from app.database import Database
from app.web.resident.form.walk import WaveView
from app.web.resident.paradata import Hints
from app.web.resident.phone import payload
from app.web.resident.phone.payload import Payload, PayloadError
from app.web.resident.submit import Desk
from app.web.resident.waves import Waves
from surveys.ballots import ballots, keys
from surveys.ballots.ballots import Ballot, SignedBallot
from surveys.models import QuestionnaireVersion
from surveys.questionnaire.compiled import Compiled
from surveys.questionnaire.versions import get_compiled
from surveys.responses.intake import Receipt, Submission

REFUSAL, LANGUAGE = "city.refusal", "city.language"
"""Where Flask finds why an answer was not taken, and the language it was given in."""

PATH = "/r/"
_DIGITS = 20
"""Most digits of the length of a body: what 64 bits can count."""

_HEADERS = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]


class RefusedError(Exception):
    """An answer that the wave cannot take; the word is for programs."""

    def __init__(self, status: int, word: str) -> None:
        super().__init__(word)
        self.status = status
        self.word = word


class Door:
    """Takes what phones send, and hands every other request on to what it stands before."""

    def __init__(self, served: Callable[..., Iterable[bytes]], desk: Desk, waves: Waves, key_folder: Path) -> None:
        self._served = served
        self._desk = desk
        self._waves = waves
        self._keys = key_folder

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        if environ["REQUEST_METHOD"] != "PUT" or not environ["PATH_INFO"].startswith(PATH):
            return self._served(environ, start_response)
        try:
            receipt = self._take(environ)
        except Exception as error:  # noqa: BLE001 - the route behind the door raises it again
            environ[REFUSAL] = error
            return self._served(environ, start_response)
        body = b'{"receipt": "%b"}' % receipt.code.encode()
        status = "200 OK" if receipt.repeated else "201 CREATED"
        start_response(status, [*_HEADERS, ("Content-Length", str(len(body)))])
        return [body]

    def _take(self, environ: dict[str, Any]) -> Receipt:
        """Store an answer; one that waited for a network is taken until its wave is frozen."""
        nonce = payload.read_nonce(environ["PATH_INFO"].removeprefix(PATH))
        sent = payload.read(_body(environ))
        environ[LANGUAGE] = sent.lang
        wave = _wave(self._waves, sent)
        compiled = _compiled(self._desk.database, wave, sent)
        key = keys.load(self._keys, wave.code)
        return self._desk.send(
            compiled,
            key,
            _ballot(key, wave, sent, nonce),
            _submission(wave, sent),
            Hints(invitation=wave.invitation(sent.channel), seconds=sent.seconds, honey=sent.honey),
            address=environ.get("REMOTE_ADDR", ""),
            after_closing=True,
        )


def _body(environ: dict[str, Any]) -> bytes:
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != "application/json":
        raise RefusedError(415, "content_type")
    length = environ.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit() and len(length) <= _DIGITS):
        raise PayloadError("length")
    if int(length) > payload.LARGEST:
        raise RequestEntityTooLarge
    body: bytes = environ["wsgi.input"].read(int(length))
    return body


def _wave(waves: Waves, sent: Payload) -> WaveView:
    wave = waves.get(sent.wave)
    if wave is None or sent.city not in wave.cities:
        raise RefusedError(404, "no_such_survey")
    return wave


def _ballot(key: bytes, wave: WaveView, sent: Payload, nonce: bytes) -> SignedBallot:
    """Give the ballot of an invited person, checked, or make that of a phone that followed an open link."""
    if sent.ballot is None:
        if wave.is_invited:
            raise RefusedError(403, "ballot")
        return ballots.sign(key, Ballot(wave.code, sent.city, wave.audience, "open", nonce))
    signed = ballots.read(key, sent.ballot)
    if (signed.ballot.wave, signed.ballot.city, signed.ballot.nonce) != (wave.code, sent.city, nonce):
        raise RefusedError(403, "ballot")
    return signed


def _compiled(database: Database, wave: WaveView, sent: Payload) -> Compiled:
    """Find the version that was answered: the wave's, or one whose closed questions are the same."""
    compiled = wave.compiled
    if sent.version != compiled.questionnaire.digest():
        compiled = _other_version(database, wave.compiled, sent.version)
    if sent.consent != compiled.questionnaire.consent_version:
        raise RefusedError(422, "consent")
    return compiled


def _other_version(database: Database, asked: Compiled, digest: str) -> Compiled:
    with database.reading() as session:
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
