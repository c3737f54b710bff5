"""The public clock: by when a suggestion is to be answered, and how many of a city's were in time.

It runs for each suggestion that is shown, from the day on which the desk got it, whether it was coded or not. A reply
counts from the day on which it reached the suggestion: that of its first release, or that on which the suggestion was
added to it afterwards. One that says "being looked at", or that was withdrawn, answers nothing. Public sites read here
too, so nothing of this module knows staff or the journal.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.feedback.queries import SHOWN
from app.feedback.reply_models import Reply, ReplyTarget
from app.working_calendar import WorkingCalendar, get_calendar
from surveys.models.comments import Comment

WORKING_DAYS = 15
"""The term of a reply: the same in every city, and printed in the rules of moderation."""
NO_ANSWERS = ("being_looked_at",)
"""Kinds of replies that do not stop the clock."""


class AnswerFigures(NamedTuple):
    """How a city answered its shown suggestions.

    Of those whose term has passed a reply reached so many in time, late, never. `waiting` are those whose term still
    runs and which no reply reached yet.
    """

    in_time: int = 0
    late: int = 0
    never: int = 0
    waiting: int = 0


def due_on(released_on: date, calendar: WorkingCalendar) -> date:
    """Give the last day on which a reply is in time."""
    return calendar.add(released_on, WORKING_DAYS)


def outcome(due: date, answered_on: date | None, today: date) -> str | None:
    """Tell in which field of the figures a suggestion counts; None where it was answered and its term still runs."""
    if due < today:
        return "never" if answered_on is None else "in_time" if answered_on <= due else "late"
    return "waiting" if answered_on is None else None


def figures(session: Session, today: date, city: str | None = None) -> dict[str, AnswerFigures]:
    """Count by city, or for one: two statements, however many suggestions there are."""
    return _figures(session, _statement(city), today)


def _figures(session: Session, statement: Select[*tuple[Any, ...]], today: date) -> dict[str, AnswerFigures]:
    calendar = get_calendar(session)
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    due: dict[date, date] = {}
    for row in session.execute(statement):
        if row.released_on not in due:
            due[row.released_on] = due_on(row.released_on, calendar)
        field = outcome(due[row.released_on], row.answered_on, today)
        if field:
            counts[row.city][field] += row.n
    return {where: AnswerFigures(**fields) for where, fields in counts.items()}


def unanswered(session: Session) -> dict[tuple[str, date], int]:
    """Count the shown suggestions that no reply reached, by city and the last day on which one is in time."""
    calendar = get_calendar(session)
    counts: dict[tuple[str, date], int] = defaultdict(int)
    for row in session.execute(_statement(None)):
        if row.answered_on is None:
            counts[row.city, due_on(row.released_on, calendar)] += row.n
    return dict(counts)


def count_overdue(session: Session, cities: Collection[str], today: date) -> dict[str, int]:
    """Count the shown suggestions of some cities that no reply reached in their term; two statements, none for none."""
    if not cities:
        return {}
    found = _figures(session, _statement(None).where(Comment.city.in_(sorted(cities))), today)
    return {city: each.never for city, each in found.items() if each.never}


def answers() -> Select[*tuple[Any, ...]]:
    """Select the suggestions that were answered, and the day of the first answer (columns comment, answered_on)."""
    return (
        select(ReplyTarget.comment, func.min(ReplyTarget.reached_on).label("answered_on"))
        .join(Reply, Reply.id == ReplyTarget.reply)
        .where(Reply.state == "released", Reply.kind.not_in(NO_ANSWERS), ReplyTarget.reached_on.is_not(None))
        .group_by(ReplyTarget.comment)
    )


def _statement(city: str | None) -> Select[*tuple[Any, ...]]:
    """Select how many shown suggestions of a city the desk got on a day and a reply reached first on another."""
    answered = answers().subquery("answered")
    columns = (Comment.city, Comment.released_on, answered.c.answered_on)
    statement = (
        select(*columns, func.count().label("n"))
        .outerjoin(answered, answered.c.comment == Comment.id)
        .where(Comment.state.in_(SHOWN))
        .group_by(*columns)
    )
    return statement if city is None else statement.where(Comment.city == city)
