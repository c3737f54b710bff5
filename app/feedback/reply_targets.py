"""What a reply answers: the suggestions of a theme, of a group, or any that were chosen; and those it cannot reach.

A reply reaches what everybody may read. What is hidden, or waits for a moderator, is left out and counted.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.feedback.clock import answers
from app.feedback.models import CommentCode, CommentInGroup, Theme
from app.feedback.queries import SHOWN, WAITING
from app.feedback.reply_models import Reply, ReplyRelease, ReplyTarget
from surveys.models.comments import Comment

MOST_LOOKED_AT = 2
"""So often people are told that their suggestion is being looked at."""
HIDDEN, UNDECIDED, ANSWERED, GONE = "hidden", "undecided", "answered", "gone"
_BATCH = 500
"""Ids in one statement."""


@dataclass(frozen=True, slots=True)
class TargetChoice:
    """Suggestions that were chosen: those that can be answered, and how many are left out, by why.

    `hidden` from everybody, `undecided` by a moderator, `answered` already, or `gone`: taken back, or another city's.
    """

    fit: tuple[str, ...]
    left: Mapping[str, int]
    wave: str = ""
    area: str = ""
    """Those of most of them."""


def of_theme(city: str, wave: str, theme: str) -> Select[str]:
    """Select the suggestions of a theme in a city and wave, those of the city's themes below it too."""
    below = select(Theme.code).where(or_(Theme.code == theme, Theme.parent == theme))
    coded = select(CommentCode.comment).where(CommentCode.theme.in_(below))
    return select(Comment.id).where(Comment.city == city, Comment.wave == wave, Comment.id.in_(coded))


def of_group(city: str, group: int) -> Select[str]:
    """Select the suggestions of a group of a city."""
    members = select(CommentInGroup.comment).where(CommentInGroup.grp == group)
    return select(Comment.id).where(Comment.city == city, Comment.id.in_(members))


def choose(
    session: Session, city: str, chosen: Select[str] | Sequence[str], *, with_answered: bool = False
) -> TargetChoice:
    """Sort chosen suggestions into those that a new reply reaches and those that it leaves out.

    Those that were answered already are left out unless they are wanted too.
    """
    rows = _rows(session, city, chosen)
    left: Counter[str] = Counter()
    fit: list[Any] = []
    for row in rows:
        why = _why_left(row, with_answered=with_answered)
        if why:
            left[why] += 1
        else:
            fit.append(row)
    if not isinstance(chosen, Select):
        left[GONE] += len(set(chosen)) - len(rows)
    return TargetChoice(
        fit=tuple(row.id for row in fit),
        left={why: number for why, number in left.items() if number},
        wave=_most([row.wave for row in fit]),
        area=_most([row.area for row in fit]),
    )


def _most(words: Sequence[str]) -> str:
    counts = Counter(sorted(words))
    return max(counts, key=lambda word: counts[word], default="")


def _rows(session: Session, city: str, chosen: Select[str] | Sequence[str]) -> list[Any]:
    answered = answers().subquery("answered")
    statement = (
        select(Comment.id, Comment.state, Comment.wave, Comment.area, answered.c.answered_on)
        .outerjoin(answered, answered.c.comment == Comment.id)
        .where(Comment.city == city, Comment.state.not_in(("pending", "taken_back")))
        .order_by(Comment.id)
    )
    if isinstance(chosen, Select):
        return list(session.execute(statement.where(Comment.id.in_(chosen))))
    batches = [chosen[start : start + _BATCH] for start in range(0, len(chosen), _BATCH)]
    return [row for batch in batches for row in session.execute(statement.where(Comment.id.in_(batch)))]


def _why_left(row: Any, *, with_answered: bool) -> str:
    if row.state in WAITING and row.state != "hidden_provisional":
        return UNDECIDED
    if row.state not in SHOWN:
        return HIDDEN
    return ANSWERED if row.answered_on is not None and not with_answered else ""


