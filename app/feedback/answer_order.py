"""Destroys the order in which residents said whether it has become better, which a database keeps without being asked.

Whoever follows three suggestions says so three times in a row: rows in the order they came would tie these suggestions
to each other, though nothing else says that one person wrote them (decision 36).
"""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.feedback.models import FollowAnswer
from surveys.sql import rewrite_in_key_order

TABLES = (FollowAnswer.__tablename__,)
"""What is shuffled; the database should forget the old rows afterwards (Database.forget_old_rows)."""

_RECENT = "month >= :since"


def shuffle_follow_answers(session: Session, *, today: date) -> int:
    """Write the answers of this month and the one before anew in the order of their keys; gives the number of rows.

    PostgreSQL notes at a suggestion which transaction referred to it last: from here on it is this one for all.
    """
    last_month = today.replace(day=1) - timedelta(days=1)
    since = {"since": f"{last_month:%Y-%m}"}
    return rewrite_in_key_order(session, FollowAnswer.__tablename__, "comment, reply", where=_RECENT, values=since)
