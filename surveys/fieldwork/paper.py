"""Answers on paper: numbers of printed forms, and passes of the operators who type them in.

Both are signed under the wave's key and stored nowhere. A form's number gives its ballot, so a form typed twice is
stored once, and a form nobody printed is refused.
"""

import hmac
import secrets
from datetime import date
from typing import NamedTuple

from surveys.ballots.ballots import Ballot, mint
from surveys.ballots.macs import mac
from surveys.errors import SurveyError

_SERIAL = 6
_CHECK = 6
_SEPARATOR = "."


class PaperError(SurveyError):
    """A number or a pass that this wave did not give out; `reason` is "number", "pass" or "expired"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class OperatorPass(NamedTuple):
    """Who may type in answers: for one wave and city, through one channel, until a day."""

    wave: str
    city: str
    channel: str
    until: date


def new_form_number(key: bytes) -> str:
    """Draw the number of a printed form, such as 4821-7730-1958: six random digits and six that follow from them."""
    return _grouped(_with_check(key, f"{secrets.randbelow(10**_SERIAL):0{_SERIAL}d}"))


def read_form_number(key: bytes, typed: str) -> str:
    """Read a form's number as it is typed; raises PaperError unless a form of this wave carries it."""
    digits = "".join(sign for sign in typed if sign.isascii() and sign.isdigit())
    if not hmac.compare_digest(digits, _with_check(key, digits[:_SERIAL])):
        raise PaperError("number")
    return _grouped(digits)


def form_ballot(key: bytes, operator: OperatorPass, audience: str, number: str) -> str:
    """Give the ballot of a printed form: the same one each time. Nobody's identity was checked: the open tier."""
    nonce = mac(key, b"paper form", number.encode())[:16]
    return mint(key, Ballot(operator.wave, operator.city, audience, "open", nonce))


def mint_pass(key: bytes, operator: OperatorPass) -> str:
    """Sign an operator's pass; a text to be handed over in person or by a safe way."""
    head = _SEPARATOR.join((operator.wave, operator.city, operator.channel, operator.until.isoformat()))
    return f"{head}{_SEPARATOR}{_signature(key, head)}"


def verify_pass(key: bytes, text: str, *, today: date) -> OperatorPass:
    """Read a pass back; raises PaperError when this wave's key did not sign it or its last day is over."""
    head, _, signature = text.strip().rpartition(_SEPARATOR)
    if not hmac.compare_digest(signature.encode(errors="replace"), _signature(key, head).encode()):
        raise PaperError("pass")
    wave, city, channel, until = head.split(_SEPARATOR)
    operator = OperatorPass(wave, city, channel, date.fromisoformat(until))
    if operator.until < today:
        raise PaperError("expired")
    return operator


def _with_check(key: bytes, serial: str) -> str:
    digest = int.from_bytes(mac(key, b"form number", serial.encode())[:8])
    return f"{serial}{digest % 10**_CHECK:0{_CHECK}d}"


def _signature(key: bytes, head: str) -> str:
    return mac(key, b"operator", head.encode(errors="replace"))[:15].hex()


def _grouped(digits: str) -> str:
    return "-".join((digits[:4], digits[4:8], digits[8:]))
