"""Answers on paper or by word of mouth: an operator with a pass types them in, one form a page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.database import StorageError
from app.web import site
from app.web.asking.shell import Shell
from app.web.counting import give_reason
from app.web.errors import refusal_of, sentences_of
from app.web.language import LANGUAGES, _, current_language
from app.web.resident.form import views
from app.web.resident.paper import signed_in
from app.web.resident.paper.sheets import sheets_of
from app.web.resident.paper.storing import OperatorSession, store_under_pass
from app.web.resident.services import wave_key, wave_or_404
from app.web.resident.shell import here
from app.web.resident.waves import WaveView
from app.web.sealed import seal, unseal
from surveys.ballots import ballots
from surveys.errors import SurveyError
from surveys.fieldwork import paper, passes
from surveys.fieldwork.paper import PaperError
from surveys.fieldwork.passes import PassError
from surveys.population.places import load_places
from surveys.questionnaire.redaction import tidied
from surveys.responses.intake import MOST_SUGGESTIONS, Receipt, Submission, Suggestion

_STORED = "stored"
"""Cookie of receipt and code of the form stored last: a code in an address would stand in histories and logs."""

_STORED_LIFE = 10 * 60
"""Seconds that receipt can be read off."""

MODES = ("paper", "assisted")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a form."""

    mode: str
    lang: str
    number: str
    ballot: str
    answers: Mapping[str, str | tuple[str, ...]]
    suggestions: tuple[Suggestion, ...]


def paper_page(wave: str) -> AnyResponse | tuple[str, int]:
    """Ask for the operator's pass, then for one form after another."""
    view, key = wave_or_404(wave), wave_key(wave)
    if "end" in request.form:
        return _sign_out(view)
    if "pass" in request.form:
        return _sign_in(view, key)
    try:
        work = _work(view, key, signed_in.pass_of_browser())
    except PassError as error:
        # A browser without a pass, or with one of another wave, is asked for it and not blamed.
        return _ask_pass(view, "" if error.reason == "unknown" else _pass_fault(error))
    stores = request.method == "POST" and "switch" not in request.form
    response = make_response(_store(work, _typed()) if stores else _shown(work))
    signed_in.go_on(response, _address(view))
    return response


def _work(view: WaveView, key: bytes, pass_text: str) -> OperatorSession:
    today = site.clock().today()
    with site.database().reading() as session:
        operator = passes.find_operator(session, key, view.code, pass_text, today=today)
        return OperatorSession(view, key, operator, passes.forms_on(session, operator, today))


def _sign_in(view: WaveView, key: bytes) -> AnyResponse | tuple[str, int]:
    if "switch" in request.form:
        return _ask_pass(view, "")
    pass_text = request.form["pass"].strip()
    try:
        with site.database().writing() as session:
            passes.admit_operator(session, key, view.code, pass_text, today=site.clock().today())
        # A form that was being typed in when the pass was asked for again is shown as it was left.
        shown = _shown(_work(view, key, pass_text)) if "mode" in request.form else redirect(_address(view), 303)
    except PassError as error:
        return _ask_pass(view, _pass_fault(error))
    response = make_response(shown)
    site.delete_cookie(response, _STORED, path=_address(view))
    signed_in.begin(response, _address(view), pass_text)
    return response


def _sign_out(view: WaveView) -> AnyResponse:
    response = make_response(redirect(_address(view), 303))
    site.delete_cookie(response, _STORED, path=_address(view))
    signed_in.end(response, _address(view))
    return response


def _address(view: WaveView) -> str:
    return url_for("resident.paper", wave=view.code)


def _ask_pass(view: WaveView, fault: str) -> tuple[str, int]:
    shell = Shell(view.code, request.path, None)
    own = {"csrf_token", "pass", "switch"}
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in own]
    give_reason("pass")
    return render_template("resident/operator.html", shell=shell, fault=fault, typed=typed), 422 if fault else 200


def _pass_fault(error: PassError) -> str:
    return {
        "expired": _("The last day of this pass is over: ask the organiser for a new one"),
        "newer_format": _(
            "This pass comes from a newer version of the site: try again in a few minutes, "
            "or ask the organiser for another"
        ),
        "revoked": _("This pass was revoked: ask the organiser for a new one"),
        "used_up": _("All answers that this pass allows for today are stored: go on tomorrow, or ask the organiser"),
    }.get(error.reason) or _("This is not a pass for this survey: copy it whole, as it was given to you")


def _number_fault(error: PaperError) -> str:
    return {
        "length": _("The number of a form has twelve digits: type all of them, as they are printed"),
        "mistyped": _(
            "One digit of the number is wrong, or two neighbouring digits are swapped: compare it with the form"
        ),
    }.get(error.reason) or _("No form with this number was printed for this survey: check its twelve digits")


