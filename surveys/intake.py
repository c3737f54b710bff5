"""Takes an answered questionnaire: checked whole, stored once, acknowledged only after the commit."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from surveys import ballots, receipts
from surveys.ballots import Ballot, BallotError
from surveys.cells import cell_code
from surveys.compiled import Compiled
from surveys.definition import LANGUAGES, Answers
from surveys.errors import SurveyError
from surveys.instrument import get_compiled
from surveys.models.comments import Comment
from surveys.models.fieldwork import Wave, WaveCity
from surveys.models.responses import FULL_WEIGHT, Response, SpentBallot
from surveys.packing import pack
from surveys.redaction import masked, tidied
from surveys.routing import keep_on_route, route

MOST_SUGGESTIONS = 3
LONGEST_SUGGESTION = 500
"""Characters of one suggestion."""


class ConflictError(SurveyError):
    """The ballot was used with other answers; those stay."""


class WaveNotOpenError(SurveyError):
    """The wave takes no answers (now, or from this city)."""


class SuggestionError(SurveyError):
    """A suggestion is too long, of no known area, or one too many; `position` counts from 0."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(f"suggestion {position}: {reason}")
        self.position = position
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A wish in the respondent's own words."""

    area: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a respondent sends; `extra` are areas they chose to answer beyond their rotation."""

    answers: Mapping[str, object]
    suggestions: tuple[Suggestion, ...] = ()
    extra: frozenset[str] = frozenset()
    lang: str
    channel: str = "link"
    mode: str = "web"
    flags: int = 0
    """What was judged remarkable at intake (surveys.quality.Flag); never a reason to refuse."""
    links: tuple[str, ...] = ()
    """Random codes of the groups this answer belongs to (surveys.models.responses.Response.links)."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The acknowledgement; `repeated` when the same answers had arrived before."""

    code: str
    repeated: bool


def submit(session: Session, key: bytes, ballot_text: str, submission: Submission, *, today: date) -> Receipt:
    """Store an answered questionnaire once; the caller's commit is the acknowledgement.

    Raises BallotError, WaveNotOpenError, AnswersError, SuggestionError, or ConflictError when the
    ballot was used with other content. The same ballot with the same content gives the same receipt.
    """
    ballot = ballots.verify(key, ballot_text)
    if submission.lang not in LANGUAGES:
        raise BallotError("no such language")
    wave = _open_wave(session, ballot)
    compiled = get_compiled(session, wave.version)
    answers = _on_route(compiled, ballot, submission)
    suggestions = _clean(submission.suggestions, compiled)
    packed, receipt = pack(compiled, answers), receipts.receipt_of(ballot_text)
    if not _spend(session, ballot_text, _mac(ballot_text, packed, suggestions)):
        return Receipt(receipt, repeated=True)
    where = {"wave": wave.code, "city": ballot.city, "lang": submission.lang, "day": today}
    response_id = receipts.response_id(key, receipt)
    response = {
        "id": response_id,
        "version": wave.version,
        "tier": ballot.tier,
        "cell": cell_code(compiled.questionnaire, answers, submission.lang),
        "channel": submission.channel,
        "mode": submission.mode,
        "closed": packed,
        "flags": submission.flags,
        "links": " ".join(submission.links),
        "receipt": receipts.seal(key, response_id, receipt),
    }
    session.execute(insert(Response).values(**where, **response, base_weight=FULL_WEIGHT, folded=False))
    _store_suggestions(session, where, suggestions)
    return Receipt(receipt, repeated=False)


def _store_suggestions(session: Session, where: dict[str, object], suggestions: tuple[Suggestion, ...]) -> None:
    for wish in suggestions:
        own = {"id": secrets.token_hex(16), "area": wish.area, "text": masked(wish.text), "state": "pending"}
        session.execute(insert(Comment).values(**where, **own))


def _open_wave(session: Session, ballot: Ballot) -> Wave:
    wave = session.execute(
        select(Wave)
        .join(WaveCity, WaveCity.wave == Wave.code)
        .where(Wave.code == ballot.wave, WaveCity.city == ballot.city, Wave.state == "open")
    ).scalar_one_or_none()
    if wave is None or wave.audience != ballot.audience:
        raise WaveNotOpenError(ballot.wave)
    return wave


def _on_route(compiled: Compiled, ballot: Ballot, submission: Submission) -> Answers:
    """Check everything that was sent, then keep what this respondent was asked."""
    checked = compiled.check(submission.answers, ballot.city)
    q = compiled.questionnaire
    pages = route(q, seed=ballot.seed, city=ballot.city, answers=checked, extra=submission.extra)
    return keep_on_route(q, pages, ballot.city, checked)


def _clean(suggestions: tuple[Suggestion, ...], compiled: Compiled) -> tuple[Suggestion, ...]:
    if len(suggestions) > MOST_SUGGESTIONS:
        raise SuggestionError(MOST_SUGGESTIONS, "too_many")
    cleaned = [Suggestion(wish.area, tidied(wish.text)) for wish in suggestions]
    for position, wish in enumerate(cleaned):
        if wish.text and wish.area not in compiled.areas:
            raise SuggestionError(position, "unknown_area")
        if len(wish.text) > LONGEST_SUGGESTION:
            raise SuggestionError(position, "too_long")
    return tuple(wish for wish in cleaned if wish.text)


def _spend(session: Session, ballot_text: str, mac: str) -> bool:
    """Use the ballot up; False when the same content used it before; raises ConflictError for other content."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    ballot_hash = hashlib.sha256(b"ballot" + ballot_text.encode()).hexdigest()
    statement = dialect.insert(SpentBallot).values(ballot_hash=ballot_hash, payload_mac=mac).on_conflict_do_nothing()
    if session.execute(statement.returning(SpentBallot.ballot_hash)).first() is not None:
        return True
    stored = session.execute(select(SpentBallot.payload_mac).where(SpentBallot.ballot_hash == ballot_hash)).scalar_one()
    if not hmac.compare_digest(stored, mac):
        raise ConflictError(ballot_hash)
    return False


def _mac(ballot_text: str, packed: bytes, suggestions: tuple[Suggestion, ...]) -> str:
    """Fingerprint the content under the ballot, which the database does not hold: nobody can try contents out."""
    words = json.dumps([(wish.area, wish.text) for wish in suggestions], ensure_ascii=False).encode()
    return hmac.new(ballot_text.encode(), packed + words, "sha256").hexdigest()
