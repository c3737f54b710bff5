"""What two databases must have in common to be the same: counts, published digests, lists of counted receipts."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import FromClause, func, select
from sqlalchemy.orm import Session

from app.models import metadata
from app.publishing.models import Publication, PublicationFile
from surveys.models import CountedReceipt, Response, Tally, Wave
from surveys.tallies import folding


@dataclass(frozen=True, slots=True)
class WaveSummary:
    """One wave: its answers, the digest of its counts, its list of counted receipts and that list's digest."""

    code: str
    state: str
    answers: int
    folded: int
    counts: str
    listed: int
    receipts: str

    def __str__(self) -> str:
        """Say it in one line."""
        return (
            f"wave {self.code} ({self.state}): {self.answers} answers, {self.folded} folded [{self.counts[:12]}], "
            f"{self.listed} receipts listed [{self.receipts[:12]}]"
        )


@dataclass(frozen=True, slots=True)
class Summary:
    """A database in short."""

    waves: tuple[WaveSummary, ...]
    publications: tuple[tuple[int, str], ...]
    """Number and digest of each."""
    tables: tuple[tuple[str, int], ...]
    """Name and number of rows of every table."""

    def __str__(self) -> str:
        """Say it in some lines."""
        published = (f"publication {number}: {digest[:12]}" for number, digest in self.publications)
        rows = sum(number for _name, number in self.tables)
        return "\n".join([*map(str, self.waves), *published, f"{len(self.tables)} tables, {rows} rows"])


def summarize(session: Session) -> Summary:
    """Summarize a database; reads all counts and lists, and of everything else only the number of rows."""
    waves = session.execute(select(Wave.code, Wave.state).order_by(Wave.code)).all()
    published = session.execute(select(Publication.number, Publication.bundle_sha256).order_by(Publication.number))
    return Summary(
        tuple(_wave(session, code, state) for code, state in waves),
        tuple((number, digest) for number, digest in published),
        tuple((table.name, _count(session, table)) for table in metadata.sorted_tables),
    )


def _count(session: Session, table: FromClause) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _wave(session: Session, code: str, state: str) -> WaveSummary:
    answers = session.scalar(select(func.count()).select_from(Response).where(Response.wave == code)) or 0
    folded = session.scalar(select(func.sum(Tally.n)).where(Tally.wave == code)) or 0
    listed = session.scalar(select(func.count()).select_from(CountedReceipt).where(CountedReceipt.wave == code)) or 0
    tallies, receipts = _rows(session, Tally, code), _rows(session, CountedReceipt, code)
    return WaveSummary(code, state, answers, int(folded), _digest(tallies), listed, _digest(receipts))


def _rows(session: Session, table: Any, wave: str) -> Iterable[tuple[Any, ...]]:
    rows = session.connection().execute(
        select(table.__table__).where(table.wave == wave), execution_options={"yield_per": 1000}
    )
    return (tuple(row) for row in rows)


def _digest(rows: Iterable[tuple[Any, ...]]) -> str:
    """Digest rows in no order, for two databases need not sort alike."""
    each = sorted(hashlib.sha256(repr(row).encode()).digest() for row in rows)
    return hashlib.sha256(b"".join(each)).hexdigest()


def faults(session: Session) -> Iterator[str]:
    """Find what does not agree within one database: counts beside answers, files of publications beside digests."""
    for code in session.scalars(select(Wave.code).order_by(Wave.code)):
        stored = {tally.group: (tally.n, tally.counts.tobytes()) for tally in folding.read(session, [code])}
        again = folding.count(session, code, (Response.folded.is_(True),))
        if stored != {group: (n, vector.tobytes()) for group, (n, vector) in again.items()}:
            yield f"the counts of wave {code} differ from its answers"
    yield from _broken_publications(session)


def _broken_publications(session: Session) -> Iterator[str]:
    files = select(PublicationFile.publication, PublicationFile.path, PublicationFile.sha256, PublicationFile.content)
    for number, path, digest, content in session.execute(files.execution_options(yield_per=10)):
        if hashlib.sha256(content).hexdigest() != digest:
            yield f"{path} of publication {number} is not what was published"
    before = ""
    chain = select(Publication.number, Publication.bundle_sha256, Publication.previous_sha256)
    for number, digest, previous in session.execute(chain.order_by(Publication.number)):
        if previous != before:
            yield f"publication {number} does not follow the one before it"
        before = digest
