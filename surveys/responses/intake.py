"""Takes an answered questionnaire: checked whole, then handed to storing, acknowledged only after the commit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from surveys.ballots import ballots, follow_codes, receipts
from surveys.ballots.ballots import Ballot, BallotError, SignedBallot
from surveys.ballots.macs import mac
from surveys.errors import SurveyError
from surveys.languages import LANGUAGES
from surveys.models.responses import SpentBallot
from surveys.models.withdrawals import WithdrawnAnswer
from surveys.questionnaire.cells import cell_code
from surveys.questionnaire.compiled import Compiled
from surveys.questionnaire.definition import Answers
from surveys.questionnaire.packing import pack
from surveys.questionnaire.redaction import masked, tidied
from surveys.questionnaire.routing import answers_on_route
from surveys.responses import envelopes
from surveys.responses.envelopes import SentText, SentWords
from surveys.responses.storing import NewResponse

MOST_SUGGESTIONS = 3
LONGEST_SUGGESTION = 500
"""Characters of one suggestion."""


OWN_MODE = "web"
"""Mode of an answer that its respondent typed in: what the page shows afterwards they alone see."""


class SuggestionError(SurveyError):
    """A suggestion is too long, of no known area, or one too many; `position` counts from 0."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(f"suggestion {position}: {reason}")
        self.position = position
        self.reason = reason


class Suggestion(NamedTuple):
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


class FollowCode(NamedTuple):
    """The code that leads to one suggestion, or to the answer to an open question, whose code is named then."""

    area: str
    question: str
    code: str


class Receipt(NamedTuple):
    """The acknowledgement: the public receipt, and the secret code that takes the answer back.

    The code is empty for an answer of the release before, whose receipt stands on a public list and opens nothing.
    """

    number: str
    code: str
    repeated: bool = False
    """Whether the same answers had arrived before."""
    follow: tuple[FollowCode, ...] = ()
    """Codes of what was said in words, in the order it was written; none for what somebody else typed in."""


class Parcel(NamedTuple):
    """A checked answer, ready to be stored, and the receipt its sender gets once it is."""

    entry: NewResponse
    receipt: Receipt
    former_receipt: str
    """What the release before gave for this ballot; the receipt when the same answer was stored then."""


def prepare(
    key: bytes, signed: SignedBallot, submission: Submission, compiled: Compiled, *, today: date, use: int = 1
) -> Parcel:
    """Check an answered questionnaire whole and make what is stored of it; reads no database.

    `use` is 2 for the one more answer of a verified ballot whose first was taken back. Raises BallotError,
    AnswersError or SuggestionError.
    """
    ballot, ballot_text = signed
    if submission.lang not in LANGUAGES:
        raise BallotError("no such language")
    answers = _on_route(compiled, ballot, submission)
    wishes, spoken = _clean(submission.suggestions, compiled), _in_words(compiled, answers)
    suggestions = wishes + tuple(spoken.values())
    follow = _follow_codes(key, ballot, use, wishes, spoken) if submission.mode == OWN_MODE else ()
    packed, code = pack(compiled, answers), receipts.withdrawal_code(key, ballot, use)
    response_id, former = receipts.response_id(key, code), receipts.former_receipt(ballot_text)
    entry = NewResponse(
        wave=ballot.wave,
        city=ballot.city,
        audience=ballot.audience,
        ballot_hash=ballots.spent_mark(ballot, use),
        payload_mac=_fingerprint(key, ballot_text, packed, suggestions, use),
        id=response_id,
        former_id=receipts.response_id(key, former),
        version=compiled.questionnaire.digest(),
        tier=ballot.tier,
        cell=cell_code(compiled.questionnaire, answers, submission.lang),
        lang=submission.lang,
        channel=submission.channel,
        mode=submission.mode,
        day=today,
        closed=packed,
        flags=0,
        links="",
        sheets=envelopes.write(SentWords(ballot.wave, ballot.city, submission.lang, _sent(suggestions, follow))),
    )
    return Parcel(entry, Receipt(receipts.receipt_of(key, response_id), code, follow=follow), former)


def _on_route(compiled: Compiled, ballot: Ballot, submission: Submission) -> Answers:
    """Check everything that was sent, then keep what this respondent was asked."""
    checked = compiled.check(submission.answers, ballot.city)
    q = compiled.questionnaire
    return answers_on_route(q, seed=ballot.seed, city=ballot.city, answers=checked, extra=submission.extra)


def _clean(suggestions: tuple[Suggestion, ...], compiled: Compiled) -> tuple[Suggestion, ...]:
    most = MOST_SUGGESTIONS if compiled.questionnaire.takes_suggestions else 0
    if len(suggestions) > most:
        raise SuggestionError(most, "too_many")
    cleaned = [Suggestion(wish.area, tidied(wish.text)) for wish in suggestions]
    for position, wish in enumerate(cleaned):
        if wish.text and wish.area not in compiled.areas:
            raise SuggestionError(position, "unknown_area")
        if len(wish.text) > LONGEST_SUGGESTION:
            raise SuggestionError(position, "too_long")
    return tuple(wish for wish in cleaned if wish.text)


def _in_words(compiled: Compiled, answers: Answers) -> dict[str, Suggestion]:
    """Take the answers to open questions as suggestions on their area: words lie apart from ticks (ADR 9)."""
    pairs = ((question, answers.get(question.code)) for question in compiled.texts)
    return {question.code: Suggestion(question.area or "", text) for question, text in pairs if isinstance(text, str)}


def _follow_codes(
    key: bytes, ballot: Ballot, use: int, wishes: tuple[Suggestion, ...], spoken: Mapping[str, Suggestion]
) -> tuple[FollowCode, ...]:
    """Give each suggestion its code, by its place among them, and each answer in words by its question."""
    places = [(f"suggestion {index}", wish.area, "") for index, wish in enumerate(wishes)]
    places += [(f"question {question}", wish.area, question) for question, wish in spoken.items()]
    codes = (follow_codes.follow_code(key, ballot, place, use) for place, _area, _question in places)
    return tuple(FollowCode(area, question, code) for (_place, area, question), code in zip(places, codes, strict=True))


def _sent(suggestions: tuple[Suggestion, ...], follow: tuple[FollowCode, ...]) -> tuple[SentText, ...]:
    marks: list[str | None] = [follow_codes.mark_of(each.code) for each in follow]
    marks += [None] * (len(suggestions) - len(marks))
    return tuple(SentText(wish.area, masked(wish.text), mark) for wish, mark in zip(suggestions, marks, strict=True))


def was_used(session: Session, key: bytes, ballot: Ballot) -> bool:
    """Tell whether a ballot brings nothing more; a verified one whose answer was taken back brings one more."""
    if session.get(SpentBallot, ballots.spent_mark(ballot)) is None:
        return False
    first = session.get(WithdrawnAnswer, receipts.response_id(key, receipts.withdrawal_code(key, ballot)))
    if ballot.tier != "verified" or first is None or not first.is_done:
        return True
    return session.get(SpentBallot, ballots.spent_mark(ballot, 2)) is not None


def _fingerprint(key: bytes, ballot_text: str, packed: bytes, suggestions: tuple[Suggestion, ...], use: int) -> str:
    """Fingerprint the content with key and ballot, which the database does not hold: nobody can try contents out."""
    words = (word for wish in suggestions for word in wish)
    content = "\0".join((ballot_text, *words, "")).encode() + packed
    return mac(key, b"content" if use == 1 else b"second content", content).hex()
