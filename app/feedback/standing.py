"""What counts of the decisions about a suggestion: the last one, the one before it, and what is blacked out still."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.feedback.models import CommentDecision
from app.feedback.queries import BESIDE, IS_UNDONE
from app.feedback.spans import Span, read_spans
from surveys.models.comments import Comment

PURGE = "purge"
"""What a job did to a suggestion: nobody decides so."""
_TAKES_OFF_THE_BOARD = frozenset({"hide", "confirm", "second_look"})
"""Events after which nobody reads it: what was black before them is so when it is shown again."""
_COUNTS = CommentDecision.event.not_in(BESIDE) & ~IS_UNDONE


class BlackParts(NamedTuple):
    """Parts of an original that were blacked out, and why."""

    spans: tuple[Span, ...]
    reason: str | None


class StandingDecisions(NamedTuple):
    """The decision that counts of a suggestion, the one that would without it, and the number of its purge (0: none).

    What was decided before a purge was about a text that is no more.
    """

    last: CommentDecision | None
    before: CommentDecision | None
    purged: int
    black: BlackParts
    """What was blacked out and nobody uncovered since, also of what was hidden meanwhile."""

    def spans_before(self) -> tuple[Span, ...]:
        """Give what was blacked out before the decision that counts; nothing of a text that is no more."""
        if self.before is None or self.before.id < self.purged:
            return ()
        return read_spans(self.before.spans)


def standing_of(session: Session, ids: Sequence[str]) -> dict[str, StandingDecisions]:
    """Read the decisions that count of suggestions, in one statement."""
    rows = select(CommentDecision).where(CommentDecision.comment.in_(ids), _COUNTS)
    return _by_suggestion(ids, session.scalars(rows.order_by(CommentDecision.id.desc())))


def read_standing(session: Session, comment: str) -> tuple[Comment, StandingDecisions] | None:
    """Read a suggestion with the decisions that count of it, in one statement; None where there is none."""
    decisions = (CommentDecision.comment == Comment.id) & _COUNTS
    rows = select(Comment, CommentDecision).outerjoin(CommentDecision, decisions).where(Comment.id == comment)
    found = session.execute(rows.order_by(CommentDecision.id.desc())).all()
    if not found:
        return None
    own = [decision for _row, decision in found if decision is not None]
    return found[0][0], _by_suggestion([comment], own)[comment]


def _by_suggestion(ids: Sequence[str], decisions: Iterable[CommentDecision]) -> dict[str, StandingDecisions]:
    """Put decisions that count, the newest first, to their suggestions."""
    found: dict[str, list[CommentDecision]] = {each: [] for each in ids}
    purged: dict[str, int] = {}
    for row in decisions:
        if row.event == PURGE:
            purged.setdefault(row.comment, row.id)
        else:
            found[row.comment].append(row)
    return {each: _standing(own, purged.get(each, 0)) for each, own in found.items()}


def _standing(own: Sequence[CommentDecision], purged: int) -> StandingDecisions:
    """Put decisions that count, the newest first, together."""
    last, before = [*own, None, None][:2]
    return StandingDecisions(last, before, purged, _black([row for row in own if row.id > purged]))


def _black(own: Sequence[CommentDecision]) -> BlackParts:
    shown = next((row for row in own if row.spans or row.event not in _TAKES_OFF_THE_BOARD), None)
    return BlackParts(read_spans(shown.spans), shown.reason) if shown and shown.spans else BlackParts((), None)
