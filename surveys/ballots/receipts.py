"""What a respondent is given: a receipt, which everybody may see, and a withdrawal code, which opens one answer.

All follow one another under the wave's key, one way only:

    ballot → withdrawal code → id of the stored response → receipt

Whoever has the code can take the answer back while the key lives. The receipt stands on the public list of counted
answers and leads nowhere: neither of the two, nor the stored id, gives another of them to anybody without the key, and
with the key none leads backwards. The code is stored nowhere; the response's id is its mark.

That is format 2 of both. Their numbers stand nowhere, because people type them: a format is told by its length and its
signs, and a later one must differ in one of the two (docs/formats.md).

In format 1, of the release of November 2026, one receipt did both. Its sealed copy still lies beside answers of waves
that were open then: it stays on the list, and opens nothing any more.
"""

import hashlib

from surveys.ballots import signs
from surveys.ballots.ballots import Ballot
from surveys.ballots.macs import mac

_RECEIPT, _CODE = 12, 20
"""Signs: 60 bits are enough for a list; 100 bits are what nobody can guess."""


def withdrawal_code(key: bytes, ballot: Ballot, use: int = 1) -> str:
    """Give the withdrawal code of a ballot, 20 signs in groups of four; `use` is 2 once the first is withdrawn.

    It is the same for whichever city a person's ballot was written out: so is the response it opens.
    """
    return signs.write(mac(key, b"withdrawal code", f"{use} {ballot.wave} ".encode() + ballot.nonce), _CODE)


def response_id(key: bytes, code: str) -> str:
    """Give the id of the response a withdrawal code opens: 128 bits in hex, random to everyone without the key."""
    return mac(key, b"response", code.encode())[:16].hex()


def receipt_of(key: bytes, response: str) -> str:
    """Write the receipt of a stored response: twelve signs in groups of four."""
    return signs.write(mac(key, b"receipt", response.encode()), _RECEIPT)


def read_receipt(typed: str) -> str | None:
    """Read a receipt as people type it, spaces, small letters and look-alikes included; None for any other text."""
    return signs.read(typed, _RECEIPT)


def read_code(typed: str) -> str | None:
    """Read a withdrawal code as people type it; None for any other text."""
    return signs.read(typed, _CODE)


def former_receipt(ballot_text: str) -> str:
    """Write the receipt that format 1 gave for a ballot; response_id of it is the id of the response stored then."""
    return signs.write(hashlib.sha256(b"receipt" + ballot_text.encode()).digest(), _RECEIPT)


def unseal_former(key: bytes, response: str, sealed: bytes) -> str:
    """Open the sealed receipt beside a response of format 1."""
    pad = mac(key, b"sealed receipt", response.encode())[: len(sealed)]
    return (int.from_bytes(sealed) ^ int.from_bytes(pad)).to_bytes(len(sealed)).decode("ascii", errors="replace")
