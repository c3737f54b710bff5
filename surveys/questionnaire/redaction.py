"""Masks what identifies a person in free text before it is stored (Law 94-V).

Masked are e-mail addresses, accounts (IBAN), cards, telephones, IIN and BIN, number plates of cars and coordinates; of
a link the host is left. A number of twelve digits is an IIN or BIN when its check digit says so: weights 1…11 modulo
11; if that gives 10, weights 3…11,1,2; if 10 again, no such number exists. Nothing is ever derived from it. Names of
people are not masked, for no rule tells a person from a street: app.feedback.names marks what may be one, and people
decide.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from surveys.questionnaire.plates import plates

MASK = "█████"
"""What stands for whatever was masked: its length says nothing of it."""

_SIGN = "█"

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_IBAN = re.compile(r"(?<!\w)[KК]Z[ -]?\d{2}[ -]?\d{3}(?:[ -]?[A-Z0-9]){13}(?!\w)", re.IGNORECASE)
_CARD = re.compile(r"(?<!\d)(?:\d[ -]{0,2}){15}\d(?!\d)")
_TELEPHONE = re.compile(r"(?<![\w+])(?:\+7|8|7)[ \-(]{0,3}7(?:[ \-()]{0,3}\d){9}(?!\d)")
_CODE = r"7(?:0\d|47|5[01]|6[0-4]|7[15678])"
_MOBILE = re.compile(rf"(?<![\w+])(?:\({_CODE}\)|{_CODE})(?:[ -]{{0,2}}\d){{7}}(?!\d)")
_LANDLINE = re.compile(
    r"(?<![\w+])(?:\(7[12]\d{1,3}\)(?:[ -]?\d){5,7}|7[12]\d{1,3}[ -]{1,3}\d{2,3}-\d{2}-\d{2})(?!\d|-\d)"
)
_CALLED = re.compile(
    r"(?<!\w)(?:тел|телефон\w*|tel|phone|звон\w+|хабарлас\w*)(?!\w)\D{1,12}"
    r"(?P<number>\d{2,3}(?:[ -]?\d\d){2})(?!\d|-\d)",
    re.IGNORECASE,
)
_TWELVE = re.compile(r"(?<!\d)(?:\d[ -]?){11}\d(?!\d)")
_LINK = re.compile(
    r"(?P<scheme>\bhttps?://)(?P<user>[^\s/@]+@)?[^\s/?#:@<>\"»]+(?P<rest>[^\s<>\"»]*)"
    r"|(?<![\w@./-])(?:[\w-]+\.)+(?:[a-z]{2,}|қаз|рф)(?P<path>/[^\s<>\"»]+)",
    re.IGNORECASE,
)
_DEGREES = re.compile(
    r"(?<![\d.,])(?P<one>\d{2}[.,]\d{3,})°?[ ]?[NEСВ]?[ ,;/]{1,3}(?P<other>\d{2}[.,]\d{3,})(?:°?[ ]?[NEСВ](?!\w)|°)?"
    r"(?![.,]?\d)",
    re.IGNORECASE,
)
_MINUTES = re.compile(
    r"\d{2}°[ ]?\d{1,2}(?:[.,]\d+)?['′’](?:[ ]?\d{1,2}(?:[.,]\d+)?[\"″”])?(?:[ ]?[NEСВ](?!\w))?", re.IGNORECASE
)

_AFTER_LINK = ".,;:!?)…"
_GROUPED = re.compile(r"\d{1,3}(?: \d{3})+|(?:(?:19|20)\d\d[ -]){2,3}(?:19|20)\d\d")
"""Thousands, and years, which are no number of a person."""
_MONEY = re.compile(r" {0,2}(?:тенге|теңге|тг|₸|tenge|kzt|тыс|мың|млн|млрд|миллион|миллиард)", re.IGNORECASE)
_NUMBERED = re.compile(r"([^\W\d_]+)-$")
"""What stands before the number of a letter or a file, such as "ЖТ-"."""
_IDENTITY = frozenset({"иин", "бин", "жсн", "бсн", "iin", "bin"})
_SOUTH, _NORTH, _WEST, _EAST = 40, 56, 46, 88
"""Degrees between which Kazakhstan lies."""

_FIRST: tuple[int, ...] = tuple(range(1, 12))
_SECOND: tuple[int, ...] = (*range(3, 12), 1, 2)


class _Hidden(NamedTuple):
    """A part of a text that is not stored: its first sign, the one after its last, and what is written for it."""

    start: int
    end: int
    by: str = MASK


_Rule = Callable[[str], Iterable[_Hidden]]


def is_identity_number(digits: str) -> bool:
    """Tell whether twelve digits carry the check digit of an IIN or BIN."""
    for weights in (_FIRST, _SECOND):
        check: int = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=False)) % 11
        if check < 10:
            return check == int(digits[11])
    return False


def masked(text: str) -> str:
    """Replace what identifies a person by a mask, and shorten links to their host; never longer than the text."""
    hidden = _hidden(text)
    for part in reversed(hidden):
        text = text[: part.start] + part.by + text[part.end :]
    return text


def masked_in_place(text: str) -> str:
    """Replace the same in a stored text sign by sign: what is known of it by places still fits."""
    for part in _hidden(text):
        text = text[: part.start] + _SIGN * (part.end - part.start) + text[part.end :]
    return text


def _hidden(text: str) -> list[_Hidden]:
    """Find all that is not stored, in order; what one rule found no other rule sees."""
    found: list[_Hidden] = []
    for rule in _RULES:
        parts = list(rule(text))
        for start, end, _by in parts:
            text = text[:start] + _SIGN * (end - start) + text[end:]
        found += parts
    return sorted(found)


def _links(text: str) -> Iterator[_Hidden]:
    """Find what is around the host of a link."""
    for match in _LINK.finditer(text):
        if match["user"]:
            yield _Hidden(*match.span("user"), "")
        start = match.start("rest" if match["scheme"] else "path")
        end = start + len(text[start : match.end()].rstrip(_AFTER_LINK))
        if text[start:end].strip("/"):
            yield _Hidden(start, end, "")


def _plates(text: str) -> Iterator[_Hidden]:
    return (_Hidden(start, end) for start, end in plates(text))


def _numbers(pattern: re.Pattern[str], is_one: Callable[[re.Match[str]], bool], group: int | str = 0) -> _Rule:
    """Make the rule that finds a pattern where something more is true of it."""
    return lambda text: (_Hidden(*match.span(group)) for match in pattern.finditer(text) if is_one(match))


def _is_no_amount(match: re.Match[str]) -> bool:
    if match[0][0] in "+(":
        return True
    return not (_GROUPED.fullmatch(match[0]) or _MONEY.match(match.string, match.end()))


def _is_identity(match: re.Match[str]) -> bool:
    before = _NUMBERED.search(match.string[: match.start()])
    if before and before[1].casefold() not in _IDENTITY:
        return False
    return is_identity_number(re.sub(r"\D", "", match[0])) and _is_no_amount(match)


def _is_here(match: re.Match[str]) -> bool:
    degrees = sorted(float(match[name].replace(",", ".")) for name in ("one", "other"))
    return _SOUTH <= degrees[0] <= _NORTH and _WEST <= degrees[1] <= _EAST


def _always(_match: re.Match[str]) -> bool:
    return True


_RULES: tuple[_Rule, ...] = (
    _links,
    _numbers(_EMAIL, _always),
    _numbers(_IBAN, _always),
    _numbers(_CARD, _is_no_amount),
    _numbers(_TELEPHONE, _is_no_amount),
    _numbers(_MOBILE, _is_no_amount),
    _numbers(_LANDLINE, _always),
    _numbers(_TWELVE, _is_identity),
    _numbers(_CALLED, _always, "number"),
    _plates,
    _numbers(_DEGREES, _is_here),
    _numbers(_MINUTES, _always),
)


def tidied(text: str) -> str:
    """Bring typed text to one form: NFC, plain newlines, no control characters, no outer space."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    visible = "".join(sign for sign in plain if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cs"})
    return unicodedata.normalize("NFC", visible).strip()
