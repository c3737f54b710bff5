"""Settings of one process, read once from the environment and never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from app.identity import settings as identity_settings
from app.identity.settings import IdentitySettings

_MINIMUM_SECRET = 32
_WEAK_SECRETS = frozenset({"secret", "changeme", "change-me", "default", "password", "dev", "test"})


class SettingsError(ValueError):
    """The environment does not describe a system that may be started; every fault is named."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        """Keep the faults, one sentence each."""
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs between two installations."""

    secret_key: str
    database_url: str
    instance: Path
    host: str = "127.0.0.1"
    port: int = 8000
    metrics_port: int = 9464
    """Port of 127.0.0.1 on which `metrics` listens."""
    public_url: str = "http://127.0.0.1:8000"
    trusted_proxies: int = 0
    """How many proxies of one's own stand in front: the address before them is the sender's."""
    demo: bool = False
    identity: IdentitySettings = field(default_factory=IdentitySettings)

    @property
    def keys(self) -> Path:
        """Folder of the wave keys: outside the database and outside its backups."""
        return self.instance / "keys"

    @property
    def metrics(self) -> Path:
        """Folder in which web processes count."""
        return self.instance / "metrics"

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
        demo = environ.get("DEMO", "") == "1"
        instance = Path(environ.get("INSTANCE", "instance")).resolve()
        secret = environ.get("SECRET_KEY", "")
        url = environ.get("DATABASE_URL", "") or f"sqlite:///{instance / 'city-opinion.sqlite3'}"
        port = environ.get("PORT", "8000")
        metrics_port = environ.get("METRICS_PORT", "9464")
        public = environ.get("PUBLIC_URL", "") or f"http://127.0.0.1:{port}"
        host = environ.get("HOST", "127.0.0.1")
        proxies = environ.get("TRUSTED_PROXIES", "0")
        identity = identity_settings.from_env(environ)
        faults = (*_secret_faults(secret), *_url_faults(url), *_address_faults(public), *_proxy_faults(proxies))
        faults = (*faults, *_port_faults("PORT", port), *_port_faults("METRICS_PORT", metrics_port))
        faults = (*faults, *identity_settings.faults(identity, public))
        if demo and host != "127.0.0.1":
            faults = (*faults, "DEMO=1 serves 127.0.0.1 only: leave HOST unset")
        if faults:
            raise SettingsError(faults)
        return cls(
            secret_key=secret,
            database_url=_with_driver(url),
            instance=instance,
            host=host,
            port=int(port),
            metrics_port=int(metrics_port),
            public_url=public.rstrip("/"),
            trusted_proxies=int(proxies),
            demo=demo,
            identity=identity,
        )


def _secret_faults(secret: str) -> tuple[str, ...]:
    if not secret:
        return ("SECRET_KEY is missing: set it to at least 32 random characters",)
    if secret.lower() in _WEAK_SECRETS or len(set(secret)) < 8:
        return ("SECRET_KEY is a default or a pattern: set it to at least 32 random characters",)
    if len(secret) < _MINIMUM_SECRET:
        return (f"SECRET_KEY has {len(secret)} characters: at least {_MINIMUM_SECRET} are needed",)
    return ()


def _url_faults(url: str) -> tuple[str, ...]:
    scheme = url.partition("://")[0]
    if scheme not in {"sqlite", "postgresql", "postgresql+psycopg"}:
        return (f"DATABASE_URL begins with {scheme!r}: sqlite:/// and postgresql:// are known",)
    return ()


def _port_faults(name: str, port: str) -> tuple[str, ...]:
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        return (f"{name} is {port!r}: a number from 1 to 65535 is needed",)
    return ()


def _address_faults(public: str) -> tuple[str, ...]:
    parts = urlsplit(public)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return (f"PUBLIC_URL is {public!r}: an address such as https://example.kz is needed",)
    return ()


def _proxy_faults(proxies: str) -> tuple[str, ...]:
    if not (proxies.isascii() and proxies.isdigit() and int(proxies) < 10):
        return (f"TRUSTED_PROXIES is {proxies!r}: the number of proxies in front is needed, 0 for none",)
    return ()


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
