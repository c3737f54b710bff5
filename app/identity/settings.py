"""Settings of the ways in: SMS gateway, sign-in provider, and where attempts are counted."""

import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CONSOLE = "console"
MEMORY = "memory://"
BODY = '{"to": "{phone}", "text": "{text}"}'
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_REDIS = ("redis://", "rediss://", "unix://")


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentitySettings:
    """How this installation recognises people; empty texts mean that the way is not set up.

    What may hold a secret is left out of its `repr`: gateways take keys in their address or body too.
    """

    sms_gateway: str = field(default="", repr=False)
    """`console`, or the address a text message is posted to."""
    sms_token: str = field(default="", repr=False)
    sms_body: str = field(default=BODY, repr=False)
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret: str = field(default="", repr=False)
    oidc_claim: str = "sub"
    """The claim that names a resident."""
    oidc_business_claim: str = "bin"
    """The claim that names an enterprise: its twelve-digit BIN."""
    oidc_name: str = "eGov"
    """What the provider is called on the button."""
    oidc_scope: str = "openid"
    tries_storage: str = field(default=MEMORY, repr=False)

    def lacking(self, gate: str) -> str:
        """Name the setting that a way in needs and this installation lacks; empty when it can be opened."""
        if gate == "sms" and not self.sms_gateway:
            return "SMS_GATEWAY"
        if gate == "oidc" and not self.oidc_issuer:
            return "OIDC_ISSUER"
        return ""


def from_env(environ: Mapping[str, str]) -> IdentitySettings:
    """Read the variables named in docs/identity.md."""
    names = {
        "sms_gateway": "SMS_GATEWAY",
        "sms_token": "SMS_TOKEN",
        "sms_body": "SMS_BODY",
        "oidc_issuer": "OIDC_ISSUER",
        "oidc_client": "OIDC_CLIENT_ID",
        "oidc_secret": "OIDC_CLIENT_SECRET",
        "oidc_claim": "OIDC_CLAIM",
        "oidc_business_claim": "OIDC_BUSINESS_CLAIM",
        "oidc_name": "OIDC_NAME",
        "oidc_scope": "OIDC_SCOPE",
        "tries_storage": "TRIES_STORAGE",
    }
    values = {field: environ[name].strip() for field, name in names.items() if environ.get(name, "").strip()}
    return IdentitySettings(**values)


def faults(settings: IdentitySettings, public_url: str) -> tuple[str, ...]:
    """Name everything that cannot be used, one sentence each."""
    return (*_sms_faults(settings, public_url), *_oidc_faults(settings), *_storage_faults(settings.tries_storage))


def _sms_faults(settings: IdentitySettings, public_url: str) -> list[str]:
    problems = []
    if settings.sms_gateway == CONSOLE and urlsplit(public_url).hostname not in _LOOPBACK:
        problems.append("SMS_GATEWAY=console shows codes on the console: only where PUBLIC_URL is this machine")
    elif settings.sms_gateway and settings.sms_gateway != CONSOLE and not _is_safe(settings.sms_gateway):
        problems.append("SMS_GATEWAY must be `console` or an https:// address")
    try:
        body = json.loads(settings.sms_body)
    except ValueError:
        body = None
    if not isinstance(body, dict) or not all(mark in settings.sms_body for mark in ("{phone}", "{text}")):
        problems.append("SMS_BODY must be a JSON object in which {phone} and {text} stand")
    return problems


def _oidc_faults(settings: IdentitySettings) -> list[str]:
    if not settings.oidc_issuer:
        return []
    problems = [] if _is_safe(settings.oidc_issuer) else ["OIDC_ISSUER must be an https:// address"]
    if not settings.oidc_client:
        problems.append("OIDC_CLIENT_ID is missing beside OIDC_ISSUER")
    if "openid" not in settings.oidc_scope.split():
        problems.append("OIDC_SCOPE must contain openid")
    return problems


def _storage_faults(storage: str) -> list[str]:
    if storage == MEMORY:
        return []
    if not storage.startswith(_REDIS):
        scheme, mark, _rest = storage.partition("://")
        named = f"is {scheme!r}" if mark else "is no address"  # without the mark a password may stand in it
        return [f"TRIES_STORAGE {named}: memory:// and redis:// are known"]
    missing = importlib.util.find_spec("redis") is None
    return ["TRIES_STORAGE names Redis, and the Python package `redis` is not installed"] if missing else []


def _is_safe(address: str) -> bool:
    """Tell whether an address is encrypted, or never leaves this machine."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (parts.scheme == "https" or parts.hostname in _LOOPBACK)
