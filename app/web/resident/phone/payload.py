"""Reads what a phone sends to PUT /r/<id>: JSON of one known shape, and nothing else."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from surveys.errors import NewerFormatError, SurveyError
from surveys.languages import LANGUAGES
from surveys.responses.intake import Submission, Suggestion

FORMAT = 1
"""Number of the format that phones of this release send. They do not write it: a body without a number is of format 1.

So the release before reads them too. A later format says `"format": 2`.
"""

LARGEST = 32 * 1024
"""Bytes of a body: twelve answers in words and three suggestions, each 500 signs of four bytes, and all ticks."""

_ID = re.compile(r"[0-9a-f]{32}")
_CHANNEL = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_LONGEST_DAY = 86_400


class PayloadError(SurveyError):
    """A body that is not of the shape that phones send; `reason` is a word for programs."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """An answered questionnaire as a phone sends it; types are checked, contents are not yet."""

    wave: str
    city: str
    version: str
    consent: str
    submission: Submission
    ballot: str | None = None
    seconds: int | None = None
    honey: str = field(default="", repr=False)


def read_nonce(response: str) -> bytes:
    """Read the id made on the phone: 128 random bits in small hex; raises PayloadError."""
    if not _ID.fullmatch(response):
        raise PayloadError("id")
    return bytes.fromhex(response)


def read(body: bytes) -> Payload:
    """Read a body; raises PayloadError for what is not exactly of the shape, NewerFormatError for a later format."""
    document = _object(body)
    _check_format(document.pop("format", FORMAT))
    kinds = tuple(map(type, map(document.get, _REQUIRED)))
    if kinds != _KINDS:
        raise PayloadError(next(name for name, kind in _REQUIRED.items() if type(document.get(name)) is not kind))
    if b"\\u" in body:
        _check_escapes(document)
    if not document.keys() <= _KNOWN:
        raise PayloadError("unknown_key")
    for name, check in _CHECKS.items():
        if name in document:
            document[name] = check(document[name])
    submission = Submission(**{name: document.pop(name) for name in _SUBMITTED if name in document})
    return Payload(submission=submission, **document)


def _object(body: bytes) -> dict[str, Any]:
    try:
        document = _JSON.decode(body.decode())
    except (ValueError, RecursionError) as error:
        raise PayloadError("not_json") from error
    if type(document) is not dict:
        raise PayloadError("not_an_object")
    return document


def _check_format(number: Any) -> None:
    if type(number) is not int or number < 1:
        raise PayloadError("format")
    if number > FORMAT:
        raise NewerFormatError("answer on a phone")


def _check_escapes(document: dict[str, Any]) -> None:
    """Refuse what only an escape can bring into a text, and no database can keep."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:  # half a surrogate pair is not a character
        raise PayloadError("not_json") from error
    if any("\x00" in document[name] for name in ("wave", "city", "version")):
        raise PayloadError("nul")  # PostgreSQL knows no such sign: it would answer with an error of its own


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a key stands twice")
    return document


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise PayloadError("lang")
    return value


def _texts(value: Any) -> frozenset[str]:
    if type(value) is not list or any(type(text) is not str for text in value):
        raise PayloadError("extra")
    return frozenset(value)


def _wishes(value: Any) -> tuple[Suggestion, ...]:
    if type(value) is not list or not all(map(_is_wish, value)):
        raise PayloadError("suggestions")
    return tuple(Suggestion(wish["area"], wish["text"]) for wish in value)


def _is_wish(value: Any) -> bool:
    return type(value) is dict and value.keys() == {"area", "text"} and all(type(x) is str for x in value.values())


def _optional_text(value: Any) -> str | None:
    if value is not None and type(value) is not str:
        raise PayloadError("ballot")
    return value


def _channel(value: Any) -> str:
    if type(value) is not str or not _CHANNEL.fullmatch(value):
        raise PayloadError("channel")
    return value


def _seconds(value: Any) -> int | None:
    if value is not None and type(value) is not int:
        raise PayloadError("seconds")
    return value if value is None else max(0, min(value, _LONGEST_DAY))


def _honey(value: Any) -> str:
    if type(value) is not str:
        raise PayloadError("honey")
    return value


_JSON = json.JSONDecoder(object_pairs_hook=_without_repeats, parse_constant=_refuse)
_REQUIRED = {"wave": str, "city": str, "version": str, "lang": str, "consent": str, "answers": dict}
_KINDS = tuple(_REQUIRED.values())
_CHECKS: dict[str, Callable[[Any], Any]] = {
    "lang": _language,
    "extra": _texts,
    "suggestions": _wishes,
    "ballot": _optional_text,
    "channel": _channel,
    "seconds": _seconds,
    "honey": _honey,
}
_SUBMITTED = ("answers", "suggestions", "extra", "lang", "channel")
_KNOWN = frozenset({*Payload.__dataclass_fields__, *_SUBMITTED} - {"submission"})
