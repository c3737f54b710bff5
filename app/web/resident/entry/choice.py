"""Ways into a wave: the choice between them, and the code of a letter."""

import logging
from contextlib import nullcontext
from dataclasses import dataclass

from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.web import site
from app.web.asking.shell import Choice, Shell, city_choices
from app.web.counting import give_reason
from app.web.errors import ErrorPage
from app.web.language import _, _n
from app.web.resident import limits
from app.web.resident.entry import admission
from app.web.resident.limits import TooManyAttemptsError
from app.web.resident.services import services
from app.web.resident.shell import entry_url, here
from app.web.resident.waves import WaveView
from app.web.slow import RETRY, BusyError
from surveys.identity import codes
from surveys.identity.codes import CodeError, CodeFault

logger = logging.getLogger(__name__)

_ENDPOINTS = {"code": "enter_code", "sms": "enter_sms", "oidc": "enter_oidc", "open": "start"}
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Way:
    """One way in, as it is offered."""

    address: str
    title: str
    hint: str


def enter(wave: str) -> AnyResponse | str:
    """Let people choose how to take part; a wave with one way leads straight to it."""
    view = admission.wave_of(wave)
    ways = [_way(way, view) for way in admission.ways_of(view)]
    if not ways:
        abort(404)
    if len(ways) == 1:
        return redirect(ways[0].address, 303)
    shell = Shell(wave, here(), url_for(".index"))
    return render_template("resident/enter.html", shell=shell, questionnaire=view.compiled.questionnaire, ways=ways)


def enter_code(wave: str) -> AnyResponse:
    """Take the code of a letter."""
    view = admission.wave_of(wave, "code")
    typed = request.form.get("code", "")[:_LONGEST]
    fault, status = "", 200
    if request.method == "POST" and "switch" not in request.form:
        try:
            entrant = _admission(view, typed)
        except CodeError as error:
            fault, status = _sentence(error), 422
            give_reason("code")
        except BusyError:
            fault, status = busy(), 503
        else:
            return admission.let_in(view, entrant.city, entrant.contact)
    shell = Shell(wave, request.path, back_of(view))
    context = {"shell": shell, "questionnaire": view.compiled.questionnaire, "typed": typed, "fault": fault}
    return answered(render_template("resident/enter_code.html", **context), status)


def sent(wave: str) -> str:
    """Say that this person's answer is here already, and nothing about it."""
    admission.wave_of(wave)
    return render_template("resident/sent.html", shell=Shell(wave, request.path, None))


def explain_wait(error: TooManyAttemptsError) -> tuple[str, int, dict[str, str]]:
    """Say how long somebody has to wait; the log says where and never who."""
    logger.warning("too many tries", extra={"endpoint": request.endpoint})
    minutes = -(-error.seconds // 60)
    wait = _n(
        "Wait %(num)s minute and try again; nothing you sent before is lost.",
        "Wait %(num)s minutes and try again; nothing you sent before is lost.",
        minutes,
    )
    page = ErrorPage(429, _("Too many tries"), wait)
    return render_template("shared/error.html", page=page), page.status, {"Retry-After": str(error.seconds)}


def explain_busy(_error: BusyError) -> AnyResponse:
    """Say that a page is to be asked for again: nothing that it needs is used up."""
    advice = _("Wait a minute and reload this page; nothing you sent before is lost.")
    page = ErrorPage(503, _("Many people are asking for this page just now"), advice)
    return answered(render_template("shared/error.html", page=page), page.status)


def busy() -> str:
    """Say when to try again, to somebody for whom there was no slot for something slow."""
    return _("Many people are signing in just now. Try again in a minute: what you typed stays here.")


def answered(page: str, status: int) -> AnyResponse:
    """Give a page with its status; 503 says when to try again."""
    response = make_response(page, status)
    if status == 503:
        give_reason("busy")
        response.headers["Retry-After"] = f"{RETRY}"
    return response


def back_of(view: WaveView) -> str:
    """Give the way back from a way in: to the choice between them, or to the list of surveys."""
    several = len(admission.ways_of(view)) > 1
    return url_for(".enter", wave=view.code) if several else url_for(".index")


def _admission(view: WaveView, typed: str) -> codes.Admission:
    """Find what a typed code opens; wrong ones are counted, mistyped ones cost nothing: their check digit told."""
    code = codes.read_code(typed)
    limited = [
        (limits.WRONG_BY_BROWSER, limits.browser()),
        (limits.WRONG_BY_ADDRESS, limits.address()),
        (limits.WRONG_BY_LOCATOR, code[: codes.LOCATOR]),
    ]
    limits.check(limited)
    with site.database().reading() as session:
        rows = codes.candidates(session, code)
    # A code that no letter begins like takes no slot: nothing slow is done for it.
    slot = services().slow.hashes.slot() if rows else nullcontext()
    try:
        with slot:
            return codes.admission(rows, services().keys, view.code, code)
    except CodeError as error:
        if error.fault is CodeFault.UNKNOWN:
            limits.count(limited)
        raise


def _sentence(error: CodeError) -> str:
    words = {
        CodeFault.NOT_SIXTEEN: _("A code has 16 digits: type all of them as in the letter"),
        CodeFault.MISTYPED: _("One or two digits are mistyped: compare the code with the letter"),
        CodeFault.UNKNOWN: _("There is no such code: check that the letter is of this survey"),
        CodeFault.OTHER_WAVE: _("This code is of another survey: open the address in that letter"),
    }
    return words[error.fault]


def _way(way: str, view: WaveView) -> Way:
    words = {
        "code": (_("With the code from a letter"), _("The letter came by post or was handed to you.")),
        "sms": (_("With a code by SMS"), _("We send it to your mobile phone; the number is not kept.")),
        "oidc": (
            _("Sign in with %(provider)s", provider=site.settings().identity.oidc_name),
            _("We keep only that you are one person; your name is not stored."),
        ),
        "open": (_("Without confirming who you are"), _("Such answers are counted apart and weigh less.")),
    }
    if view.audience == "business":
        words["oidc"] = (
            words["oidc"][0],
            _("We keep only that this is one enterprise; its name and BIN are not stored."),
        )
    address = entry_url(_ENDPOINTS[way], view.code, way="open" if way == "open" else None)
    return Way(address, *words[way])


def cities_of(view: WaveView) -> list[Choice]:
    """List the wave's cities for a select, the one in the address or the form chosen."""
    chosen = request.form.get("city") or request.args.get("city")
    return city_choices(view.cities, lambda code: code == chosen)
