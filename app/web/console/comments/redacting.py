"""The words of a suggestion as they are marked to be blacked out, also of one of which parts are black already."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from app.feedback.names import name_candidates
from app.feedback.queries import BESIDE
from app.feedback.reading import DecisionLine
from app.feedback.spans import LONGEST_BLACK, Span, read_spans
from app.feedback.standing import PURGE


class Word(NamedTuple):
    """A word of a text that can be marked, and the space before it; `value` names its place in the original."""

    value: str
    text: str
    space: str
    is_marked: bool
    is_name: bool
    """Whether it may be of a name."""
    at: str = ""
    """Its place in the text as the page shows it."""
    is_black: bool = False
    """Whether there is nothing of it left to mark."""


def words_of(text: str, ticked: set[str] | frozenset[str] = frozenset(), names: Sequence[Span] = ()) -> list[Word]:
    """Part a text into what can be marked: its words, each with the space before it."""
    words, at = [], 0
    for match in re.finditer(r"\S+", text):
        value, span = f"{match.start()}-{match.end()}", Span(*match.span())
        is_name = any(name.start < span.end and span.start < name.end for name in names)
        words.append(Word(value, match[0], text[at : span.start], value in ticked, is_name, value))
        at = span.end
    return words


def left_words(shown: str, spans: Sequence[Span], ticked: set[str]) -> list[Word]:
    """Part what is left of a text into words whose values say where they stand in the original."""
    places = _places(len(shown), spans)
    words = []
    for word in words_of(shown, names=name_candidates(shown)):
        start, end = map(int, word.at.split("-"))
        value = f"{places[start].start}-{places[end - 1].end}"
        is_black = "█" in word.text and not any(sign.isalnum() for sign in word.text)
        words.append(word._replace(value=value, is_marked=value in ticked, is_black=is_black))
    return words


def _places(length: int, spans: Sequence[Span]) -> list[Span]:
    """Say of each sign that is shown which part of the original it stands for: itself, or all that is black there."""
    places, at = [], 0
    for span in spans:
        places += [Span(sign, sign + 1) for sign in range(at, span.start)]
        places += [span] * min(span.end - span.start, LONGEST_BLACK)
        at = span.end
    return places + [Span(sign, sign + 1) for sign in range(at, at + length - len(places))]


def spans_in_force(decisions: Sequence[DecisionLine]) -> tuple[Span, ...]:
    """Give what is blacked out now, of all decisions with the first one first; nothing of a text that was erased."""
    last = _in_force(decisions)
    return read_spans(last.spans) if last and last.event != PURGE else ()


def is_passed_by(decisions: Sequence[DecisionLine], staff: int) -> bool:
    """Tell whether the decision that counts is a person's wish that a colleague looks at it too."""
    last = _in_force(decisions)
    return last is not None and last.event == "second_look" and last.staff == staff


def _in_force(decisions: Sequence[DecisionLine]) -> DecisionLine | None:
    undone = {line.undoes for line in decisions}
    standing = (line for line in reversed(decisions) if line.event not in BESIDE and line.id not in undone)
    return next(standing, None)
