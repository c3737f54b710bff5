"""The one seam between answers and scoring: frozen counts and values as the tables scoring takes."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ratings.models import OFFICIAL
from app.ratings.stored import RunError
from app.ratings.values import EXAMINATION_COLUMNS, REVISION_COLUMNS, read_values
from scoring.frames import CONTRACTS, Inputs
from surveys.models import Wave
from surveys.population.margins import read_margins
from surveys.questionnaire.cells import parse_cell
from surveys.questionnaire.definition import PUBLIC_AUDIENCES, Option, Question
from surveys.questionnaire.kinds import KINDS
from surveys.tallies import folding
from surveys.tallies.cube import Cube, Integers

EVERYONE = ""
"""In place of an area: all respondents of the cell."""

_KEYS = ["audience", "city", "cell", "tier", "base_weight", "flagged"]


class Gathered(NamedTuple):
    """What a run freezes: the tables that are rated, how their values were examined, and which revisions they are."""

    inputs: Inputs
    examination: pd.DataFrame
    revisions: pd.DataFrame


def gather(session: Session, *, period: str, waves: Iterable[str], kind: str) -> Gathered:
    """Read everything that a run of a kind freezes, as of this transaction.

    Raises RunError where a wave asks anybody but residents and enterprises: what staff say of their city rates nothing.
    """
    waves = tuple(waves)
    _refuse_others(session, waves)
    tallies = list(folding.read(session, waves))
    values = read_values(session, period, kind)
    inputs = Inputs(
        indicators=_table("indicators", values.indicators),
        cells=_cells(tallies),
        cell_key=_cell_key(tallies),
        margins=_table("margins", (tuple(margin) for margin in read_margins(session))),
        scales=_scales(tallies),
        pairs=_pairs(tallies),
        options=_options(tallies),
        option_key=_option_key(tallies),
    )
    examination = pd.DataFrame(list(values.examination), columns=list(EXAMINATION_COLUMNS))
    return Gathered(inputs, examination, pd.DataFrame(list(values.revisions), columns=list(REVISION_COLUMNS)))


def _refuse_others(session: Session, waves: tuple[str, ...]) -> None:
    others = select(Wave.code).where(Wave.code.in_(waves), Wave.audience.not_in(PUBLIC_AUDIENCES))
    found = sorted(session.scalars(others))
    if found:
        raise RunError(f"answers of {', '.join(found)} rate no city: it asks neither residents nor enterprises")


def gather_inputs(session: Session, *, period: str, waves: Iterable[str], kind: str = OFFICIAL) -> Inputs:
    """Read the tables that a rating of a period is made of, as of this transaction."""
    return gather(session, period=period, waves=waves, kind=kind).inputs


def _cells(tallies: list[folding.CellTally]) -> pd.DataFrame:
    # Several waves of one audience add up: their groups are the same people's traits.
    sums: dict[tuple[str, folding.TallyGroup, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for tally in tallies:
        _add(sums[tally.audience, tally.group, EVERYONE], (tally.n, 0, 0))
        for area, counts in tally.cube.area_counts(tally.counts).items():
            _add(sums[tally.audience, tally.group, area], counts)
    rows = (
        (audience, group.city, group.cell, area, *values, group.tier, group.base_weight, int(group.flagged))
        for (audience, group, area), values in sums.items()
    )
    return pd.DataFrame(list(rows), columns=[*CONTRACTS["cells"], "tier", "base_weight", "flagged"])


def _pairs(tallies: list[folding.CellTally]) -> pd.DataFrame:
    """Lay the sums of pairs of areas out, a column a sum: with them errors of totals are exact, not upper bounds."""
    frames = [_pairs_of(audience, tallies) for audience in sorted({tally.audience for tally in tallies})]
    return pd.concat(frames, ignore_index=True).fillna(0) if frames else pd.DataFrame()


def _pairs_of(audience: str, tallies: list[folding.CellTally]) -> pd.DataFrame:
    sums: dict[folding.TallyGroup, Integers] = {}
    areas: tuple[str, ...] = ()
    for tally in tallies:
        if tally.audience == audience:
            areas = tally.cube.areas
            pairs = tally.cube.pair_counts(tally.counts)
            sums[tally.group] = sums[tally.group] + pairs if tally.group in sums else pairs
    # Scoring takes areas by code: a symmetric sum has one column, under the pair in that order.
    once = np.array([[first <= second for second in areas] for first in areas])
    masks = {"joint": once, "left": np.ones_like(once), "cross": once}
    names = [f"{name}:{areas[j]}:{areas[k]}" for name, mask in masks.items() for j, k in np.argwhere(mask)]
    wide = np.stack(list(sums.values()))[:, np.stack(list(masks.values()))]
    return pd.concat((_keys(audience, sums), pd.DataFrame(wide, columns=names)), axis=1)


def _options(tallies: list[folding.CellTally]) -> pd.DataFrame:
    """Lay the counts of options out, a column an option: shares of answers and of "hard to say" come from them."""
    frames = [_options_of(audience, tallies) for audience in sorted({tally.audience for tally in tallies})]
    return pd.concat(frames, ignore_index=True).fillna(0) if frames else pd.DataFrame()


def _options_of(audience: str, tallies: list[folding.CellTally]) -> pd.DataFrame:
    mine = [tally for tally in tallies if tally.audience == audience]
    frames: list[pd.DataFrame] = []
    for wave in sorted({tally.wave for tally in mine}):
        of_wave = [tally for tally in mine if tally.wave == wave]
        cube = of_wave[0].cube
        vectors = np.stack([tally.counts for tally in of_wave]).T
        columns: dict[str, Integers] = {}
        for question in asked_about(cube):
            counts = cube.option_counts(vectors, question.code)
            # A byte holds an option's position, from 1: surveys.questionnaire.compiled.
            columns |= {f"{question.code}:{option.code}": counts[1 + n] for n, option in enumerate(question.options)}
        keys = _keys(audience, [tally.group for tally in of_wave])
        frames.append(pd.concat((keys, pd.DataFrame(columns)), axis=1))
    # Of several waves of one audience the counts of a group add up, as in _cells.
    whole: pd.DataFrame = pd.concat(frames).fillna(0).groupby(_KEYS, as_index=False).sum()
    return whole


def _option_key(tallies: list[folding.CellTally]) -> pd.DataFrame:
    cubes = {tally.wave: (tally.audience, tally.cube) for tally in tallies}
    rows = {
        (audience, question.code, option.code, question.area or "", points(question, option), int(option.apart))
        for audience, cube in cubes.values()
        for question in asked_about(cube)
        for option in question.options
    }
    return _table("option_key", sorted(rows))


def asked_about(cube: Cube) -> list[Question]:
    """List the questions whose options are reported: one answer each, and not a trait the sample is weighted by."""
    # Ticks of a multiple choice are not shares of people, and a trait's shares are those of its margin.
    closed = cube.compiled.closed
    return [question for question in closed if not KINDS[question.kind].several and question.weighting is None]


def points(question: Question, option: Option) -> int:
    """Give what an option counts as: its points on the scale, mirrored where the question is put in reverse."""
    value = KINDS[question.kind].points(question, option.code) if question.scored else option.value
    return value or 0


def _cell_key(tallies: list[folding.CellTally]) -> pd.DataFrame:
    cells = sorted({(tally.audience, tally.group.cell) for tally in tallies})
    rows = ((audience, cell, *part) for audience, cell in cells for part in parse_cell(cell).items())
    return _table("cell_key", rows)


def _keys(audience: str, groups: Iterable[folding.TallyGroup]) -> pd.DataFrame:
    rows = [(audience, g.city, g.cell, g.tier, g.base_weight, int(g.flagged)) for g in groups]
    return pd.DataFrame(rows, columns=_KEYS)


def _scales(tallies: list[folding.CellTally]) -> pd.DataFrame:
    scales = {
        (tally.audience, area, tally.cube.compiled.area_scale(area)) for tally in tallies for area in tally.cube.areas
    }
    return _table("scales", sorted(scales))


def _add(into: list[int], more: Iterable[int]) -> None:
    for index, value in enumerate(more):
        into[index] += value


def _table(name: str, rows: Iterable[tuple[object, ...]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(CONTRACTS[name]))
