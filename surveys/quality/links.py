"""What is stored of an answer's origin: short random codes that say only which answers share one.

Each code has a letter for its kind. Codes of the hour and of the day carry a turn before the code: how many devices of
that network had answered before, in steps of FIRST_DEVICES. The release of November 2026 wrote up to three codes of
sixteen hexadecimal signs without a kind; they are read as such.
"""

from fractions import Fraction
from typing import NamedTuple

NETWORK_SHARE = Fraction(1, 20)
"""Largest share of a city's open weight that one network has where an edition sets none."""

FIRST_DEVICES = 10
"""Devices of a network that share its limit first; those that come later share what these leave."""

LAST_TURN = 9

_LEGACY_LENGTH = 16


class Turn(NamedTuple):
    """A network within an hour or a day, and how early this answer's device came among its devices (0 to 9)."""

    code: str
    turn: int = 0


class Links(NamedTuple):
    """The groups an answer belongs to; an empty code stands for unknown.

    `device` and `invitation` tie answers of one day; `hour` and `day` those of one network in an hour and in a day;
    `network` and `provider` those of one network (IPv4 /24, IPv6 /48) and of one IPv6 /32 in a wave.
    """

    device: str = ""
    hour: Turn = Turn("")
    day: Turn = Turn("")
    network: str = ""
    provider: str = ""
    invitation: str = ""
    legacy: tuple[str, ...] = ()

    def write(self) -> str:
        """Write the codes as they are stored, 64 signs at most."""
        parts = (
            ("d", self.device),
            (f"h{self.hour.turn}", self.hour.code),
            (f"y{self.day.turn}", self.day.code),
            ("n", self.network),
            ("p", self.provider),
            ("i", self.invitation),
        )
        return " ".join((*(kind + code for kind, code in parts if code), *self.legacy))


def read_links(text: str) -> Links:
    """Read stored codes of this release or of the one before."""
    codes: dict[str, str] = {}
    legacy = []
    for word in text.split():
        if len(word) == _LEGACY_LENGTH:
            legacy.append(word)
        else:
            codes[word[0]] = word[1:]
    return Links(
        device=codes.get("d", ""),
        hour=_turn(codes.get("h", "")),
        day=_turn(codes.get("y", "")),
        network=codes.get("n", ""),
        provider=codes.get("p", ""),
        invitation=codes.get("i", ""),
        legacy=tuple(legacy),
    )


def _turn(text: str) -> Turn:
    return Turn(text[1:], int(text[0])) if text else Turn("")
