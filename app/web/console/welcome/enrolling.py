"""What enrolling a password or an app of codes needs, behind a link and in one's own account."""

from dataclasses import dataclass

from app.accounts import passwords, totp
from app.accounts.errors import PasswordError
from app.web.console.services import services
from app.web.console.welcome.forms import PasswordForm, TotpForm, sentence_of, unlike
from app.web.sealed import seal, unseal

_SECRET = "console_totp"  # noqa: S105 - the name under which a new secret is sealed into its form
_LIFE = 1800
"""Seconds that somebody may take to set up an app."""


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret to be taken into an app: as a picture, as text in fours, and sealed for the form."""

    picture: str
    text: str
    sealed: str


def new_hash(form: PasswordForm, name: str, email: str) -> str:
    """Give the hash of a new password; empty when the form says what is wrong with it. Raises BusyError."""
    typed = form.password.data or ""
    try:
        passwords.check_new(typed, name=name, email=email)
    except PasswordError as error:
        form.password.errors = [sentence_of(fault) for fault in error.faults]
        return ""
    if typed != form.again.data:
        form.again.errors = [unlike()]
        return ""
    with services().hashes.slot():
        return passwords.hashed(typed)


def secret_of(form: TotpForm, staff: int, email: str) -> NewSecret:
    """Give the secret that a form carries, or draw one; a secret lives in its form until a code confirms it."""
    import segno  # noqa: PLC0415 - only setting up an app needs it

    secret = opened(form, staff) or totp.new_secret()
    picture = segno.make(totp.address_of(secret, email), error="m").svg_data_uri(scale=5, border=4, light="#fff")
    grouped = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return NewSecret(picture, grouped, seal(_SECRET, {"staff": staff, "secret": secret}))


def opened(form: TotpForm, staff: int) -> str:
    """Give the secret of a form; empty where it is another person's, changed or old."""
    data = unseal(_SECRET, form.secret.data, life=_LIFE)
    return str(data["secret"]) if data and data["staff"] == staff else ""
