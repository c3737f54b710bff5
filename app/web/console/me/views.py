"""What the pages of one's own account show."""

from flask import flash, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.errors import FactorError, FactorFault
from app.accounts.own_page import get_own_account
from app.accounts.sessions import mark_of
from app.web import site
from app.web.console.access import me, session_of_request, token_of_request
from app.web.console.me.forms import ChangePasswordForm
from app.web.console.signin.relying_party import relying_party
from app.web.console.signin.views import fault_of
from app.web.console.welcome.enrolling import secret_of
from app.web.console.welcome.forms import TotpForm
from app.web.language import _, _l

DONE = {
    "password": _l("Your password is changed. All your other sessions have ended."),
    "passkey": _l("The passkey is kept. All your other sessions have ended."),
    "totp": _l("The new authenticator app is kept. All your other sessions have ended."),
    "removed": _l("It is removed. All your other sessions have ended."),
    "kept": _l("Your choice is kept."),
    "ended": _l("That session has ended."),
}


def account_page(fault: str = "") -> str:
    """Show one's own account."""
    current = session_of_request()
    public_id = current.public_id if current else ""
    with site.database().reading() as session:
        account = get_own_account(session, me().id, public_id, site.clock().now())
    return render_template(
        "console/me/account.html",
        account=account,
        fault=fault,
        has_passkeys=relying_party() is not None,
    )


def done(word: str) -> Response:
    """Lead back to the account, and say there what was done."""
    flash_done(word)
    return redirect(url_for(".account"), 303)


def flash_done(word: str) -> None:
    """Say on the next page what was done."""
    flash(str(DONE[word]))


def refused(error: FactorError) -> tuple[str, int]:
    """Say why a factor was not removed."""
    if error.fault is FactorFault.LAST_FACTOR:
        words = _("This is your last second step: set up another one first.")
    else:
        words = _("It was removed already.")
    return account_page(words), 422


def password_page(form: ChangePasswordForm, fault: str = "") -> str:
    """Ask for the present and the new password."""
    lines = [("current", fault)] if fault else []
    lines += [(name, each) for name in ("current", "password", "again") for each in form[name].errors]
    return render_template("console/me/password.html", form=form, lines=lines)


def totp_page(form: TotpForm, *, is_wrong: bool = False) -> str:
    """Show a new secret."""
    form.code.errors = [_("This is not the code that the app shows now.")] if is_wrong else []
    secret = secret_of(form, me().id, me().email)
    return render_template("console/me/totp.html", form=form, secret=secret)


def wrong_passkey() -> tuple[Response, int]:
    """Say, as JSON, that a passkey was not taken."""
    return jsonify(fault=fault_of("passkey")), 422


def own_mark() -> str:
    """Give the mark of the session that asks: it goes on when the others end."""
    return mark_of(token_of_request())
