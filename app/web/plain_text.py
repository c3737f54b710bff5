"""Plain text that people wrote, for a page: paragraphs, and addresses that begin with https:// as links.

Templates draw the stretches one by one, so that everything is escaped as any other text is.
"""

import re
from typing import NamedTuple

_ADDRESS = re.compile(r"https://[^\s<>\"'«»]+")
_TRAILING = ".,;:!?)]}…"
"""Signs at the end of an address that belong to the sentence around it."""


class Stretch(NamedTuple):
    """A stretch of text; `address` is where it leads, empty for text alone."""

    text: str
    address: str


def paragraphs(text: str) -> list[list[Stretch]]:
    """Split a text at its line breaks, and each line at its addresses."""
    return [list(_stretches(line)) for line in text.splitlines() if line.strip()]


def is_web_address(text: str) -> bool:
    """Tell whether a text is one whole address of a page on the web, and nothing else."""
    return _ADDRESS.fullmatch(text) is not None


def _stretches(line: str) -> list[Stretch]:
    stretches, end = [], 0
    for match in _ADDRESS.finditer(line):
        address = match[0].rstrip(_TRAILING)
        if match.start() > end:
            stretches.append(Stretch(line[end : match.start()], ""))
        stretches.append(Stretch(address, address))
        end = match.start() + len(address)
    if end < len(line):
        stretches.append(Stretch(line[end:], ""))
    return stretches
