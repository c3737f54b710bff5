"""For whom passkeys of this installation are."""

import ipaddress
from urllib.parse import urlsplit

from app.accounts.passkeys import RelyingParty
from app.web import site


def relying_party() -> RelyingParty | None:
    """Give the host that passkeys are bound to; None where the console has a bare address: browsers want a name."""
    settings = site.settings()
    parts = urlsplit(settings.console_url)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        origin = f"{parts.scheme}://{parts.netloc}"
        return RelyingParty(host=host, origin=origin, keys=settings.secret_keys)
    return None
