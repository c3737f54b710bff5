"""Tries a password or a code: slots bound how many are at Argon2, and wrong ones are counted by account and address."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import request
from sqlalchemy.orm import Session

from app.accounts import arrivals, own_account, passwords, signing_in
from app.accounts.errors import WaitError
from app.accounts.recovery_codes import looks_like_one
from app.accounts.signing_in import SignInTry
from app.audit.journal import Actor
from app.web import site
from app.web.console.services import services

Arrived = TypeVar("Arrived")
"""What a right code opens."""


@dataclass(frozen=True, slots=True)
class RightPassword:
    """Whose password it was, and its hash."""

    staff: int
    password_hash: str


def is_crowded() -> bool:
    """Tell whether this network address has made too many wrong tries within an hour."""
    return services().wrong_by_address.is_used_up(request.remote_addr)


def try_password(email: str, password: str, *, inside: bool = False, has_link: bool = False) -> RightPassword | None:
    """Look at a password; None for a wrong one, for nobody's, and while the account waits. Raises BusyError.

    `inside` is for whoever is signed in, whose tries are counted apart from those at the door. At the door an account
    without a second factor is nobody's; who `has_link` is about to set one up.
    """
    own = services()
    with own.hashes.slot():
        tried = _begin(email, inside=inside)
        if tried is not None and tried.is_right(password) and tried.staff is not None:
            return _taken(tried, password, has_link=has_link)
    count_wrong()
    return None


def try_code(
    staff: int, email: str, typed: str, *, then: Callable[[Session, str], Arrived], inside: bool = False
) -> Arrived | None:
    """Use up a code, and do `then` in the same transaction: what a code opens, and that it is used, stand together.

    `then` is told "totp" or "recovery". None for a wrong code and while the account waits.
    """
    own = services()
    tried = _begin(email, inside=inside)
    if tried is not None and tried.staff == staff:
        with own.database.writing() as session:
            by = arrivals.use_code(session, staff, typed, own.clock.now(), own.settings.secret_keys)
            if by:
                signing_in.take_off(session, tried)
                if inside:
                    signing_in.forget(session, own.settings.secret_keys, email, inside=True)
                return then(session, by)
    count_wrong()
    return None


def try_totp(staff: int, email: str, typed: str, *, then: Callable[[Session, str], Arrived]) -> Arrived | None:
    """Use up a code of the app of whoever is signed in, where a recovery code does not do."""
    return None if looks_like_one(typed) else try_code(staff, email, typed, then=then, inside=True)


def count_wrong() -> None:
    """Count a wrong try of this network address."""
    services().wrong_by_address.count(request.remote_addr)


def _begin(email: str, *, inside: bool) -> SignInTry | None:
    own = services()
    try:
        with own.database.writing() as session:
            return signing_in.begin(session, own.settings.secret_keys, email, own.clock.now(), inside=inside)
    except WaitError:
        return None


def _taken(tried: SignInTry, password: str, *, has_link: bool) -> RightPassword | None:
    """Take a right password off the count, and hash it anew where today's costs are others."""
    own = services()
    staff, current = tried.staff, tried.password_hash
    if staff is None or current is None:
        return None
    fresh = passwords.hashed(password) if passwords.is_outdated(current) else current
    with own.database.writing() as session:
        signing_in.take_off(session, tried)
        if not has_link and own_account.count_factors(session, staff) == 0:
            return None
        if fresh != current:
            own_account.keep_rehashed(session, staff, current, fresh)
    return RightPassword(staff, fresh)


def actor_of(staff: int) -> Actor:
    """Give somebody who is not signed in yet as the actor of what they do."""
    return Actor(staff, site.clock().now())
