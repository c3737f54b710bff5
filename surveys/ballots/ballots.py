"""Signed ballots: the right to answer once, carried by the respondent and stored nowhere.

A ballot holds a nonce and a signature for one wave, city, audience and tier. An open link gets a random nonce; a known
contact always gets the same one, so that nobody is locked out by a broken connection and nobody votes twice.

A ballot's text is of format 1. One of a later format will begin with its number and a point, which no text of format 1
holds: "2.…". What a spent ballot is known by hangs on its text, so a ballot keeps the format it was given out in.
"""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from typing import NamedTuple

from surveys.ballots.macs import SIZE as _SIGNATURE
from surveys.ballots.macs import mac
from surveys.errors import NewerFormatError, SurveyError

FORMAT = 1
"""Number of the format given out now, and the only one there has been."""

_NONCE = 16
_SEPARATOR = "\x1f"
_NUMBERED = re.compile(r"([1-9][0-9]?)\.")


class BallotError(SurveyError):
    """A text that is not a ballot of this wave."""


class Ballot(NamedTuple):
    """A verified ballot."""

    wave: str
    city: str
    audience: str
    tier: str
    nonce: bytes

    @property
    def seed(self) -> str:
        """Seed of the respondent's rotation of areas; says nothing about the respondent."""
        return hashlib.sha256(b"rotation" + self.nonce).hexdigest()[:16]


class SignedBallot(NamedTuple):
    """A ballot beside its signed text, made by sign or read alone: nobody needs to look at the signature again."""

    ballot: Ballot
    text: str


def spent_mark(ballot: Ballot, use: int = 1) -> str:
    """Hash what is used up by answering: a person's right in a wave, whichever city it was written out for.

    A verified ballot has a second use, for one more answer after the first was taken back.
    """
    once = f"ballot\x1f{ballot.wave}\x1f" if use == 1 else f"ballot\x1f{ballot.wave}\x1f{use}\x1f"
    return hashlib.sha256(once.encode() + ballot.nonce).hexdigest()


def random_nonce() -> bytes:
    """Draw the nonce of an open link."""
    return secrets.token_bytes(_NONCE)


def contact_nonce(key: bytes, contact_hash: str) -> bytes:
    """Derive the one nonce of a contact under the wave's key."""
    return mac(key, b"ballot nonce", contact_hash.encode())[:_NONCE]


def mint(key: bytes, ballot: Ballot) -> str:
    """Sign a ballot; url-safe text of about 130 characters or fewer."""
    head = _SEPARATOR.join(ballot[:-1]).encode()
    return urlsafe_b64encode(ballot.nonce + _signature(key, ballot.nonce + head) + head).rstrip(b"=").decode()


def open_ballot(key: bytes, wave: str, city: str, audience: str) -> str:
    """Give a ballot to whoever follows an open link; nothing is stored."""
    return mint(key, Ballot(wave, city, audience, "open", random_nonce()))


def sign(key: bytes, ballot: Ballot) -> SignedBallot:
    """Sign a ballot, and keep it beside its text."""
    return SignedBallot(ballot, mint(key, ballot))


def read(key: bytes, text: str) -> SignedBallot:
    """Read a ballot back and keep it beside its text; raises BallotError as verify does."""
    return SignedBallot(verify(key, text), text)


def verify(key: bytes, text: str) -> Ballot:
    """Read a ballot back; raises BallotError unless this wave's key signed exactly this text.

    Raises NewerFormatError for one that says it is of a later format.
    """
    _check_format(text)
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (Base64Error, ValueError) as error:
        raise BallotError("not a ballot") from error
    nonce, signature, head = raw[:_NONCE], raw[_NONCE : _NONCE + _SIGNATURE], raw[_NONCE + _SIGNATURE :]
    if not hmac.compare_digest(signature, _signature(key, nonce + head)):
        raise BallotError("not signed by this wave")
    wave, city, audience, tier = head.decode().split(_SEPARATOR)
    ballot = Ballot(wave, city, audience, tier, nonce)
    # Base64 has several spellings of the same bytes; only the one that was minted is a ballot.
    if urlsafe_b64encode(raw).rstrip(b"=").decode() != text:
        raise BallotError("not the ballot's own spelling")
    return ballot


def reopen(text: str) -> Ballot:
    """Read a ballot that was sealed after it was minted or verified; its signature is not looked at again.

    Raises NewerFormatError for one of a later format.
    """
    _check_format(text)
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    wave, city, audience, tier = raw[_NONCE + _SIGNATURE :].decode().split(_SEPARATOR)
    return Ballot(wave, city, audience, tier, raw[:_NONCE])


def _check_format(text: str) -> None:
    numbered = _NUMBERED.match(text)
    if numbered and int(numbered[1]) > FORMAT:
        raise NewerFormatError("ballot")


def _signature(key: bytes, message: bytes) -> bytes:
    return mac(key, b"ballot", message)
