"""Exact numbers from what people type: comma or point, spaced thousands, a percent sign; never a float."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from app.indicators.errors import Code, IndicatorError

LARGEST = 2**63 - 1
"""Numerators and denominators are stored as 64-bit integers."""

_LONGEST = 60
_MINUS = {ord("\u2212"): "-"}
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>[0-9]{1,3}(?: [0-9]{3})+|[0-9]*)(?:(?P<mark>[.,])(?P<part>[0-9]+))? ?(?P<percent>%?)"
)
_SEVERAL_MARKS = re.compile(r"[+-]?[0-9 ]+(?:[.,][0-9]+){2,} ?%?")
_WITH_A_UNIT = re.compile(r"[+-]?[0-9][0-9 .,]*[^0-9 .,].*")
_THOUSANDS_OR_DECIMALS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3} ?%?")


class NumberError(IndicatorError):
    """A text that is not one clear number; `code` says why."""

    def __init__(self, code: Code) -> None:
        self.code = code
        super().__init__(code)


class ParsedNumber(NamedTuple):
    """An exact number and whether a percent sign stood behind it ("61,5%" is 61.5 and True)."""

    value: Fraction
    percent: bool


def parse_number(text: str) -> ParsedNumber:
    """Read a number exactly; raise NumberError.

    A comma or a point is the decimal mark and spaces (plain, thin, unbreakable) part thousands.
    "1,234" could be 1234 in English and 1.234 in Kazakh or Russian: it is refused, not guessed.
    """
    plain = " ".join(text.translate(_MINUS).split())
    match = _NUMBER.fullmatch(plain)
    if match is None or not (match["whole"] or match["part"]):
        raise NumberError(_why_not(plain))
    if is_ambiguous(plain):
        raise NumberError(Code.AMBIGUOUS_NUMBER)
    if len(plain) > _LONGEST:
        raise NumberError(Code.TOO_MANY_DIGITS)
    digits = f"{match['sign']}{match['whole'].replace(' ', '') or '0'}.{match['part'] or '0'}"
    value = Fraction(Decimal(digits))
    if max(abs(value.numerator), value.denominator) > LARGEST:
        raise NumberError(Code.TOO_MANY_DIGITS)
    return ParsedNumber(value, bool(match["percent"]))


def is_ambiguous(text: str) -> bool:
    """Tell whether the comma of a number may part thousands as well as decimals."""
    return _THOUSANDS_OR_DECIMALS.fullmatch(text) is not None


def _why_not(text: str) -> Code:
    if _SEVERAL_MARKS.fullmatch(text):
        return Code.AMBIGUOUS_NUMBER
    return Code.UNIT_MISMATCH if _WITH_A_UNIT.fullmatch(text) else Code.NOT_A_NUMBER
