"""Suggestions that a computer finds alike: within one city, wave, area and language, renewed each night.

What is hidden is compared too, for a moderator meets the same again; of what is blacked out only the rest is. What was
purged or taken back has no text, and no neighbour from that moment on.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import delete, exists, insert, select, tuple_
from sqlalchemy.orm import Session, aliased

from app.feedback.models import CommentNeighbour
from app.feedback.queries import LIVE
from surveys.models.comments import Comment
from surveys.sql import hold_journal

ALIKE = 0.35
"""From this likeness on two suggestions are suggested to whoever looks at one of them (ADR 38)."""

NEAR_COPY = 0.7
"""From this likeness on they are almost the same, and a list folds them into one line."""

MOST_ALIKE = 25
"""Neighbours of a suggestion that are kept beside its near-copies, which all are."""

_PLACES = 3
"""Decimals of a stored likeness: it changes a little with every text of the language, and rows should not."""

_AT_ONCE = 200
"""Rows named in one statement."""

_COMPARED = Comment.state.in_(LIVE) & (Comment.folded != "")


class Group(NamedTuple):
    """Suggestions among which there may be neighbours."""

    city: str
    wave: str
    area: str


class ComparedText(NamedTuple):
    """A suggestion as it is compared: its folded text."""

    id: str
    folded: str


class Likeness(NamedTuple):
    """Two suggestions and how alike they are."""

    one: str
    other: str
    score: float


def texts_by_group(session: Session, lang: str) -> dict[Group, list[ComparedText]]:
    """Read the suggestions of a language that are compared."""
    rows = select(Comment.city, Comment.wave, Comment.area, Comment.id, Comment.folded)
    groups: dict[Group, list[ComparedText]] = defaultdict(list)
    for row in session.execute(rows.where(Comment.lang == lang, _COMPARED).order_by(Comment.id)):
        groups[Group(row.city, row.wave, row.area)].append(ComparedText(row.id, row.folded))
    return groups


def forget_neighbours(session: Session) -> int:
    """Remove neighbours of what is no longer compared; gives the number of rows."""
    other = aliased(Comment)
    is_compared = (
        select(Comment.id)
        .join(other, other.id == CommentNeighbour.other)
        .where(Comment.id == CommentNeighbour.comment, _COMPARED, other.state.in_(LIVE), other.folded != "")
    )
    gone = delete(CommentNeighbour).where(~exists(is_compared.correlate(CommentNeighbour)))
    return len(session.execute(gone.returning(CommentNeighbour.comment)).all())


def keep_neighbours(session: Session, texts: Iterable[ComparedText], found: Iterable[Likeness]) -> int:
    """Replace the neighbours of a group's suggestions by those that were found; gives how many rows changed.

    What was taken back or changed since the texts were read is left out.
    """
    hold_journal(session)  # before the rows, as whoever decides about suggestions does
    there = _unchanged(session, texts)
    wanted = _chosen(pair for pair in found if pair.one in there and pair.other in there)
    had = _stored(session, there)
    gone = [pair for pair in had if wanted.get(pair) != had[pair]]
    for start in range(0, len(gone), _AT_ONCE):
        pairs = tuple_(CommentNeighbour.comment, CommentNeighbour.other).in_(gone[start : start + _AT_ONCE])
        session.execute(delete(CommentNeighbour).where(pairs).execution_options(synchronize_session=False))
    new = [{"comment": one, "other": other, "score": score} for (one, other), score in wanted.items()]
    new = [row for row in new if had.get((str(row["comment"]), str(row["other"]))) != row["score"]]
    if new:
        session.execute(insert(CommentNeighbour), new)
    return len(gone) + len(new)


def _unchanged(session: Session, texts: Iterable[ComparedText]) -> set[str]:
    """Hold the suggestions that are compared as they were read, until this transaction ends."""
    folded = dict(texts)
    ids, unchanged = sorted(folded), set()
    for start in range(0, len(ids), _AT_ONCE):
        rows = select(Comment.id, Comment.folded).where(Comment.id.in_(ids[start : start + _AT_ONCE]), _COMPARED)
        held = session.execute(rows.order_by(Comment.id).with_for_update())
        unchanged |= {row.id for row in held if row.folded == folded[row.id]}
    return unchanged


def _stored(session: Session, ids: set[str]) -> dict[tuple[str, str], float]:
    stored: dict[tuple[str, str], float] = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), _AT_ONCE):
        part = CommentNeighbour.comment.in_(ordered[start : start + _AT_ONCE])
        rows = session.execute(
            select(CommentNeighbour.comment, CommentNeighbour.other, CommentNeighbour.score).where(part)
        )
        stored |= {(row.comment, row.other): row.score for row in rows}
    return stored


def _chosen(found: Iterable[Likeness]) -> Mapping[tuple[str, str], float]:
    """Choose of each suggestion all near-copies, and of the others those most alike."""
    neighbours: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for one, other, score in found:
        neighbours[one].append((-score, other))
        neighbours[other].append((-score, one))
    return {
        (comment, other): round(-score, _PLACES)
        for comment, others in neighbours.items()
        for number, (score, other) in enumerate(sorted(others))
        if number < MOST_ALIKE or -score >= NEAR_COPY
    }
