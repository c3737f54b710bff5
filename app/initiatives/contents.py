"""What a city says of an initiative: read from a form, tidied, and whole enough to be submitted or not."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from app.initiatives.errors import ContentError, FieldFault, IncompleteError, Lack
from app.initiatives.models import InitiativeText
from scoring.edition import load_edition
from surveys.languages import Text3

STANDARDS = ("order_2025", "standard_2019")
"""Editions that are a standard of the ministry and have a list of initiatives, the newest first."""

SHORTEST_WHAT = 40
"""Characters of what an initiative does."""

LONGEST: Mapping[str, int] = {
    **dict.fromkeys(("title_kk", "title_ru", "title_en", "keeper_kk", "keeper_ru", "contact"), 200),
    **dict.fromkeys(("what_kk", "what_ru", "what_en"), 1200),
    **dict.fromkeys(("elsewhere", "registers", "personal_basis", "languages"), 600),
}
"""Characters of each text."""

OF_MANY_LINES = frozenset(name for name in LONGEST if LONGEST[name] > 200)
FIRST_YEAR, LAST_YEAR = 2000, 2099
MOST_COST = 10**12
"""Thousand tenge: more than the state's whole budget."""

_NEEDED = ("title_kk", "title_ru", "title_en", "what_kk", "what_ru", "indicators", "cost", "year_from", "year_to")
_NEEDED_LATER = ("registers", "personal_data", "languages", "keeper_kk", "keeper_ru")


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeContent:
    """The columns of a text that a city fills in, tidied."""

    area: str
    code: str = ""
    title_kk: str = ""
    title_ru: str = ""
    title_en: str = ""
    what_kk: str = ""
    what_ru: str = ""
    what_en: str = ""
    indicators: str = ""
    cost: int | None = None
    year_from: int | None = None
    year_to: int | None = None
    elsewhere: str = ""
    registers: str = ""
    personal_data: str = ""
    personal_basis: str = ""
    languages: str = ""
    keeper_kk: str = ""
    keeper_ru: str = ""
    contact: str = ""

    @property
    def title(self) -> Text3:
        """Give the title in each language; where one is missing, in the first that is there."""
        return titled(self.title_kk, self.title_ru, self.title_en)


FIELDS = tuple(each.name for each in fields(InitiativeContent))


def titled(kk: str, ru: str, en: str) -> Text3:
    """Give a text in three languages; where one is missing, the first that is there."""
    there = kk or ru or en
    return Text3(kk or there, ru or there, en or there)


def content_of(row: InitiativeText) -> InitiativeContent:
    """Give what a stored text says."""
    return InitiativeContent(**{name: getattr(row, name) for name in FIELDS})


def default_edition() -> str:
    """Give the standard whose areas new initiatives have: the newest that has indicators."""
    return next(code for code in STANDARDS if load_edition(code).indicators)


def read_content(
    typed: Mapping[str, str], indicators: Collection[str], edition: str, listed: Mapping[str, str]
) -> InitiativeContent:
    """Read what was typed; `listed` are the areas of the ministry's list by code. Raises ContentError with every fault.

    A title in one language, and an area, are enough to keep it.
    """
    faults: list[FieldFault] = []
    texts = {name: _text(name, typed.get(name, ""), faults) for name in LONGEST}
    code = typed.get("code", "").strip()
    area = listed.get(code, "") or typed.get("area", "").strip()
    if code and code not in listed:
        faults.append(FieldFault("code", Lack.UNKNOWN_CODE))
    known = load_edition(edition)
    if area not in {each.code for each in known.areas}:
        faults.append(FieldFault("area", Lack.UNKNOWN_AREA))
    if not any(texts[name] for name in ("title_kk", "title_ru", "title_en")):
        faults.append(FieldFault("title_kk", Lack.NEEDED))
    personal = typed.get("personal_data", "")
    if personal not in {"", "no", "yes"}:
        faults.append(FieldFault("personal_data", Lack.CHOICE))
    codes = [each.code for each in known.indicators if each.code in set(indicators)]
    if set(indicators) - set(codes):
        faults.append(FieldFault("indicators", Lack.UNKNOWN_INDICATOR))
    columns: dict[str, Any] = {
        **texts,
        "cost": _number("cost", typed.get("cost", ""), (0, MOST_COST), faults),
        "year_from": _number("year_from", typed.get("year_from", ""), (FIRST_YEAR, LAST_YEAR), faults),
        "year_to": _number("year_to", typed.get("year_to", ""), (FIRST_YEAR, LAST_YEAR), faults),
    }
    if (columns["year_from"] or FIRST_YEAR) > (columns["year_to"] or LAST_YEAR):
        faults.append(FieldFault("year_to", Lack.YEARS))
    if faults:
        raise ContentError(faults)
    return InitiativeContent(area=area, code=code, indicators=" ".join(codes), personal_data=personal, **columns)


def check_complete(content: InitiativeContent) -> None:
    """Refuse what lacks anything that the examiners' checklist asks for; raise IncompleteError naming all of it."""
    faults = list(missing_in(content))
    if faults:
        raise IncompleteError(faults)


def missing_in(content: InitiativeContent) -> Iterator[FieldFault]:
    """Give what is missing before it can be submitted, in the order of the form."""
    for name in (*_NEEDED, *_NEEDED_LATER):
        if getattr(content, name) in ("", None):
            yield FieldFault(name, Lack.NEEDED)
        elif name in {"what_kk", "what_ru"} and len(getattr(content, name)) < SHORTEST_WHAT:
            yield FieldFault(name, Lack.TOO_SHORT, SHORTEST_WHAT)
    if content.personal_data == "yes" and not content.personal_basis:
        yield FieldFault("personal_basis", Lack.NEEDED)


def tidy(text: str, *, lines: bool = False) -> str:
    """Compose accents, take out what is not seen, and let odd spaces be one; lines stay where a text may have them."""
    visible = "".join(sign for sign in unicodedata.normalize("NFC", text) if unicodedata.category(sign) != "Cf")
    if not lines:
        return " ".join(visible.split())
    kept = [" ".join(line.split()) for line in visible.replace("\r\n", "\n").split("\n")]
    return "\n".join(kept).strip("\n")


def is_readable(text: str) -> bool:
    """Tell whether a tidied text holds nothing but what can be read."""
    return all(line.isprintable() for line in text.split("\n"))


def checked_text(field: str, text: str, longest: int, *, lines: bool = False) -> tuple[str, list[FieldFault]]:
    """Tidy a text of a form, and give what is wrong with it."""
    tidied = tidy(text, lines=lines)
    if not is_readable(tidied):
        return "", [FieldFault(field, Lack.UNPRINTABLE)]
    if len(tidied) > longest:
        return tidied[:longest], [FieldFault(field, Lack.TOO_LONG, longest)]
    return tidied, []


def raise_all(faults: Iterable[FieldFault]) -> None:
    """Raise ContentError where there is a fault."""
    there = list(faults)
    if there:
        raise ContentError(there)


def _text(name: str, typed: str, faults: list[FieldFault]) -> str:
    text, wrong = checked_text(name, typed, LONGEST[name], lines=name in OF_MANY_LINES)
    faults += wrong
    return text


def _number(name: str, typed: str, bounds: tuple[int, int], faults: list[FieldFault]) -> int | None:
    digits = "".join(sign for sign in typed if not sign.isspace())
    if not digits:
        return None
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 14 and bounds[0] <= int(digits) <= bounds[1]):
        faults.append(FieldFault(name, Lack.NOT_A_NUMBER))
        return None
    return int(digits)
