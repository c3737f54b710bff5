"""An unfinished answer: sealed in the respondent's own cookies, stored nowhere else.

The ticks lie in one cookie and each suggestion in one of its own, because a browser keeps 4 KB a cookie: the longest
suggestion, 500 signs of four bytes, fits sealed. Ticks beside long answers in words may take several (`pieces`). All
are bound to the path of their wave, so two waves never mix.
"""

import json
import secrets
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Response, request

from app.web import site
from app.web.resident.cookies import forget as forget_cookie
from app.web.resident.cookies import keep as keep_cookie
from app.web.resident.cookies import whole
from surveys.fieldwork.channels import PLAIN
from surveys.questionnaire.definition import Answer
from surveys.responses.intake import MOST_SUGGESTIONS, Suggestion

LIFE = 7 * 24 * 3600
"""Seconds a draft waits for its owner."""

DONE_LIFE = 45 * 60
"""Seconds the same browser can read back what it sent."""

LINK = "via"
"""Cookie of the word of the link that led here (beginning)."""

_SECONDS, _NONCE = 8, 12
"""Bytes of the time and of the nonce before what is sealed."""

_SKEW = 60
"""Seconds by which the clocks of two servers may differ."""

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_TICKS, _DONE = "draft", "done"
_TEXTS = tuple(f"draft-text-{place}" for place in range(MOST_SUGGESTIONS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Where one respondent of one wave has got to."""

    wave: str
    city: str
    ballot: str
    agreed: bool = False
    answers: dict[str, Answer] = field(default_factory=dict)
    extra: tuple[str, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    channel: str = PLAIN
    invitation: str = ""
    """The word of a link that somebody made up; known to this browser alone (surveys.quality.signals)."""
    began: int = 0
    """Second of the clock at which it was begun; known to this browser alone, 0 when unknown."""

    def with_answers(self, page: Mapping[str, Answer | None]) -> "Draft":
        """Take over what one page says; None takes an answer back."""
        merged = {**self.answers, **page}
        return replace(self, answers={code: answer for code, answer in merged.items() if answer})


@dataclass(frozen=True, slots=True)
class Done:
    """What the thank-you page shows: the receipt and the draft as it was sent."""

    receipt: str
    draft: Draft


def read_draft(cookies: Mapping[str, str], secret: str, wave: str) -> Draft | None:
    """Open the draft of a wave; None when there is none, or it is old, foreign or tampered with."""
    ticks = _opened(cookies, _TICKS, secret, LIFE)
    if ticks is None or ticks.get("wave") != wave:
        return None
    texts = [_opened(cookies, name, secret, LIFE) for name in _TEXTS]
    try:
        wishes = [Suggestion(**text["wish"]) for text in texts if text and text.get("ballot") == ticks["ballot"]]
        return _draft(ticks | {"suggestions": wishes})
    except (KeyError, TypeError):  # sealed by a release that kept other things
        return None


def keep_draft(response: Response, cookies: Mapping[str, str], secret: str, draft: Draft, *, secure: bool) -> None:
    """Seal a draft into the response's cookies, in place of what the browser sent among its own."""
    _set(response, _TICKS, _sealed(_ticks(draft), _TICKS, secret), draft.wave, secure=secure)
    for place, name in enumerate(_TEXTS):
        if place < len(draft.suggestions):
            wish = draft.suggestions[place]
            text = {"ballot": draft.ballot, "wish": {"area": wish.area, "text": wish.text}}
            _set(response, name, _sealed(text, name, secret), draft.wave, secure=secure)
        elif name in cookies:
            response.delete_cookie(name, path=_path(draft.wave))


def read_done(cookies: Mapping[str, str], secret: str, wave: str) -> Done | None:
    """Open what this browser sent in a wave during the last 45 minutes."""
    done = _opened(cookies, _DONE, secret, DONE_LIFE)
    try:
        return Done(done["receipt"], _draft(done["draft"])) if done and done["draft"]["wave"] == wave else None
    except (KeyError, TypeError):  # sealed by a release that kept other things
        return None


def keep_done(response: Response, secret: str, done: Done, *, secure: bool) -> None:
    """Put what was sent in place of the draft; the suggestions' own words are not kept."""
    forget(response, done.draft.wave)
    said = {"receipt": done.receipt, "draft": _ticks(done.draft)}
    _set(response, _DONE, _sealed(said, _DONE, secret), done.draft.wave, secure=secure)


def forget(response: Response, wave: str) -> None:
    """Remove every trace of a wave from this browser."""
    for name in (_TICKS, _DONE, *_TEXTS):
        forget_cookie(response, name, _path(wave))
    if LINK in request.cookies:  # or the next person in this browser would count as led here by the same link
        response.delete_cookie(LINK, path=_path(wave))


def _ticks(draft: Draft) -> dict[str, Any]:
    """Lay a draft out for sealing, its suggestions left out."""
    return {name: getattr(draft, name) for name in Draft.__dataclass_fields__ if name != "suggestions"}


def _draft(data: dict[str, Any]) -> Draft:
    answers = {code: tuple(a) if isinstance(a, list) else a for code, a in data["answers"].items()}
    tuples = {"extra": tuple(data["extra"]), "suggestions": tuple(data.get("suggestions", ()))}
    return Draft(**{**data, "answers": answers, **tuples})


def _sealed(data: dict[str, Any], name: str, secret: str) -> str:
    """Seal what a cookie says: the second it was sealed in, a nonce, and AES-GCM over both and the cookie's name.

    Nonces are random, so one secret is good for 2³² seals (NIST SP 800-38D §8.3): a hundred million respondents.
    """
    packed = zlib.compress(_JSON.encode(data).encode(), 1)
    head = _seconds().to_bytes(_SECONDS) + secrets.token_bytes(_NONCE)
    return urlsafe_b64encode(head + _box(secret).encrypt(head[_SECONDS:], packed, head + name.encode())).decode()


def _opened(cookies: Mapping[str, str], name: str, secret: str, life: int) -> dict[str, Any] | None:
    """Open a cookie; None when there is none, or it is old, foreign, tampered with, or was sealed as another one."""
    sealed = whole(cookies, name)
    if not sealed:
        return None
    try:
        raw = urlsafe_b64decode(sealed)
        head = raw[: _SECONDS + _NONCE]
        packed = _box(secret).decrypt(head[_SECONDS:], raw[_SECONDS + _NONCE :], head + name.encode())
    except (InvalidTag, ValueError):
        return None
    if not 0 <= _seconds() - int.from_bytes(head[:_SECONDS]) + _SKEW <= life + _SKEW:
        return None
    data: dict[str, Any] = json.loads(zlib.decompress(packed))
    return data


def _seconds() -> int:
    return int(site.clock().now().timestamp())


@cache
def _box(secret: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"survey draft").derive(secret.encode()))


def _set(response: Response, name: str, value: str, wave: str, *, secure: bool) -> None:
    life = DONE_LIFE if name == _DONE else LIFE
    keep_cookie(response, name, value, max_age=life, path=_path(wave), httponly=True, samesite="Lax", secure=secure)


def _path(wave: str) -> str:
    return f"/s/{wave}"
