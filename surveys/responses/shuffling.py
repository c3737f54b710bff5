"""Destroys the order of arrival of answers that a database keeps without being asked.

Whoever reads the rows of both sides in the order they came could pair persons with answers. So rows are written anew
in the order of their random keys, again and again while a wave runs, and once more when it is frozen; those who took
part are shuffled apart (surveys.identity.shuffling).
"""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from surveys.models.comments import Comment, Envelope
from surveys.models.responses import Response, SpentBallot
from surveys.sql import rewrite_in_key_order

TABLES = (Response.__tablename__, SpentBallot.__tablename__, Envelope.__tablename__, Comment.__tablename__)
"""What is shuffled; the database should forget the old rows afterwards (app.database.Database.forget_old_rows)."""

_BACK = timedelta(days=7)
"""How far a nightly shuffle looks back: a few missed nights do no harm."""

_RUNNING = "wave IN (SELECT code FROM wave WHERE state <> 'frozen')"
_PENDING = "state = 'pending'"
_RECENT = f"{_RUNNING} AND day >= :since"


def shuffle_recent_responses(session: Session, *, today: date) -> int:
    """Shuffle the answers of the last days; gives the number of rows."""
    return rewrite_in_key_order(session, "response", "id", where=_RECENT, values={"since": today - _BACK})


def shuffle_comments(session: Session) -> int:
    """Shuffle suggestions that nobody was given yet, or those filed together would show it; gives the number of rows.

    Those that the desk has are in the order of their release, which their rows say anyway, and others refer to them.
    """
    return rewrite_in_key_order(session, "comment", "id", where=_PENDING)


def shuffle_responses_of(session: Session, wave: str) -> None:
    """Shuffle a wave's answers and suggestions for the last time, and all spent ballots, which name no wave."""
    for table, what in (("response", "TRUE"), ("comment", _PENDING)):
        rewrite_in_key_order(session, table, "id", where=f"wave = :wave AND {what}", values={"wave": wave})
    rewrite_in_key_order(session, "spent_ballot", "ballot_hash")
