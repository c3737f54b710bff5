"""Masks stored suggestions again when the rules of masking grow, and folds them again when those of search do.

What was masked once stays so. A mask put in later has as many signs as what it hides, so that the parts which a
moderator blacked out are where they were.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.feedback.queries import LIVE, in_force
from app.feedback.spans import blacked_out, read_spans
from surveys.models.comments import Comment
from surveys.questionnaire.redaction import masked_in_place
from surveys.responses.search_fold import fold_for_search
from surveys.sql import hold_journal

TABLES = (Comment.__tablename__,)
"""What masking again changes; the database should forget the old rows afterwards (Database.forget_old_rows)."""

_ROWS = 1_000
"""Rows read at a time."""


class MaskedAgain(NamedTuple):
    """How many suggestions were masked in more places, and how many search compares in another way."""

    masked: int
    folded: int


def outdated_comments(session: Session) -> list[str]:
    """List the suggestions that today's rules would mask or fold in another way."""
    rows = select(Comment.id, Comment.text, Comment.shown_text, Comment.folded).where(Comment.text != "")
    with session.execute(rows.execution_options(yield_per=_ROWS)) as result:
        return [
            row.id
            for row in result
            if masked_in_place(row.text) != row.text or row.folded != _folded(row.text, row.shown_text)
        ]


def mask_again(session: Session, actor: Actor, ids: Iterable[str]) -> MaskedAgain:
    """Mask and fold suggestions by today's rules, and record which were masked."""
    hold_journal(session)  # before reading, as whoever decides about a suggestion does
    masked = folded = 0
    for comment_id in sorted(ids):
        comment = session.get(Comment, comment_id, populate_existing=True, with_for_update=True)
        if comment is None or not comment.text:  # taken back or purged meanwhile
            continue
        if _mask(session, comment):
            masked += 1
            if comment.state in LIVE:  # of what waits for its round nobody hears
                entry = Entry(event="comment.masked", object_kind="comment", object_id=comment.id, city=comment.city)
                record(session, actor, entry)
        compared = _folded(comment.text, comment.shown_text)
        folded += comment.folded != compared
        comment.folded = compared
    return MaskedAgain(masked, folded)


def _mask(session: Session, comment: Comment) -> bool:
    text = masked_in_place(comment.text)
    if text == comment.text:
        return False
    if comment.shown_text is not None:
        decision = in_force(session, comment.id)
        comment.shown_text = masked_in_place(blacked_out(text, read_spans(decision.spans if decision else "")))
    comment.text = text
    return True


def _folded(text: str, shown_text: str | None) -> str:
    """Fold what may be read of a suggestion: what is blacked out is not found."""
    return fold_for_search(text if shown_text is None else shown_text)
