"""Who gave the right password and now owes a second factor: sealed in a cookie, for minutes."""

from hashlib import sha256
from typing import NamedTuple

from werkzeug.wrappers import Response

from app.accounts.models import Staff
from app.web import site
from app.web.request import current_request
from app.web.sealed import seal, unseal


class Entrance(NamedTuple):
    """Where a password was given: the cookie that says so, the path it goes to, and its life in seconds."""

    cookie: str
    path: str
    life: int


SIGN_IN = Entrance("console_pending", "/console/sign-in", 300)
LINK = Entrance("console_link", "/console/welcome", 1800)
"""Behind a link of an invitation or of a recovery code; setting up a factor may take half an hour."""


class HalfSignedIn(NamedTuple):
    """Whose password was right; `password` tells that password from the next, without saying anything of either."""

    staff: int
    email: str
    password: str


def keep(response: Response, staff: int, password_hash: str) -> None:
    """Let the browser remember whose password was right at the sign-in."""
    _set(response, SIGN_IN, staff, _mark(password_hash))


def keep_behind_link(response: Response, staff: int, password_hash: str) -> None:
    """Let the browser remember whose password was right, or was chosen, behind a link."""
    _set(response, LINK, staff, _mark(password_hash))


def take_behind_link(response: Response, waiting: HalfSignedIn) -> None:
    """Let whose password was right at the sign-in, and who used a recovery code, go on behind a link."""
    _set(response, LINK, waiting.staff, waiting.password)


def read(entrance: Entrance = SIGN_IN) -> HalfSignedIn | None:
    """Give whose password was right in this browser; None when that is too long ago, or it was changed since."""
    data = unseal(entrance.cookie, current_request().cookies.get(entrance.cookie), life=entrance.life)
    if data is None:
        return None
    with site.database().reading() as session:
        person = session.get(Staff, data["staff"])
        if person is None or not person.active or _mark(person.password_hash or "") != data["password"]:
            return None
        return HalfSignedIn(person.id, person.email, data["password"])


def forget(response: Response) -> None:
    """Take the cookies from the browser."""
    for entrance in (SIGN_IN, LINK):
        site.delete_cookie(response, entrance.cookie, path=entrance.path)


def _set(response: Response, entrance: Entrance, staff: int, password: str) -> None:
    value = seal(entrance.cookie, {"staff": staff, "password": password})
    site.set_cookie(response, entrance.cookie, value, path=entrance.path, max_age=entrance.life)


def _mark(password_hash: str) -> str:
    return sha256(password_hash.encode()).hexdigest()[:16]
