"""What the page says."""

from flask import current_app, render_template

from app.accounts import passkeys
from app.accounts.models import Totp
from app.web import site
from app.web.console.access import me
from app.web.console.signin.forms import CodeForm
from app.web.console.signin.relying_party import relying_party
from app.web.console.signin.views import fault_of


def page(form: CodeForm, fault: str) -> str:
    """Ask by the factors that the person has."""
    with site.database().reading() as session:
        has_totp = session.get(Totp, me().id) is not None
        has_passkeys = relying_party() is not None and passkeys.count(session, me().id) > 0
    return render_template(
        "console/stepup/ask.html",
        form=form,
        fault=fault_of(fault) if fault else "",
        has_totp=has_totp,
        has_passkeys=has_passkeys,
        has_demo="demo" in current_app.blueprints,
    )
