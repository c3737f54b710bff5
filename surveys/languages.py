"""The three languages, and one text in all of them: the only class of its kind, for questionnaires, places and pages.

The rating side keeps the names of its editions as bare triples in the same order: `Text3(*area.name)`.
"""

from typing import NamedTuple

LANGUAGES = ("kk", "ru", "en")
"""Language codes in the order of the law: state language first."""


class Text3(NamedTuple):
    """One text in Kazakh, Russian and English."""

    kk: str
    ru: str
    en: str

    def pick(self, lang: str) -> str:
        """Give the text in a language of LANGUAGES; raises ValueError for any other."""
        return self[LANGUAGES.index(lang)]
