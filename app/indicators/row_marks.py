"""What a file of ours says of each of its rows: of which period and city it is, and what stood in it when written.

It stands in a column that people leave alone. By it a file that was sent for another period is known, and a row that
nobody touched is told from one that somebody filled in.
"""

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

from app.indicators.numbers import NumberError, parse_number
from app.indicators.sheet import text_cell
from app.indicators.vocabulary import COMMENT, folded
from surveys.languages import Text3

HEADER = Text3(
    kk=f"{COMMENT} белгі (өзгертпеңіз)", ru=f"{COMMENT} метка (не менять)", en=f"{COMMENT} mark (keep as is)"
)
_MARK = re.compile(r"(?P<period>20[0-9HQ-]{2,5})/(?P<city>[a-z_-]+)/(?P<digest>[0-9a-f]{16})")


class RowMark(NamedTuple):
    """The period and the city a row was written for, and the digest of what stood in it."""

    period: str
    city: str
    digest: str

    def __str__(self) -> str:
        """Write it as it stands in a cell."""
        return "/".join(self)


def mark_of(period: str, city: str, indicator: str, cells: Sequence[str]) -> RowMark:
    """Make the mark of a row from the cells that are to be filled in, as they are written into the file."""
    return RowMark(period, city, digest_of(indicator, (text_cell(cell).text for cell in cells)))


def read_mark(texts: Iterable[str]) -> RowMark | None:
    """Find a mark among the comments of a row; None in a file that is not ours, or where it was overwritten."""
    found = next(filter(None, map(_MARK.fullmatch, texts)), None)
    return None if found is None else RowMark(**found.groupdict())


def digest_of(indicator: str, texts: Iterable[str]) -> str:
    """Digest what stands in a row; a number written in another way, as spreadsheets do on saving, is the same."""
    said = "\n".join((indicator.casefold(), *map(_said, texts)))
    return sha256(said.encode()).hexdigest()[:16]


def _said(text: str) -> str:
    try:
        return str(parse_number(text))
    except NumberError:
        return folded(text)
