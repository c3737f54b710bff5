"""Releases with one mistake each, planted into real ones, and releases without any."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from app.database import Database
from app.publishing.bundle import Bundle
from app.publishing.disclosure.examine import Release
from app.publishing.disclosure.sealed import SealedAudience
from app.publishing.queries import get_derivation
from app.ratings.execution import stored_inputs
from scoring.derivation.nodes import OTHERS
from scoring.edition import load_edition
from scoring.frames import Inputs

CITY_TABLES = (
    "city_results",
    "place_results",
    "unverified_results",
    "area_results",
    "tier_results",
    "estimates",
    "shares",
    "people",
)
CELL = ["audience", "city", "cell", "tier", "base_weight", "flagged"]
CITIES = ("almaty", "astana", "shymkent", "aktobe", "karaganda", "pavlodar", "oral", "kostanay")


class Shelf:
    """The releases of single cities of one publication, safe as they are."""

    def __init__(self, database: Database, bundle: Bundle) -> None:
        with database.reading() as session:
            self.inputs = stored_inputs(session, bundle.run)
            self.trees = {
                city: json.loads(get_derivation(session, bundle.number, city) or b"{}") for city in bundle.derivations
            }
        self.bundle = bundle
        self.edition = load_edition(bundle.method.edition)

    @cache  # noqa: B019 - one shelf a session
    def of(self, city: str) -> Release:
        """Give what was published of one city, with its counts."""
        tables = {
            name: frame[frame["city"] == city] if name in {"cells", "pairs", "options"} else frame
            for name, frame in self.inputs.tables().items()
        }
        rows = {name: tuple(row for row in getattr(self.bundle, name) if row.city == city) for name in CITY_TABLES}
        return Release(
            number=0,
            bundle=replace(self.bundle, **rows),
            trees={city: self.trees[city]},
            inputs=Inputs(**tables),
            edition=self.edition,
        )

    @cache  # noqa: B019 - one shelf a session
    def audiences(self, city: str) -> tuple[SealedAudience, ...]:
        return tuple(self.of(city).audiences())


def with_rows(release: Release, table: str, change: Any) -> Release:
    """Change rows of a table; `change` gives a row's new values, or nothing."""
    rows = tuple(replace(row, **(change(row) or {})) for row in getattr(release.bundle, table))
    return replace(release, bundle=replace(release.bundle, **{table: rows}))


def with_inputs(release: Release, **tables: pd.DataFrame) -> Release:
    return replace(release, inputs=Inputs(**(release.inputs.tables() | tables)))


def groups(audience: SealedAudience, area: str, trait: str) -> dict[str, tuple[int, float]]:
    """Count who answered an area, and give their mean, by category of a trait (one tier, as in these releases)."""
    return {kind.categories[0]: (kind.answered, kind.mean) for kind in audience.kinds(area, (trait,))}


def hidden_groups(shelf: Shelf, city: str) -> Iterator[tuple[SealedAudience, str, str, str]]:
    """List audience, area, trait and category of every small group in a city."""
    for audience in shelf.audiences(city):
        for area in audience.areas:
            for trait in audience.counts.traits:
                for name, (n, _mean) in groups(audience, area, trait).items():
                    if 0 < n < 10 and sum(each for each, _m in groups(audience, area, trait).values()) > 40:
                        yield audience, area, trait, name


def row_of(audience: SealedAudience, area: str, trait: str) -> Any:
    return lambda row: (row.audience, row.area, row.dimension) == (audience.name, area, trait)


def code(name: str) -> str:
    return "not_given" if name == "-" else name


def small_cell(shelf: Shelf, city: str, turn: int) -> Release:
    """Show a group of fewer than ten people."""
    audience, area, trait, name = pick(hidden_groups(shelf, city), turn)
    n, mean = groups(audience, area, trait)[name]
    mine = row_of(audience, area, trait)
    return with_rows(
        shelf.of(city),
        "people",
        lambda row: {"mean": float(round(mean)), "n": n} if mine(row) and row.category == code(name) else None,
    )


