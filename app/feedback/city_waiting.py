"""What of a city's suggestions and promises waits, as its cockpit counts it: numbers, and the titles of promises."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.feedback.clock import WORKING_DAYS, answers
from app.feedback.commitment_queries import is_overdue
from app.feedback.models import CommentAssignment
from app.feedback.queries import LIVE, SHOWN, WAITING
from app.feedback.reply_models import Commitment
from app.working_calendar import get_calendar
from surveys.languages import Text3
from surveys.models.comments import Comment

AGES = (5, 10, WORKING_DAYS)
"""Working days since the desk got a suggestion: up to each of them, and more."""
MOST_LISTED = 10


class WaitingSuggestions(NamedTuple):
    """How many suggestions of a city wait: for a decision, for an answer, for one member of staff.

    `ages` are those without an answer that everybody may read, by their place in AGES; the last one is past the term.
    """

    undecided: int
    mine: int
    ages: tuple[int, ...]


class OverdueCommitment(NamedTuple):
    """A promise whose day has passed."""

    id: int
    title: Text3
    due: date


class OverdueCommitments(NamedTuple):
    """How many promises are overdue, and the oldest of them."""

    n: int
    oldest: tuple[OverdueCommitment, ...]


def waiting_suggestions(session: Session, city: str, staff: int, today: date) -> WaitingSuggestions:
    """Count what waits in a city; two statements, however many suggestions there are."""
    calendar = get_calendar(session)
    answered = answers().subquery("answered")
    is_shown, is_mine = Comment.state.in_(SHOWN), CommentAssignment.staff == staff
    columns = (Comment.released_on, case((is_shown, 1), else_=0), case((is_mine, 1), else_=0))
    statement = (
        select(*columns, func.count())
        .outerjoin(CommentAssignment, CommentAssignment.comment == Comment.id)
        .outerjoin(answered, answered.c.comment == Comment.id)
        .where(Comment.city == city, Comment.state.in_((*WAITING, *SHOWN)), answered.c.comment.is_(None))
        .group_by(*columns)
    )
    undecided = mine = 0
    ages = [0] * (len(AGES) + 1)
    for released_on, shown, own, n in session.execute(statement):
        mine += own * n
        if shown:
            age = calendar.between(released_on, today)
            ages[sum(age > limit for limit in AGES)] += n
        else:
            undecided += n
    return WaitingSuggestions(undecided, mine, tuple(ages))


def suggestions_by_area(session: Session, city: str) -> Mapping[str, int]:
    """Count the suggestions that the desk has of each area of a city, over all waves."""
    statement = (
        select(Comment.area, func.count()).where(Comment.city == city, Comment.state.in_(LIVE)).group_by(Comment.area)
    )
    return Counter(dict(session.execute(statement).all()))


def overdue_commitments(session: Session, city: str, today: date) -> OverdueCommitments:
    """Find the promises of a city whose day has passed, the oldest first."""
    total = func.count().over().label("total")
    statement = (
        select(Commitment, total)
        .where(Commitment.city == city, is_overdue(today))
        .order_by(Commitment.due, Commitment.id)
        .limit(MOST_LISTED)
    )
    rows = session.execute(statement).all()
    oldest = tuple(
        OverdueCommitment(row.id, Text3(row.title_kk, row.title_ru, row.title_en), row.due) for row, _total in rows
    )
    return OverdueCommitments(rows[0].total if rows else 0, oldest)
