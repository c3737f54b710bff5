"""The pages behind a link. One that is used, old or unknown shows the same page, whatever is sent to it."""

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts import invitations, own_account, passkeys
from app.accounts.errors import FactorError, LinkError
from app.accounts.models import Staff
from app.web import site
from app.web.console.access import open_to_all
from app.web.console.signin import pending, trying
from app.web.console.signin.relying_party import relying_party
from app.web.console.signin.trying import actor_of
from app.web.console.signin.views import fault_of
from app.web.console.welcome.enrolling import new_hash, opened
from app.web.console.welcome.forms import KnownPasswordForm, PasswordForm, TotpForm
from app.web.console.welcome.views import factor_page, joined, known_password_page, password_page
from app.web.language import speak
from app.web.slow import BusyError

bp = Blueprint("welcome", __name__, url_prefix="/console/welcome")


@bp.get("/<token>")
@open_to_all
def welcome(token: str) -> str:
    """Ask for a password; once there is one, for that password, and then for a second factor."""
    person = _person(token)
    if person.password_hash is None:
        return password_page(person, token, PasswordForm())
    if not _gave_password(person):
        return known_password_page(token, KnownPasswordForm())
    return factor_page(person, token, TotpForm())


@bp.post("/<token>/password")
@open_to_all
def set_password(token: str) -> tuple[str, int] | Response:
    """Keep the first password; a link opens an account, and changes no password that is there."""
    person, form = _person(token), PasswordForm(request.form)
    if person.password_hash is not None:
        return _take_password(person, token)
    try:
        password_hash = new_hash(form, person.name, person.email)
    except BusyError:
        return password_page(person, token, form, fault_of("busy")), 503
    if not password_hash:
        return password_page(person, token, form), 422
    with site.database().writing() as session:
        invitations.find(session, token, site.clock().now())
        own_account.set_first_password(session, actor_of(person.id), password_hash)
    return _on_to_factor(person, token, password_hash)


@bp.post("/<token>/totp")
@open_to_all
def use_totp(token: str) -> tuple[str, int] | Response:
    """Keep the app of codes, once a code shows that it has the secret; show the recovery codes and let in."""
    person, form = _person(token), TotpForm(request.form)
    if not _gave_password(person):
        return known_password_page(token, KnownPasswordForm(), fault_of("late")), 422
    confirmed = (opened(form, person.id), form.code.data or "")
    try:
        with site.database().writing() as session:
            keys = site.settings().secret_keys
            codes = own_account.join_with_totp(session, actor_of(person.id), token, confirmed, keys)
    except FactorError:
        return factor_page(person, token, form, is_wrong=True), 422
    return joined(person, codes, "totp")


@bp.post("/<token>/passkey/options")
@open_to_all
def passkey_options(token: str) -> tuple[Response, int] | Response:
    """Give what a browser needs to make a passkey, as JSON."""
    person, party = _person(token), relying_party()
    if party is None or not _gave_password(person):
        return jsonify(fault=fault_of("late" if party else "passkey")), 422
    with site.database().reading() as session:
        options = passkeys.registration_options(session, party, person, site.clock().now())
    return Response(options, mimetype="application/json")


@bp.post("/<token>/passkey")
@open_to_all
def use_passkey(token: str) -> tuple[Response, int] | Response:
    """Keep a passkey; gives, as JSON, the page with the recovery codes."""
    person, party = _person(token), relying_party()
    answered = (request.form.get("answer", ""), request.form.get("name", ""))
    if party is None or not _gave_password(person):
        return jsonify(fault=fault_of("late" if party else "passkey")), 422
    try:
        with site.database().writing() as session:
            codes = own_account.join_with_passkey(session, actor_of(person.id), token, party, answered)
    except FactorError:
        return jsonify(fault=fault_of("passkey")), 422
    return joined(person, codes, "passkey", onward=jsonify(next=url_for("me.new_codes")))


def _gave_password(person: Staff) -> bool:
    """Tell whether this browser has given, or chosen, the password of the account that a link is for."""
    half = pending.read(pending.LINK)
    return half is not None and half.staff == person.id


def _take_password(person: Staff, token: str) -> tuple[str, int] | Response:
    """Look at the password of an account that has one, and go on to its second factor."""
    form = KnownPasswordForm(request.form)
    if trying.is_crowded():
        return known_password_page(token, form, fault_of("crowded")), 429
    try:
        right = trying.try_password(person.email, form.password.data or "", has_link=True)
    except BusyError:
        return known_password_page(token, form, fault_of("busy")), 503
    if right is None:
        return known_password_page(token, form, fault_of("password")), 422
    return _on_to_factor(person, token, right.password_hash)


def _on_to_factor(person: Staff, token: str, password_hash: str) -> Response:
    response = redirect(url_for(".welcome", token=token), 303)
    pending.keep_behind_link(response, person.id, password_hash)
    return response


def _person(token: str) -> Staff:
    """Give whom a link is for; raises LinkError, which is shown as one and the same page."""
    with site.database().reading() as session:
        person = invitations.find(session, token, site.clock().now())
        session.expunge(person)
    if not (request.args.get("lang") or request.cookies.get("lang")):
        speak(person.language)
    return person


@bp.app_errorhandler(LinkError)
def ask_for_another(_error: Exception) -> tuple[str, int]:
    """Say of a link that opens nothing how to get another one, without saying why."""
    return render_template("console/welcome/ask_again.html"), 404
