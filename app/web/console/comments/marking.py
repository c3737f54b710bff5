"""Marks in the text of a suggestion: what was searched for, and what may be a name."""

from collections.abc import Sequence
from typing import NamedTuple

from app.feedback.names import name_candidates
from app.feedback.search import Wanted, hits
from app.feedback.spans import Span

_SHORT = 160
"""Letters of a text that a narrow list shows."""


class TextPart(NamedTuple):
    """A part of a text: `hit` is searched for, `name` may be a name, `black` is blacked out, all else is empty."""

    text: str
    kind: str


def shortened(text: str, letters: int = _SHORT) -> str:
    """Leave the first words of a long text."""
    return text if len(text) <= letters else f"{text[:letters].rsplit(None, 1)[0]}…"


def parts_of(text: str, wanted: Wanted, *, with_names: bool) -> Sequence[TextPart]:
    """Cut a text at its marks; together the parts are the text."""
    marked = [(span, "hit") for span in hits(text, wanted)]
    marked += [(span, "name") for span in name_candidates(text)] if with_names else []
    parts, at = [], 0
    for span, kind in sorted(marked):
        if span.end <= at:
            continue
        start = max(span.start, at)
        parts += [TextPart(text[at:start], ""), TextPart(text[start : span.end], kind)]
        at = span.end
    return [part for part in (*parts, TextPart(text[at:], "")) if part.text]


def blacked_parts(text: str, spans: Sequence[Span]) -> list[TextPart]:
    """Cut an original where parts of it are blacked out for others."""
    parts, at = [], 0
    for start, end in spans:
        parts += [TextPart(text[at:start], ""), TextPart(text[start:end], "black")]
        at = end
    return [part for part in (*parts, TextPart(text[at:], "")) if part.text]
