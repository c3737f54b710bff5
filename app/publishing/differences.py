"""What another run does to each city, and which inputs did it: totals and places, values, waves, choices.

Reads stored tables and the journal alone, in two statements and without pandas, so that a page can show it;
app.publishing.comparison compares everything.
"""

import gzip
from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.models import JournalRow
from app.clock import day_of
from app.ratings.models import EXAMINATION, OFFICIAL, Run, RunFrame
from app.ratings.stored import rows_of

WANTED = (("output", "cities"), ("output", "places"), ("input", "indicators"), ("input", EXAMINATION))


class Frames(NamedTuple):
    """The tables that are read of some runs, by run and name."""

    tables: Mapping[tuple[str, str], bytes]

    def inputs_of(self, run: str) -> Mapping[str, bytes]:
        """Give those of a run's input tables that tell its values and how they were examined."""
        kinds = {kind for side, kind in WANTED if side == "input"}
        return {kind: table for (each, kind), table in self.tables.items() if each == run and kind in kinds}


class CityStanding(NamedTuple):
    """Where a city stands in a run; None where it is not rated."""

    place: int | None
    total: float | None
    shared: tuple[int, int] | None = None
    """The first and the last of the places that it shares with cities which chance does not tell from it."""

    @property
    def order(self) -> tuple[bool, int]:
        """Give what cities are sorted by as the portal has them; those of one group stand by the alphabet."""
        return self.place is None, (self.shared or (self.place or 0,))[0]


class ValueChange(NamedTuple):
    """A value that two runs count differently: numerators over denominators, or the word of its status."""

    indicator: str
    before: str
    after: str
    examined_before: tuple[str, ...] = ()
    """What was to be known of how it was examined: not_accepted, unreviewed, late."""
    examined_after: tuple[str, ...] = ()
    accepted_on: date | None = None
    """The day on which what an official run counts after was accepted; None for what nobody examined."""


class _ExaminedValue(NamedTuple):
    """What a run counts as a value, and how that was examined."""

    value: str
    examined: tuple[str, ...] = ()


class CityChange(NamedTuple):
    """A city in two runs, and its own values that differ."""

    city: str
    before: CityStanding
    after: CityStanding
    values: tuple[ValueChange, ...]

    @property
    def moved(self) -> bool:
        """Whether its place or its total, as they are shown, differ."""
        shown = [
            (each.shared or each.place, None if each.total is None else round(each.total, 1))
            for each in (self.before, self.after)
        ]
        return shown[0] != shown[1]


class Differences(NamedTuple):
    """What tells two runs apart."""

    cities: tuple[CityChange, ...]
    waves_added: tuple[str, ...]
    waves_removed: tuple[str, ...]
    choices: tuple[tuple[str, str, str], ...]
    """Field, before and after, of edition, alpha and period."""
    other_code: bool


def read_frames(session: Session, runs: tuple[str, ...]) -> Frames:
    """Read the tables of some runs that differences are made of, in one statement."""
    columns = (RunFrame.run, RunFrame.side, RunFrame.kind, RunFrame.csv_gz)
    kinds = {kind for _side, kind in WANTED}
    rows = session.execute(select(*columns).where(RunFrame.run.in_(runs), RunFrame.kind.in_(kinds)))
    found = [row for row in rows if (row.side, row.kind) in WANTED]
    return Frames({(row.run, row.kind): gzip.decompress(row.csv_gz) for row in found})


def differences(session: Session, frames: Frames, first: Run, second: Run) -> Differences:
    """Compare two runs city by city, in the order of places after."""
    before, after = (standings(frames, run.id) for run in (first, second))
    values = _value_changes(session, frames, first, second)
    nothing = CityStanding(None, None)
    cities = [
        CityChange(city, before.get(city, nothing), after.get(city, nothing), tuple(values.get(city, ())))
        for city in sorted(before.keys() | after.keys())
    ]
    old, new = (set(run.waves.split()) for run in (first, second))
    fields = ("edition", "period", "alpha")
    return Differences(
        cities=tuple(sorted(cities, key=lambda each: (each.after.order, each.city))),
        waves_added=tuple(sorted(new - old)),
        waves_removed=tuple(sorted(old - new)),
        choices=tuple(
            (field, getattr(first, field), getattr(second, field))
            for field in fields
            if getattr(first, field) != getattr(second, field)
        ),
        other_code=first.code_digest != second.code_digest,
    )


