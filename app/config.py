"""Settings of one process, read once from the environment and never changed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from app import mail_settings
from app.identity import settings as identity_settings
from app.identity.settings import IdentitySettings
from app.mail_settings import MailSettings

_MINIMUM_SECRET = 32
_HOST = re.compile(r"[a-z0-9_.-]+|\[[0-9a-f:.]+\]")
_WEAK_SECRETS = frozenset({"secret", "changeme", "change-me", "default", "password", "dev", "test"})


class SettingsError(ValueError):
    """The environment does not describe a system that may be started; every fault is named."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        """Keep the faults, one sentence each."""
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs between two installations; what may hold a secret is left out of its `repr`."""

    secret_key: str = field(repr=False)
    secret_key_previous: str = field(default="", repr=False)
    """The key before this one, while what it signed and sealed is still about; empty otherwise."""
    database_url: str = field(repr=False)
    instance: Path
    host: str = "127.0.0.1"
    port: int = 8000
    metrics_port: int = 9464
    """Port of 127.0.0.1 on which `metrics` listens."""
    console_port: int = 8001
    """Port on which the console listens."""
    public_url: str = "http://127.0.0.1:8000"
    console_url: str = "http://127.0.0.1:8001"
    """Where the console is: its pages lie below /console of this address."""
    trusted_proxies: int = 0
    """How many proxies of one's own stand in front: the address before them is the sender's."""
    trusted_hosts: frozenset[str] = frozenset()
    """Names and addresses the site answers to besides that of `public_url` and this machine's own."""
    demo: bool = False
    patience: int = 30
    """Seconds in which a request has to arrive, and an answer to be read."""
    connections: int = 1000
    """How many clients may be connected to one web process."""
    clamav: str = ""
    """Path or host:port at which a ClamAV looks at files of evidence; empty for nobody."""
    identity: IdentitySettings = field(default_factory=IdentitySettings)
    mail: MailSettings = field(default_factory=MailSettings)

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The key that everything new is signed and sealed with, and then the one before it, where there is one."""
        return tuple(filter(None, (self.secret_key, self.secret_key_previous)))

    @property
    def keys(self) -> Path:
        """Folder of the wave keys: outside the database and outside its backups."""
        return self.instance / "keys"

    @property
    def evidence(self) -> Path:
        """Folder of the files of evidence: outside the database, and part of its backups."""
        return self.instance / "evidence"

    @property
    def metrics(self) -> Path:
        """Folder in which web processes count."""
        return self.instance / "metrics"

    @property
    def hosts(self) -> frozenset[str]:
        """Names the sites answer to, in the small letters and the ASCII that browsers send."""
        return self.trusted_hosts | {_name_of(self.public_url), _name_of(self.console_url)}

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is an embedded SQLite file."""
        return self.database_url.startswith("sqlite")

    @property
    def secure_cookies(self) -> bool:
        """Cookies are marked Secure wherever the public address is HTTPS."""
        return self.public_url.startswith("https://")

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the variables named in docs/operations.md; raise SettingsError naming every fault."""
        demo, instance = environ.get("DEMO", "") == "1", Path(environ.get("INSTANCE", "instance")).resolve()
        secret, previous = environ.get("SECRET_KEY", ""), environ.get("SECRET_KEY_PREVIOUS", "")
        url = environ.get("DATABASE_URL", "") or f"sqlite:///{instance / 'city-opinion.sqlite3'}"
        port, metrics_port = environ.get("PORT", "8000"), environ.get("METRICS_PORT", "9464")
        public = environ.get("PUBLIC_URL", "") or f"http://127.0.0.1:{port}"
        console_port, console = _console(environ, port)
        host, proxies = environ.get("HOST", "127.0.0.1"), environ.get("TRUSTED_PROXIES", "0")
        trusted, clamav = frozenset(environ.get("TRUSTED_HOSTS", "").lower().split()), environ.get("CLAMAV", "")
        patience, connections = environ.get("PATIENCE", "30"), environ.get("CONNECTIONS", "1000")
        identity, mail = identity_settings.from_env(environ), mail_settings.from_env(environ)
        faults = (*_secret_faults("SECRET_KEY", secret), *_previous_faults(previous, secret), *_url_faults(url))
        faults += (*_address_faults("PUBLIC_URL", public), *_proxy_faults(proxies), *_host_faults(trusted))
        faults += (*_port_faults("PORT", port), *_port_faults("METRICS_PORT", metrics_port))
        faults += (*_console_faults(console_port, console, port, public), *_server_faults(patience, connections))
        faults += (*identity_settings.faults(identity, public), *mail_settings.faults(mail), *_scanner_faults(clamav))
        _refuse_if_any((*faults, *_demo_faults(host, demo=demo)))
        return cls(
            secret_key=secret,
            secret_key_previous=previous,
            database_url=_with_driver(url),
            instance=instance,
            host=host,
            port=int(port),
            metrics_port=int(metrics_port),
            console_port=int(console_port),
            public_url=public.rstrip("/"),
            console_url=console.rstrip("/"),
            trusted_proxies=int(proxies),
            trusted_hosts=trusted,
            demo=demo,
            patience=int(patience),
            connections=int(connections),
            clamav=clamav,
            identity=identity,
            mail=mail,
        )


def _name_of(address: str) -> str:
    """Give the name in an address as it stands in the Host header."""
    name = (urlsplit(address).hostname or "").encode("idna").decode()
    return f"[{name}]" if ":" in name else name


def _refuse_if_any(faults: tuple[str, ...]) -> None:
    if faults:
        raise SettingsError(faults)


def _secret_faults(name: str, secret: str) -> tuple[str, ...]:
    if not secret:
        return (f"{name} is missing: set it to at least 32 random characters",)
    if secret.lower() in _WEAK_SECRETS or len(set(secret)) < 8:
        return (f"{name} is a default or a pattern: set it to at least 32 random characters",)
    if len(secret) < _MINIMUM_SECRET:
        return (f"{name} has {len(secret)} characters: at least {_MINIMUM_SECRET} are needed",)
    return ()


def _previous_faults(previous: str, secret: str) -> tuple[str, ...]:
    if not previous:
        return ()
    if previous == secret:
        return ("SECRET_KEY_PREVIOUS is SECRET_KEY itself: it is the key before it, or it is left out",)
    # Whatever is signed with it is believed, so a weak one would open what the new one guards.
    return _secret_faults("SECRET_KEY_PREVIOUS", previous)


def _url_faults(url: str) -> tuple[str, ...]:
    scheme, mark, _rest = url.partition("://")
    # Without the mark the whole text stands before it, and a password may be in it.
    if not mark or scheme not in {"sqlite", "postgresql", "postgresql+psycopg"}:
        named = f"begins with {scheme!r}" if mark else "is no address"
        return (f"DATABASE_URL {named}: sqlite:/// and postgresql:// are known",)
    try:
        _port = urlsplit(url).port
    except ValueError:  # its own words would show a part of a password that holds / # or ?
        return ("DATABASE_URL cannot be read: is the password in it percent-encoded?",)
    return ()


def _port_faults(name: str, port: str) -> tuple[str, ...]:
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        return (f"{name} is {port!r}: a number from 1 to 65535 is needed",)
    return ()


def _address_faults(name: str, address: str) -> tuple[str, ...]:
    parts = urlsplit(address)
    if "@" in address:
        return (f"{name} holds a name or a password: everybody would read it",)
    if parts.scheme not in {"http", "https"} or not _is_name(parts.hostname or ""):
        return (f"{name} is {address!r}: an address such as https://example.kz is needed",)
    return ()


def _console(environ: Mapping[str, str], port: str) -> tuple[str, str]:
    """Give port and address of the console: the next port, and the public address or else that port."""
    following = str(int(port) + 1) if port.isascii() and port.isdigit() else "8001"
    own = environ.get("CONSOLE_PORT", "") or following
    return own, environ.get("CONSOLE_URL", "") or environ.get("PUBLIC_URL", "") or f"http://127.0.0.1:{own}"


def _console_faults(console_port: str, console: str, port: str, public: str) -> tuple[str, ...]:
    faults = (*_port_faults("CONSOLE_PORT", console_port), *_address_faults("CONSOLE_URL", console))
    if console_port == port:
        faults = (*faults, f"CONSOLE_PORT is {port}, which is PORT: the two sites need a port each")
    # Cookies of both are marked by one rule (secure_cookies).
    if urlsplit(console).scheme != urlsplit(public).scheme:
        faults = (*faults, "CONSOLE_URL and PUBLIC_URL must both be https:// or both http://")
    return faults


def _is_name(host: str) -> bool:
    try:
        return bool(host.encode("idna"))
    except UnicodeError:
        return False


def _proxy_faults(proxies: str) -> tuple[str, ...]:
    if not (proxies.isascii() and proxies.isdigit() and int(proxies) < 10):
        return (f"TRUSTED_PROXIES is {proxies!r}: the number of proxies in front is needed, 0 for none",)
    return ()


def _host_faults(hosts: frozenset[str]) -> tuple[str, ...]:
    wrong = sorted(host for host in hosts if not _HOST.fullmatch(host))
    named = f"TRUSTED_HOSTS holds {', '.join(map(repr, wrong))}"
    return (f"{named}: names or addresses without a port are needed, with spaces between",) if wrong else ()


def _scanner_faults(address: str) -> tuple[str, ...]:
    _host, colon, port = address.rpartition(":")
    if (
        not address
        or address.startswith("/")
        or (colon and port.isascii() and port.isdigit() and 0 < int(port) < 65536)
    ):
        return ()
    return (f"CLAMAV is {address!r}: the path of a socket or host:port is needed",)


def _server_faults(patience: str, connections: str) -> tuple[str, ...]:
    faults = []
    if not (patience.isascii() and patience.isdigit() and 0 < int(patience) <= 600):
        faults.append(f"PATIENCE is {patience!r}: seconds from 1 to 600 are needed")
    if not (connections.isascii() and connections.isdigit() and 0 < int(connections) <= 50_000):
        faults.append(f"CONNECTIONS is {connections!r}: a number from 1 to 50000 is needed")
    return tuple(faults)


def _demo_faults(host: str, *, demo: bool) -> tuple[str, ...]:
    return ("DEMO=1 serves 127.0.0.1 only: leave HOST unset",) if demo and host != "127.0.0.1" else ()


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
