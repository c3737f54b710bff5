"""Parts of a text that are blacked out."""

from collections.abc import Sequence
from typing import NamedTuple

LONGEST_BLACK = 5
"""Signs of a blacked out part at most: its length says nothing of a long name."""


class Span(NamedTuple):
    """A part of a text: its first sign, and the one after its last."""

    start: int
    end: int


def blacked_out(text: str, spans: Sequence[Span]) -> str:
    """Write a text with parts of it blacked out; never longer than it is."""
    shown, at = "", 0
    for start, end in spans:
        shown += text[at:start] + "█" * min(end - start, LONGEST_BLACK)
        at = end
    return shown + text[at:]


def joined_spans(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Bring parts of a text into order: inside the text, joined where they touch or only spaces lie between."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        span = Span(max(start, 0), min(end, len(text)))
        if span.start >= span.end:
            continue
        if joined and not text[joined[-1].end : span.start].strip():
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def written_spans(spans: Sequence[Span]) -> str:
    """Write parts as the database holds them: "4-17 30-42"."""
    return " ".join(f"{start}-{end}" for start, end in spans)


def read_spans(written: str) -> tuple[Span, ...]:
    """Read parts as the database holds them."""
    return tuple(Span(*map(int, each.split("-"))) for each in written.split())
