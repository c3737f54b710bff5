"""What columns of an XLSForm are called: the standard's names, languages by any of their names, and our own."""

import re
from collections.abc import Mapping
from typing import Final

from surveys.languages import LANGUAGES

LANGUAGE_NAMES: Final[Mapping[str, str]] = {"kk": "Қазақша (kk)", "ru": "Русский (ru)", "en": "English (en)"}
"""Language → its name in files we write."""

SURVEY: Final = (
    *("type", "name", "required", "relevant", "constraint"),
    *("qp_code", "qp_part", "qp_role", "qp_area", "qp_kind", "qp_scored", "qp_reverse", "qp_weighting"),
)
CHOICES: Final = ("list_name", "name", "qp_value", "qp_apart", "qp_city")
SETTINGS: Final = (
    *("form_id", "version"),
    *("qp_audience", "qp_minutes", "qp_areas_per_respondent", "qp_consent_version"),
)
REVIEWED: Final = ("rule", "lang", "phrase", "why")

SHEETS: Final[Mapping[str, tuple[str, ...]]] = {
    "survey": SURVEY,
    "choices": CHOICES,
    "settings": SETTINGS,
    "qp_reviewed": REVIEWED,
}
"""Sheet → its columns without the texts; those that begin with qp_ are ours, other tools pass over them."""

TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "survey": ("label", "hint"),
    "choices": ("label",),
    "settings": ("form_title",),
}
"""Sheet → its columns of texts, each of which stands once a language."""

ALSO_READ: Final[Mapping[str, tuple[str, ...]]] = {"settings": ("form_title", "default_language")}
"""Columns that we write for other tools, and read where our own note of the title is missing."""

IGNORED: Final = frozenset({"appearance", "style", "form_title", "default_language"})
"""Columns that say how a form looks elsewhere, or say again what stands in another: left unread."""

_ALSO: Final = {
    "kk": ("kaz", "kazakh", "қазақ", "қазақша", "қазақ тілі", "казахский", "қазақ тілінде"),
    "ru": ("rus", "russian", "орыс", "орысша", "орыс тілі", "русский", "орыс тілінде"),
    "en": ("eng", "english", "ағылшын", "ағылшынша", "ағылшын тілі", "английский"),
}
_BY_NAME: Final = {name: lang for lang in LANGUAGES for name in (lang, *_ALSO[lang])}
_TEXT = re.compile(r"(\w+)\s*::?\s*(.+)")
_CODED = re.compile(r".*\(\s*([a-z]+)\s*\)")


def text_column(header: str) -> tuple[str, str] | None:
    """Read a header such as `label::Қазақша (kk)` or `label::kk`; None when it names none of our languages."""
    match = _TEXT.fullmatch(header.strip())
    if match is None:
        return None
    lang = language_named(match[2])
    return (match[1].casefold(), lang) if lang else None


def language_named(text: str) -> str | None:
    """Read the name of a language such as `Қазақша (kk)` or `Kazakh`; None when it is none of ours."""
    name = text.strip().casefold()
    coded = _CODED.fullmatch(name)
    return _BY_NAME.get(coded[1] if coded else name)


def text_header(column: str, lang: str) -> str:
    """Write the header of a column of texts."""
    return f"{column}::{LANGUAGE_NAMES[lang]}"
