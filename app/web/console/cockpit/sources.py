"""Which city and which rating a page of the cockpit is about, and the tables it reads: one statement each."""

import gzip
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from flask import abort
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person, cities_of
from app.publishing.models import Publication
from app.ratings.models import Run, RunFrame
from app.ratings.stored import rows_of
from app.web.console.tables import Args
from app.web.console.values.listing import visible_cities
from app.web.language import pick
from app.web.rating.gap import GapArea
from scoring.edition import Edition, load_edition
from scoring.rounding import half_up
from surveys.languages import Text3

MOST_TRIALS = 5
MOST_RUNS = 60


@dataclass(frozen=True, slots=True)
class RatedRun:
    """A run that can be looked at: of a publication that stands, or a trial."""

    run: Run
    publication: int | None
    published_on: date | None

    @property
    def word(self) -> str:
        """Give the words of the address: which publication or which trial."""
        return f"publication={self.publication}" if self.publication else f"trial={self.run.id}"


@dataclass(frozen=True, slots=True)
class CockpitScope:
    """The city and the rating that an address asks for, and what else can be chosen."""

    city: str
    cities: Mapping[str, str]
    choices: tuple[RatedRun, ...]
    chosen: RatedRun | None

    @property
    def publications(self) -> tuple[RatedRun, ...]:
        """List those that were published, the oldest first."""
        found = [each for each in self.choices if each.publication]
        return tuple(sorted(found, key=lambda each: each.publication or 0))

    @property
    def edition(self) -> Edition:
        """Give the edition of the rating; there must be one."""
        if self.chosen is None:
            abort(404)
        return load_edition(self.chosen.run.edition)


Tables = Mapping[tuple[str, str], bytes]
"""Tables of runs, by run and name."""


def scope_of(
    session: Session, person: Person, args: Args, permission: Permission = Permission.SEE_COCKPIT
) -> CockpitScope:
    """Find the city and the rating: without words of the address one's own, or the first city, and the newest one.

    Another city than one may see is not there (404).
    """
    cities = visible_cities(cities_of(person.grants, permission))
    city = args.get("city", "") or next(iter(cities), "")
    if city not in cities:
        abort(404)
    choices = _choices(session)
    return CockpitScope(city, cities, choices, _chosen(choices, args))


def _choices(session: Session) -> tuple[RatedRun, ...]:
    """List what can be looked at: standing publications, the newest first, then the newest trials."""
    statement = (
        select(Run, Publication.number, Publication.published_on)
        .outerjoin(Publication, Publication.run == Run.id)
        .where(or_(Publication.state == "published", Run.kind == "trial"))
        .order_by(Run.finished_on.desc(), Run.id)
        .limit(MOST_RUNS)
    )
    rows = [RatedRun(*row) for row in session.execute(statement)]
    published = sorted((each for each in rows if each.publication), key=lambda each: -(each.publication or 0))
    return (*published, *[each for each in rows if not each.publication][:MOST_TRIALS])


def _chosen(choices: tuple[RatedRun, ...], args: Args) -> RatedRun | None:
    wanted = {f"{word}={args[word]}" for word in ("publication", "trial") if args.get(word)}
    if not wanted:
        return next(iter(choices), None)
    return next((each for each in choices if each.word in wanted), None) or abort(404)


def read_tables(session: Session, wanted: Mapping[str, Collection[str]]) -> Tables:
    """Read tables of runs, by run the names of those that are wanted; what is not there is left out."""
    columns = (RunFrame.run, RunFrame.kind, RunFrame.csv_gz)
    these = [(RunFrame.run == run) & RunFrame.kind.in_(sorted(kinds)) for run, kinds in wanted.items()]
    rows = session.execute(select(*columns).where(or_(*these))) if these else ()
    return {(run, kind): gzip.decompress(content) for run, kind, content in rows}


def area_names(edition: Edition) -> dict[str, str]:
    """Name the areas of an edition in the language of the page."""
    return {area.code: pick(Text3(*area.name)) for area in edition.areas}


def gap_areas(edition: Edition, table: bytes) -> dict[str, list[GapArea]]:
    """Read what indicators and people say, as the portal rounds it: city → areas in the order of the edition."""
    names = area_names(edition)
    found = {(row["city"], row["area"]): row for row in rows_of(table)}
    cities = dict.fromkeys(city for city, _area in found)
    return {
        city: [
            GapArea(
                name,
                half_up(_float(row["indicators"]), 1),
                half_up(_float(row["opinion"]), 1),
                half_up(_float(row["opinion_se"]), 2),
            )
            for code, name in names.items()
            if (row := found.get((city, code)))
        ]
        for city in cities
    }


def _float(text: str) -> float | None:
    return float(text) if text else None
