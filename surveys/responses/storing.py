"""Stores one checked answer within the caller's transaction; the commit is the acknowledgement.

The wave's state is read by the very statement that inserts the answer, so no memory of an earlier state can let an
answer in: a freeze locks the table first (surveys.sql.hold_writers), and the statement looks only after that lock.
"""

import hmac
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from sqlalchemy import Dialect, bindparam, false, insert, literal_column, select

from surveys.ballots import envelope_keys
from surveys.errors import SurveyError
from surveys.models.comments import Envelope
from surveys.models.fieldwork import Wave, WaveCity
from surveys.models.responses import FULL_WEIGHT, Response, SpentBallot
from surveys.models.withdrawals import WithdrawnAnswer
from surveys.responses import envelopes
from surveys.sql import DriverConnection, DriverStatement, for_driver, insert_unless_there


class ConflictError(SurveyError):
    """The ballot was used with other answers, which stay, or its answer was taken back."""


class TakenBackError(ConflictError):
    """The answer of this ballot was taken back."""


class FormerAnswerError(SurveyError):
    """Exactly this answer was stored before, by the release of format 1 (surveys.ballots.receipts)."""


class WaveNotOpenError(SurveyError):
    """The wave takes no answers (now, or from this city)."""


class NewResponse(NamedTuple):
    """Everything one answer adds to the database."""

    wave: str
    city: str
    audience: str
    ballot_hash: str
    payload_mac: str
    id: str
    former_id: str
    """The id that the release before would have given: answers it stored are still known by it."""
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
    sheets: tuple[bytes, ...]
    """The words of this answer, or a blank sheet (surveys.responses.envelopes)."""


_COMPUTED = ("base_weight", "folded")
_GIVEN_BY_NONE = "receipt"
_COLUMNS = tuple(name for name in Response.__table__.columns.keys() if name not in {*_COMPUTED, _GIVEN_BY_NONE})  # noqa: SIM118 - a collection of SQLAlchemy's


def store(connection: DriverConnection, entry: NewResponse, directory: Path, *, after_closing: bool = False) -> bool:
    """Store an answer, its words sealed under a key of the folder; False when exactly this one was stored before.

    Raises WaveNotOpenError unless the wave asks in this city and is open (or closed and not yet frozen, with
    `after_closing`), ConflictError when the ballot was used with other content, TakenBackError when its answer was
    taken back, FormerAnswerError when the release before stored it, EnvelopeKeyError when there is no key to seal with:
    the caller must then roll back.
    """
    statements = _statements(connection.dialect)
    also = "closed" if after_closing else "open"
    values = entry._asdict() | {"day": entry.day.isoformat(), "also": also}
    if connection.run(statements.respond, values).rowcount != 1:
        _explain(connection, values)
        return False
    if connection.run(statements.spend, values).rowcount != 1:
        _explain_spent(connection, values)
    key = envelope_keys.newest(directory).key  # not before the first insert, see there
    for sheet in entry.sheets:
        connection.run(statements.enclose, envelopes.seal(key, sheet)._asdict())
    return True


def _explain(connection: DriverConnection, values: dict[str, Any]) -> None:
    """Raise why an answer was not inserted; nothing when it is the one that is there."""
    statements = _statements(connection.dialect)
    if connection.run(statements.asking, values).fetchone() is None:
        raise WaveNotOpenError(values["wave"])
    _compare(connection, values)


def _explain_spent(connection: DriverConnection, values: dict[str, Any]) -> NoReturn:
    """Raise what became of a spent ballot that brought no answer of this id."""
    statements = _statements(connection.dialect)
    if connection.run(statements.withdrawn, values).fetchone() is not None:
        raise TakenBackError(values["ballot_hash"])
    _compare(connection, values)
    if connection.run(statements.former, values).fetchone() is None:
        raise ConflictError(values["ballot_hash"])
    raise FormerAnswerError(values["ballot_hash"])


def _compare(connection: DriverConnection, values: dict[str, Any]) -> None:
    """Raise ConflictError unless the ballot was used with this content."""
    (payload_mac,) = connection.run(_statements(connection.dialect).spent, values).fetchone()
    if not hmac.compare_digest(payload_mac, values["payload_mac"]):
        raise ConflictError(values["ballot_hash"])


class _Statements(NamedTuple):
    asking: DriverStatement
    """Finds the wave if it takes answers from this city now."""
    respond: DriverStatement
    """Inserts the answer if the wave takes it and its ballot brought none that is still there."""
    spend: DriverStatement
    enclose: DriverStatement
    spent: DriverStatement
    """Finds what a ballot was used with."""
    former: DriverStatement
    """Finds the answer that the release before stored for a ballot."""
    withdrawn: DriverStatement
    """Finds whether the answer of an id was taken back."""


@cache
def _statements(dialect: Dialect) -> _Statements:
    asking = (
        select(Wave.code)
        .join(WaveCity, WaveCity.wave == Wave.code)
        .where(
            Wave.code == bindparam("wave"),
            WaveCity.city == bindparam("city"),
            Wave.audience == bindparam("audience"),
            Wave.state.in_((literal_column("'open'"), bindparam("also"))),
        )
    )
    row = [bindparam(name, type_=Response.__table__.c[name].type) for name in _COLUMNS]
    response = asking.with_only_columns(*row, literal_column(str(FULL_WEIGHT)), false())
    return _Statements(
        for_driver(asking, dialect),
        for_driver(insert_unless_there(Response, (*_COLUMNS, *_COMPUTED), response, dialect.name), dialect),
        for_driver(insert_unless_there(SpentBallot, ("ballot_hash", "payload_mac"), None, dialect.name), dialect),
        for_driver(insert(Envelope).inline(), dialect),
        for_driver(select(SpentBallot.payload_mac).where(SpentBallot.ballot_hash == bindparam("ballot_hash")), dialect),
        for_driver(select(Response.id).where(Response.id == bindparam("former_id")), dialect),
        for_driver(
            select(WithdrawnAnswer.wave).where(WithdrawnAnswer.response == bindparam("id"), WithdrawnAnswer.is_done),
            dialect,
        ),
    )
