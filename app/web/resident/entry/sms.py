"""The way in by a code sent to a mobile phone. The number is used once, hashed, and forgotten."""

import logging
from dataclasses import dataclass
from typing import cast

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.faults import describe
from app.identity.gateways import Gateway, GatewayError
from app.identity.phones import read_phone
from app.web.asking.shell import Shell
from app.web.counting import give_reason
from app.web.language import _
from app.web.resident import limits
from app.web.resident.entry import admission, choice, pending
from app.web.resident.services import services, wave_key
from app.web.resident.shell import here
from app.web.resident.waves import WaveView
from app.web.slow import BusyError
from surveys.identity import gate

logger = logging.getLogger(__name__)

_LONGEST = 40


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """Who asks for a message, and where they want to take part."""

    phone: str
    city: str
    contact: str


def enter_sms(wave: str) -> AnyResponse:
    """Ask for the city and the number, and send a code."""
    view = admission.wave_of(wave, "sms")
    faults: dict[str, str] = {}
    is_busy = False
    if request.method == "POST" and "switch" not in request.form:
        code_request, faults = _read(view)
        try:
            code = _send(code_request) if code_request else None
        except BusyError:
            is_busy, code = True, None
        if code_request and code:
            return _await(view, code_request, code)
        if code_request:
            words = _("The message could not be sent just now: try again in a minute")
            faults = {"phone": choice.busy() if is_busy else words}
    shell = Shell(wave, here(), choice.back_of(view))
    context = {"shell": shell, "questionnaire": view.compiled.questionnaire, "choices": choice.cities_of(view)}
    typed = request.form.get("phone", "")[:_LONGEST]
    page = render_template("resident/enter_sms.html", **context, typed=typed, faults=faults)
    return choice.answered(page, 503 if is_busy else 422 if faults else 200)


def confirm_sms(wave: str) -> AnyResponse | tuple[str, int]:
    """Take the code that was sent."""
    view = admission.wave_of(wave, "sms")
    waiting = pending.read(wave, "sms")
    if waiting is None:
        return redirect(url_for(".enter_sms", wave=wave), 303)
    fault = ""
    if request.method == "POST" and "switch" not in request.form:
        limited = [(limits.WRONG_BY_PHONE, waiting.contact), (limits.WRONG_BY_ADDRESS, limits.address())]
        limits.check(limited)
        if waiting.is_proved_by("".join(request.form.get("code", "")[:_LONGEST].split())):
            return admission.let_in(view, waiting.city, waiting.contact)
        limits.count(limited)
        fault = _("This is not the code of the last message")
        give_reason("code")
    shell = Shell(wave, request.path, url_for(".enter_sms", wave=wave, city=waiting.city))
    return render_template("resident/confirm_sms.html", shell=shell, fault=fault), 422 if fault else 200


def _read(view: WaveView) -> tuple[CodeRequest | None, dict[str, str]]:
    """Read the form; gives who asks, or what is wrong by field."""
    phone = read_phone(request.form.get("phone", "")[:_LONGEST])
    city = request.form.get("city", "")
    faults = {}
    if city not in view.cities:
        faults["city"] = _("Choose your city")
    if phone is None:
        faults["phone"] = _("Write a mobile number of Kazakhstan, such as 8 701 123 45 67")
    if faults or phone is None:
        return None, faults
    return CodeRequest(phone, city, gate.contact_hash(wave_key(view.code), "telephone", phone)), {}


def _send(code_request: CodeRequest) -> str | None:
    """Send a code and give it back; None when the gateway does not take the message. Raises BusyError."""
    limited = [
        (limits.SENT_TO_PHONE, code_request.contact),
        (limits.SENT_BY_BROWSER, limits.browser()),
        (limits.SENT_BY_ADDRESS, limits.address()),
    ]
    limits.check(limited)
    code = pending.new_code()
    text = _("City Opinion: your code is %(code)s. It works for 10 minutes.", code=code)
    gateway = cast(Gateway, services().gateway)  # where there is none, admission.ways_of leaves this way out
    with services().slow.messages.slot():
        limits.count(limited)  # only now: who finds no slot has had no message
        try:
            gateway.send(code_request.phone, text)
        except GatewayError as error:
            logger.error("a text message was not sent", extra={"reason": str(error), "fault": describe(error)})
            return None
    return code


def _await(view: WaveView, code_request: CodeRequest, code: str) -> Response:
    response = make_response(redirect(url_for(".confirm_sms", wave=view.code), 303))
    pending.keep(response, pending.awaiting(view.code, code_request.city, code_request.contact, code))
    return response
