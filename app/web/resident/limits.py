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
    ceiling: RateLimitItem | None = None


WRONG_ON_SITE = parse("600 per 1 minute")
SENT_ON_SITE = parse("3000 per 1 hour")

WRONG_BY_BROWSER = Rule("wrong code by browser", parse("10 per 10 minute"), WRONG_ON_SITE)
WRONG_BY_ADDRESS = Rule("wrong code by place", parse("60 per 1 minute"), WRONG_ON_SITE)
WRONG_BY_LOCATOR = Rule("wrong code by locator", parse("10 per 1 hour"))
WRONG_BY_PHONE = Rule("wrong message by telephone", parse("5 per 10 minute"))
SENT_TO_PHONE = Rule("messages to a telephone", parse("3 per 1 hour"))
SENT_BY_BROWSER = Rule("messages by browser", parse("5 per 1 hour"), SENT_ON_SITE)
SENT_BY_ADDRESS = Rule("messages by place", parse("120 per 1 hour"), SENT_ON_SITE)

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
    ceilings = set()
    for rule, who in limited:
        _asked(lambda limiter, rule=rule, who=who: limiter.hit(rule.limit, _key(rule.what, who)))  # type: ignore[misc]
        ceilings |= {rule.ceiling} - {None}
    for ceiling in ceilings:
        _asked(lambda limiter, ceiling=ceiling: limiter.hit(ceiling, _key("site", "")))  # type: ignore[misc]


def _until(rule: Rule, who: str) -> float | None:
    """Give the moment until which somebody has to wait; None when they need not."""
    is_crowded = rule.ceiling is not None and _left(rule.ceiling, _key("site", ""))[1] < 1
    moment, left = _left(rule.limit, _key(rule.what, who))
    allowed = max(1, rule.limit.amount // CROWDED) if is_crowded else rule.limit.amount
    return moment if rule.limit.amount - left >= allowed else None


def _left(limit: RateLimitItem, key: str) -> tuple[float, int]:
    """Give the moment at which a limit is free again, and how many attempts are left."""
    stats = _asked(lambda limiter: limiter.get_window_stats(limit, key))
    return stats.reset_time, stats.remaining


_OWN = MovingWindowRateLimiter(MemoryStorage())
"""Counts in this process while the common storage does not answer."""


def _asked(ask: Callable[[RateLimiter], _Result]) -> _Result:
    limiter = services().limiter.limiter
    try:
        return ask(limiter)
    except limiter.storage.base_exceptions as error:
        logger.error("attempts are counted in this process alone: %s", type(error).__name__)  # noqa: TRY400 - class only
        return ask(_OWN)


def _key(what: str, who: str) -> str:
    day_key = hmac.digest(
        services().settings.secret_key.encode(), services().clock.today().isoformat().encode(), "sha256"
    )
    return hmac.digest(day_key, f"{what}\x1f{who}".encode(errors="replace"), "sha256").hex()
