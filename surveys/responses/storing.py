"""Stores one checked answer within the caller's transaction; the commit is the acknowledgement.

The wave's state is read by the very statement that inserts the answer, so no memory of an earlier state can let an
answer in: a freeze locks the table first (surveys.sql.hold_writers), and the statement looks only after that lock.
"""

import hmac
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Select, bindparam, false, insert, literal_column, select

from surveys.errors import SurveyError
from surveys.models.comments import Comment
from surveys.models.fieldwork import Wave, WaveCity
from surveys.models.responses import FULL_WEIGHT, Response, SpentBallot
from surveys.sql import DriverStatement, for_driver, insert_unless_there


class ConflictError(SurveyError):
    """The ballot was used with other answers, which stay, or its answer was taken back."""


class WaveNotOpenError(SurveyError):
    """The wave takes no answers (now, or from this city)."""


class Wish(NamedTuple):
    """A suggestion as it is stored: a random id, and personal data masked."""

    id: str
    area: str
    text: str


class NewResponse(NamedTuple):
    """Everything one answer adds to the database."""

    wave: str
    city: str
    audience: str
    ballot_hash: str
    payload_mac: str
    id: str
    version: str
    tier: str
    cell: str
    lang: str
    channel: str
    mode: str
    day: date
    closed: bytes
    flags: int
    links: str
    receipt: bytes
    wishes: tuple[Wish, ...]


_COMPUTED = ("base_weight", "folded")
_COLUMNS = tuple(name for name in Response.__table__.columns.keys() if name not in _COMPUTED)  # noqa: SIM118 - a collection of SQLAlchemy's


def store(connection: Connection, entry: NewResponse, *, after_closing: bool = False) -> bool:
    """Store an answer; False when exactly this one was stored before.

    Raises WaveNotOpenError unless the wave asks in this city and is open (or closed and not yet frozen, with
    `after_closing`), and ConflictError when the ballot was used with other content or its answer was taken back:
    the caller must then roll back.
    """
    respond, spend = _statements(connection.dialect)
    also = "closed" if after_closing else "open"
    values = entry._asdict() | {"day": entry.day.isoformat(), "also": also}
    wishes = values.pop("wishes")
    if respond.run(connection, values) != 1:
        _explain(connection, values)
        return False
    if spend.run(connection, {"ballot_hash": entry.ballot_hash, "payload_mac": entry.payload_mac}) != 1:
        raise ConflictError(entry.ballot_hash)
    if wishes:
        shared = {"wave": entry.wave, "city": entry.city, "lang": entry.lang, "day": entry.day, "state": "pending"}
        connection.execute(insert(Comment), [shared | wish._asdict() for wish in wishes])
    return True


@cache
def _statements(dialect: Dialect) -> tuple[DriverStatement, DriverStatement]:
    """Give the insert of an answer, if its wave takes it and its ballot brought none yet; and that of the mark."""
    row = [bindparam(name, type_=Response.__table__.c[name].type) for name in _COLUMNS]
    source = _asking().with_only_columns(*row, literal_column(str(FULL_WEIGHT)), false())
    respond = insert_unless_there(Response, (*_COLUMNS, *_COMPUTED), source, dialect.name)
    spend = insert_unless_there(SpentBallot, ("ballot_hash", "payload_mac"), None, dialect.name)
    return for_driver(respond, dialect), for_driver(spend, dialect)


@cache
def _asking() -> Select[str]:
    """Select the wave if it takes answers from this city now."""
    return (
        select(Wave.code)
        .join(WaveCity, WaveCity.wave == Wave.code)
        .where(
            Wave.code == bindparam("wave"),
            WaveCity.city == bindparam("city"),
            Wave.audience == bindparam("audience"),
            Wave.state.in_((literal_column("'open'"), bindparam("also"))),
        )
    )


def _explain(connection: Connection, values: dict[str, Any]) -> None:
    """Raise why an answer was not inserted; nothing when it is the one that is there."""
    if connection.execute(_asking(), values).first() is None:
        raise WaveNotOpenError(values["wave"])
    mark = select(SpentBallot.payload_mac).where(SpentBallot.ballot_hash == values["ballot_hash"])
    if not hmac.compare_digest(connection.execute(mark).scalar_one(), values["payload_mac"]):
        raise ConflictError(values["ballot_hash"])
