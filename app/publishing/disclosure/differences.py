"""What two publications differ by: the people between them, and totals with and without some people."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from app.publishing.disclosure.known import Known, category
from app.publishing.disclosure.sealed import SealedAudience, is_small
from app.publishing.disclosure.worlds import Finding
from app.publishing.results import CityResult, PeopleResult, PlaceResult, UnverifiedResult
from scoring.frames import Inputs
from scoring.opinion.estimates import published
from scoring.opinion.small_groups import FEWEST
from scoring.output.publishable import domains

KEYS = ["audience", "city", "cell", "tier", "base_weight", "flagged"]


def same_people(before: Inputs, after: Inputs) -> bool:
    """Tell whether two sets of counts are of the same answers, counted alike."""
    return before.cells.equals(after.cells) and before.options.equals(after.options)


class CountSet(NamedTuple):
    """A set of counts, and the groups of people a publication of it shows, by city and audience."""

    inputs: Inputs
    known: Mapping[tuple[str, str], Known]


def moved(before: CountSet, after: CountSet, source: str) -> Iterator[Finding]:
    """Give the groups that gained or lost between one and nine people; `source` names the earlier publication.

    A group that both show may be the same in both, or FEWEST and more must have come or gone: the difference of the
    publications is a publication of these people alone. The same holds for everyone, and for all who are not shown.
    Somebody who is counted otherwise than before came and went. An audience that only one of them counts is no
    difference.
    """
    if same_people(before.inputs, after.inputs):
        return
    sides = [_counts(side.inputs).add_suffix(end) for side, end in ((before, "_before"), (after, "_after"))]
    both = pd.concat(sides, axis=1).fillna(0)
    both = both.assign(change=both["n_after"] - both["n_before"])
    key = pd.concat([before.inputs.cell_key, after.inputs.cell_key]).drop_duplicates()
    for (audience, city), own in both.reset_index().groupby(["audience", "city"]):
        if not own["n_before"].any() or not own["n_after"].any():
            continue
        of = (str(city), str(audience))
        known = [side.known[of] for side in (before, after) if of in side.known]
        yield from _moved_groups(of, own, (key[key["audience"] == audience], known), source)
        is_other = (own["total_before"] != own["total_after"]) | (own["total_sq_before"] != own["total_sq_after"])
        if (is_other & (own["change"] == 0)).any() or _chose_otherwise(before.inputs, after.inputs, own):
            name = f"{city}/{audience}: as many people as before, with other answers"
            yield Finding(name, 1, "number of people", 1, FEWEST - 1, (source,))


def _counts(inputs: Inputs) -> pd.DataFrame:
    counting = inputs.cells[inputs.cells["base_weight"] > 0]
    return counting.set_index([*KEYS, "area"])[["n", "total", "total_sq"]]


def _moved_groups(
    of: tuple[str, str], own: pd.DataFrame, key_and_known: tuple[pd.DataFrame, list[Known]], source: str
) -> Iterator[Finding]:
    """Compare everyone, each group that every publication shows, and the people of no such group, area by area."""
    key, publications = key_and_known
    by_cell = {str(trait): dict(zip(at["cell"], at["category"], strict=True)) for trait, at in key.groupby("dimension")}
    for area, rows in own.groupby("area"):
        groups = {"everyone": rows["change"]}
        for trait, category_of in by_cell.items():
            shown = [{category(p.category) for p in known.people.get((trait, str(area)), ())} for known in publications]
            common = set.intersection(*shown) if shown else set()
            label = rows["cell"].map(category_of).where(lambda name, common=common: name.isin(common), "not shown")
            groups |= {f"{trait}={name}": change for name, change in rows["change"].groupby(label)}
        for name, change in groups.items():
            people = int(max(change.clip(lower=0).sum(), -change.clip(upper=0).sum()))
            if is_small(people):
                group = "/".join(filter(None, (*of, str(area), name)))
                yield Finding(
                    f"{group}: between two publications", people, "number of people", people, people, (source,)
                )


def _chose_otherwise(before: Inputs, after: Inputs, own: pd.DataFrame) -> bool:
    """Tell whether people of some cell, as many as before, chose other options."""
    heads = own[own["area"] == ""].set_index(KEYS)["change"]
    sides = [inputs.options.set_index(KEYS) for inputs in (before, after)]
    columns = sorted(set(sides[0].columns) | set(sides[1].columns))
    old, new = (side.reindex(index=heads.index, columns=columns).fillna(0) for side in sides)
    return bool(((old != new).any(axis=1) & (heads == 0)).any())


def dominated(audience: SealedAudience, rows: dict[tuple[str, str], list[PeopleResult]]) -> Iterator[tuple[str, int]]:
    """Name the shown groups of ten and more people that weigh as fewer than FEWEST, and how many they weigh as."""
    for trait in sorted({trait for trait, _area in rows}):
        own = domains(audience.view, audience.counts, trait, audience.edition)
        for (of, area), people in rows.items():
            for row in people if of == trait else ():
                size = own.size[audience.areas.index(area), own.categories.index(category(row.category))]
                if size < FEWEST:
                    yield f"{area}/{trait}={row.category}", max(1, int(size))


def without_few(rows: tuple[PlaceResult, ...], name: str, weighing: dict[str, int]) -> Iterator[tuple[str, int, str]]:
    """Name the cities whose total without the answers of a name, or number of them, tells of fewer than FEWEST.

    The name is "flagged" or "employees"; `weighing` is how many of these have a weight, by city.
    """
    for row in rows:
        people, total = weighing.get(row.city, 0), f"total_without_{name}"
        if is_small(people) and (getattr(row, total), getattr(row, f"place_without_{name}")) != (None, None):
            yield row.city, people, total
        if is_small(getattr(row, name) or 0):
            yield row.city, getattr(row, name), name


OPINION = ("total", "place", "total_opinion_only")
"""Columns of a city that its people's opinion moves."""


def with_few_unverified(
    audience: SealedAudience, headline: CityResult, beside: UnverifiedResult
) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Name the areas whose few open answers alone make a city's numbers differ from the headline, and these columns.

    Open answers enter such a number where verified ones are too few, or where nobody was verified.
    """
    columns = tuple(name for name in OPINION if getattr(beside, name) not in {None, getattr(headline, name)})
    if not columns:
        return
    view, edition = audience.view, audience.edition
    fewest = edition.blend_n if audience.name == "resident" else edition.business_n
    enters = published(view.view, edition).usable & (view.view.effective_n >= fewest)
    for area, people, is_in in zip(audience.areas, view.view.n.tolist(), enters.tolist(), strict=True):
        if is_in and is_small(people) and (view.verified is None or audience.speaks_alone(area)):
            yield area, people, columns
