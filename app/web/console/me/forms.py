"""Forms of one's own account."""

from wtforms import PasswordField

from app.web.console.welcome.forms import PasswordForm
from app.web.language import _l


class ChangePasswordForm(PasswordForm):
    """The password there is, and a new one."""

    current = PasswordField(
        _l("Present password"), render_kw={"autocomplete": "current-password", "maxlength": 400, "required": True}
    )