def standings(frames: Frames, run: str) -> dict[str, CityStanding]:
    """Give each city's place and total in a run, and the places that it shares, as the portal groups them."""
    rows = list(rows_of(frames.tables[run, "cities"]))
    places = {row["city"]: int(float(row["place"])) for row in rows if row["place"]}
    shared = _shared(frames.tables.get((run, "places"), b""), places)
    return {
        row["city"]: CityStanding(
            places.get(row["city"]), float(row["total"]) if row["total"] else None, shared.get(row["city"])
        )
        for row in rows
    }


def _shared(table: bytes, places: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Give the first and the last place of each group of two cities or more."""
    groups: dict[str, list[str]] = {}
    of_city = {row["city"]: row["tied_group"] for row in rows_of(table) if row["tied_group"]}
    for city in sorted(of_city.keys() & places.keys(), key=lambda each: (places[each], each)):
        groups.setdefault(of_city[city], []).append(city)
    spans: dict[str, tuple[int, int]] = {}
    first = 1
    for cities in groups.values():
        last = first + len(cities) - 1
        spans |= dict.fromkeys(cities, (first, last)) if last > first else {}
        first = last + 1
    return spans


def _value_changes(session: Session, frames: Frames, first: Run, second: Run) -> dict[str, list[ValueChange]]:
    tells = all((run.id, EXAMINATION) in frames.tables for run in (first, second))
    before, after = (_values(frames, run.id, tells) for run in (first, second))
    nothing = _ExaminedValue("")
    differing = [key for key in sorted(before.keys() | after.keys()) if before.get(key) != after.get(key)]
    accepted = _days_accepted(session, second) if differing else {}
    changes: dict[str, list[ValueChange]] = {}
    for city, indicator in differing:
        old, new = (of_run.get((city, indicator), nothing) for of_run in (before, after))
        day = None if "unreviewed" in new.examined else accepted.get((city, indicator))
        change = ValueChange(indicator, old.value, new.value, old.examined, new.examined, day)
        changes.setdefault(city, []).append(change)
    return changes


def _values(frames: Frames, run: str, tells: bool) -> dict[tuple[str, str], _ExaminedValue]:
    """Read what a run counts; how values were examined is left out where one of two runs says nothing of it."""
    examined = (
        {(row["city"], row["indicator"]): _marks(row) for row in rows_of(frames.tables[run, EXAMINATION])}
        if tells
        else {}
    )
    return {
        (row["city"], row["indicator"]): _ExaminedValue(
            f"{row['numerator']}/{row['denominator']}" if row["status"] == "reported" else row["status"],
            examined.get((row["city"], row["indicator"]), ()),
        )
        for row in rows_of(frames.tables[run, "indicators"])
    }


def _marks(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(name for name in ("not_accepted", "unreviewed", "late") if row[name] == "1")


def _days_accepted(session: Session, run: Run) -> dict[tuple[str, str], date]:
    """Read from the journal on which day each value of an official run was accepted: the last time before the run."""
    if run.kind != OFFICIAL:
        return {}
    made = select(JournalRow.seq).where(JournalRow.event == "run.made", JournalRow.object_id == run.id)
    rows = session.execute(
        select(JournalRow.object_id, func.max(JournalRow.at))
        .where(
            JournalRow.event == "value.accepted",
            JournalRow.object_id.startswith(f"{run.period}/", autoescape=True),
            JournalRow.seq < made.scalar_subquery(),
        )
        .group_by(JournalRow.object_id)
    )
    days = {}
    for key, at in rows:
        _period, city, indicator = key.split("/")
        days[city, indicator] = day_of(datetime.fromisoformat(at))
    return days
