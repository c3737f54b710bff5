"""What the pages of the ways in say."""

from flask import current_app, render_template

from app.web.console.signin.forms import SignInForm
from app.web.console.signin.relying_party import relying_party
from app.web.language import _l

FAULTS = {
    "wrong": _l("E-mail, password or code is not right."),
    "passkey": _l("The passkey was not accepted. Try again, or sign in with e-mail and password."),
    "code": _l("The code is not right, or it was used before. Wait for the next one."),
    "crowded": _l("Too many wrong tries from this network. Try again in an hour; if it is urgent, from elsewhere."),
    "password": _l("The password is not right, or sign-in is paused after wrong tries."),
    "late": _l("Half an hour has passed. Open the link again and type the password."),
    "busy": _l("Many people are signing in just now. Try again in a minute; nothing was counted."),
}
"""One sentence for every wrong try: none tells which part was wrong, or whether there is such an account."""


def fault_of(word: str) -> str:
    """Give a fault's sentence in the language of the page."""
    return str(FAULTS[word])


def page(form: SignInForm, fault: str) -> str:
    """Show the ways in."""
    return render_template(
        "console/signin/sign_in.html",
        form=form,
        fault=fault_of(fault) if fault else "",
        has_passkeys=relying_party() is not None,
        has_demo="demo" in current_app.blueprints,
    )
