"""Counts attempts, so that nobody can guess a code or have messages sent without end.

By network address only wrong attempts of one minute are counted: thirty people behind one address make few, and
whoever shares an address with a guesser waits a minute. Keys are hashes that live a day: no address, telephone or code
stands in the memory or the Redis where attempts are counted.
"""

import hmac
import math
from collections.abc import Iterable
from typing import NamedTuple

from flask import request, session
from limits import RateLimitItem, parse

from app.web.resident.services import services


class TooManyAttemptsError(Exception):
    """Somebody has to wait; `seconds` says how long."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds


class Rule(NamedTuple):
    """How often something may be done by one and the same."""

    what: str
    limit: RateLimitItem
    is_personal: bool = True
    """Whether who is limited is a person's secret, whose name here ends with the day."""


WRONG_BY_BROWSER = Rule("wrong code by browser", parse("10 per 10 minute"))
WRONG_BY_ADDRESS = Rule("wrong code by place", parse("60 per 1 minute"))
WRONG_BY_LOCATOR = Rule("wrong code by locator", parse("10 per 1 hour"))
WRONG_BY_PHONE = Rule("wrong message by telephone", parse("5 per 10 minute"))
SENT_TO_PHONE = Rule("messages to a telephone", parse("3 per 1 hour"))
SENT_BY_BROWSER = Rule("messages by browser", parse("5 per 1 hour"))
WITHDRAWN_OF_WAVE = Rule("withdrawals of a wave", parse("30 per 1 hour"), is_personal=False)
"""A person decides about more: nobody has a reason to take back many, but whoever stole codes."""

SENT_BY_ADDRESS = Rule("messages by place", parse("120 per 1 hour"))

Limited = tuple[Rule, str]
"""A rule, and whom or what it counts."""


def browser() -> str:
    """Name this browser by the secret of its session, which it has had since its first form."""
    return str(session.get("csrf_token", ""))


def address() -> str:
    """Name where the request comes from."""
    return request.remote_addr or ""


def check(limited: Iterable[Limited]) -> None:
    """Raise TooManyAttemptsError when one of the rules is used up; counts nothing."""
    limiter = services().limiter.limiter
    waits = [
        limiter.get_window_stats(rule.limit, key).reset_time
        for rule, who in limited
        for key in _keys(rule, who)
        if not limiter.test(rule.limit, key)
    ]
    if waits:
        raise TooManyAttemptsError(max(1, math.ceil(max(waits) - services().clock.now().timestamp())))


def count(limited: Iterable[Limited]) -> None:
    """Count one attempt."""
    for rule, who in limited:
        for key in _keys(rule, who):
            services().limiter.limiter.hit(rule.limit, key)


def has_room(rule: Rule, who: str) -> bool:
    """Tell whether a rule is not used up; counts nothing."""
    return all(services().limiter.limiter.test(rule.limit, key) for key in _keys(rule, who))


def _keys(rule: Rule, who: str) -> list[str]:
    """Name who is limited, under the secret of today and the one before: no count begins anew between them."""
    today = services().clock.today().isoformat().encode() if rule.is_personal else b"always"
    day_keys = [hmac.digest(secret.encode(), today, "sha256") for secret in services().settings.secret_keys]
    limited = f"{rule.what}\x1f{who}".encode(errors="replace")
    return [hmac.digest(day_key, limited, "sha256").hex() for day_key in day_keys]
