"""Forms of the ways in."""

from wtforms import EmailField, Form, PasswordField, StringField

from app.web.language import _l


class SignInForm(Form):
    """E-mail and password."""

    email = EmailField(_l("E-mail"), render_kw={"autocomplete": "username", "maxlength": 254, "required": True})
    password = PasswordField(
        _l("Password"), render_kw={"autocomplete": "current-password", "maxlength": 400, "required": True}
    )


class CodeForm(Form):
    """A code of the app, or a recovery code."""

    code = StringField(
        _l("Code"),
        render_kw={"autocomplete": "one-time-code", "maxlength": 40, "required": True, "spellcheck": "false"},
    )
