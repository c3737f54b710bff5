"""Receipts: what a respondent keeps to see that an answer is counted, or to take it back before the wave is frozen.

A receipt follows from the ballot, and the stored response's id follows from the receipt under the wave's key. So the
holder of a receipt can be served while that key lives, and nobody can go from a receipt to an answer, or back, without
it. The sealed copy beside the response is how the nightly list of counted receipts is written.
"""

import hashlib

from surveys.ballots.macs import mac

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters nobody can misread (Crockford)."""

_MISREAD = str.maketrans("OIL", "011")
_SIGNS = 12
_SIGN_OF = bytes(ord(_ALPHABET[byte % 32]) for byte in range(256))


def receipt_of(ballot_text: str) -> str:
    """Write the receipt of a ballot: twelve signs in groups of four, for a person to keep."""
    digest = hashlib.sha256(b"receipt" + ballot_text.encode()).digest()
    return _grouped(digest[:_SIGNS].translate(_SIGN_OF).decode())


def read_receipt(typed: str) -> str | None:
    """Read a receipt as people type it, spaces, small letters and look-alikes included; None for any other text."""
    signs = "".join(sign for sign in typed.upper() if sign not in " -\t\u00a0").translate(_MISREAD)
    return _grouped(signs) if len(signs) == _SIGNS and set(signs) <= set(_ALPHABET) else None


def response_id(key: bytes, receipt: str) -> str:
    """Give the id of the response a receipt stands for: 128 bits in hex, random to everyone without the wave's key."""
    return mac(key, b"response", receipt.encode())[:16].hex()


def seal(key: bytes, response: str, receipt: str) -> bytes:
    """Seal a receipt for storing beside its response."""
    return _with_pad(key, response, receipt.encode())


def unseal(key: bytes, response: str, sealed: bytes) -> str:
    """Open a sealed receipt."""
    return _with_pad(key, response, sealed).decode("ascii", errors="replace")


def _with_pad(key: bytes, response: str, text: bytes) -> bytes:
    # The pad is as random as the key and is used for one response only: its id follows from this very receipt.
    pad = mac(key, b"sealed receipt", response.encode())[: len(text)]
    return (int.from_bytes(text) ^ int.from_bytes(pad)).to_bytes(len(text))


def _grouped(signs: str) -> str:
    return "-".join((signs[:4], signs[4:8], signs[8:]))
