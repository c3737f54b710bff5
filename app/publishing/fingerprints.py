"""A quick look at whether anything that a run is made of has changed, for the moment in which it is published.

What a run would freeze takes a second to lay out as tables (app.ratings.freshness). Behind the lock of a publication,
where everybody else's answers wait, the rows that those tables are made of are enough.
"""

import hashlib
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.indicators.queries import current_values
from app.ratings.models import Run
from surveys.models import Wave
from surveys.population.margins import read_margins
from surveys.tallies import folding


def fingerprint_of_inputs(session: Session, run: Run) -> str:
    """Give the SHA-256, in hex, of the rows that an official run of this order would be made of in this transaction."""
    whole = hashlib.sha256()
    for line in _lines(session, run):
        whole.update(hashlib.sha256(line).digest())
    return whole.hexdigest()


def _lines(session: Session, run: Run) -> Iterator[bytes]:
    codes = run.waves.split()
    waves = select(Wave.code, Wave.audience, Wave.version).where(Wave.code.in_(codes)).order_by(Wave.code)
    yield from (repr(tuple(row)).encode() for row in session.execute(waves))
    for tally in folding.read(session, codes):
        yield repr((tally.wave, *tally.group, tally.n)).encode() + tally.counts.tobytes()
    yield from (repr(tuple(margin)).encode() for margin in read_margins(session))
    for value in current_values(session, run.period, "accepted"):
        measured = (value.city, value.indicator, str(value.status), value.numerator, value.denominator)
        yield repr((*measured, value.not_accepted, value.unreviewed, value.late)).encode()
