"""A real nginx on ports of its own, from the file that is shipped."""

import os
import shutil
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.ports import free_port

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "ops" / "nginx" / "city-opinion.conf"
NOBODY = 65534
PATIENCE = 30
"""Seconds after which a test is told that nginx did nothing."""

# What Debian's own nginx.conf says that a site could inherit: compression and a log of addresses.
_MAIN = """
daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/main-error.log;
events {{ worker_connections 4096; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
    ssl_prefer_server_ciphers on;
    access_log {folder}/main-access.log;
    gzip on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    cookies: list[str]
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Proxy:
    """A running nginx."""

    folder: Path
    http: int
    https: int

    @property
    def certificate(self) -> Path:
        return self.folder / "certificate.pem"

    @property
    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))

    def ask(
        self,
        path: str,
        method: str = "GET",
        *,
        body: bytes | None = None,
        client: str = "127.0.0.1",
        plain: bool = False,
        **headers: str,
    ) -> Answer:
        """Ask over a connection of its own from an address of loopback; `_` in the name of a header is `-`."""
        with closing(self._connection(client, plain=plain)) as connection:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, {"Host": "localhost"} | named)
            return _answer(connection.getresponse())

    def _connection(self, client: str, *, plain: bool) -> HTTPConnection:
        source = (client, 0)
        if plain:
            return HTTPConnection("localhost", self.http, timeout=PATIENCE, source_address=source)
        return HTTPSConnection("localhost", self.https, timeout=PATIENCE, source_address=source, context=self.context)

    def noted(self, least: int = 0) -> list[str]:
        """Give the lines of the site's log once there are so many: a line is written after its answer has gone."""
        log, end = self.folder / "city-opinion.log", time.monotonic() + PATIENCE
        while len(lines := log.read_text().splitlines()) < least:
            assert time.monotonic() < end, lines
            time.sleep(0.02)
        return lines

    def written(self) -> str:
        """Give every line of every log."""
        return "\n".join(log.read_text() for log in sorted(self.folder.glob("*.log")))

    def kept_on_disk(self) -> list[Path]:
        """List the files into which nginx put bodies or answers on their way."""
        folders = ("body", "proxy")
        return [file for name in folders for file in (self.folder / name).rglob("*") if file.is_file()]


def _answer(response: HTTPResponse) -> Answer:
    cookies = response.headers.get_all("Set-Cookie") or []
    return Answer(response.status, response.headers, cookies, response.read())


@contextmanager
def proxied(port: int, console: int = 0) -> Iterator[Proxy]:
    """Run nginx in front of the port of the public site, and of the console's where there is one, without rights."""
    if not shutil.which("nginx"):
        missing = "nginx is not installed (Debian: apt-get install nginx-light)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    folder = Path(tempfile.mkdtemp(prefix="nginx"))
    proxy = Proxy(folder, free_port(), free_port())
    _write_certificate(folder)
    (folder / "site.conf").write_text(_site(proxy, port, console))
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder))
    (folder / "cache").mkdir()
    is_root = os.geteuid() == 0
    if is_root:
        for each in (folder, *folder.rglob("*")):
            os.chown(each, NOBODY, NOBODY)
    words = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "start.log")]
    who = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if is_root else {}
    server = subprocess.Popen(words, **who)  # type: ignore[call-overload]
    try:
        _wait_for(proxy, server)
        yield proxy
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)


def _site(proxy: Proxy, port: int, console: int) -> str:
    """Give the shipped file with other ports, paths, name and certificate, and nothing else changed."""
    text = SHIPPED.read_text()
    changes = {
        "    listen [::]:80 default_server;\n": "",
        "    listen [::]:443 ssl http2 default_server;\n": "",
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl http2;\n": "",
        "listen 80": f"listen 127.0.0.1:{proxy.http}",
        "listen 443": f"listen 127.0.0.1:{proxy.https}",
        "/etc/letsencrypt/live/opinion.example.kz/fullchain.pem": str(proxy.certificate),
        "/etc/letsencrypt/live/opinion.example.kz/privkey.pem": str(proxy.folder / "key.pem"),
        "https://opinion.example.kz": f"https://localhost:{proxy.https}",
        "opinion.example.kz": "localhost",
        "127.0.0.1:8000": f"127.0.0.1:{port}",
        "127.0.0.1:8001": f"127.0.0.1:{console or port}",
        "/var/cache/nginx/city-opinion": str(proxy.folder / "cache"),
        "/var/log/nginx": str(proxy.folder),
        "/usr/local/share/city-opinion": str(proxy.folder),
    }
    for shipped, here in changes.items():
        assert shipped in text, shipped
        text = text.replace(shipped, here)
    for page in SHIPPED.parent.glob("*.html"):
        shutil.copy(page, proxy.folder)
    return text


def _write_certificate(folder: Path) -> None:
    """Make a certificate for localhost that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]), datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    signed = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    (folder / "certificate.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    encoding = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*encoding))


def _wait_for(proxy: Proxy, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert server.poll() is None, (proxy.folder / "start.log").read_text()
        with suppress(OSError):
            proxy.ask("/", plain=True)
            return
        time.sleep(0.05)
    raise AssertionError("nginx did not start")
