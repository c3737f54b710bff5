"""Following a suggestion by its code: what became of it, what its writer says of the answer, taking it back.

The code is posted and never part of an address. Each page is drawn for the post that asked for it and carries the code
in its forms, as the page of withdrawals does; nothing of it stays in the browser.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.database import StaleRowsError
from app.feedback import following
from app.feedback.following import Followed
from app.web import site
from app.web.asking.shell import Shell
from app.web.counting import give_reason
from app.web.language import _
from app.web.resident import follow_words, limits
from app.web.resident.services import services
from app.web.slow import BusyError
from surveys.ballots import follow_codes
from surveys.ballots.receipts import read_code
from surveys.models.comments import Comment, WithdrawnWords
from surveys.responses import sealed_words
from surveys.responses.sealed_words import SealedWords
from surveys.sql import hold_filing

_LONGEST = 60
_CHANGED = (Comment.__tablename__, WithdrawnWords.__tablename__, following.STAFF_DRAFTS.name)


@dataclass(frozen=True, slots=True)
class FoundByCode:
    """A suggestion that a code leads to: filed, or still waiting in an envelope."""

    code: str
    mark: str
    words: Followed | SealedWords

    @property
    def is_taken_back(self) -> bool:
        """Whether its words are gone."""
        if isinstance(self.words, SealedWords):
            return self.words.is_withdrawn
        return self.words.state == "taken_back"


def follow() -> AnyResponse | tuple[str, int]:
    """Show what became of a suggestion, keep what its writer says of an answer, or ask before it is taken back."""
    typed, is_sent = request.form.get("code", "").strip()[:_LONGEST], "switch" not in request.form
    found, fault = _find(typed) if typed or (request.method == "POST" and is_sent) else (None, "")
    if found is None:
        return _ask(typed, fault if is_sent else "")
    asks_back = "take_back" in request.form and not found.is_taken_back
    if asks_back and request.form.get("sure") == "yes" and is_sent:
        _take_back(found)
        return redirect(url_for(".taken_back"), 303)
    is_kept = is_sent and "answer" in request.form and _keep_answer(found)
    if is_kept:
        found = _look(found.code) or found
    return _show(found, asks_back=asks_back, is_kept=is_kept)


def taken_back() -> str:
    """Say that words were taken back."""
    return render_template("resident/taken_back.html")


def _find(typed: str) -> tuple[FoundByCode | None, str]:
    """Find the suggestion of a typed code, or say why there is none; wrong ones are counted."""
    code = follow_codes.read_follow_code(typed)
    if code is None:
        give_reason("code")
        return None, _not_a_code(typed)
    rules = [(limits.WRONG_BY_BROWSER, limits.browser()), (limits.WRONG_BY_ADDRESS, limits.address())]
    limits.check(rules)
    try:
        found = _look(code)
    except BusyError:
        # It was none of the suggestions that are filed: many at once would be tries that nobody counts.
        limits.count(rules)
        raise
    if found:
        return found, ""
    limits.count(rules)
    give_reason("code")
    return None, _(
        "No suggestion has this code: compare every character. A receipt has twelve characters too, in groups of four,"
        " and opens no suggestion"
    )


def _not_a_code(typed: str) -> str:
    if read_code(typed):
        return _(
            "This is a withdrawal code: it takes ticked answers back. The code of a suggestion has twelve characters"
        )
    return _("The code of a suggestion has twelve letters and digits, such as 4F7-K90-QX2-MBA")


def _look(code: str) -> FoundByCode | None:
    mark = follow_codes.mark_of(code)
    with site.database().reading() as session:
        filed = following.find(session, mark)
        if filed is not None:
            return FoundByCode(code, mark, filed)
        with services().slow.envelopes.slot():
            sealed = sealed_words.find(session, services().keys, mark)
    return FoundByCode(code, mark, sealed) if sealed is not None else None


def _keep_answer(found: FoundByCode) -> bool:
    reply = request.form.get("reply", "")
    with site.database().writing() as session:
        return (
            reply.isascii()
            and reply.isdigit()
            and len(reply) < 10
            and following.give_answer(
                session, found.mark, int(reply), request.form["answer"], today=site.clock().today()
            )
        )


def _take_back(found: FoundByCode) -> None:
    """Take words back wherever they are now, and let nothing of them be left to read."""
    database = site.database()
    with database.writing() as session:
        hold_filing(session)  # or a filing could come between the look and the change
        if not following.take_back(session, found.mark):
            sealed_words.withdraw(session, found.mark)
    with suppress(StaleRowsError):  # a reader holds the journal: the job of the hour cuts it short
        database.forget_old_rows(_CHANGED)


def _ask(typed: str, fault: str) -> tuple[str, int]:
    shell = Shell("", request.path, url_for(".index"))
    return render_template("resident/follow.html", shell=shell, typed=typed, fault=fault), 422 if fault else 200


def _show(found: FoundByCode, *, asks_back: bool, is_kept: bool) -> tuple[str, int]:
    described = follow_words.describe(found.words)
    context: dict[str, Any] = {"found": found, "words": described, "asks_back": asks_back, "is_kept": is_kept}
    context["choices"] = {code: str(label) for code, label in follow_words.ANSWERS.items()}
    return render_template("resident/followed.html", shell=Shell("", request.path, None), **context), 200
