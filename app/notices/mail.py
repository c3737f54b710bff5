"""Mail on its way: messages of the standard library, handed to one server over TLS.

Nothing of a person but the address of who gets it stands in a mail: no name, no value, no text that somebody wrote.
"""

import json
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import NamedTuple

from app.accounts.models import Staff
from app.accounts.sealing import SealError, unseal
from app.mail_settings import Relay
from app.notices import wording
from app.notices.models import OutgoingMail
from app.notices.outbox import link_use

PATIENCE = 10.0
"""Seconds that one answer of the mail server may take."""

WAY_BACK_IN = frozenset({"account.invited", "factor.reset"})
"""Kinds that go to people whose account is not open."""


class Postal(NamedTuple):
    """What every mail of an installation has: its sender, where links lead, and the keys of sealed links."""

    sender: str
    console_url: str
    keys: tuple[str, ...]


class MailError(Exception):
    """A mail was not taken; the text is a code or a word for the administrator, nothing of the mail's."""

    def __init__(self, fault: str, *, for_good: bool = False) -> None:
        self.fault, self.for_good = fault, for_good
        super().__init__(fault)


def compose(mail: OutgoingMail, to: Staff, postal: Postal) -> EmailMessage:
    """Write a mail in the receiver's language; raises MailError for one that can never be sent."""
    parameters = json.loads(mail.parameters)
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = postal.sender
        message["To"] = to.email
        message["Subject"] = wording.subject_of(mail.kind, parameters, to.language)
    except ValueError as error:  # a line break: nobody gets to write headers of their own
        raise MailError("address", for_good=True) from error
    if parseaddr(to.email)[1] != to.email:
        raise MailError("address", for_good=True)
    message["Date"] = format_datetime(mail.made_at)
    message["Message-ID"] = f"<{mail.id}.{int(mail.made_at.timestamp())}@{postal.sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n\n".join(_paragraphs(mail, to, postal)) + "\n")
    message["Content-Language"] = to.language
    return message


def _paragraphs(mail: OutgoingMail, to: Staff, postal: Postal) -> list[str]:
    parameters = json.loads(mail.parameters)
    link = f"{postal.console_url}{mail.address}{_token(mail, postal)}"
    if mail.kind == "digest":
        lines = [wording.digest_line(kind, number, to.language) for kind, number in parameters["lines"]]
        return ["\n".join(lines), link, wording.footer(to.language)]
    return [wording.text_of(mail.kind, parameters, to.language), link, wording.footer(to.language)]


def _token(mail: OutgoingMail, postal: Postal) -> str:
    """Open the token at the end of a link; raises MailError where the key was changed twice since."""
    if not mail.sealed:
        return ""
    try:
        return unseal(postal.keys, link_use(mail.staff), mail.sealed)
    except SealError as error:
        raise MailError("key", for_good=True) from error


@dataclass(slots=True)
class Post:
    """A connection to the mail server, made when the first mail goes out."""

    relay: Relay
    patience: float = PATIENCE
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    _connection: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        """Hand a mail over; raises MailError, for good where another attempt would meet the same answer."""
        try:
            self._connected().send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            self.close()
            raise _refusal(min(code for code, _text in error.recipients.values())) from error
        except smtplib.SMTPResponseException as error:
            self.close()
            raise _refusal(error.smtp_code, while_signing_in=_is_about_us(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise MailError(type(error).__name__) from error

    def close(self) -> None:
        """End the connection; a server that does not answer is left alone."""
        connection, self._connection = self._connection, None
        if connection:
            connection.close()

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            self._connection = self._opened()
        return self._connection

    def _opened(self) -> smtplib.SMTP:
        relay = self.relay
        if relay.tls_at_once:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                relay.host, relay.port, timeout=self.patience, context=self.context
            )
        else:
            connection = smtplib.SMTP(relay.host, relay.port, timeout=self.patience)
        try:
            if not relay.tls_at_once and not relay.is_here:
                connection.starttls(context=self.context)  # raises where the server knows no TLS
            if relay.user:
                connection.login(relay.user, relay.password)
        except (smtplib.SMTPException, OSError):
            connection.close()
            raise
        return connection


def _is_about_us(error: smtplib.SMTPResponseException) -> bool:
    """Tell whether the server refuses this installation, not this mail: then the mail is not to blame."""
    return isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError | smtplib.SMTPHeloError)


def _refusal(code: int, *, while_signing_in: bool = False) -> MailError:
    return MailError(str(code), for_good=code >= 500 and not while_signing_in)
