"""The way in by OpenID Connect: of everything a provider says, one claim is hashed and the rest is dropped."""

import logging
import re
from typing import Any, cast

from flask import (
    abort,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from app.faults import describe
from app.web import site
from app.web.asking.shell import Shell
from app.web.language import _
from app.web.resident.entry import admission, choice, pending
from app.web.resident.entry.pending import Pending
from app.web.resident.services import services, wave_key
from app.web.resident.shell import here
from surveys.identity import gate

logger = logging.getLogger(__name__)

_BIN = re.compile(r"[0-9]{12}")
_TIMEOUT = 10


class ClaimError(Exception):
    """The provider did not say what a person or an enterprise is known by."""


def enter_oidc(wave: str) -> AnyResponse | tuple[str, int]:
    """Choose the city, then leave for the provider by a link: a form may lead nowhere else."""
    view = admission.wave_of(wave, "oidc")
    city = request.form.get("city", request.args.get("city", ""))
    posted = request.method == "POST" and "switch" not in request.form
    if posted and city in view.cities:
        return redirect(url_for(".enter_oidc", wave=wave, city=city), 303)
    context = {
        "shell": Shell(wave, here(), choice.back_of(view)),
        "questionnaire": view.compiled.questionnaire,
        "choices": choice.cities_of(view),
        "city": city if city in view.cities and not posted else "",
        "provider": site.settings().identity.oidc_name,
        "fault": posted,
    }
    return render_template("resident/enter_oidc.html", **context), 422 if posted else 200


def leave(wave: str) -> AnyResponse:
    """Go to the provider, with a state, a nonce and a proof key that this browser's session remembers."""
    view = admission.wave_of(wave, "oidc")
    city = request.args.get("city", "")
    if city not in view.cities:
        return redirect(url_for(".enter_oidc", wave=wave), 303)
    session["signin"] = {"wave": wave, "city": city}
    try:
        with services().slow.sign_ins.slot():
            return cast(AnyResponse, _provider().authorize_redirect(f"{site.settings().public_url}/s/oidc/back"))
    except _errors() as error:
        logger.error("the sign-in provider cannot be reached", extra={"fault": describe(error)})
        return _failed(wave)


def back() -> AnyResponse:
    """Come back from the provider: check everything it signed, keep one hash, and go on in the wave's own path."""
    signin = session.get("signin")
    if not isinstance(signin, dict):
        abort(400)
    wave, city = signin["wave"], signin["city"]
    view = admission.wave_of(wave, "oidc")
    try:
        # Who finds no slot reloads this page: neither the provider's code nor what the session remembers is used up.
        with services().slow.sign_ins.slot():
            session.pop("signin")
            claims = _provider().authorize_access_token()["userinfo"]
        contact = _contact(claims, view.audience, wave_key(wave))
    except ClaimError:
        return _failed(wave, "claim")
    except _errors() as error:
        logger.warning("a sign-in did not succeed", extra={"fault": describe(error)})
        return _failed(wave)
    # The draft's cookie is seen under the wave's path only: the last step happens there.
    response = make_response(redirect(url_for(".arrive", wave=wave), 303))
    pending.keep(response, Pending(wave, city, contact, "oidc"))
    return response


def arrive(wave: str) -> AnyResponse:
    """Let in whoever has just signed in."""
    view = admission.wave_of(wave, "oidc")
    waiting = pending.read(wave, "oidc")
    if waiting is None:
        return redirect(url_for(".enter_oidc", wave=wave), 303)
    return admission.let_in(view, waiting.city, waiting.contact)


def failed(wave: str) -> tuple[str, int]:
    """Say that signing in did not succeed, and what to do."""
    view = admission.wave_of(wave, "oidc")
    reason = (
        _("The provider did not name an enterprise: sign in as its representative.")
        if request.args.get("why") == "claim"
        else _("You may have refused, taken too long, or the provider does not answer just now.")
    )
    shell = Shell(wave, here(), choice.back_of(view))
    return render_template("resident/signin_failed.html", shell=shell, reason=reason), 200


def _provider() -> Any:
    """Give the client of the provider; raises ValueError when who answers at its address says it is another."""
    client, issuer = services().provider, site.settings().identity.oidc_issuer
    if str(client.load_server_metadata().get("issuer", "")).rstrip("/") != issuer.rstrip("/"):
        raise ValueError("the provider says that it is another")
    return client


def _contact(claims: dict[str, Any], audience: str, key: bytes) -> str:
    """Hash the one claim that counts: a person's own number at this provider, or an enterprise's BIN."""
    identity = site.settings().identity
    if audience == "business":
        number = str(claims.get(identity.oidc_business_claim, ""))
        if not _BIN.fullmatch(number):
            raise ClaimError
        return gate.contact_hash(key, "bin", number)
    subject = claims.get(identity.oidc_claim)
    if not isinstance(subject, str) or not subject:
        raise ClaimError
    return gate.contact_hash(key, "sign-in", f"{identity.oidc_issuer}\x1f{subject}")


def _failed(wave: str, why: str = "") -> AnyResponse:
    return redirect(url_for(".signin_failed", wave=wave, why=why or None), 303)


def _errors() -> tuple[type[Exception], ...]:
    """Give what a provider that is down, or an answer that is not its own, ends in."""
    import requests  # noqa: PLC0415 - memory that only a sign-in is worth
    from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415 - memory that only a sign-in is worth
    from joserfc.errors import JoseError  # noqa: PLC0415 - memory that only a sign-in is worth

    return (AuthlibBaseError, JoseError, requests.RequestException, ValueError, KeyError)
