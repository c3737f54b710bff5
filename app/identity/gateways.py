"""Sends text messages: on the console while developing, else through the operator's HTTP gateway."""

import json
import sys
from typing import Protocol

from app.identity.settings import CONSOLE, IdentitySettings

_TIMEOUT = (3.05, 8)
"""Seconds to connect and to wait: a person looks at the page meanwhile."""


class GatewayError(RuntimeError):
    """A message could not be handed over; says why, never to whom."""


class Gateway(Protocol):
    """Whoever can send a text message."""

    def send(self, phone: str, text: str) -> None:
        """Hand a message over; raises GatewayError."""
        ...


class ConsoleGateway:
    """Shows messages where the server runs, without the number."""

    def send(self, phone: str, text: str) -> None:  # noqa: ARG002 - no log may hold a number
        """Write the text to standard error: a log says no more than the code that writes it."""
        sys.stderr.write(f"text message: {text}\n")


class HttpGateway:
    """Posts messages as JSON to an operator's address, with a bearer token."""

    def __init__(self, address: str, token: str, body: str) -> None:
        self._address = address
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._body = json.loads(body)

    def send(self, phone: str, text: str) -> None:
        """Post one message; raises GatewayError when the gateway does not take it."""
        import requests  # noqa: PLC0415 - 16 MB that only an installation which sends messages needs

        body = _filled(self._body, {"{phone}": phone, "{text}": text})
        try:
            answer = requests.post(
                self._address, json=body, headers=self._headers, timeout=_TIMEOUT, allow_redirects=False
            )
        except requests.RequestException as error:
            # Its own text would name the address called, and some gateways carry the number there.
            raise GatewayError(type(error).__name__) from None
        if not answer.ok or answer.is_redirect:
            raise GatewayError(f"the gateway answers {answer.status_code}")


def make_gateway(settings: IdentitySettings) -> Gateway | None:
    """Make the gateway of an installation; None when there is none."""
    if not settings.sms_gateway:
        return None
    if settings.sms_gateway == CONSOLE:
        return ConsoleGateway()
    return HttpGateway(settings.sms_gateway, settings.sms_token, settings.sms_body)


def _filled(value: object, marks: dict[str, str]) -> object:
    """Put phone and text into every string of the body."""
    if isinstance(value, dict):
        return {name: _filled(item, marks) for name, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, marks) for item in value]
    if isinstance(value, str):
        for mark, text in marks.items():
            value = value.replace(mark, text)
    return value
