"""The public list of counted receipts, and taking an answer back by its receipt."""

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.web import site
from app.web.language import _
from app.web.resident import limits
from app.web.resident.services import services, wave_or_404
from app.web.resident.shell import Shell
from surveys.ballots.receipts import read_receipt
from surveys.models import Wave
from surveys.responses import counted_receipts, withdrawal

_LONGEST = 40


def receipts(wave: str) -> str:
    """Tell whether a receipt is counted, and offer the whole list."""
    view = wave_or_404(wave, closed_too=True)
    typed = request.args.get("receipt", "")[:_LONGEST]
    receipt = read_receipt(typed)
    with site.database().reading() as session:
        total = sum(1 for _receipt in counted_receipts.list_receipts(session, wave))
        on_list = receipt is not None and counted_receipts.is_counted(session, wave, receipt)
        is_frozen = session.get_one(Wave, wave).state == "frozen"
    context = {"typed": typed, "receipt": receipt, "is_counted": on_list, "total": total}
    context |= {"is_open": view.is_open, "is_frozen": is_frozen}
    return render_template("resident/receipts.html", wave=wave, questionnaire=view.compiled.questionnaire, **context)


def receipts_file(wave: str, kind: str) -> Response:
    """Give the whole list, sorted, to be checked by anybody."""
    wave_or_404(wave, closed_too=True)
    with site.database().reading() as session:
        lines = list(counted_receipts.list_receipts(session, wave))
    head = ["receipt"] if kind == "csv" else []
    response = Response("".join(f"{line}\n" for line in [*head, *lines]), mimetype=f"text/{_KINDS[kind]}")
    response.headers["Content-Disposition"] = f'attachment; filename="receipts-{wave}.{kind}"'
    return response


_KINDS = {"csv": "csv", "txt": "plain"}


def withdraw() -> AnyResponse | tuple[str, int]:
    """Take an answer back: the receipt, a question, and then the answer is gone."""
    typed = request.form.get("receipt", "")[:_LONGEST]
    fault, match = "", None
    if request.method == "POST" and "switch" not in request.form:
        match, fault = _find(typed)
    if match and request.form.get("sure") == "yes":
        _take_back(match)
        return redirect(url_for(".withdrawn"), 303)
    shell = Shell("", request.path, url_for(".index"))
    context = {"shell": shell, "typed": typed, "fault": fault, "found": match}
    return render_template("resident/withdraw.html", **context), 422 if fault else 200


def withdrawn() -> str:
    """Say that an answer was taken back."""
    return render_template("resident/withdrawn.html")


def _find(typed: str) -> tuple[tuple[str, str] | None, str]:
    """Find (wave, response) of a typed receipt, or say why it cannot be taken back."""
    receipt = read_receipt(typed)
    if receipt is None:
        return None, _("A receipt has 12 letters and digits, such as 4F7K-90QX-2MBA")
    rules = [(limits.WRONG_BY_BROWSER, limits.browser()), (limits.WRONG_BY_ADDRESS, limits.address())]
    limits.check(rules)
    with site.database().reading() as session:
        match = counted_receipts.find_response(session, services().keys, receipt)
        is_frozen = match is None and counted_receipts.frozen_wave_of(session, receipt) is not None
    if match:
        return match, ""
    if is_frozen:
        return None, _("This survey is settled: nobody can tell any more which answer belongs to this receipt")
    limits.count(rules)
    return None, _("No answer has this receipt: compare it sign by sign; an answer taken back before is gone")


def _take_back(match: tuple[str, str]) -> None:
    _wave_code, response = match
    with site.database().writing() as session:
        is_gone = withdrawal.withdraw(session, response)
    if is_gone:
        services().counters.withdrawn.inc()