def _store(work: OperatorSession, typed: Typed) -> AnyResponse | tuple[str, int]:
    if not typed.answers:
        return _show(work, typed, _("No answer is marked: an empty form is not stored"))
    try:
        receipt = store_under_pass(work, _ballot(work, typed), _submission(work, typed))
    except PaperError as error:
        return _show(work, typed, _number_fault(error))
    except PassError as error:
        give_reason("pass")
        return _show(work, typed, _pass_fault(error), 429 if error.reason == "used_up" else 403)
    except (SurveyError, StorageError) as error:
        refusal = refusal_of(error)
        sentence = str(sentences_of(refusal).operator) if refusal else ""
        if refusal is None or not sentence:
            raise
        give_reason(refusal.word)
        return _show(work, typed, sentence, refusal.status)
    return _stored(work, receipt)


def _submission(work: OperatorSession, typed: Typed) -> Submission:
    return Submission(
        answers=typed.answers,
        suggestions=typed.suggestions,
        extra=frozenset(work.view.compiled.areas),
        lang=typed.lang,
        channel=work.operator.channel,
        mode=typed.mode,
    )


def _stored(work: OperatorSession, receipt: Receipt) -> AnyResponse:
    """Lead to the next form, with receipt and withdrawal code of this one sealed beside the address."""
    address = _address(work.view)
    response = redirect(address, 303)
    sealed = seal(_STORED, {"wave": work.view.code, "receipt": receipt.number, "code": receipt.code})
    site.set_cookie(response, _STORED, sealed, path=address, max_age=_STORED_LIFE, samesite="Strict")
    return response


def _last_receipt(wave: str) -> Receipt | None:
    stored = unseal(_STORED, request.cookies.get(_STORED), life=_STORED_LIFE)
    return Receipt(stored["receipt"], stored["code"]) if stored and stored.get("wave") == wave else None


def _ballot(work: OperatorSession, typed: Typed) -> str:
    """Give a printed form its one ballot; an interview carries the ballot of its page: a double click stores once."""
    if typed.mode == "paper":
        wave = work.view.code
        with site.database().reading() as session:
            first_format = paper.reads_first_format(session, wave)
        number = paper.read_form_number(work.key, typed.number, first_format=first_format)
        return paper.form_ballot(work.key, wave, work.operator.city, work.view.audience, number)
    ballot = ballots.verify(work.key, typed.ballot)
    if (ballot.wave, ballot.city, ballot.tier) != (work.view.code, work.operator.city, "open"):
        raise ballots.BallotError("a ballot of another pass")
    return typed.ballot


def _blank(work: OperatorSession) -> Typed:
    mode = request.args.get("mode", "paper")
    nothing = Typed(mode if mode in MODES else "paper", current_language(), "", "", {}, ())
    return replace(nothing, ballot=_fresh_ballot(work))


def _fresh_ballot(work: OperatorSession) -> str:
    return ballots.open_ballot(work.key, work.view.code, work.operator.city, work.view.audience)


def _typed() -> Typed:
    form = request.form
    own = {"csrf_token", "mode", "spoken", "number", "ballot", "switch", "pass"}
    wishes = [(form.get(f"area{index}", ""), tidied(form.get(f"text{index}", ""))) for index in range(MOST_SUGGESTIONS)]
    own |= {f"{name}{index}" for name in ("area", "text") for index in range(MOST_SUGGESTIONS)}
    fields = {name: tuple(form.getlist(name)) for name in form if name not in own}
    return Typed(
        mode=form["mode"] if form.get("mode") in MODES else "paper",
        lang=form["spoken"] if form.get("spoken") in LANGUAGES else current_language(),
        number=form.get("number", "")[:40],
        ballot=form.get("ballot", ""),
        answers={name: codes[0] if len(codes) == 1 else codes for name, codes in fields.items() if any(codes)},
        suggestions=tuple(Suggestion(area, text) for area, text in wishes if text),
    )


def _shown(work: OperatorSession) -> tuple[str, int]:
    return _show(work, _typed() if request.method == "POST" else _blank(work))


def _show(work: OperatorSession, typed: Typed, fault: str = "", status: int = 422) -> tuple[str, int]:
    city = load_places().city(work.operator.city)
    questionnaire = work.view.compiled.questionnaire
    context = {
        "shell": Shell(work.view.code, here(), None),
        "questionnaire": questionnaire,
        "city": city,
        "sheets": sheets_of(questionnaire, city, typed.answers),
        "typed": typed,
        "indexes": range(MOST_SUGGESTIONS),
        "areas": views.area_titles(work.view, work.view.compiled.areas, work.operator.city),
        "fault": fault,
        "stored": None if fault else _last_receipt(work.view.code),
        "operator": work.operator,
        "forms": work.forms,
    }
    return render_template("resident/paper.html", **context), status if fault else 200
