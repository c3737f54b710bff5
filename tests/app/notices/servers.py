"""Mail servers on this machine that keep what they get, refuse it, or take their time."""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, NamedTuple

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app.mail_settings import MailSettings


@dataclass
class Letters:
    """What a server was handed, and what it says of the next recipients: address → an SMTP answer."""

    got: list[EmailMessage] = field(default_factory=list)
    receivers: list[list[str]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        time.sleep(self.seconds)  # noqa: ASYNC251 - the server has a thread of its own
        assert isinstance(envelope.content, bytes)
        parsed = message_from_bytes(envelope.content, policy=policy.SMTP)
        assert isinstance(parsed, EmailMessage)
        self.got.append(parsed)
        self.receivers.append(list(envelope.rcpt_tos))
        return "250 kept"


class Certificate(NamedTuple):
    """A certificate that signs itself: what a server shows, and what a client trusts who knows it."""

    server: ssl.SSLContext
    client: ssl.SSLContext


def make_certificate(folder: Path, host: str) -> Certificate:
    """Make a certificate for a name."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    made = made.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
    text = made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    file = folder / "server.pem"
    file.write_bytes(text + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(file)
    return Certificate(server, ssl.create_default_context(cadata=text.decode()))


def accepting(seen: list[tuple[bytes, bytes]]) -> Callable[..., AuthResult]:
    """Take every name and password, and keep them."""

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: LoginPassword) -> AuthResult:
        seen.append((data.login, data.password))
        return AuthResult(success=True)

    return authenticate


@contextmanager
def mail_server(letters: Letters, port: int, **controls: Any) -> Iterator[MailSettings]:
    """Run a server on this machine."""
    controller = Controller(letters, hostname="127.0.0.1", port=port, **controls)
    controller.start()
    try:
        yield MailSettings(server=f"smtp://127.0.0.1:{port}", sender="console@city.example")
    finally:
        controller.stop()
