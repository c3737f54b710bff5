"""Counts attempts, so that nobody can guess a code or have messages sent without end.

By network address only wrong attempts of one minute are counted: thirty people behind one address make few, and
whoever shares an address with a guesser waits a minute. An IPv6 subscriber has at least a /64, which counts as one
address. Keys are hashes that live a day: no address, telephone or code stands in the memory or the Redis where attempts
are counted.

The whole site has ceilings too. Above one nobody is shut out who did nothing before: only the rules by browser and by
address become CROWDED times as strict, so that a flood of guesses from everywhere cannot keep holders of letters away.
For the same reason attempts are counted in this process while the Redis does not answer.
"""

import hmac
import ipaddress
import logging
import math
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import NamedTuple, TypeVar

from flask import request, session
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter, RateLimiter

from app.faults import describe
from app.web.resident.services import services

logger = logging.getLogger(__name__)

CROWDED = 10
"""How many times stricter the rules are that have a ceiling, while it is reached."""

_SUBSCRIBER = 64
"""Bits of an IPv6 address that name a subscriber at least."""

_Result = TypeVar("_Result")


class TooManyAttemptsError(Exception):
    """Somebody has to wait; `seconds` says how long."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds


class Rule(NamedTuple):
    """How often something may be done by one and the same; `ceiling` is how often by all together."""

    what: str
    limit: RateLimitItem
    is_personal: bool = True
    """Whether who is limited is a person's secret, whose name here ends with the day."""

    ceiling: RateLimitItem | None = None


WRONG_ON_SITE = parse("600 per 1 minute")
SENT_ON_SITE = parse("3000 per 1 hour")

WRONG_BY_BROWSER = Rule("wrong code by browser", parse("10 per 10 minute"), ceiling=WRONG_ON_SITE)
WRONG_BY_ADDRESS = Rule("wrong code by place", parse("60 per 1 minute"), ceiling=WRONG_ON_SITE)
WRONG_BY_LOCATOR = Rule("wrong code by locator", parse("10 per 1 hour"))
WRONG_BY_PHONE = Rule("wrong message by telephone", parse("5 per 10 minute"))
SENT_TO_PHONE = Rule("messages to a telephone", parse("3 per 1 hour"))
SENT_BY_BROWSER = Rule("messages by browser", parse("5 per 1 hour"), ceiling=SENT_ON_SITE)
SENT_BY_ADDRESS = Rule("messages by place", parse("120 per 1 hour"), ceiling=SENT_ON_SITE)
WITHDRAWN_OF_WAVE = Rule("withdrawals of a wave", parse("30 per 1 hour"), is_personal=False)
"""A person decides about more: nobody has a reason to take back many, but whoever stole codes."""

Limited = tuple[Rule, str]
"""A rule, and whom or what it counts."""


def browser() -> str:
    """Name this browser by the secret of its session, which it has had since its first form."""
    return str(session.get("csrf_token", ""))


def address() -> str:
    """Name where the request comes from: an address of IPv4, or the /64 of one of IPv6."""
    sender = request.remote_addr or ""
    with suppress(ValueError):
        parsed = ipaddress.ip_address(sender.partition("%")[0])
        if isinstance(parsed, ipaddress.IPv6Address):
            return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, _SUBSCRIBER), strict=False))
    return sender


def check(limited: Iterable[Limited]) -> None:
    """Raise TooManyAttemptsError when one of the rules is used up; counts nothing."""
    waits = [wait for rule, who in limited if (wait := _until(rule, who)) is not None]
    if waits:
        raise TooManyAttemptsError(max(1, math.ceil(max(waits) - services().clock.now().timestamp())))


def count(limited: Iterable[Limited]) -> None:
    """Count one attempt, once for the whole site."""
    ceilings = set[RateLimitItem]()
    for rule, who in limited:
        for key in _keys(rule.what, who, is_personal=rule.is_personal):
            _hit(rule.limit, key)
        if rule.ceiling is not None:
            ceilings.add(rule.ceiling)
    for ceiling in ceilings:
        for key in _site():
            _hit(ceiling, key)


def has_room(rule: Rule, who: str) -> bool:
    """Tell whether a rule is not used up; counts nothing."""
    return _until(rule, who) is None


def _until(rule: Rule, who: str) -> float | None:
    """Give the moment until which somebody has to wait; None when they need not."""
    is_crowded = rule.ceiling is not None and any(_left(rule.ceiling, key)[1] < 1 for key in _site())
    allowed = max(1, rule.limit.amount // CROWDED) if is_crowded else rule.limit.amount
    counts = [_left(rule.limit, key) for key in _keys(rule.what, who, is_personal=rule.is_personal)]
    return max((moment for moment, left in counts if rule.limit.amount - left >= allowed), default=None)


def _left(limit: RateLimitItem, key: str) -> tuple[float, int]:
    """Give the moment at which a limit is free again, and how many attempts are left."""
    stats = _asked(lambda limiter: limiter.get_window_stats(limit, key))
    return stats.reset_time, stats.remaining


def _hit(limit: RateLimitItem, key: str) -> None:
    _asked(lambda limiter: limiter.hit(limit, key))


_OWN = MovingWindowRateLimiter(MemoryStorage())
"""Counts in this process while the common storage does not answer."""


def _asked(ask: Callable[[RateLimiter], _Result]) -> _Result:
    limiter = services().limiter.limiter
    try:
        return ask(limiter)
    except limiter.storage.base_exceptions as error:
        logger.error("attempts are counted in this process alone", extra={"fault": describe(error)})
        return ask(_OWN)


def _site() -> list[str]:
    """Name the whole site."""
    return _keys("site", "", is_personal=True)


def _keys(what: str, who: str, *, is_personal: bool) -> list[str]:
    """Name who is limited, under the secret of today and the one before: no count begins anew between them."""
    today = services().clock.today().isoformat().encode() if is_personal else b"always"
    day_keys = [hmac.digest(secret.encode(), today, "sha256") for secret in services().settings.secret_keys]
    limited = f"{what}\x1f{who}".encode(errors="replace")
    return [hmac.digest(day_key, limited, "sha256").hex() for day_key in day_keys]
