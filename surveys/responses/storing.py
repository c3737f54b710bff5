"""Stores one checked answer in one durable transaction, in the database driver's own SQL.

The wave's state is read inside that transaction, so no memory of an earlier state can let an answer in. On SQLite the
transaction holds the only write lock; on PostgreSQL everything is one statement, sent in one round trip.
"""

import hmac
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple, Protocol

from surveys.errors import SurveyError
from surveys.models.responses import FULL_WEIGHT


class ConflictError(SurveyError):
    """The ballot was used with other answers, which stay, or its answer was taken back."""


class WaveNotOpenError(SurveyError):
    """The wave takes no answers (now, or from this city)."""


class Driver(Protocol):
    """A connection of sqlite3 or psycopg, inside a transaction or with each statement its own."""

    def execute(self, statement: str, parameters: Any, /) -> Any:
        """Run one statement; gives a cursor."""
        ...


class Wish(NamedTuple):
    """A suggestion as it is stored: a random id, and personal data masked."""

    id: str
    area: str
    text: str


class Entry(NamedTuple):
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


_COLUMNS = "id, wave, city, version, tier, cell, lang, channel, mode, day, closed, flags, links, receipt"
_VALUES = re.sub(r"\w+", r":\g<0>", _COLUMNS)

_ASKS_HERE = (
    "SELECT wave.code FROM wave JOIN wave_city ON wave_city.wave = wave.code WHERE wave.code = :wave "
    "AND wave_city.city = :city AND wave.audience = :audience AND wave.state IN ('open', :also)"
)
_SPEND = (
    "INSERT INTO spent_ballot (ballot_hash, payload_mac) VALUES (:ballot_hash, :payload_mac) ON CONFLICT DO NOTHING"
)
_RESPOND = f"INSERT INTO response ({_COLUMNS}, base_weight, folded) VALUES ({_VALUES}, {FULL_WEIGHT}, FALSE)"  # noqa: S608 - constants of this module
_WISH = (
    "INSERT INTO comment (wave, city, lang, day, state, id, area, text) "
    "VALUES (:wave, :city, :lang, :day, 'pending', :wish_id, :area, :text)"
)
_SPENT_BEFORE = (
    "SELECT payload_mac, EXISTS (SELECT 1 FROM response WHERE id = :id) FROM spent_ballot "
    "WHERE ballot_hash = :ballot_hash"
)


def _for_psycopg(statement: str) -> str:
    return re.sub(r"(?<!:):(\w+)", r"%(\1)s", statement)


_ALL_AT_ONCE = _for_psycopg(
    f"WITH asks AS ({_ASKS_HERE}), "  # noqa: S608 - constants of this module
    "spent AS (INSERT INTO spent_ballot (ballot_hash, payload_mac) SELECT :ballot_hash, :payload_mac FROM asks "
    "ON CONFLICT DO NOTHING RETURNING 1), "
    f"stored AS (INSERT INTO response ({_COLUMNS}, base_weight, folded) "
    f"SELECT {_VALUES}, {FULL_WEIGHT}, FALSE FROM spent), "
    "wishes AS (INSERT INTO comment (wave, city, lang, day, state, id, area, text) "
    "SELECT :wave, :city, :lang, :day, 'pending', wish.* FROM spent, "
    "unnest(:wish_ids::text[], :wish_areas::text[], :wish_texts::text[]) AS wish) "
    "SELECT (SELECT count(*) FROM asks), (SELECT count(*) FROM spent)"
)
_SPENT_BEFORE_POSTGRESQL = _for_psycopg(_SPENT_BEFORE)


def store(driver: Driver, entry: Entry, *, after_closing: bool = False) -> bool:
    """Store an answer; False when exactly this one was stored before.

    Raises WaveNotOpenError unless the wave asks in this city and is open (or closed and not yet frozen, with
    `after_closing`), and ConflictError when the ballot was used with other content or its answer was taken back.
    """
    values = entry._asdict() | {"also": "closed" if after_closing else "open"}
    return _in_sqlite(driver, values) if type(driver).__module__ == "sqlite3" else _in_postgresql(driver, values)


def _in_sqlite(driver: Driver, values: dict[str, Any]) -> bool:
    wishes = values.pop("wishes")
    values["day"] = values["day"].isoformat()
    if driver.execute(_ASKS_HERE, values).fetchone() is None:
        raise WaveNotOpenError(values["wave"])
    if driver.execute(_SPEND, values).rowcount == 0:
        _compare(driver.execute(_SPENT_BEFORE, values).fetchone(), values)
        return False
    driver.execute(_RESPOND, values)
    for wish in wishes:
        driver.execute(_WISH, values | {"wish_id": wish.id, "area": wish.area, "text": wish.text})
    return True


def _in_postgresql(driver: Driver, values: dict[str, Any]) -> bool:
    wishes = values.pop("wishes")
    values |= {f"wish_{name}s": [getattr(wish, name) for wish in wishes] for name in Wish._fields}
    asks, spent = driver.execute(_ALL_AT_ONCE, values).fetchone()
    if not asks:
        raise WaveNotOpenError(values["wave"])
    if not spent:
        # A statement of its own: the first one cannot see a ballot that was spent while it waited.
        _compare(driver.execute(_SPENT_BEFORE_POSTGRESQL, values).fetchone(), values)
    return bool(spent)


def _compare(spent: tuple[str, bool], values: Mapping[str, Any]) -> None:
    payload_mac, is_there = spent
    if not is_there or not hmac.compare_digest(payload_mac, values["payload_mac"]):
        raise ConflictError(values["ballot_hash"])
