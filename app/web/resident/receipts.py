"""The public list of counted receipts, looking up whether an answer is counted, and taking an answer back."""

from collections.abc import Iterator
from contextlib import ExitStack
from enum import StrEnum

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.database import Database
from app.web import site
from app.web.asking.shell import Shell
from app.web.counting import give_reason
from app.web.language import _
from app.web.resident import limits
from app.web.resident.services import services, wave_key, wave_or_404
from surveys.ballots import receipts as ballot_receipts
from surveys.ballots.keys import KeyFileError
from surveys.ballots.receipts import read_code, read_receipt
from surveys.models import Response as StoredResponse
from surveys.models import Wave
from surveys.responses import counted_receipts, withdrawal
from surveys.responses.withdrawal import SettledError

_LONGEST = 60


class LookUp(StrEnum):
    """What a look-up says of what was typed."""

    LISTED = "listed"
    STORED = "stored"
    NOT_LISTED = "not listed"
    NO_ANSWER = "no answer"
    UNREADABLE = "unreadable"


def receipts(wave: str) -> str:
    """Tell whether an answer is counted, and offer the whole list; what is typed is never part of an address."""
    view = wave_or_404(wave, closed_too=True)
    typed = request.form.get("receipt", "").strip()[:_LONGEST]
    found, receipt = _look_up(wave, typed) if typed and "switch" not in request.form else (None, "")
    with site.database().reading() as session:
        total, digest = counted_receipts.state_of(session, wave)
        days = withdrawal.public_counts(session, wave)
        is_frozen = session.get_one(Wave, wave).state == "frozen"
    return render_template(
        "resident/receipts.html",
        shell=Shell(wave, request.path, None),
        wave=wave,
        questionnaire=view.compiled.questionnaire,
        typed=typed,
        receipt=receipt,
        found=found,
        total=total,
        digest=digest,
        days=days,
        is_frozen=is_frozen,
    )


def _look_up(wave: str, typed: str) -> tuple[LookUp, str]:
    """Say what becomes of an answer by its receipt, or, before the list is written, by its withdrawal code."""
    if receipt := read_receipt(typed):
        with site.database().reading() as session:
            is_counted = counted_receipts.is_counted(session, wave, receipt)
        return (LookUp.LISTED if is_counted else LookUp.NOT_LISTED), receipt
    code = read_code(typed)
    if code is None:
        return LookUp.UNREADABLE, ""
    rules = _wrong_attempts()
    limits.check(rules)
    receipt = _receipt_of_stored(wave, code)
    if receipt is None:
        limits.count(rules)
        return LookUp.NO_ANSWER, ""
    with site.database().reading() as session:
        return (LookUp.LISTED if counted_receipts.is_counted(session, wave, receipt) else LookUp.STORED), receipt


def _receipt_of_stored(wave: str, code: str) -> str | None:
    """Give the receipt of the stored answer that a code opens; None when there is none, or the wave's key is gone."""
    try:
        key = wave_key(wave)
    except KeyFileError:
        return None
    response = ballot_receipts.response_id(key, code)
    with site.database().reading() as session:
        return ballot_receipts.receipt_of(key, response) if session.get(StoredResponse, response) else None


def receipts_file(wave: str, kind: str) -> Response:
    """Give the whole list, sorted, to be checked by anybody; a copy that is up to date is not sent again.

    Raises BusyError when as many lists are being sent as may be at once.
    """
    wave_or_404(wave, closed_too=True)
    with site.database().reading() as session:
        total, digest = counted_receipts.state_of(session, wave)
    response = Response(_lines(site.database(), wave, digest, _HEADS[kind]), mimetype=f"text/{_KINDS[kind]}")
    response.headers["Content-Disposition"] = f'attachment; filename="receipts-{wave}.{kind}"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.implicit_sequence_conversion = False  # or Werkzeug would read all of it to know its length
    response.set_etag(f"{digest or total}-{kind}")
    response.make_conditional(request)
    if response.status_code == 200:
        held = ExitStack()
        held.enter_context(services().slow.lists.slot())
        response.call_on_close(held.close)
    return response


_KINDS = {"csv": "csv", "txt": "plain"}
_HEADS = {"csv": "receipt\n", "txt": ""}


class ListChangedError(RuntimeError):
    """The list was written anew while it was sent: what was sent so far must not be taken for a whole one."""


def _lines(database: Database, wave: str, digest: str, head: str) -> Iterator[str]:
    """Write the list part by part, each read by a transaction of its own: a slow reader holds none."""
    after = ""
    yield head
    while True:
        with database.reading() as session:
            part = counted_receipts.list_part(session, wave, after)
            if counted_receipts.state_of(session, wave)[1] != digest:
                raise ListChangedError(wave)
        if not part:
            return
        yield "".join(f"{line}\n" for line in part)
        after = part[-1]


def withdraw() -> AnyResponse | tuple[str, int]:
    """Take an answer back: the withdrawal code, a question, and then the answer is gone, or waits for a person."""
    typed = request.form.get("code", "").strip()[:_LONGEST]
    fault, match = "", None
    if request.method == "POST" and "switch" not in request.form:
        match, fault = _find(typed)
        give_reason("code")
    if match and request.form.get("sure") == "yes":
        try:
            endpoint = _take_back(*match)
        except SettledError:
            match, fault = None, _settled()
            give_reason("settled")
        else:
            return redirect(url_for(endpoint), 303)
    shell = Shell("", request.path, url_for(".index"))
    context = {"shell": shell, "typed": typed, "fault": fault, "found": match}
    return render_template("resident/withdraw.html", **context), 422 if fault else 200


def withdrawn() -> str:
    """Say that an answer was taken back."""
    return render_template("resident/withdrawn.html", waits=False)


def waits() -> str:
    """Say that taking an answer back waits for a person."""
    return render_template("resident/withdrawn.html", waits=True)


def _find(typed: str) -> tuple[tuple[str, str] | None, str]:
    """Find (wave, response) of a typed withdrawal code, or say why it takes nothing back."""
    code = read_code(typed)
    if code is None and read_receipt(typed):
        return None, _(
            "This is a receipt: anybody may see it, but it cannot take an answer back. "
            "A withdrawal code has 20 characters"
        )
    if code is None:
        return None, _("A withdrawal code has 20 letters and digits, such as 4F7K-90QX-2MBA-D5TR-8WEN")
    rules = _wrong_attempts()
    limits.check(rules)
    with site.database().reading() as session:
        match = withdrawal.find_response(session, services().keys, code)
    if match:
        return match, ""
    limits.count(rules)
    return None, _(
        "No answer that can be taken back has this code: compare every character. An answer taken back before"
        " is already deleted, and after a survey is settled an answer can no longer be taken back"
    )


def _wrong_attempts() -> list[limits.Limited]:
    return [(limits.WRONG_BY_BROWSER, limits.browser()), (limits.WRONG_BY_ADDRESS, limits.address())]


def _take_back(wave: str, response: str) -> str:
    """Take an answer back, or let it wait when too many were taken back this hour; gives the page that says so."""
    if not limits.has_room(limits.WITHDRAWN_OF_WAVE, wave):
        with site.database().writing() as session:
            withdrawal.put_off(session, wave, response)
        return ".withdrawal_waits"
    with site.database().writing() as session:
        was_there = withdrawal.withdraw(session, wave, response, today=site.clock().today())
    if was_there:  # the same code sent twice at once takes one place
        limits.count([(limits.WITHDRAWN_OF_WAVE, wave)])
    return ".withdrawn"


def _settled() -> str:
    return _("This survey is settled: nobody can tell any more which answer belongs to this code")
