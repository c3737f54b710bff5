"""Destroys the order of arrival that a database keeps without being asked.

Rows of a table stand on disk in the order they came, and PostgreSQL numbers every transaction (`xmin`): whoever reads
both sides in that order could pair persons with answers. So rows are written anew, in the order of their random keys
and in one transaction, again and again while a wave runs, and once more when it is frozen.
"""

from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from surveys.models import Participation, Response, SpentBallot

TABLES = (Participation.__tablename__, Response.__tablename__, SpentBallot.__tablename__)
"""What is mixed; the database should forget the old rows afterwards (app.database.Database.forget_old_rows)."""

_BACK = timedelta(days=7)
"""How far a nightly mixing of answers looks back: a few missed nights do no harm."""

_RUNNING = "wave IN (SELECT code FROM wave WHERE state <> 'frozen')"


def mix_participations(session: Session) -> int:
    """Mix who took part, in all waves that run; gives the number of rows."""
    return _mix(session, "participation", "contact_hash", _RUNNING, {})


def mix_responses(session: Session, *, today: date) -> int:
    """Mix what was said lately; gives the number of rows."""
    return _mix(session, "response", "id", f"{_RUNNING} AND day >= :since", {"since": today - _BACK})


def mix_wave(session: Session, wave: str) -> None:
    """Mix everything of a wave for the last time, with all spent ballots, which do not say what wave they were of."""
    own: dict[str, object] = {"wave": wave}
    _mix(session, "participation", "contact_hash", "wave = :wave", own)
    _mix(session, "response", "id", "wave = :wave", own)
    _mix(session, "spent_ballot", "ballot_hash", "TRUE", {})


def _mix(session: Session, table: str, key: str, where: str, values: dict[str, object]) -> int:
    if session.get_bind().dialect.name == "postgresql":
        # Whoever marks or adds a row meanwhile waits: a mark set on the old row would be lost with it.
        session.execute(text(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))
    session.execute(text(f"CREATE TEMPORARY TABLE mixed AS SELECT * FROM {table} WHERE {where}"), values)  # noqa: S608 - names of our own tables
    session.execute(text(f"DELETE FROM {table} WHERE {where}"), values)  # noqa: S608 - as above
    session.execute(text(f"INSERT INTO {table} SELECT * FROM mixed ORDER BY {key}"))  # noqa: S608 - as above
    count: int = session.execute(text("SELECT count(*) FROM mixed")).scalar_one()
    session.execute(text("DROP TABLE mixed"))
    return count
