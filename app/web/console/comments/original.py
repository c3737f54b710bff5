"""The original of a suggestion that is hidden or blacked out in part: shown to few, and each time in the journal."""

from dataclasses import dataclass

from flask import abort, render_template
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission
from app.audit.journal import Entry, record
from app.feedback.queries import LIVE
from app.feedback.spans import Span
from app.feedback.standing import read_standing
from app.web import site
from app.web.console.access import actor, me
from app.web.console.comments import views
from app.web.console.comments.marking import TextPart, blacked_parts
from app.web.console.comments.redacting import Word, words_of
from app.web.console.comments.views import CommentPage


@dataclass(frozen=True, slots=True)
class OriginalPage:
    """What was written, beside what is shown of it."""

    comment: CommentPage
    text_parts: list[TextPart]
    shown: str
    words: list[Word]
    """For whoever may black out others."""


def show(city: str, comment: str) -> str:
    """Show an original, and record that it was read; 404 where there is none, or it was erased."""
    person = me()
    with site.database().reading() as session:
        page = views.read_comment(session, person, city, comment, alone=True)
        if page is None or not page.can_read_original:
            abort(404)
        text, spans = original_of(session, comment)
    ticked = {word.value for word in words_of(text) if _is_within(word, spans)}
    can_moderate = person.may(Permission.MODERATE, city)
    original = OriginalPage(
        comment=page,
        text_parts=blacked_parts(text, spans),
        shown=page.line.text,
        words=words_of(text, ticked) if can_moderate else [],
    )
    with site.database().writing() as session:
        note_reading(session, city, comment)
    return render_template("console/comments/original.html", original=original, page=page, faults=())


def original_of(session: Session, comment: str) -> tuple[str, tuple[Span, ...]]:
    """Give what was written, and what of it is black, also while it is hidden; 404 where there is none."""
    row, standing = read_standing(session, comment) or (None, None)
    if row is None or standing is None or row.state not in LIVE or not row.text:
        abort(404)
    return row.text, standing.black.spans


def note_reading(session: Session, city: str, comment: str) -> None:
    """Record that somebody read an original."""
    entry = Entry(event="comment.original_read", object_kind="comment", object_id=comment, city=city)
    record(session, actor(), entry)


def _is_within(word: Word, spans: tuple[Span, ...]) -> bool:
    start, end = map(int, word.value.split("-"))
    return any(span.start < end and start < span.end for span in spans)
