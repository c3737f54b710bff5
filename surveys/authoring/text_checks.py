"""Faults of one text in three languages that a reader would meet: the wording half of validation."""

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Final

from surveys.errors import Defect
from surveys.languages import LANGUAGES, Text3
from surveys.questionnaire.definition import PLACEHOLDERS

LABEL_LIMIT: Final = 180
"""Longest title, question or option, in characters: five lines of a small phone."""

PROSE_LIMIT: Final = 700
"""Longest paragraph of an introduction, hint or consent, in characters."""

_HTML = re.compile(r"<[A-Za-z/!?]|&#?[A-Za-z0-9]+;")
_BRACES = re.compile(r"\{([a-z_]*)\}|[{}]")
_HIDDEN = re.compile("[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u0250-\u02af]")
_CYRILLIC = re.compile("[\u0400-\u052f]")


def text_defects(place: str, text: Text3, limit: int = LABEL_LIMIT) -> Iterator[Defect]:
    """Name every fault of a text: each language alone, then the three against one another."""
    for lang, words in zip(LANGUAGES, text, strict=True):
        yield from _spelling_defects(f"{place}, {lang}", words)
        if len(words) > limit:
            yield Defect(f"{place}, {lang}", "too_long", f"{len(words)} characters of {limit}")
    yield from _defects_together(place, text)


def _spelling_defects(place: str, words: str) -> Iterator[Defect]:
    if not words.strip():
        yield Defect(place, "missing_language")
    if found := _HTML.search(words):
        yield Defect(place, "html_in_text", found[0])
    if found := _HIDDEN.search(words):
        yield Defect(place, "hidden_character", f"U+{ord(found[0]):04X}")
    for brace in _BRACES.finditer(words):
        if brace[1] not in PLACEHOLDERS:
            yield Defect(place, "unknown_placeholder", brace[0])
    for word in _WORD.findall(words):
        if _LATIN.search(word) and _CYRILLIC.search(word):
            yield Defect(place, "mixed_alphabet", word)


def _defects_together(place: str, text: Text3) -> Iterator[Defect]:
    written = {lang: words for lang, words in zip(LANGUAGES, text, strict=True) if words.strip()}
    # Each grammar picks its own case form, so any placeholder of the city equals any other in sense.
    naming = [lang for lang, words in written.items() if not PLACEHOLDERS.isdisjoint(_BRACES.findall(words))]
    if naming and len(naming) < len(written):
        yield Defect(place, "placeholders_differ", f"the city is named only in {', '.join(naming)}")
    for one, other in combinations(written, 2):
        if written[one] == written[other] and len(_WORD.findall(written[one])) > 1:
            yield Defect(place, "same_text", f"{one} = {other}")
