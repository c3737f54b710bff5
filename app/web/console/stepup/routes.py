"""Asking for a second factor once more: good for ten minutes."""

from flask import Blueprint, jsonify, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts import arrivals, passkeys
from app.web import site
from app.web.console import access, presses
from app.web.console.access import actor, me, own_address, signed_in, token_of_request
from app.web.console.signin import trying
from app.web.console.signin.forms import CodeForm
from app.web.console.signin.relying_party import relying_party
from app.web.console.signin.views import fault_of
from app.web.console.stepup.views import page

bp = Blueprint("stepup", __name__, url_prefix="/console/step-up")


@bp.get("")
@signed_in
def ask() -> str:
    """Ask for a passkey or a code."""
    return page(CodeForm(), "")


@bp.post("")
@signed_in
def try_code() -> tuple[str, int] | Response:
    """Take a code of the app; a recovery code does not do here."""
    form = CodeForm(request.form)
    if trying.is_crowded():
        return page(form, "crowded"), 429
    token = trying.try_totp(me().id, me().email, form.code.data or "", then=_stepped_up)
    if token is None:
        return page(form, "code"), 422
    return _on(redirect(own_address(request.form.get("next", "")), 303), token)


@bp.get("/again")
@signed_in
def again() -> str | Response:
    """Show the press that met this question, to be pressed once more."""
    press = presses.kept()
    if press is None:
        return redirect(own_address(""), 303)
    return render_template("console/stepup/again.html", press=press)


@bp.post("/passkey/options")
@signed_in
def passkey_options() -> tuple[Response, int] | Response:
    """Give what a browser needs to use one of one's own passkeys, as JSON."""
    party = relying_party()
    if party is None:
        return jsonify(fault=fault_of("passkey")), 422
    with site.database().reading() as session:
        options = passkeys.step_up_options(session, party, me().id, site.clock().now())
    return Response(options, mimetype="application/json")


@bp.post("/passkey")
@signed_in
def try_passkey() -> tuple[Response, int] | Response:
    """Take the answer of a passkey; gives, as JSON, the page that comes next."""
    party = relying_party()
    with site.database().writing() as session:
        answer, now = request.form.get("answer", ""), site.clock().now()
        is_right = party is not None and passkeys.use_to_step_up(session, party, me().id, answer, now)
        token = _stepped_up(session, "passkey") if is_right else ""
    if not token:
        return jsonify(fault=fault_of("passkey")), 422
    return _on(jsonify(next=own_address(request.form.get("next", ""))), token)


def _stepped_up(session: Session, by: str) -> str:
    """Note it in the transaction that used the factor up; gives the new token."""
    return arrivals.step_up(session, actor(), token_of_request(), by)


def _on(response: Response, token: str) -> Response:
    """Go on with a new token."""
    access.keep(response, token)
    return response
