"""Keeps the folded counts: new responses are added by mark, and a rebuild from the bytes gives the same integers."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from surveys.cube import Cube, Integers, from_bytes, to_bytes
from surveys.instrument import get_compiled
from surveys.models.fieldwork import Wave
from surveys.models.responses import Response
from surveys.models.tallies import Tally

BATCH = 50_000
"""Responses held in memory at a time."""

MINIMUM = 10
"""New responses a city waits for, so that two looks at the counts cannot single a person out."""


class Group(NamedTuple):
    """What the responses counted together share."""

    city: str
    tier: str
    cell: str
    base_weight: int
    flagged: bool


class FoldReport(NamedTuple):
    """How many responses a fold counted, and how many wait for their city to have enough."""

    folded: int
    waiting: int

    def __str__(self) -> str:
        """Say it in one line."""
        return f"folded {self.folded} responses, {self.waiting} wait"


class CellTally(NamedTuple):
    """The counts of one group of one wave."""

    audience: str
    wave: str
    group: Group
    n: int
    counts: Integers
    cube: Cube


def fold(session: Session, *, minimum: int = MINIMUM) -> FoldReport:
    """Add the unfolded responses of every city that has enough of them, or whose wave is closed, and mark them."""
    waiting = session.execute(
        select(Response.wave, Response.city, func.count(), Wave.state)
        .join(Wave, Wave.code == Response.wave)
        .where(Response.folded.is_(False))
        .group_by(Response.wave, Response.city, Wave.state)
    ).all()
    ready = [(wave, city, n) for wave, city, n, state in waiting if n >= minimum or state != "open"]
    for wave, city, _n in ready:
        here = (Response.wave == wave, Response.city == city, Response.folded.is_(False))
        _add(session, wave, _counted(session, wave, here))
        session.execute(update(Response).where(*here).values(folded=True).execution_options(synchronize_session=False))
    folded = sum(n for _wave, _city, n in ready)
    return FoldReport(folded, sum(n for _wave, _city, n, _state in waiting) - folded)


def rebuild(session: Session, wave: str) -> int:
    """Count a wave again from its packed responses, those marked as folded; gives their number."""
    counted = _counted(session, wave, (Response.wave == wave, Response.folded.is_(True)))
    session.execute(delete(Tally).where(Tally.wave == wave))
    _store(session, wave, counted)
    return sum(n for n, _vector in counted.values())


def read(session: Session, waves: Iterable[str]) -> Iterator[CellTally]:
    """Give the counts of some waves, in a fixed order."""
    cubes = {
        code: (audience, Cube(get_compiled(session, version)))
        for code, audience, version in session.execute(
            select(Wave.code, Wave.audience, Wave.version).where(Wave.code.in_(tuple(waves)))
        )
    }
    columns = (Tally.wave, Tally.city, Tally.tier, Tally.cell, Tally.base_weight, Tally.flagged)
    for row in session.execute(select(*columns, Tally.n, Tally.counts).where(Tally.wave.in_(cubes)).order_by(*columns)):
        audience, cube = cubes[row.wave]
        yield CellTally(audience, row.wave, Group(*row[1:6]), row.n, from_bytes(row.counts), cube)


Counted = dict[Group, tuple[int, Integers]]


def _counted(session: Session, wave: str, where: tuple[object, ...]) -> Counted:
    """Count responses straight from their bytes, a batch at a time and no object per answer."""
    version = session.execute(select(Wave.version).where(Wave.code == wave)).scalar_one()
    cube = Cube(get_compiled(session, version))
    columns = (Response.city, Response.tier, Response.cell, Response.base_weight, Response.flags, Response.closed)
    rows = session.execute(select(*columns).where(*where).execution_options(yield_per=BATCH))  # type: ignore[arg-type]  # SQL expressions, typed as objects
    total: Counted = {}
    for batch in rows.partitions():
        _merge(total, _count_batch(cube, batch))
    return total


def _count_batch(cube: Cube, batch: Sequence[Sequence[Any]]) -> Counted:
    numbers: dict[tuple[str, str, str, int, bool], int] = {}
    columns = list(zip(*batch, strict=True))
    keys = zip(*columns[:4], (bool(flags) for flags in columns[4]), strict=True)
    groups = np.fromiter((numbers.setdefault(key, len(numbers)) for key in keys), dtype=np.int64)
    packed = np.frombuffer(b"".join(columns[5]), dtype=np.uint8).reshape(len(groups), -1)
    heads, vectors = cube.count(packed, groups, len(numbers))
    return {Group(*key): (int(heads[number]), vectors[number]) for key, number in numbers.items()}


def _merge(total: Counted, more: Counted) -> None:
    for group, (n, vector) in more.items():
        before = total.get(group)
        total[group] = (n, vector) if before is None else (before[0] + n, before[1] + vector)


def _add(session: Session, wave: str, counted: Counted) -> None:
    cities = {group.city for group in counted}
    stored = session.execute(
        select(Tally.city, Tally.tier, Tally.cell, Tally.base_weight, Tally.flagged, Tally.n, Tally.counts).where(
            Tally.wave == wave, Tally.city.in_(cities)
        )
    ).all()
    before = {Group(*row[:5]): (row.n, from_bytes(row.counts)) for row in stored}
    changed = {group: value for group, value in before.items() if group in counted}
    _merge(changed, counted)
    replaced = [
        {f"old_{name}": part for name, part in group._asdict().items()} for group in changed.keys() & before.keys()
    ]
    if replaced:
        this = (getattr(Tally, name) == bindparam(f"old_{name}") for name in Group._fields)
        session.connection().execute(delete(Tally).where(Tally.wave == wave, *this), replaced)
    _store(session, wave, changed)


def _store(session: Session, wave: str, counted: Counted) -> None:
    rows = [
        group._asdict() | {"wave": wave, "n": n, "counts": to_bytes(vector)} for group, (n, vector) in counted.items()
    ]
    if rows:
        session.execute(insert(Tally), rows)
