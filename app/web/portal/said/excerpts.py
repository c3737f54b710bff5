"""The beginning of a text where there is no room for all of it: never half a word, and never half a date."""

import re

from babel.dates import get_month_names

_MONTHS = "|".join(
    sorted({name for code in ("kk", "ru", "en") for name in get_month_names("wide", locale=code).values()})
)
_DATE = re.compile(
    rf"(?:\b\d{{4}}\s+(?:жыл\w*|ж\.)\s+)?(?:\b\d{{1,2}}\s+)?\b(?:{_MONTHS})\w*(?:\s+\d{{4}}(?:\s+(?:год\w*|г\.))?)?",
    re.IGNORECASE,
)
"""A day or month as the three languages write it: 2027 жылғы 30 маусым, 30 июня 2027 года, 30 June 2027."""


def excerpt(text: str, most: int) -> str:
    """Give a text, or its beginning of so many signs at most with … at its end; a single longer word is cut."""
    if len(text) <= most:
        return text
    end = most - 1
    if not text[end].isspace():
        end = max(text.rfind(sign, 0, end) for sign in " \n")
    for found in _DATE.finditer(text):
        if found.start() < end < found.end():
            end = found.start()
    return (text[: max(end, 0)].rstrip(" \n,;:–-(«“") or text[: most - 1]) + "…"
