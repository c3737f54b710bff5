"""Signing in and out."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts import arrivals, passkeys
from app.web import site
from app.web.console import access
from app.web.console.access import open_to_all, own_address
from app.web.console.signin import pending, trying
from app.web.console.signin.arriving import bring, open_session
from app.web.console.signin.forms import CodeForm, SignInForm
from app.web.console.signin.relying_party import relying_party
from app.web.console.signin.trying import actor_of
from app.web.console.signin.views import fault_of, page
from app.web.language import _
from app.web.slow import BusyError

bp = Blueprint("signin", __name__, url_prefix="/console")


@bp.get("/sign-in")
@open_to_all
def sign_in() -> str | Response:
    """Show the ways in; whoever is in already is led on."""
    if access.session_of_request() is not None:
        return redirect(own_address(request.args.get("next", "")), 303)
    return page(SignInForm(), "")


@bp.post("/sign-in")
@open_to_all
def try_password() -> tuple[str, int] | Response:
    """Take e-mail and password."""
    form = SignInForm(request.form)
    if trying.is_crowded():
        return page(form, "crowded"), 429
    try:
        right = trying.try_password(form.email.data or "", form.password.data or "")
    except BusyError:
        return page(form, "busy"), 503
    if right is None:
        return page(form, "wrong"), 422
    response = redirect(url_for(".code", next=own_address(request.form.get("next", ""))), 303)
    pending.keep(response, right.staff, right.password_hash)
    return response


@bp.get("/sign-in/code")
@open_to_all
def code() -> str | Response:
    """Ask for the second factor of whose password was right."""
    if pending.read() is None:
        return redirect(url_for(".sign_in", next=request.args.get("next", "")), 303)
    return render_template("console/signin/code.html", form=CodeForm(), fault="")


@bp.post("/sign-in/code")
@open_to_all
def try_code() -> tuple[str, int] | Response:
    """Take a code of the app, or a recovery code, after which a new factor is enrolled at once."""
    waiting, form = pending.read(), CodeForm(request.form)
    if waiting is None:
        return redirect(url_for(".sign_in", next=request.form.get("next", "")), 303)
    if trying.is_crowded():
        return render_template("console/signin/code.html", form=form, fault=fault_of("crowded")), 422

    def arrive(rows: Session, by: str) -> tuple[str, str]:
        """Begin a session; behind a recovery code make a link by which a new factor is enrolled."""
        is_lost = by == "recovery"
        return by, arrivals.recover(rows, actor_of(waiting.staff)) if is_lost else open_session(rows, waiting.staff, by)

    arrived = trying.try_code(waiting.staff, waiting.email, form.code.data or "", then=arrive)
    if arrived is None:
        return render_template("console/signin/code.html", form=form, fault=fault_of("wrong")), 422
    by, token = arrived
    if by == "recovery":
        onward = redirect(url_for("welcome.welcome", token=token), 303)
        pending.take_behind_link(onward, waiting)
        return onward
    response = redirect(own_address(request.form.get("next", "")), 303)
    bring(response, token)
    return response


@bp.post("/sign-in/passkey/options")
@open_to_all
def passkey_options() -> Response:
    """Give what a browser needs to show its passkeys, as JSON."""
    party = relying_party()
    if party is None:
        return jsonify(fault=fault_of("passkey"))
    options = passkeys.sign_in_options(party, site.clock().now())
    return Response(options, mimetype="application/json")


@bp.post("/sign-in/passkey")
@open_to_all
def try_passkey() -> tuple[Response, int] | Response:
    """Take the answer of a passkey, which never waits; gives, as JSON, the page that comes next."""
    party = relying_party()
    if party is None:
        return jsonify(fault=fault_of("passkey")), 422
    with site.database().writing() as rows:
        staff = passkeys.use_to_sign_in(rows, party, request.form.get("answer", ""), site.clock().now())
        token = "" if staff is None else open_session(rows, staff, "passkey")
    if not token:
        trying.count_wrong()
        return jsonify(fault=fault_of("passkey")), 422
    response = jsonify(next=own_address(request.form.get("next", "")))
    bring(response, token)
    return response


@bp.post("/sign-out")
@open_to_all
def sign_out() -> Response:
    """End this browser's session."""
    current = access.session_of_request()
    if current is not None:
        with site.database().writing() as rows:
            arrivals.end_session(rows, actor_of(current.person.id), current.public_id)
    session.clear()
    flash(_("You are signed out."))
    response = redirect(url_for(".sign_in"), 303)
    access.forget(response)
    return response
