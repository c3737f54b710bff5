"""Answers on paper or by word of mouth: an operator with a pass types them in, one form a page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.database import StorageError
from app.web import site
from app.web.errors import refusal_of, sentences_of
from app.web.language import LANGUAGES, _, current_language
from app.web.resident.form import views
from app.web.resident.paper.sheets import sheets_of
from app.web.resident.services import wave_key, wave_or_404
from app.web.resident.shell import Shell
from app.web.resident.submit import submit
from app.web.resident.waves import WaveView
from surveys.ballots import ballots
from surveys.errors import SurveyError
from surveys.fieldwork import paper
from surveys.fieldwork.paper import OperatorPass, PaperError
from surveys.population.places import load_places
from surveys.questionnaire.redaction import tidied
from surveys.responses.intake import MOST_SUGGESTIONS, Submission, Suggestion

_COOKIE = "operator"
_DAY = timedelta(days=1)
MODES = ("paper", "assisted")


@dataclass(frozen=True, slots=True)
class Desk:
    """What an operator with a valid pass works on."""

    view: WaveView
    key: bytes
    operator: OperatorPass


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
    if "pass" in request.form:
        return _sign_in(view, key)
    try:
        operator = paper.verify_pass(key, request.cookies.get(_COOKIE, ""), today=site.clock().today())
    except PaperError:
        return _ask_pass(view, "")
    desk = Desk(view, key, operator)
    if request.method == "POST" and "switch" not in request.form:
        return _store(desk, _typed())
    return _show(desk, _typed() if request.method == "POST" else _blank(desk))


def _sign_in(view: WaveView, key: bytes) -> AnyResponse | tuple[str, int]:
    if "switch" in request.form:
        return _ask_pass(view, "")
    given = request.form["pass"].strip()
    try:
        operator = paper.verify_pass(key, given, today=site.clock().today())
    except PaperError as error:
        return _ask_pass(view, _pass_fault(error))
    if operator.wave != view.code:
        return _ask_pass(view, _pass_fault(PaperError("pass")))
    address = url_for("resident.paper", wave=view.code)
    response = redirect(address, 303)
    site.set_cookie(response, _COOKIE, given, path=address, max_age=_DAY, samesite="Strict")
    return response


def _ask_pass(view: WaveView, fault: str) -> tuple[str, int]:
    shell = Shell(view.code, request.path, None)
    return render_template("resident/operator.html", shell=shell, fault=fault), 422 if fault else 200


def _pass_fault(error: PaperError) -> str:
    if error.reason == "expired":
        return _("The last day of this pass is over: ask the organiser for a new one")
    return _("This is not a pass for this survey: copy it whole, as it was given to you")


def _store(desk: Desk, typed: Typed) -> AnyResponse | tuple[str, int]:
    if not typed.answers:
        return _show(desk, typed, _("No answer is marked: an empty form is not stored"))
    try:
        ballot = _ballot(desk, typed)
        submission = Submission(
            answers=typed.answers,
            suggestions=typed.suggestions,
            extra=frozenset(desk.view.compiled.areas),
            lang=typed.lang,
            channel=desk.operator.channel,
            mode=typed.mode,
        )
        receipt = submit(desk.view.compiled, desk.key, ballots.read(desk.key, ballot), submission)
    except PaperError:
        return _show(desk, typed, _("No form with this number was printed for this survey: check its twelve digits"))
    except (SurveyError, StorageError) as error:
        refusal = refusal_of(error)
        sentence = str(sentences_of(refusal.status).operator) if refusal else ""
        if refusal is None or not sentence:
            raise
        return _show(desk, typed, sentence, refusal.status)
    return redirect(url_for("resident.paper", wave=desk.view.code, stored=receipt.code), 303)


def _ballot(desk: Desk, typed: Typed) -> str:
    """Give a printed form its one ballot; an interview carries the ballot of its page: a double click stores once."""
    if typed.mode == "paper":
        number = paper.read_form_number(desk.key, typed.number)
        return paper.form_ballot(desk.key, desk.operator, desk.view.audience, number)
    ballot = ballots.verify(desk.key, typed.ballot)
    if (ballot.wave, ballot.city, ballot.tier) != (desk.view.code, desk.operator.city, "open"):
        raise ballots.BallotError("a ballot of another desk")
    return typed.ballot


def _blank(desk: Desk) -> Typed:
    mode = request.args.get("mode", "paper")
    nothing = Typed(mode if mode in MODES else "paper", current_language(), "", "", {}, ())
    return replace(nothing, ballot=_fresh_ballot(desk))


def _fresh_ballot(desk: Desk) -> str:
    return ballots.open_ballot(desk.key, desk.view.code, desk.operator.city, desk.view.audience)


def _typed() -> Typed:
    form = request.form
    own = {"csrf_token", "mode", "spoken", "number", "ballot", "switch"}
    wishes = [(form.get(f"area{place}", ""), tidied(form.get(f"text{place}", ""))) for place in range(MOST_SUGGESTIONS)]
    own |= {f"{name}{place}" for name in ("area", "text") for place in range(MOST_SUGGESTIONS)}
    given = {name: tuple(form.getlist(name)) for name in form if name not in own}
    return Typed(
        mode=form["mode"] if form.get("mode") in MODES else "paper",
        lang=form["spoken"] if form.get("spoken") in LANGUAGES else current_language(),
        number=form.get("number", "")[:40],
        ballot=form.get("ballot", ""),
        answers={name: codes[0] if len(codes) == 1 else codes for name, codes in given.items() if any(codes)},
        suggestions=tuple(Suggestion(area, text) for area, text in wishes if text),
    )


def _show(desk: Desk, typed: Typed, fault: str = "", status: int = 422) -> tuple[str, int]:
    city = load_places().city(desk.operator.city)
    questionnaire = desk.view.compiled.questionnaire
    context = {
        "shell": Shell(desk.view.code, request.full_path.partition("stored=")[0].rstrip("?&"), None),
        "questionnaire": questionnaire,
        "city": city,
        "sheets": sheets_of(questionnaire, city, typed.answers),
        "typed": typed,
        "places": range(MOST_SUGGESTIONS),
        "areas": views.area_titles(desk.view, desk.view.compiled.areas, desk.operator.city),
        "fault": fault,
        "stored": "" if fault else request.args.get("stored", "")[:20],
    }
    return render_template("resident/paper.html", **context), status if fault else 200
