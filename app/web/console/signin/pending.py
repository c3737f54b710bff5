"""Who gave the right password and now owes a second factor: sealed in a cookie, for five minutes."""

from hashlib import sha256
from typing import NamedTuple

from werkzeug.wrappers import Response

from app.accounts.models import Staff
from app.web import site
from app.web.request import current_request
from app.web.sealed import seal, unseal

COOKIE, PATH = "console_pending", "/console/sign-in"
LIFE = 300
"""Seconds."""


class HalfSignedIn(NamedTuple):
    """Whose password was right."""

    staff: int
    email: str


def keep(response: Response, staff: int, password_hash: str) -> None:
    """Let the browser remember whose password was right."""
    value = seal(COOKIE, {"staff": staff, "password": _mark(password_hash)})
    site.set_cookie(response, COOKIE, value, path=PATH, max_age=LIFE)


def read() -> HalfSignedIn | None:
    """Give whose password was right in this browser; None when that is too long ago, or it was changed since."""
    data = unseal(COOKIE, current_request().cookies.get(COOKIE), life=LIFE)
    if data is None:
        return None
    with site.database().reading() as session:
        person = session.get(Staff, data["staff"])
        if person is None or not person.active or _mark(person.password_hash or "") != data["password"]:
            return None
        return HalfSignedIn(person.id, person.email)


def forget(response: Response) -> None:
    """Take the cookie from the browser."""
    site.delete_cookie(response, COOKIE, path=PATH)


def _mark(password_hash: str) -> str:
    """Tell one password from the next, without saying anything of either."""
    return sha256(password_hash.encode()).hexdigest()[:16]
