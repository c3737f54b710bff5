"""An unfinished answer: sealed in the respondent's own cookies, stored nowhere else.

The ticks lie in one cookie and each suggestion in one of its own, because a browser keeps 4 KB a cookie: the longest
suggestion, 500 signs of four bytes, fits sealed. Ticks beside long answers in words may take several (`cookies`). All
are bound to the path of their wave, so two waves never mix.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from app.web import site
from app.web.resident.cookies import forget as forget_cookie
from app.web.resident.cookies import keep as keep_cookie
from app.web.resident.cookies import whole
from app.web.resident.waves import WaveView
from app.web.sealed import seal, unseal
from surveys.fieldwork.channels import PLAIN
from surveys.questionnaire.definition import Answer
from surveys.responses.intake import MOST_SUGGESTIONS, FollowCode, Receipt, Suggestion

LIFE = 7 * 24 * 3600
"""Seconds a draft waits for its owner."""

DONE_LIFE = 45 * 60
"""Seconds the same browser can read back what it sent."""

_LINK = "via"
"""Cookie of the word of the link that led here, through however many ways in."""

_LONGEST_WORD = 32
_TICKS, _DONE = "draft", "done"
_TEXTS = tuple(f"draft-text-{index}" for index in range(MOST_SUGGESTIONS))


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
    """What the thank-you page shows: receipt, withdrawal code, codes of suggestions, and the draft as it was sent."""

    receipt: Receipt
    draft: Draft


def begin_draft(view: WaveView, city: str, ballot: str) -> Draft:
    """Begin a draft now, by the link its owner came through."""
    word = _word()
    return Draft(
        wave=view.code,
        city=city,
        ballot=ballot,
        channel=view.channel(word),
        invitation=view.invitation(word),
        began=int(site.clock().now().timestamp()),
    )


def remember_link(response: Response, wave: str) -> Response:
    """Keep the word of the link in this browser until the answer is sent: a way in may lead over other sites."""
    if "via" in request.args:
        site.set_cookie(response, _LINK, _word(), path=_path(wave))
    return response


def read_draft(wave: str) -> Draft | None:
    """Open this browser's draft of a wave; None when there is none, or it is old, foreign or tampered with."""
    cookies = request.cookies
    ticks = unseal(_TICKS, whole(cookies, _TICKS), life=LIFE)
    if ticks is None or ticks.get("wave") != wave:
        return None
    texts = [unseal(name, cookies[name], life=LIFE) for name in _TEXTS if name in cookies]
    try:
        wishes = [Suggestion(**text["wish"]) for text in texts if text and text.get("ballot") == ticks["ballot"]]
        return _draft(ticks | {"suggestions": wishes})
    except (KeyError, TypeError):  # sealed by a release that kept other things
        return None


def keep_draft(response: Response, draft: Draft) -> None:
    """Seal a draft into the response's cookies, in place of what the browser sent."""
    path = _path(draft.wave)
    keep_cookie(response, _TICKS, seal(_TICKS, _ticks(draft)), path=path, max_age=LIFE)
    for index, name in enumerate(_TEXTS):
        if index < len(draft.suggestions):
            wish = draft.suggestions[index]
            text = {"ballot": draft.ballot, "wish": {"area": wish.area, "text": wish.text}}
            keep_cookie(response, name, seal(name, text), path=path, max_age=LIFE)
        elif name in request.cookies:
            site.delete_cookie(response, name, path=path)


def read_done(wave: str) -> Done | None:
    """Open what this browser sent in a wave during the last 45 minutes."""
    contents = unseal(_DONE, whole(request.cookies, _DONE), life=DONE_LIFE)
    try:
        if contents is None or contents["draft"]["wave"] != wave:
            return None
        # The release before sealed one receipt, which opens nothing any more.
        follow = tuple(FollowCode(*each) for each in contents.get("follow", ()))
        receipt = Receipt(contents["receipt"], contents.get("code", ""), follow=follow)
        return Done(receipt, _draft(contents["draft"]))
    except (KeyError, TypeError):  # sealed by a release that kept other things
        return None


def keep_done(response: Response, finished: Done) -> None:
    """Put what was sent in place of the draft; the suggestions' own words are not kept."""
    wave = finished.draft.wave
    forget(response, wave)
    number, code, _repeated, follow = finished.receipt
    sealed = seal(_DONE, {"receipt": number, "code": code, "follow": follow, "draft": _ticks(finished.draft)})
    keep_cookie(response, _DONE, sealed, path=_path(wave), max_age=DONE_LIFE)


def forget(response: Response, wave: str) -> None:
    """Remove every trace of a wave from this browser."""
    for name in (_TICKS, _DONE, *_TEXTS):
        forget_cookie(response, name, path=_path(wave))
    if _LINK in request.cookies:  # or the next person in this browser would count as led here by the same link
        site.delete_cookie(response, _LINK, path=_path(wave))


def _ticks(draft: Draft) -> dict[str, Any]:
    """Lay a draft out for sealing, its suggestions left out."""
    return {name: getattr(draft, name) for name in Draft.__dataclass_fields__ if name != "suggestions"}


def _draft(data: dict[str, Any]) -> Draft:
    answers = {code: tuple(a) if isinstance(a, list) else a for code, a in data["answers"].items()}
    tuples = {"extra": tuple(data["extra"]), "suggestions": tuple(data.get("suggestions", ()))}
    return Draft(**{**data, "answers": answers, **tuples})


def _path(wave: str) -> str:
    return f"/s/{wave}"


def _word() -> str:
    return request.args.get("via", request.cookies.get(_LINK, ""))[:_LONGEST_WORD]
