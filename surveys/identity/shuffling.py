"""Destroys the order in which people were let in, before anybody can compare it with that of the answers."""

from sqlalchemy.orm import Session

from surveys.models.identity import Participation
from surveys.sql import rewrite_in_key_order

TABLES = (Participation.__tablename__,)
"""What is shuffled; the database should forget the old rows afterwards (app.database.Database.forget_old_rows)."""

_RUNNING = "wave IN (SELECT code FROM wave WHERE state <> 'frozen')"


def shuffle_participations(session: Session) -> int:
    """Shuffle who took part in all waves that run; gives the number of rows."""
    return rewrite_in_key_order(session, "participation", "contact_hash", where=_RUNNING)


def shuffle_participations_of(session: Session, wave: str) -> None:
    """Shuffle who took part in a wave for the last time."""
    rewrite_in_key_order(session, "participation", "contact_hash", where="wave = :wave", values={"wave": wave})
