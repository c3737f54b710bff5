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


def text_defects(where: str, text: Text3, limit: int = LABEL_LIMIT) -> Iterator[Defect]:
    """Name every fault of a text: each language alone, then the three against one another."""
    for lang, words in zip(LANGUAGES, text, strict=True):
        yield from _spelling_defects(f"{where}, {lang}", words)
        if len(words) > limit:
            yield Defect(f"{where}, {lang}", "too_long", f"{len(words)} characters of {limit}")
    yield from _defects_across_languages(where, text)


def _spelling_defects(where: str, words: str) -> Iterator[Defect]:
    if not words.strip():
        yield Defect(where, "missing_language")
    if match := _HTML.search(words):
        yield Defect(where, "html_in_text", match[0])
    if match := _HIDDEN.search(words):
        yield Defect(where, "hidden_character", f"U+{ord(match[0]):04X}")
    for brace in _BRACES.finditer(words):
        if brace[1] not in PLACEHOLDERS:
            yield Defect(where, "unknown_placeholder", brace[0])
    for word in _WORD.findall(words):
        if _LATIN.search(word) and _CYRILLIC.search(word):
            yield Defect(where, "mixed_alphabet", word)


def _defects_across_languages(where: str, text: Text3) -> Iterator[Defect]:
    texts = {lang: words for lang, words in zip(LANGUAGES, text, strict=True) if words.strip()}
    # Each grammar picks its own case form, so any placeholder of the city equals any other in sense.
    naming = [lang for lang, words in texts.items() if not PLACEHOLDERS.isdisjoint(_BRACES.findall(words))]
    if naming and len(naming) < len(texts):
        yield Defect(where, "placeholders_differ", f"the city is named only in {', '.join(naming)}")
    for one, other in combinations(texts, 2):
        if texts[one] == texts[other] and len(_WORD.findall(texts[one])) > 1:
            yield Defect(where, "same_text", f"{one} = {other}")