def put(session: Session, reply: int, comments: Collection[str], reached_on: date | None = None) -> None:
    """Let a reply answer suggestions; those that it answers already stay as they are."""
    there = set(session.scalars(select(ReplyTarget.comment).where(ReplyTarget.reply == reply)))
    session.add_all(
        ReplyTarget(reply=reply, comment=each, reached_on=reached_on) for each in comments if each not in there
    )
    session.flush()


def take_off(session: Session, reply: int, comments: Collection[str]) -> int:
    """Let a reply not answer suggestions after all; gives how many it did."""
    mine = ReplyTarget.reply == reply, ReplyTarget.comment.in_(sorted(comments))
    number = session.execute(select(func.count()).select_from(ReplyTarget).where(*mine)).scalar_one()
    session.execute(delete(ReplyTarget).where(*mine))
    return number


def mark_reached(session: Session, reply: int, day: date) -> int:
    """Let a reply reach what it answers and everybody may read, on a day; the rest it leaves. Gives how many."""
    mine = ReplyTarget.reply == reply, ReplyTarget.reached_on.is_(None)
    session.execute(delete(ReplyTarget).where(*mine, ReplyTarget.comment.not_in(_shown())))
    number = session.execute(select(func.count()).select_from(ReplyTarget).where(*mine)).scalar_one()
    session.execute(update(ReplyTarget).where(*mine).values(reached_on=day))
    return number


def count_targets(session: Session, reply: int) -> dict[str, int]:
    """Count what a reply answers by what became of it: `reached` (everybody may read it), `hidden` or `undecided`."""
    statement = (
        select(Comment.state, func.count())
        .join(ReplyTarget, ReplyTarget.comment == Comment.id)
        .where(ReplyTarget.reply == reply)
        .group_by(Comment.state)
    )
    found: Counter[str] = Counter()
    for state, number in session.execute(statement):
        is_undecided = state in WAITING and state != "hidden_provisional"
        found["reached" if state in SHOWN else UNDECIDED if is_undecided else HIDDEN] += number
    return dict(found)


def unreleased(session: Session, city: str, comments: Collection[str]) -> dict[int, int]:
    """Count of some suggestions of a city those that another reply answers which is not released yet, by its number."""
    rows = (
        select(ReplyTarget.reply, ReplyTarget.comment)
        .join(Reply, Reply.id == ReplyTarget.reply)
        .where(Reply.city == city, Reply.state.in_(("draft", "ready")))
        .order_by(ReplyTarget.reply)
    )
    chosen = set(comments)
    return Counter(row.reply for row in session.execute(rows) if row.comment in chosen)


def told_twice(session: Session, reply: int) -> list[str]:
    """List the suggestions of a reply whose writers were told as often as may be that they are being looked at."""
    other, other_target = aliased(Reply), aliased(ReplyTarget)
    released = select(ReplyRelease.reply).where(ReplyRelease.reply == other.id).exists()
    earlier = (
        select(other_target.comment)
        .join(other, other.id == other_target.reply)
        .where(other.id != reply, other.kind == "being_looked_at", other.state == "released", released)
        .where(other_target.reached_on.is_not(None))
        .group_by(other_target.comment)
        .having(func.count() >= MOST_LOOKED_AT)
    )
    mine = select(ReplyTarget.comment).where(ReplyTarget.reply == reply, ReplyTarget.comment.in_(earlier))
    return sorted(session.scalars(mine))


def new_in_theme(session: Session, reply: Reply) -> list[str]:
    """List the shown suggestions of a reply's theme that it does not answer and no other reply answered."""
    if reply.theme is None:
        return []
    mine = select(ReplyTarget.comment).where(ReplyTarget.reply == reply.id)
    fresh = of_theme(reply.city, reply.wave, reply.theme).where(Comment.id.not_in(mine))
    return list(choose(session, reply.city, fresh).fit)


def _shown() -> Select[str]:
    return select(Comment.id).where(_is_shown())


def _is_shown() -> ColumnElement[bool]:
    return Comment.state.in_(SHOWN)
