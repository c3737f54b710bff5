"""The survey's addresses. Only Send writes to the database; everything before lives in the browser."""

from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.web import site
from app.web.asking import questions
from app.web.asking.shell import Shell, city_choices
from app.web.language import choose, current_language, pressed_button, speak
from app.web.request import current_request
from app.web.resident import drafts, paradata
from app.web.resident.drafts import Done, Draft
from app.web.resident.form import step_counts, steps, views
from app.web.resident.form.forms import Errors, posted_page, posted_suggestions, read_page, read_suggestions
from app.web.resident.form.views import step_shell, step_url
from app.web.resident.form.walk import CHECK, CONSENT, MORE, SUGGESTIONS, Walk
from app.web.resident.services import wave_key, wave_or_404
from app.web.resident.shell import entry_url, here
from app.web.resident.submit import submit
from app.web.resident.waves import WaveView, list_open_waves
from surveys.ballots import ballots
from surveys.population.places import PlaceError, load_places
from surveys.questionnaire.definition import Page
from surveys.responses.intake import Submission

bp = Blueprint("resident", __name__, url_prefix="/s")

_YEAR = timedelta(days=365)


@bp.before_request
def choose_language() -> None:
    """Speak the language asked for in the address or by a button, else the one chosen before, else the browser's."""
    speak(choose(current_request()))


@bp.after_request
def remember_language(response: Response) -> Response:
    """Keep a chosen language in this browser, and keep every page of the survey out of shared caches."""
    this_request = current_request()
    if "lang" in this_request.args or pressed_button(this_request) is not None:
        site.set_cookie(response, "lang", current_language(), path="/s", max_age=_YEAR)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@bp.get("/")
def index() -> str:
    """Show the surveys that are open."""
    with site.database().reading() as session:
        waves = [(view.code, view.compiled.questionnaire) for view in list_open_waves(session)]
    return render_template("resident/index.html", waves=waves)


@bp.get("/rights")
def rights() -> str:
    """Say in plain words what is stored, for how long, and what a respondent may do about it."""
    return render_template("resident/rights.html")


@bp.route("/<wave>", methods=["GET", "POST"])
def start(wave: str) -> AnyResponse | tuple[str, int]:
    """Choose the city; a new draft begins."""
    view = wave_or_404(wave)
    if view.is_invited or (view.gates != {"open"} and request.args.get("way") != "open"):
        return drafts.remember_link(redirect(entry_url("enter", wave), 303), wave)
    chosen_city = request.form.get("city") or request.args.get("city")
    is_submitted = request.method == "POST" and "switch" not in request.form
    if is_submitted and chosen_city in view.cities:
        if drafts.read_draft(wave) is None:
            step_counts.passed(wave, step_counts.START, CONSENT)
        return _keep(_new_draft(view, str(chosen_city)), step_url(wave, CONSENT))
    shell = Shell(wave, here(), url_for(".index"))
    chosen = chosen_city or _city_of_draft(view)
    if not is_submitted:
        if request.method == "GET" and drafts.read_draft(wave) is None:
            step_counts.reached(wave, step_counts.START)
        return steps.start(view, shell, chosen, again=bool(request.args.get("again"))), 200
    step_counts.refused(wave, step_counts.START)
    choices = city_choices(view.cities, lambda code: code == chosen)
    context = {"shell": shell, "questionnaire": view.compiled.questionnaire, "choices": choices, "fault": True}
    return render_template("resident/start.html", **context), 422


@bp.route("/<wave>/consent", methods=["GET", "POST"])
def consent(wave: str) -> AnyResponse | tuple[str, int]:
    """Say what is stored, and go on only with an explicit yes."""
    walk = _walk(wave)
    if walk is None:
        return _start_again(wave)
    agreed = request.form.get("agreed") == "yes"
    is_submitted = request.method == "POST" and "switch" not in request.form
    if is_submitted and agreed:
        address = step_url(wave, walk.after(CONSENT))
        step_counts.passed_first(walk, CONSENT, address)
        return _keep(replace(walk.draft, agreed=True), address)
    shell = step_shell(walk, CONSENT, request.path)
    if not is_submitted:
        return steps.consent(walk.wave, shell, agreed=agreed or walk.draft.agreed), 200
    step_counts.refused(wave, CONSENT)
    context = {"shell": shell, "questionnaire": walk.wave.compiled.questionnaire, "fault": True}
    return render_template("resident/consent.html", **context), 422


@bp.route("/<wave>/p/<code>", methods=["GET", "POST"])
def page(wave: str, code: str) -> AnyResponse | str | tuple[str, int]:
    """Ask one page of the questionnaire."""
    walk = _walk(wave)
    if walk is None or not walk.draft.agreed:
        return _start_again(wave)
    current_page = walk.page(code)
    if current_page is None:
        return redirect(step_url(wave, CHECK), 303)
    if request.method != "POST":
        city = load_places().city(walk.draft.city)
        shell = step_shell(walk, code, here())
        return steps.question_page(current_page, city, shell, walk.draft.answers)
    reading = read_page(current_page, request.form)
    if reading.errors:
        return _complain(walk, current_page, reading.errors)
    draft = walk.draft.with_answers(reading.answers)
    return _keep(draft, _next_address(walk, draft, code))


@bp.route("/<wave>/more", methods=["GET", "POST"])
def more(wave: str) -> AnyResponse | str:
    """Offer the areas that the rotation left out."""
    walk = _walk(wave)
    if walk is None or not walk.draft.agreed:
        return _start_again(wave)
    offered = (*walk.draft.extra, *walk.further_areas)
    if request.method == "POST":
        extra = tuple(area for area in walk.wave.compiled.areas if area in request.form.getlist("areas"))
        draft = replace(walk.draft, extra=tuple(area for area in extra if area in offered))
        return _keep(draft, _next_address(walk, draft, MORE))
    areas = [area for area in walk.wave.compiled.areas if area in offered]
    return steps.more(walk, step_shell(walk, MORE, here()), areas)


