"""What the pages behind a link show."""

from flask import make_response, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.models import Staff
from app.web import site
from app.web.console.signin.arriving import begin
from app.web.console.signin.relying_party import relying_party
from app.web.console.welcome.enrolling import secret_of
from app.web.console.welcome.forms import KnownPasswordForm, PasswordForm, TotpForm
from app.web.language import LANGUAGES, _
from app.web.sealed import seal, unseal

CODES, CODES_PATH, CODES_LIFE = "console_codes", "/console/me/new-codes", 300
"""Cookie that carries new recovery codes, sealed, to the one page that shows them."""


def password_page(person: Staff, token: str, form: PasswordForm, fault: str = "") -> str:
    """Ask for the first password."""
    lines = [("password", fault)] if fault else []
    lines += [(name, each) for name in ("password", "again") for each in form[name].errors]
    return render_template("console/welcome/password.html", form=form, name=person.name, token_of=token, lines=lines)


def known_password_page(token: str, form: KnownPasswordForm, fault: str = "") -> str:
    """Ask for the password that the account has already: the link alone opens nothing any more."""
    form.password.errors = [fault] if fault else []
    return render_template("console/welcome/known_password.html", form=form, token_of=token)


def factor_page(person: Staff, token: str, form: TotpForm, *, is_wrong: bool = False) -> str:
    """Ask for a second factor."""
    form.code.errors = [_("This is not the code that the app shows now.")] if is_wrong else []
    secret = secret_of(form, person.id, person.email)
    has_passkeys = relying_party() is not None
    ways = {code: url_for("welcome.welcome", token=token, lang=code) for code in LANGUAGES}
    return render_template(
        "console/welcome/factor.html", form=form, secret=secret, token_of=token, has_passkeys=has_passkeys, ways=ways
    )


def joined(person: Staff, codes: list[str], by: str, onward: Response | None = None) -> Response:
    """Let somebody in who has taken up a link, and show the recovery codes: at once, or on the page that is next."""
    response = onward or make_response(render_template("console/welcome/codes.html", codes=codes, is_first=True))
    begin(response, person.id, by)
    if onward:
        carry_codes(response, person.id, codes)
    return response


def carry_codes(response: Response, staff: int, codes: list[str]) -> None:
    """Carry new recovery codes to the page that shows them, for five minutes and for this person."""
    sealed = seal(CODES, {"staff": staff, "codes": codes})
    site.set_cookie(response, CODES, sealed, path=CODES_PATH, max_age=CODES_LIFE)


def carried_codes(cookie: str | None, staff: int) -> list[str]:
    """Give the codes that a cookie carries for this person; none when it is old."""
    data = unseal(CODES, cookie, life=CODES_LIFE)
    return [str(code) for code in data["codes"]] if data and data["staff"] == staff else []
