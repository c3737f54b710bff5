"""Verification of the journal: the whole chain, or the first row that does not hold.

Whoever can change the database can write the chain anew from any row on; then the heads that others kept tell.
"""

import csv
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import StringIO
from typing import Any, NamedTuple

from sqlalchemy import Result, select
from sqlalchemy.orm import Session

from app.audit.journal import GENESIS, canonical_hash
from app.audit.models import JournalCheck, JournalRow

HEAD_COLUMNS = ["day", "seq", "hash"]
_BATCH = 2_000


class Fault(StrEnum):
    """What is wrong with a row."""

    GAP = "gap"
    """A row before it is missing, or stands there twice."""
    LINK = "link"
    """It does not follow the row before it."""
    HASH = "hash"
    """Its texts are not those that were hashed."""
    HEAD = "head"
    """It is not the row that a published head names."""
    END = "end"
    """A published head names it, and the journal ends before it."""


class Head(NamedTuple):
    """The last row of a day, as it was published."""

    day: str
    seq: int
    hash: str


class BrokenRow(NamedTuple):
    """The first row that does not hold."""

    seq: int
    fault: Fault


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification found: the number of rows that hold, from which moment on, and the first that does not."""

    rows: int
    since: str
    """Moment of the first row; empty for an empty journal."""
    broken: BrokenRow | None

    @property
    def is_whole(self) -> bool:
        """Whether every row holds."""
        return self.broken is None


class HeadsFileError(ValueError):
    """A file of heads that cannot be read; the message names the line."""


class BrokenJournalError(RuntimeError):
    """The journal is not the one that was written."""


def verify(session: Session, heads: Iterable[Head] = ()) -> Verification:
    """Go through the whole chain, and compare it with heads that were published; about a second for 100,000 rows."""
    named: dict[int, set[str]] = {}
    for head in heads:
        named.setdefault(head.seq, set()).add(head.hash)
    previous, number, since = GENESIS, 0, ""
    with closing(_stored(session)) as rows:
        for row in map(_Row._make, rows):
            broken = _fault(row, number + 1, previous, named)
            if broken:
                return Verification(number, since, broken)
            number, previous, since = row.seq, row.hash, since or row.at
    beyond = [seq for seq in sorted(named) if seq > number]
    return Verification(number, since, BrokenRow(beyond[0], Fault.END) if beyond else None)


class _Row(NamedTuple):
    """A row of the journal as it is stored: in the order of HASHED, then the hash."""

    seq: int
    at: str
    actor: int | None
    event: str
    object_kind: str
    object_id: str
    city: str | None
    detail: str
    bulk: str | None
    previous_hash: str
    hash: str


def _stored(session: Session) -> Result[Any]:
    columns = [getattr(JournalRow, name) for name in _Row._fields]
    return session.execute(select(*columns).order_by(JournalRow.seq).execution_options(yield_per=_BATCH))


def _fault(row: _Row, seq: int, previous: str, named: dict[int, set[str]]) -> BrokenRow | None:
    """Give what is wrong with a row that should have a number and follow a hash."""
    if row.seq != seq:
        return BrokenRow(min(row.seq, seq), Fault.GAP)
    if row.previous_hash != previous:
        return BrokenRow(seq, Fault.LINK)
    if row.hash != canonical_hash(row._asdict()):
        return BrokenRow(seq, Fault.HASH)
    if named.get(seq, {row.hash}) != {row.hash}:
        return BrokenRow(seq, Fault.HEAD)
    return None


def read_heads(text: str) -> tuple[Head, ...]:
    """Read a saved /data/journal-heads.csv; raises HeadsFileError."""
    rows = list(csv.reader(StringIO(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))))
    if not rows or rows[0] != HEAD_COLUMNS:
        raise HeadsFileError(f"line 1: the columns are {','.join(HEAD_COLUMNS)}")
    return tuple(_read_head(number, row) for number, row in enumerate(rows[1:], 2) if row)


def _read_head(number: int, row: list[str]) -> Head:
    try:
        day, seq, digest = row
        return Head(day, int(seq), digest)
    except ValueError:
        raise HeadsFileError(f"line {number}: a day, a number and a hash are needed") from None


def keep_check(session: Session, finding: Verification, at: datetime) -> None:
    """Keep what a verification found, for the banner and the page of the journal."""
    broken_seq, fault = finding.broken or (None, "")
    session.merge(JournalCheck(checked_at=at, rows=finding.rows, broken_seq=broken_seq, fault=str(fault)))


def last_check(session: Session) -> JournalCheck | None:
    """Give the newest verification; None before the first."""
    return session.scalars(select(JournalCheck).order_by(JournalCheck.checked_at.desc()).limit(1)).first()