@bp.route("/<wave>/suggestions", methods=["GET", "POST"])
def suggestions(wave: str) -> AnyResponse | tuple[str, int]:
    """Take up to three suggestions in the respondent's own words."""
    walk = _walk(wave)
    if walk is None or not walk.draft.agreed or SUGGESTIONS not in walk.steps:
        return _start_again(wave)
    shell = step_shell(walk, SUGGESTIONS, request.path)
    if request.method != "POST":
        return steps.suggestions(walk, shell), 200
    reading, is_sent = read_suggestions(walk.wave.compiled.areas, request.form), "switch" not in request.form
    if is_sent and not reading.errors:
        step_counts.passed_first(walk, SUGGESTIONS, step_url(wave, CHECK))
        return _keep(replace(walk.draft, suggestions=reading.suggestions), step_url(wave, CHECK))
    step_counts.refused(wave, SUGGESTIONS)
    form = posted_suggestions(walk.wave.compiled.areas, request.form, reading.errors if is_sent else {})
    boxes = views.wish_boxes(views.area_titles(walk.wave, walk.wave.compiled.areas, walk.draft.city), form)
    context = {"shell": shell, "boxes": boxes, "complaints": form.errors}
    return render_template("resident/suggestions.html", **context), 422 if form.errors else 200


@bp.route("/<wave>/check", methods=["GET", "POST"])
def check(wave: str) -> AnyResponse | str:
    """Show everything before it is sent; Send stores it once."""
    walk = _walk(wave)
    if walk is None or not walk.draft.agreed:
        finished = drafts.read_done(wave)
        return redirect(url_for(".thanks", wave=wave), 303) if finished else _start_again(wave)
    if request.method == "POST" and "switch" not in request.form:
        return _send(walk)
    return steps.check(walk, step_shell(walk, CHECK, request.path))


@bp.route("/<wave>/thanks", methods=["GET", "POST"])
def thanks(wave: str) -> AnyResponse | str:
    """Show what was stored and the receipt; "forget" removes both from this browser."""
    finished = drafts.read_done(wave)
    if finished is None:
        return redirect(url_for(".index"), 303)
    if request.method == "POST" and "switch" not in request.form:
        response = redirect(url_for(".index"), 303)
        drafts.forget(response, wave)
        return response
    walk = Walk(wave_or_404(wave, closed_too=True), finished.draft, ballots.reopen(finished.draft.ballot))
    return steps.thanks(walk, Shell(wave, request.path, None), finished.receipt)


def _send(walk: Walk) -> AnyResponse:
    """Store the draft in one transaction; the redirect comes after the commit."""
    draft = walk.draft
    submission = Submission(
        answers=draft.answers,
        suggestions=draft.suggestions,
        extra=frozenset(draft.extra),
        lang=current_language(),
        channel=draft.channel,
    )
    key = wave_key(draft.wave)
    ballot = ballots.read(key, draft.ballot)
    receipt = submit(walk.wave.compiled, key, ballot, submission, paradata.form_paradata(draft))
    if not receipt.repeated:
        step_counts.passed(draft.wave, CHECK)
    response = redirect(url_for(".thanks", wave=draft.wave), 303)
    paradata.remember_device(response)
    drafts.keep_done(response, Done(receipt, draft))
    return response


def _complain(walk: Walk, current_page: Page, errors: Errors) -> tuple[str, int]:
    """Show a page again with what is wrong on it; after a language button only with what is on it."""
    step_counts.refused(walk.wave.code, current_page.code)
    form = posted_page(current_page, request.form, errors if "switch" not in request.form else {})
    city = load_places().city(walk.draft.city)
    shell = step_shell(walk, current_page.code, here())
    context = questions.page_context(current_page, city, views.question_fields(current_page, city, form._fields))
    return render_template("resident/page.html", shell=shell, **context), 422 if form.errors else 200


def _next_address(walk: Walk, draft: Draft, step: str) -> str:
    """Where a posted step leads: the same page after a language button, back to the list after Change, else on."""
    if "switch" in request.form:
        return here()
    address = views.onward(walk, draft, step, back=request.args.get("back") == CHECK)
    step_counts.passed_first(walk, step, address)
    return address


def _walk(wave: str) -> Walk | None:
    """Give the walk of this browser's draft; None when it has none that can be read."""
    view, draft = wave_or_404(wave), drafts.read_draft(wave)
    if draft is None or draft.city not in view.cities:
        return None
    return Walk(view, draft, ballots.reopen(draft.ballot))


def _new_draft(view: WaveView, city: str) -> Draft:
    """Begin a draft; one already begun in the same city goes on."""
    before = drafts.read_draft(view.code)
    if before is not None and before.city == city:
        return before
    key = wave_key(view.code)
    return drafts.begin_draft(view, city, ballots.open_ballot(key, view.code, city, view.audience))


def _city_of_draft(view: WaveView) -> str | None:
    draft = drafts.read_draft(view.code)
    if draft:
        return draft.city
    try:
        return load_places().find_city(request.args.get("city", "")).code
    except PlaceError:
        return None


def _keep(draft: Draft, address: str) -> AnyResponse:
    response = redirect(address, 303)
    drafts.keep_draft(response, draft)
    return response


def _start_again(wave: str) -> AnyResponse:
    return redirect(url_for(".start", wave=wave, again=1), 303)
