"""The suggestions that something is done to at once, as its confirmation shows them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.feedback.listing import SEEN_TEXT
from app.web.console.comments.reasons import ReasonLine
from surveys.models.comments import Comment

FIRST = 10
"""Texts that a confirmation shows."""
TEMPLATE = "console/comments/confirm.html"
"""Of a confirmation that shows them."""


class AboutChosen(NamedTuple):
    """The first of the texts that something is done to, how many more there are, and reasons where one is needed."""

    lines: Sequence[Any]
    more: int
    reasons: Sequence[ReasonLine] = ()


def about_chosen(session: Session, ids: Sequence[str]) -> AboutChosen:
    """Read the first of the suggestions that were chosen."""
    rows = select(Comment.id, Comment.lang, SEEN_TEXT.label("text")).where(Comment.id.in_(ids[:FIRST]))
    lines = session.execute(rows.order_by(Comment.id)).all()
    return AboutChosen(lines, len(ids) - len(lines))
