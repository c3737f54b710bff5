"""Settings of mail to staff: the server it is handed to, and the sender."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from urllib.parse import unquote, urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """How mail leaves this installation; without a server notices stay in the console."""

    server: str = field(default="", repr=False)
    """`smtp://user:password@host:port`, or `smtps://` where TLS begins at once; empty for none."""
    sender: str = ""
    """The address that mail comes from."""

    @property
    def is_on(self) -> bool:
        """Whether mail is sent at all."""
        return bool(self.server)

    @property
    def relay(self) -> "Relay":
        """Give the server's parts."""
        parts = urlsplit(self.server)
        return Relay(
            host=parts.hostname or "",
            port=parts.port or _PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            tls_at_once=parts.scheme == "smtps",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """A mail server and how to sign in there; `user` is empty where it asks nobody who they are."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls_at_once: bool

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine, so that nobody listens on the way to it."""
        return self.host in LOOPBACK


def from_env(environ: Mapping[str, str]) -> MailSettings:
    """Read the variables named in docs/operations.md."""
    return MailSettings(server=environ.get("SMTP_URL", "").strip(), sender=environ.get("MAIL_FROM", "").strip())


def faults(settings: MailSettings) -> tuple[str, ...]:
    """Name everything that cannot be used, one sentence each; a password is never repeated."""
    if not settings.server:
        return ()
    problems = []
    parts = urlsplit(settings.server)
    try:
        usable = parts.scheme in _PORTS and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:  # a port that is none, or a password that holds / # or ? as they are
        usable = False
    if not usable:
        problems.append(
            "SMTP_URL cannot be used: smtp://user:password@host:port is needed, the password percent-encoded"
        )
    elif parts.password and not parts.username:
        problems.append("SMTP_URL holds a password without a user")
    if not _is_address(settings.sender):
        problems.append("MAIL_FROM is missing or no e-mail address: mail needs a sender where SMTP_URL is set")
    return tuple(problems)


def _is_address(text: str) -> bool:
    try:
        parsed = Address(addr_spec=text)
    except (ValueError, IndexError):
        return False
    return text.isascii() and bool(parsed.username) and ("." in parsed.domain or parsed.domain == "localhost")