def two_tables(shelf: Shelf, city: str, turn: int) -> Release:
    """Hide a small group alone: the others, counted exactly, leave it when taken from the area's own number."""
    # A count that happens to be a whole ten would be read as ten numbers.
    cases = (
        (audience, area, trait, name)
        for audience, area, trait, name in hidden_groups(shelf, city)
        if all(n % 10 for n, _mean in groups(audience, area, trait).values())
        and sum(n for n, _mean in groups(audience, area, trait).values()) % 10
    )
    audience, area, trait, name = pick(cases, turn)
    own = groups(audience, area, trait)
    mine = row_of(audience, area, trait)
    exact = sum(n for n, _mean in own.values())
    shown = {code(each): numbers for each, numbers in own.items() if each != name}
    release = with_rows(
        shelf.of(city),
        "people",
        lambda row: (
            {"mean": shown[row.category][1], "n": shown[row.category][0]}
            if mine(row) and row.category in shown
            else None
        ),
    )
    return with_rows(
        release, "estimates", lambda row: {"n": exact} if (row.audience, row.area) == (audience.name, area) else None
    )


def two_dates(shelf: Shelf, city: str, turn: int) -> tuple[Release, Release]:
    """Publish again after one to nine people came."""
    release = shelf.of(city)
    cells = release.inputs.cells
    few = cells[(cells["area"] == "") & cells["n"].between(1, 9) & (cells["base_weight"] > 0)]
    gone = few.iloc[(turn * 7) % len(few)]
    stays = {
        name: frame[~(frame[CELL] == gone[CELL]).all(axis=1)]
        for name, frame in release.inputs.tables().items()
        if name in {"cells", "pairs", "options"}
    }
    return release, replace(with_inputs(release, **stays), number=1)


def total_without(shelf: Shelf, city: str, turn: int) -> Release:
    """Show the total without a few flagged answers beside the total with them."""
    release = shelf.of(city)
    cells = release.inputs.cells.assign(flagged=0)
    heads = cells[(cells["area"] == "") & cells["n"].between(1, 9)]
    chosen = heads["cell"].iloc[(turn * 5) % len(heads)]
    cells = cells.groupby([*CELL, "area"], as_index=False)[["n", "total", "total_sq"]].sum()
    cells["flagged"] = (cells["cell"] == chosen).astype(int)
    options = release.inputs.options.copy().assign(flagged=0).groupby(CELL, as_index=False).sum().copy()
    options["flagged"] = (options["cell"] == chosen).astype(int)
    flagged = with_inputs(release, cells=cells, options=options, pairs=pd.DataFrame())
    return with_rows(flagged, "place_results", lambda _row: {"flagged": 0, "total_without_flagged": 50.0})


def weights(shelf: Shelf, city: str, turn: int) -> Release:
    """Give mean weights and shares in full beside counts in tens, as derivations once did."""
    audience, area, trait, name = pick(hidden_groups(shelf, city), turn)
    kinds = [kind for kind in audience.kinds(area, (trait,)) if kind.answered]
    whole = sum(kind.weight for kind in kinds)

    def node(kind: Any, group: str) -> dict[str, Any]:
        details = {"answers": kind.answered - kind.answered % 10, "weight": kind.weight / kind.answered}
        return {"code": group, "value": float(round(kind.mean)), "weight": kind.weight / whole, "details": details}

    parts = [node(kind, f"{trait}={kind.categories[0]}") for kind in kinds if kind.categories[0] != name]
    parts += [node(kind, OTHERS) for kind in kinds if kind.categories[0] == name]
    index = audience.areas.index(area)
    value = round(float(audience.view.view.mean[index]), 1)
    tier = {"kind": "tier", "code": kinds[0].tier, "value": value, "details": {}, "parts": parts}
    questions = {"kind": "questions", "code": area, "parts": [tier]}
    tree = {"kind": "audience", "code": audience.name, "parts": [questions]}
    return replace(shelf.of(city), trees={city: tree})


