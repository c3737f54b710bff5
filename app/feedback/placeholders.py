"""The gaps of templates: five of them, filled from the data of places, and never with an ending glued to a name.

A gap stands for a whole word or a whole date, in the form that its sentence needs: the data of places has "in the city"
and "of the city" in three languages; a date, a body and a theme stand in their basic form, so templates put them where
that form is right (after a colon, in quotation marks).
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from babel.dates import format_date

from surveys.languages import Text3
from surveys.population.places import load_places

NAMES = ("city_in", "city_of", "date", "body", "theme")
_GAP = re.compile(r"\{([^{}\n]{0,60})\}")
_GLUED = re.compile(r"\{[^{}\n]{0,60}\}[\w'’\-‑]")
_BEGINS_SENTENCE = re.compile(r"(?:^|[.!?…]\s+|\n\s*)$")
_LOCALES = {"kk": "kk_KZ", "ru": "ru_KZ", "en": "en_GB"}


class Filling(NamedTuple):
    """What the gaps are filled with: where it is about, and what was said beside the text, as far as it is known."""

    city: str
    day: date | None = None
    body: Text3 = Text3("", "", "")
    theme: Text3 = Text3("", "", "")


def gaps_in(text: str) -> list[str]:
    """List what stands in braces, as often as it stands there."""
    return _GAP.findall(text)


def has_gaps(text: str) -> bool:
    """Tell whether a text has a gap that nobody filled, or a brace that is left of one."""
    return "{" in text or "}" in text


def has_glued(text: str) -> bool:
    """Tell whether an ending is glued to a gap."""
    return _GLUED.search(text) is not None


def values_of(filling: Filling, language: str) -> dict[str, str]:
    """Give what is known for each gap in a language."""
    city = load_places().city(filling.city)
    values = {
        "city_in": city.name_in.pick(language),
        "city_of": city.name_of.pick(language),
        "date": long_day(filling.day, language) if filling.day else "",
        "body": filling.body.pick(language),
        "theme": filling.theme.pick(language),
    }
    return {name: value for name, value in values.items() if value}


def filled(text: str, values: Mapping[str, str]) -> str:
    """Fill the gaps that are known and leave the others; at the beginning of a sentence with a capital letter."""

    def fill(match: re.Match[str]) -> str:
        value = values.get(match[1])
        if value is None:
            return match[0]
        begins = _BEGINS_SENTENCE.search(text[: match.start()]) is not None
        return value[:1].upper() + value[1:] if begins else value

    return _GAP.sub(fill, text)


def long_day(day: date, language: str) -> str:
    """Write a day in full, as official letters do: 2026 жылғы 2 желтоқсан, 2 декабря 2026 года, 2 December 2026."""
    if language == "kk":
        return f"{day.year} жылғы {format_date(day, 'd MMMM', locale=_LOCALES['kk'])}"
    written = str(format_date(day, "d MMMM y", locale=_LOCALES[language]))
    return f"{written} года" if language == "ru" else written
