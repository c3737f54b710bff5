"""Forms behind a link, and of one's own account."""

from wtforms import Form, HiddenField, PasswordField, StringField

from app.accounts.errors import PasswordFault
from app.accounts.passwords import LONGEST, SHORTEST
from app.web.language import _, _l

_NEW = {"autocomplete": "new-password", "maxlength": 400, "required": True}


class PasswordForm(Form):
    """A new password, typed twice."""

    password = PasswordField(_l("New password"), render_kw=_NEW)
    again = PasswordField(_l("The same password again"), render_kw=_NEW)


class KnownPasswordForm(Form):
    """The password that was chosen behind this link before."""

    password = PasswordField(
        _l("Password"), render_kw={"autocomplete": "current-password", "maxlength": 400, "required": True}
    )


class TotpForm(Form):
    """A code of the app that has just taken the secret, and the secret, sealed."""

    secret = HiddenField()
    code = StringField(
        _l("Code that the app shows"),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 10, "required": True},
    )


def sentence_of(fault: PasswordFault) -> str:
    """Say what is wrong with a new password, and what to do."""
    sentences = {
        PasswordFault.TOO_SHORT: _("The password is shorter than %(n)s characters: add words.", n=SHORTEST),
        PasswordFault.TOO_LONG: _("The password is longer than %(n)s characters.", n=LONGEST),
        PasswordFault.COMMON: _("This password, or what it is made of, is among the first that are guessed."),
        PasswordFault.HOLDS_NAME: _("The password holds your name: whoever knows you would try that."),
        PasswordFault.HOLDS_EMAIL: _("The password holds your e-mail address: whoever knows you would try that."),
        PasswordFault.HOLDS_PRODUCT: _("The password holds the name of this site: that is tried first."),
    }
    return sentences[fault]


def unlike() -> str:
    """Say that the two passwords differ."""
    return _("The two passwords are not the same.")
