"""What a reviewer let stand: single phrases, each with its reason, and never a rule as a whole."""

from collections.abc import Iterator, Mapping
from typing import Final

from surveys.languages import LANGUAGES
from surveys.questionnaire.definition import Allowance

LEAST_WORDS: Final[Mapping[str, int]] = {"double_barrelled": 3, "leading_word": 2, "untranslated": 1}
"""Rules that a phrase may be allowed against → words it needs, so that no single conjunction is allowed everywhere."""


class Reviewed:
    """The allowances of a questionnaire, and which of them were needed."""

    def __init__(self, allowances: tuple[Allowance, ...]) -> None:
        """Begin with none needed."""
        self._needed = dict.fromkeys(allowances, False)

    def without_allowed(self, rule: str, lang: str, words: str) -> str:
        """Give a text without the phrases allowed in it."""
        for allowance in self._needed:
            if (allowance.rule, allowance.lang) == (rule, lang) and not _fault(allowance) and allowance.phrase in words:
                self._needed[allowance] = True
                words = words.replace(allowance.phrase, " … ")
        return words

    def faults(self, source: str) -> Iterator[tuple[str, str, str]]:
        """Give rule, location and detail of allowances that say nothing, or that no text has needed so far."""
        for number, (allowance, needed) in enumerate(self._needed.items(), 1):
            where = f"{source}, reviewed #{number}"
            if fault := _fault(allowance):
                yield "bad_allowance", where, fault
            elif not needed:
                yield "unused_allowance", where, allowance.phrase


def _fault(allowance: Allowance) -> str:
    least = LEAST_WORDS.get(allowance.rule)
    if least is None:
        return f"rule {allowance.rule}; those that can be reviewed: {', '.join(LEAST_WORDS)}"
    if allowance.lang not in LANGUAGES:
        return f"language {allowance.lang}"
    if len(allowance.phrase.split()) < least:
        return f"“{allowance.phrase}” has fewer than {least} words"
    return "" if allowance.why.strip() else "no reason given"
