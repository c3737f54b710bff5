"""Search in suggestions: all words, phrases in quotation marks as they stand, and every sign meaning itself."""

import re
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, true
from sqlalchemy.orm import InstrumentedAttribute

from app.feedback.spans import Span, joined_spans
from surveys.responses.search_fold import fold_for_search, fold_with_origins

MOST_PARTS = 12
"""Words and phrases of one search that count; the others are left out."""

_PART = re.compile(r'"([^"]*)"?|([^\s"]+)')


class Wanted(NamedTuple):
    """What is searched for: words and phrases as they are compared (surveys.responses.search_fold)."""

    parts: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is searched for: everything is found."""
        return not self.parts


def read_search(typed: str) -> Wanted:
    """Read what a person typed: words, and phrases in quotation marks of any kind; an open quotation ends the line."""
    found = (phrase or word for phrase, word in _PART.findall(fold_for_search(typed)))
    parts = dict.fromkeys(part.strip() for part in found if part.strip())
    return Wanted(tuple(parts)[:MOST_PARTS])


def is_found(column: InstrumentedAttribute[str] | ColumnElement[str], wanted: Wanted) -> ColumnElement[bool]:
    """Make the condition that a folded column has all that is searched for; `%`, `_` and `/` stand for themselves."""
    return and_(true(), *(column.contains(part, autoescape=True) for part in wanted.parts))


def hits(text: str, wanted: Wanted) -> tuple[Span, ...]:
    """Give the parts of a text, in its own letters, that are what is searched for."""
    folded = fold_with_origins(text)
    found = [
        Span(folded.origins[match.start()], folded.origins[match.end() - 1] + 1)
        for part in wanted.parts
        for match in re.finditer(re.escape(part), folded.text)
    ]
    return joined_spans(text, found)