def share_of_one_category(shelf: Shelf, city: str, turn: int) -> Release:
    """Give the share of a small category in the sample, in full, beside the margins."""
    audience, area, trait, name = pick(hidden_groups(shelf, city), turn)
    kinds = audience.kinds(area, (trait,))
    people = sum(kind.answered + kind.silent for kind in kinds)
    own = sum(kind.answered + kind.silent for kind in kinds if kind.categories[0] == name)
    if not 0 < own < 10:
        return small_cell(shelf, city, turn)
    index = audience.areas.index(area)
    details = {f"{trait}={name}: sample": own / people}
    value = round(float(audience.view.view.mean[index]), 1)
    tier = {"kind": "tier", "code": kinds[0].tier, "value": value, "details": details, "parts": []}
    questions = {"kind": "questions", "code": area, "parts": [tier]}
    return replace(shelf.of(city), trees={city: {"kind": "audience", "code": audience.name, "parts": [questions]}})


def numerator(shelf: Shelf, city: str, turn: int) -> Release:
    """Show a share in which fewer than ten people count."""
    audience, question, name, value, n = pick(_small_shares(shelf, city), turn)
    return with_rows(
        shelf.of(city),
        "shares",
        lambda row: (
            {"value": value, "n": n - n % 10}
            if (row.audience, row.question, row.measure) == (audience, question, name)
            else None
        ),
    )


def _small_shares(shelf: Shelf, city: str) -> Iterator[tuple[str, str, str, float, int]]:
    for audience in shelf.audiences(city):
        for question, measures in audience.measures().items():
            columns = np.flatnonzero((audience.counts.option_columns["question"] == question).to_numpy())
            (tier,) = audience.options(columns)
            for measure in measures:
                values = measure.values[columns]
                inside = ~np.isnan(values)
                people, n = int(tier.heads[inside & (values > 0)].sum()), int(tier.heads[inside].sum())
                weight = tier.weight * tier.heads
                if 0 < people < 6 and n >= 60:
                    value = float(weight[inside] @ values[inside] / weight[inside].sum())
                    yield audience.name, question, measure.name, round(value, 1), n


def dominating_business(shelf: Shelf, city: str, turn: int) -> Release:
    """Let one enterprise weigh a thousand times as much as the others of its group, which stays shown."""
    release = shelf.of(city)
    rows = [row for row in release.bundle.people if row.audience == "business" and row.mean is not None]
    shown = rows[(turn * 11) % len(rows)]
    key = release.inputs.cell_key
    mine = key[
        (key["audience"] == "business") & (key["dimension"] == shown.dimension) & (key["category"] == shown.category)
    ]["cell"]
    cells = release.inputs.cells
    is_mine = (cells["audience"] == "business") & cells["cell"].isin(mine)
    answered = cells[is_mine & (cells["area"] == shown.area) & (cells["n"] == 1)]
    one = answered["cell"].iloc[0]
    light = is_mine & (cells["cell"] != one)
    changed = cells.assign(base_weight=cells["base_weight"].where(~light, 1))
    heavy = with_inputs(release, cells=changed, options=release.inputs.options.iloc[:0], pairs=pd.DataFrame())
    business = next(each for each in heavy.audiences() if each.name == "business")
    n, mean = groups(business, shown.area, shown.dimension)[shown.category]
    row = replace(shown, n=n - n % 10, mean=float(round(mean)))
    alone = replace(heavy.bundle, estimates=(), shares=(), people=(row,))
    return replace(heavy, bundle=alone, trees={})


def pick(cases: Iterator[Any], turn: int) -> Any:
    """Take one of many cases, spread over all of them."""
    every = list(cases)
    assert every, "the city has no such group"
    return every[(turn * 13) % len(every)]


UNSAFE: Mapping[str, tuple[Any, int]] = {
    "a small cell": (small_cell, 8),
    "two tables": (two_tables, 8),
    "two publications": (two_dates, 8),
    "a total with and without": (total_without, 6),
    "mean weights": (weights, 6),
    "the share of a category": (share_of_one_category, 4),
    "a share's numerator": (numerator, 6),
    "a dominating business": (dominating_business, 4),
}
"""How a release is made unsafe, and how many times: fifty in all."""
