"""The code that leads its holder to one suggestion: what became of it, the reply, and taking the words back.

It follows from the ballot and the place of the words in the answer, one way, so a repeated Send shows it again. It is
stored nowhere: beside the suggestion lies its SHA-256, which outlives the wave's key. Nobody comes from it to the
answer, the receipt, the withdrawal code or another suggestion of the same person (ADR 36).

Twelve signs as a receipt has, but in groups of three, so that nobody takes one for the other.
"""

import hashlib

from surveys.ballots import signs
from surveys.ballots.ballots import Ballot
from surveys.ballots.macs import mac

_SIGNS, _GROUP = 12, 3
"""60 bits: nobody guesses one within the limits on attempts, and it gives no more than words of its holder's own."""


def follow_code(key: bytes, ballot: Ballot, place: str, use: int = 1) -> str:
    """Give the code of the words at a place of an answer, such as "suggestion 0"; `use` as of the withdrawal code."""
    return signs.write(
        mac(key, b"follow code", f"{use} {ballot.wave} {place} ".encode() + ballot.nonce), _SIGNS, group=_GROUP
    )


def read_follow_code(typed: str) -> str | None:
    """Read a code as people type it; None for any other text."""
    return signs.read(typed, _SIGNS, group=_GROUP)


def mark_of(code: str) -> str:
    """Give what is stored of a code: the SHA-256 of its twelve signs, in hex."""
    return hashlib.sha256(code.replace("-", "").encode()).hexdigest()
