"""Wrong tries by network address: sixty in an hour, counted in the memory of the process.

An office behind one address makes few; who signs in rightly is not counted. An IPv6 subscriber has at least a /64.
"""

import hmac
import ipaddress
import secrets
from dataclasses import dataclass, field

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

HOURLY = parse("60 per 1 hour")
_SUBSCRIBER = 64


@dataclass(frozen=True, slots=True)
class WrongByAddress:
    """Counts wrong tries under a key that ends with the process: no address stands in its memory."""

    limiter: MovingWindowRateLimiter = field(default_factory=lambda: MovingWindowRateLimiter(MemoryStorage()))
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def is_used_up(self, address: str | None) -> bool:
        """Tell whether an address has made too many."""
        return not self.limiter.test(HOURLY, self._name(address))

    def count(self, address: str | None) -> None:
        """Count a wrong try."""
        self.limiter.hit(HOURLY, self._name(address))

    def _name(self, address: str | None) -> str:
        return hmac.digest(self.key, _network(address or "").encode(), "sha256").hex()


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6 and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, _SUBSCRIBER), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
