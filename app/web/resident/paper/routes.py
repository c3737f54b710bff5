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
class OperatorSession:
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
    session = OperatorSession(view, key, operator)
    if request.method == "POST" and "switch" not in request.form:
        return _store(session, _typed())
    return _show(session, _typed() if request.method == "POST" else _blank(session))


def _sign_in(view: WaveView, key: bytes) -> AnyResponse | tuple[str, int]:
    if "switch" in request.form:
        return _ask_pass(view, "")
    pass_text = request.form["pass"].strip()
    try:
        operator = paper.verify_pass(key, pass_text, today=site.clock().today())
    except PaperError as error:
        return _ask_pass(view, _pass_fault(error))
    if operator.wave != view.code:
        return _ask_pass(view, _pass_fault(PaperError("pass")))
    address = url_for("resident.paper", wave=view.code)
    response = redirect(address, 303)
    site.set_cookie(response, _COOKIE, pass_text, path=address, max_age=_DAY, samesite="Strict")
    return response


def _ask_pass(view: WaveView, fault: str) -> tuple[str, int]:
    shell = Shell(view.code, request.path, None)
    return render_template("resident/operator.html", shell=shell, fault=fault), 422 if fault else 200


def _pass_fault(error: PaperError) -> str:
    if error.reason == "expired":
        return _("The last day of this pass is over: ask the organiser for a new one")
    return _("This is not a pass for this survey: copy it whole, as it was given to you")


def _store(session: OperatorSession, typed: Typed) -> AnyResponse | tuple[str, int]:
    if not typed.answers:
        return _show(session, typed, _("No answer is marked: an empty form is not stored"))
    try:
        ballot = _ballot(session, typed)
        submission = Submission(
            answers=typed.answers,
            suggestions=typed.suggestions,
            extra=frozenset(session.view.compiled.areas),
            lang=typed.lang,
            channel=session.operator.channel,
            mode=typed.mode,
        )
        receipt = submit(session.view.compiled, session.key, ballots.read(session.key, ballot), submission)
    except PaperError:
        return _show(session, typed, _("No form with this number was printed for this survey: check its twelve digits"))
    except (SurveyError, StorageError) as error:
        refusal = refusal_of(error)
        sentence = str(sentences_of(refusal.status).operator) if refusal else ""
        if refusal is None or not sentence:
            raise
        return _show(session, typed, sentence, refusal.status)
    return redirect(url_for("resident.paper", wave=session.view.code, stored=receipt.number), 303)


def _ballot(session: OperatorSession, typed: Typed) -> str:
    """Give a printed form its one ballot; an interview carries the ballot of its page: a double click stores once."""
    if typed.mode == "paper":
        number = paper.read_form_number(session.key, typed.number)
        return paper.form_ballot(session.key, session.operator, session.view.audience, number)
    ballot = ballots.verify(session.key, typed.ballot)
    if (ballot.wave, ballot.city, ballot.tier) != (session.view.code, session.operator.city, "open"):
        raise ballots.BallotError("a ballot of another pass")
    return typed.ballot


def _blank(session: OperatorSession) -> Typed:
    mode = request.args.get("mode", "paper")
    nothing = Typed(mode if mode in MODES else "paper", current_language(), "", "", {}, ())
    return replace(nothing, ballot=_fresh_ballot(session))


def _fresh_ballot(session: OperatorSession) -> str:
    return ballots.open_ballot(session.key, session.view.code, session.operator.city, session.view.audience)


def _typed() -> Typed:
    form = request.form
    own = {"csrf_token", "mode", "spoken", "number", "ballot", "switch"}
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


def _show(session: OperatorSession, typed: Typed, fault: str = "", status: int = 422) -> tuple[str, int]:
    city = load_places().city(session.operator.city)
    questionnaire = session.view.compiled.questionnaire
    context = {
        "shell": Shell(session.view.code, request.full_path.partition("stored=")[0].rstrip("?&"), None),
        "questionnaire": questionnaire,
        "city": city,
        "sheets": sheets_of(questionnaire, city, typed.answers),
        "typed": typed,
        "indexes": range(MOST_SUGGESTIONS),
        "areas": views.area_titles(session.view, session.view.compiled.areas, session.operator.city),
        "fault": fault,
        "stored": "" if fault else request.args.get("stored", "")[:20],
    }
    return render_template("resident/paper.html", **context), status if fault else 200
