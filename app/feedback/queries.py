"""What may be read of a suggestion, and what became of all of them: one rule for desk, board, feeds and files.

Public sites read here too, so nothing of this module knows staff or the journal.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, Subquery, case, func, select
from sqlalchemy.orm import Session, aliased

from app.feedback.models import CommentDecision
from surveys.models.comments import Comment

SHOWN = ("shown", "shown_redacted")
"""States in which everybody may read a suggestion: as it was written, or with parts blacked out."""
WAITING = ("released", "second_look", "hidden_provisional")
"""States in which a suggestion waits for a decision; what an outsider has not confirmed is not hidden yet."""
LIVE = (*WAITING, *SHOWN, "hidden")
"""States of what the desk has: released, and not taken back by whoever wrote it."""

PUBLIC_TEXT: ColumnElement[str | None] = case(
    (Comment.state == "shown", Comment.text), (Comment.state == "shown_redacted", Comment.shown_text)
)
"""What everybody may read of a suggestion, in a statement; NULL where nothing is public."""

BESIDE = ("urgent", "settle", "undo")
"""Events that decide nothing about a text: of danger, and the taking back of another."""
NEUTRAL = (*BESIDE, "purge")
"""Events that decide nothing: what was in force before them is so afterwards."""
_LATER = aliased(CommentDecision)
IS_UNDONE = select(_LATER.id).where(_LATER.undoes == CommentDecision.id).exists()
"""Whether a decision was taken back."""


def public_text(state: str, text: str, shown_text: str | None) -> str | None:
    """Give what everybody may read of a suggestion; None where nothing is public."""
    if state == "shown":
        return text
    return shown_text if state == "shown_redacted" else None


def newest_decisions() -> Subquery:
    """Select of each suggestion the decision that counts: the newest that nobody took back (columns comment, id)."""
    deciding = CommentDecision.event.not_in(NEUTRAL) & ~IS_UNDONE
    newest = select(CommentDecision.comment, func.max(CommentDecision.id).label("id")).where(deciding)
    return newest.group_by(CommentDecision.comment).subquery("newest")


def decision_in_force() -> ScalarSelect[int]:
    """Select the id of the decision that counts, beside a row of `comment`."""
    deciding = CommentDecision.event.not_in(NEUTRAL) & ~IS_UNDONE
    mine = select(func.max(CommentDecision.id)).where(CommentDecision.comment == Comment.id, deciding)
    return mine.correlate(Comment).scalar_subquery()


class InForce(NamedTuple):
    """What counts of a suggestion now: where it stands, and why it is hidden or blacked out in part (None: it is not).

    `spans` are the parts of the original that are blacked out.
    """

    state: str
    reason: str | None
    spans: str


def in_force(session: Session, comment: str) -> InForce | None:
    """Say where a suggestion stands and why; None where there is none."""
    statement = (
        select(Comment.state, CommentDecision.reason, CommentDecision.spans)
        .outerjoin(CommentDecision, CommentDecision.id == decision_in_force())
        .where(Comment.id == comment)
    )
    row = session.execute(statement).first()
    return InForce(row.state, row.reason, row.spans or "") if row else None


class HidingFigures(NamedTuple):
    """What became of the suggestions of a city and wave; `received` are those the desk has, which add up to it.

    `overturned` counts those whose hiding an outsider did not confirm, whatever was decided afterwards.
    """

    city: str
    wave: str
    received: int
    waiting: int
    shown: int
    redacted: int
    hidden: Mapping[str, int]
    """By reason."""
    overturned: int

    @property
    def hidden_in_all(self) -> int:
        """Count what is hidden, whatever the reason."""
        return sum(self.hidden.values())


def hiding_figures(session: Session, city: str | None = None) -> list[HidingFigures]:
    """Count by city and wave what was shown, blacked out in part, hidden and overturned; two statements."""
    states: dict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    for row in session.execute(_of_city(_by_state(), city)):
        states[row.city, row.wave][row.state, row.reason or ""] += row.n
    overturned = {(row.city, row.wave): row.n for row in session.execute(_of_city(_overturned(), city))}
    return [_figures(key, counts, overturned.get(key, 0)) for key, counts in sorted(states.items())]


def _by_state() -> Select[*tuple[Any, ...]]:
    newest = newest_decisions()
    return (
        select(Comment.city, Comment.wave, Comment.state, CommentDecision.reason, func.count().label("n"))
        .outerjoin(newest, newest.c.comment == Comment.id)
        .outerjoin(CommentDecision, CommentDecision.id == newest.c.id)
        .where(Comment.state.in_(LIVE))
        .group_by(Comment.city, Comment.wave, Comment.state, CommentDecision.reason)
    )


def _overturned() -> Select[*tuple[Any, ...]]:
    return (
        select(Comment.city, Comment.wave, func.count(Comment.id.distinct()).label("n"))
        .join(CommentDecision, CommentDecision.comment == Comment.id)
        .where(CommentDecision.event == "overturn", ~IS_UNDONE, Comment.state.in_(LIVE))
        .group_by(Comment.city, Comment.wave)
    )


def _of_city(statement: Select[*tuple[Any, ...]], city: str | None) -> Select[*tuple[Any, ...]]:
    return statement if city is None else statement.where(Comment.city == city)


def _figures(key: tuple[str, str], counts: Counter[tuple[str, str]], overturned: int) -> HidingFigures:
    def of(*states: str) -> int:
        return sum(n for (state, _reason), n in counts.items() if state in states)

    city, wave = key
    hidden = {reason: n for (state, reason), n in sorted(counts.items()) if state == "hidden"}
    return HidingFigures(
        city, wave, counts.total(), of(*WAITING), of("shown"), of("shown_redacted"), hidden, overturned
    )
