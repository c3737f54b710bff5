"""The one seam between answers and scoring: frozen counts and values as the tables scoring takes."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from app.indicators.queries import current_values
from scoring.frames import CONTRACTS, Inputs
from surveys import tallies
from surveys.cells import parse_cell
from surveys.cube import Integers
from surveys.margins import read_margins

EVERYONE = ""
"""In place of an area: all respondents of the cell."""


def gather_inputs(session: Session, *, period: str, waves: Iterable[str]) -> Inputs:
    """Read everything a rating of a period needs, as of this transaction."""
    counted = list(tallies.read(session, waves))
    return Inputs(
        indicators=_indicators(session, period),
        cells=_cells(counted),
        cell_key=_cell_key(counted),
        margins=_table("margins", (tuple(margin) for margin in read_margins(session))),
        scales=_scales(counted),
        pairs=_pairs(counted),
    )


def _indicators(session: Session, period: str) -> pd.DataFrame:
    rows = (
        # A fraction of a value that was not reported is never looked at; 0/1 only fills the columns.
        (row.city, row.indicator, str(row.status), row.numerator or 0, row.denominator or 1)
        for row in current_values(session, period)
    )
    return _table("indicators", rows)


def _cells(counted: list[tallies.CellTally]) -> pd.DataFrame:
    # Several waves of one audience add up: their groups are the same people's traits.
    sums: dict[tuple[str, tallies.Group, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for tally in counted:
        _add(sums[tally.audience, tally.group, EVERYONE], (tally.n, 0, 0))
        for area, counts in tally.cube.area_counts(tally.counts).items():
            _add(sums[tally.audience, tally.group, area], counts)
    rows = (
        (audience, group.city, group.cell, area, *values, group.tier, group.base_weight, int(group.flagged))
        for (audience, group, area), values in sums.items()
    )
    return pd.DataFrame(list(rows), columns=[*CONTRACTS["cells"], "tier", "base_weight", "flagged"])


def _pairs(counted: list[tallies.CellTally]) -> pd.DataFrame:
    """Lay the sums of pairs of areas out, a column a sum: with them errors of totals are exact, not upper bounds."""
    frames = [_pairs_of(audience, counted) for audience in sorted({tally.audience for tally in counted})]
    return pd.concat(frames, ignore_index=True).fillna(0) if frames else pd.DataFrame()


def _pairs_of(audience: str, counted: list[tallies.CellTally]) -> pd.DataFrame:
    sums: dict[tallies.Group, Integers] = {}
    areas: tuple[str, ...] = ()
    for tally in counted:
        if tally.audience == audience:
            areas = tally.cube.areas
            pairs = tally.cube.pair_counts(tally.counts)
            sums[tally.group] = sums[tally.group] + pairs if tally.group in sums else pairs
    # Scoring takes areas by code: a symmetric sum stands once, under the pair in that order.
    once = np.array([[first <= second for second in areas] for first in areas])
    kept = {"joint": once, "left": np.ones_like(once), "cross": once}
    names = [f"{name}:{areas[j]}:{areas[k]}" for name, mask in kept.items() for j, k in np.argwhere(mask)]
    wide = np.stack(list(sums.values()))[:, np.stack(list(kept.values()))]
    keys = pd.DataFrame(
        [(audience, g.city, g.cell, g.tier, g.base_weight, int(g.flagged)) for g in sums],
        columns=["audience", "city", "cell", "tier", "base_weight", "flagged"],
    )
    return pd.concat((keys, pd.DataFrame(wide, columns=names)), axis=1)


def _cell_key(counted: list[tallies.CellTally]) -> pd.DataFrame:
    cells = sorted({(tally.audience, tally.group.cell) for tally in counted})
    rows = ((audience, cell, *part) for audience, cell in cells for part in parse_cell(cell).items())
    return _table("cell_key", rows)


def _scales(counted: list[tallies.CellTally]) -> pd.DataFrame:
    scales = {
        (tally.audience, area, tally.cube.compiled.area_scale(area)) for tally in counted for area in tally.cube.areas
    }
    return _table("scales", sorted(scales))


def _add(into: list[int], more: Iterable[int]) -> None:
    for place, value in enumerate(more):
        into[place] += value


def _table(name: str, rows: Iterable[tuple[object, ...]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(CONTRACTS[name]))
