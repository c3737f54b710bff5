"""Who gave the right password and now owes a second factor: sealed in a cookie, for minutes."""

from hashlib import sha256
from typing import NamedTuple

from werkzeug.wrappers import Response

from app.accounts.models import Staff
from app.web import site
from app.web.request import current_request
from app.web.sealed import seal, unseal


class Door(NamedTuple):
    """Where a password was given: the cookie that says so, the path it goes to, and its life in seconds."""

    cookie: str
    path: str
    life: int


SIGN_IN = Door("console_pending", "/console/sign-in", 300)
LINK = Door("console_link", "/console/welcome", 1800)
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


def read(door: Door = SIGN_IN) -> HalfSignedIn | None:
    """Give whose password was right in this browser; None when that is too long ago, or it was changed since."""
    data = unseal(door.cookie, current_request().cookies.get(door.cookie), life=door.life)
    if data is None:
        return None
    with site.database().reading() as session:
        person = session.get(Staff, data["staff"])
        if person is None or not person.active or _mark(person.password_hash or "") != data["password"]:
            return None
        return HalfSignedIn(person.id, person.email, data["password"])


def forget(response: Response) -> None:
    """Take the cookies from the browser."""
    for door in (SIGN_IN, LINK):
        site.delete_cookie(response, door.cookie, path=door.path)


def _set(response: Response, door: Door, staff: int, password: str) -> None:
    value = seal(door.cookie, {"staff": staff, "password": password})
    site.set_cookie(response, door.cookie, value, path=door.path, max_age=door.life)


def _mark(password_hash: str) -> str:
    return sha256(password_hash.encode()).hexdigest()[:16]
