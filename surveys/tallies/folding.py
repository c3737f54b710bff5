"""Keeps the folded counts: new responses are added by mark, and a rebuild from the bytes gives the same integers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from sqlalchemy import (
    ColumnElement,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from surveys.models.fieldwork import Wave
from surveys.models.responses import UNFOLDED, Response
from surveys.models.tallies import MINIMUM, Tally
from surveys.questionnaire.packing import row_size
from surveys.questionnaire.versions import get_compiled
from surveys.sql import Source, grouped_bytes, hold_counts
from surveys.tallies.cube import Cube, Integers, from_bytes, to_bytes

BATCH = 4_000_000
"""Bytes of responses counted at a time."""


class TallyGroup(NamedTuple):
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
    group: TallyGroup
    n: int
    counts: Integers
    cube: Cube


def fold(session: Session, *, minimum: int = MINIMUM) -> FoldReport:
    """Add the unfolded responses of every city that has enough of them, or whose wave is closed, and mark them."""
    hold_counts(session)
    waiting = session.execute(
        select(Response.wave, Response.city, func.count(), Wave.state)
        .join(Wave, Wave.code == Response.wave)
        .where(UNFOLDED)
        .group_by(Response.wave, Response.city, Wave.state)
    ).all()
    ready: dict[str, list[str]] = {}
    for wave, city, n, state in waiting:
        if n >= minimum or state != "open":
            ready.setdefault(wave, []).append(city)
    folded = sum(_fold_cities(session, wave, cities) for wave, cities in ready.items())
    return FoldReport(folded, max(0, sum(n for _wave, _city, n, _state in waiting) - folded))


def _fold_cities(session: Session, wave: str, cities: Sequence[str]) -> int:
    # Marking and reading are one statement: an answer that arrives in between is neither marked nor counted.
    here = (Response.wave == wave, Response.city.in_(cities), UNFOLDED)
    group_counts = _count_of(session, wave, update(Response).where(*here).values(folded=True).returning(*_READ))
    add(session, wave, group_counts)
    return sum(n for n, _vector in group_counts.values())


def rebuild(session: Session, wave: str) -> int:
    """Count a wave again from its packed responses, those marked as folded; gives their number."""
    hold_counts(session)
    group_counts = count(session, wave, (Response.folded.is_(True),))
    session.execute(delete(Tally).where(Tally.wave == wave))
    _store(session, wave, group_counts)
    return sum(n for n, _vector in group_counts.values())


def subtract(session: Session, wave: str, where: Sequence[ColumnElement[bool]]) -> None:
    """Take folded responses out of the counts, before they are deleted or weigh differently."""
    hold_counts(session)
    add(session, wave, difference({}, count(session, wave, where)))


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
        yield CellTally(audience, row.wave, TallyGroup(*row[1:6]), row.n, from_bytes(row.counts), cube)


GroupCounts = dict[TallyGroup, tuple[int, Integers]]
"""Heads and count vector of each group."""

_FLAGGED = (Response.flags != 0).label("flagged")
_READ = (Response.city, Response.tier, Response.cell, Response.base_weight, _FLAGGED, Response.closed)
"""The fields of Group, then the bytes."""


def count(session: Session, wave: str, where: Sequence[ColumnElement[bool]]) -> GroupCounts:
    """Count some responses of a wave straight from their bytes, a batch at a time and no object per answer."""
    return _count_of(session, wave, select(*_READ).where(Response.wave == wave, *where))


def _count_of(session: Session, wave: str, source: Source) -> GroupCounts:
    version = session.execute(select(Wave.version).where(Wave.code == wave)).scalar_one()
    return count_rows(Cube(get_compiled(session, version)), _grouped(session, source))


def count_rows(cube: Cube, grouped: Iterable[tuple[TallyGroup, bytes]]) -> GroupCounts:
    """Count bytes of responses by their group; one item may hold several responses."""
    row = row_size(cube.compiled)
    total: GroupCounts = {}
    for batch in _batches(grouped):
        packed = np.frombuffer(b"".join(batch.values()), dtype=np.uint8).reshape(-1, row)
        sizes = np.array([len(rows) // row for rows in batch.values()], dtype=np.int64)
        vectors = cube.count(packed, sizes)
        _merge(total, {group: (int(sizes[index]), vectors[index]) for index, group in enumerate(batch)})
    return total


def _grouped(session: Session, source: Source) -> Iterator[tuple[TallyGroup, bytes]]:
    """Give bytes of responses with their group; one item may hold several responses."""
    for city, tier, cell, base_weight, flagged, closed in grouped_bytes(session, source):
        yield TallyGroup(city, tier, cell, base_weight, flagged), closed


def _batches(grouped: Iterable[tuple[TallyGroup, bytes]]) -> Iterator[dict[TallyGroup, bytes]]:
    waiting: defaultdict[TallyGroup, list[bytes]] = defaultdict(list)
    size = 0
    for group, rows in grouped:
        waiting[group].append(rows)
        size += len(rows)
        if size >= BATCH:
            yield {group: b"".join(parts) for group, parts in waiting.items()}
            waiting.clear()
            size = 0
    if waiting:
        yield {group: b"".join(parts) for group, parts in waiting.items()}


def _merge(total: GroupCounts, more: GroupCounts) -> None:
    for group, (n, vector) in more.items():
        before = total.get(group)
        total[group] = (n, vector) if before is None else (before[0] + n, before[1] + vector)


def difference(group_counts: GroupCounts, less: GroupCounts) -> GroupCounts:
    """Give what `counted` has more than `less`, group by group; negative where it has less."""
    result = dict(group_counts)
    _merge(result, {group: (-n, -vector) for group, (n, vector) in less.items()})
    return result


def add(session: Session, wave: str, more: GroupCounts) -> None:
    """Add counts to the stored ones, or take them out where they are negative; a group of nobody is removed."""
    # Wider than the groups themselves, but narrow enough to read one group for one answer.
    near = (getattr(Tally, name).in_({getattr(group, name) for group in more}) for name in ("city", "tier", "cell"))
    key = (Tally.city, Tally.tier, Tally.cell, Tally.base_weight, Tally.flagged)
    stored = session.execute(select(*key, Tally.n, Tally.counts).where(Tally.wave == wave, *near)).all()
    changed = {group: (row.n, from_bytes(row.counts)) for row in stored if (group := TallyGroup(*row[:5])) in more}
    before = set(changed)
    _merge(changed, more)
    replaced = [{f"old_{name}": part for name, part in group._asdict().items()} for group in before]
    if replaced:
        this = (getattr(Tally, name) == bindparam(f"old_{name}") for name in TallyGroup._fields)
        session.connection().execute(delete(Tally).where(Tally.wave == wave, *this), replaced)
    _store(session, wave, {group: value for group, value in changed.items() if value[0]})


def _store(session: Session, wave: str, group_counts: GroupCounts) -> None:
    rows = [
        group._asdict() | {"wave": wave, "n": n, "counts": to_bytes(vector)}
        for group, (n, vector) in group_counts.items()
    ]
    if rows:
        session.execute(insert(Tally), rows)
