"""Population margins: published counts that answers are weighted to, with source, universe and day."""

import hashlib
import json
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from surveys.models.margins import MarginRecord, MarginSource
from surveys.population.places import load_places

AUDIENCE = "resident"
"""No margins of enterprises by size or sector were published for cities: businesses are not weighted."""


class MarginCount(NamedTuple):
    """People of one category of one dimension in a city."""

    audience: str
    city: str
    dimension: str
    category: str
    people: int


def published_margins() -> tuple[MarginCount, ...]:
    """List the margins that the places file gives: sex in every city, district where a city has them.

    Sex × age was published for three cities with cuts at 16, 58 and 63 years that differ by sex and fit no ten-year
    band, so it is not used.
    """
    return tuple(_by_sex()) + tuple(_by_district())


def store_margins(session: Session) -> int:
    """Keep the published margins with their source; gives the number of counts. Storing them again changes nothing."""
    places, counts = load_places(), published_margins()
    digest = hashlib.sha256(json.dumps(counts).encode()).hexdigest()
    source = session.execute(
        select(MarginSource).where(MarginSource.title == places.population_source)
    ).scalar_one_or_none()
    if source is None:
        source = MarginSource(title=places.population_source, universe=places.population_universe)
        session.add(source)
    elif source.sha256 == digest:
        return len(counts)
    source.as_of, source.sha256 = places.population_as_of, digest
    session.flush()
    session.execute(delete(MarginRecord).where(MarginRecord.source == source.id))
    session.add_all(MarginRecord(source=source.id, **count._asdict()) for count in counts)
    session.flush()
    return len(counts)


def read_margins(session: Session) -> tuple[MarginCount, ...]:
    """Read all margins in a fixed order."""
    columns = [getattr(MarginRecord, name) for name in MarginCount._fields]
    return tuple(MarginCount(*row) for row in session.execute(select(*columns).order_by(*columns[:4])))


def _by_sex() -> Iterator[MarginCount]:
    for city in load_places().cities:
        yield MarginCount(AUDIENCE, city.code, "sex", "f", city.women)
        yield MarginCount(AUDIENCE, city.code, "sex", "m", city.men)


def _by_district() -> Iterator[MarginCount]:
    for district in load_places().districts:
        yield MarginCount(AUDIENCE, district.city, "district", district.code, district.men + district.women)
