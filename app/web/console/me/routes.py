"""One's own account: ways in, recovery codes, sessions, and what one likes."""

from flask import Blueprint, abort, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts import arrivals, own_account, passkeys, preferences, recovery_codes
from app.accounts.errors import FactorError
from app.accounts.models import Staff
from app.staffing import services as staffing
from app.web import site
from app.web.console.access import actor, me, session_of_request, signed_in, stepped_up
from app.web.console.me.forms import ChangePasswordForm
from app.web.console.me.views import (
    account_page,
    done,
    flash_done,
    own_mark,
    password_page,
    refused,
    totp_page,
    wrong_passkey,
)
from app.web.console.signin import trying
from app.web.console.signin.relying_party import relying_party
from app.web.console.signin.views import fault_of
from app.web.console.welcome.enrolling import new_hash, opened
from app.web.console.welcome.forms import TotpForm
from app.web.console.welcome.views import CODES, CODES_PATH, carried_codes, carry_codes
from app.web.language import _
from app.web.slow import BusyError

bp = Blueprint("me", __name__, url_prefix="/console/me")


@bp.get("")
@signed_in
def account() -> str:
    """Show one's own account."""
    return account_page()


@bp.route("/password", methods=["GET", "POST"])
@signed_in
@stepped_up
def password() -> tuple[str, int] | str | Response:
    """Change the password, given the present one; other sessions end."""
    form = ChangePasswordForm(request.form)
    if request.method == "GET":
        return password_page(form)
    try:
        if trying.try_password(me().email, form.current.data or "", inside=True) is None:
            form.current.errors = [_("This is not your present password.")]
            return password_page(form), 422
        password_hash = new_hash(form, me().name, me().email)
    except BusyError:
        return password_page(form, fault_of("busy")), 503
    if not password_hash:
        return password_page(form), 422
    with site.database().writing() as session:
        own_account.set_password(session, actor(), password_hash, but=own_mark())
    return done("password")


@bp.get("/passkeys/new")
@signed_in
@stepped_up
def new_passkey() -> str:
    """Offer to make a passkey."""
    return render_template("console/me/new_passkey.html", has_passkeys=relying_party() is not None)


@bp.post("/passkeys/options")
@signed_in
@stepped_up
def passkey_options() -> tuple[Response, int] | Response:
    """Give what a browser needs to make a passkey, as JSON."""
    party = relying_party()
    if party is None:
        return wrong_passkey()
    with site.database().reading() as session:
        options = passkeys.registration_options(session, party, session.get_one(Staff, me().id), actor().at)
    return Response(options, mimetype="application/json")


@bp.post("/passkeys")
@signed_in
@stepped_up
def add_passkey() -> tuple[Response, int] | Response:
    """Keep a passkey; other sessions end."""
    party = relying_party()
    if party is None:
        return wrong_passkey()
    answered = (request.form.get("answer", ""), request.form.get("name", ""))
    try:
        with site.database().writing() as session:
            own_account.add_passkey(session, actor(), party, answered, but=own_mark())
            staffing.tell_of_new_factor(session, actor())
    except FactorError:
        return wrong_passkey()
    flash_done("passkey")
    return jsonify(next=url_for(".account"))


@bp.post("/passkeys/remove")
@signed_in
@stepped_up
def remove_passkey() -> tuple[str, int] | Response:
    """Forget a passkey, unless it is the last factor."""
    try:
        with site.database().writing() as session:
            own_account.remove_passkey(session, actor(), request.form.get("passkey", ""), but=own_mark())
    except FactorError as error:
        return refused(error)
    return done("removed")


@bp.route("/totp", methods=["GET", "POST"])
@signed_in
@stepped_up
def totp() -> tuple[str, int] | str | Response:
    """Keep a new app of codes in place of the one before, once a code shows that it has the secret."""
    form = TotpForm(request.form)
    if request.method == "GET":
        return totp_page(form)
    confirmed = (opened(form, me().id), form.code.data or "")
    try:
        with site.database().writing() as session:
            own_account.keep_totp(session, actor(), confirmed, site.settings().secret_keys, but=own_mark())
            staffing.tell_of_new_factor(session, actor())
    except FactorError:
        return totp_page(form, is_wrong=True), 422
    return done("totp")


@bp.post("/totp/remove")
@signed_in
@stepped_up
def remove_totp() -> tuple[str, int] | Response:
    """Forget the app of codes, unless it is the last factor."""
    try:
        with site.database().writing() as session:
            own_account.remove_totp(session, actor(), but=own_mark())
    except FactorError as error:
        return refused(error)
    return done("removed")


@bp.post("/codes")
@signed_in
@stepped_up
def make_codes() -> Response:
    """Make ten new recovery codes; those before open nothing any more."""
    with site.database().writing() as session:
        codes = recovery_codes.make(session, actor(), me().id)
    response = redirect(url_for(".new_codes"), 303)
    carry_codes(response, me().id, codes)
    return response


@bp.get("/new-codes")
@signed_in
def new_codes() -> Response:
    """Show recovery codes that were made just now, this once."""
    codes = carried_codes(request.cookies.get(CODES), me().id)
    if not codes:
        return redirect(url_for(".account"), 303)
    response = make_response(render_template("console/welcome/codes.html", codes=codes, is_first=False))
    site.delete_cookie(response, CODES, path=CODES_PATH)
    return response


@bp.post("/keys")
@signed_in
def choose_keys() -> Response:
    """Let single keys act in lists, or not."""
    with site.database().writing() as session:
        preferences.choose(session, actor(), keys_on=request.form.get("on") == "1")
    return done("kept")


@bp.post("/notices")
@signed_in
def choose_notices() -> Response:
    """Take the morning's mail, or not."""
    with site.database().writing() as session:
        preferences.choose(session, actor(), digest_on=request.form.get("on") == "1")
    return done("kept")


@bp.post("/sessions/<session_id>/end")
@signed_in
def end_session(session_id: str) -> Response:
    """End one of one's own sessions."""
    with site.database().writing() as session:
        if not arrivals.end_session(session, actor(), session_id):
            abort(404)
    current = session_of_request()
    is_this = current is not None and current.public_id == session_id
    return redirect(url_for("signin.sign_in"), 303) if is_this else done("ended")
