"""Shares of answers and scores of groups of people, per audience and city, with their errors."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from scoring.edition import Edition
from scoring.opinion.estimates import AudienceView, TierView
from scoring.opinion.measures import measures, sums_of
from scoring.opinion.raking import Floats
from scoring.opinion.samples import Counts
from scoring.opinion.variance import Sums, means, own_pairs
from scoring.totals.cities import CityScores

FEWEST = 10
"""Answers from which a number is shown for a group of people."""

_HIDDEN = (None, None, None, "too_few")
Row = tuple[object, ...]


class Items(NamedTuple):
    """Estimates of any number of items: mean, standard error and how many answered."""

    mean: Floats
    se: Floats
    n: Floats


def share_rows(cities: Sequence[CityScores], counts: Mapping[str, Counts], edition: Edition) -> Iterator[Row]:
    """Give every measure of every question per audience and city, on 0-100 (net promoter scores on -100 to 100)."""
    known = {audience: measures(counted.option_columns) for audience, counted in counts.items()}
    for city in cities:
        for audience, seen in city.audiences.items():
            found = known[audience]
            if not found:
                continue
            shares = open_shares(seen, [measure.area for measure in found], edition)
            items = _mixed(seen, shares, lambda tier, found=found: sums_of(tier.sample.options, found))  # type: ignore[misc]  # a default binds the loop's value
            for measure, mean, se, n in zip(found, *items, strict=True):
                shown = (mean, se) if n >= FEWEST else (None, None)
                yield audience, city.city, measure.question, measure.name, *shown, int(n)


def domain_rows(cities: Sequence[CityScores], counts: Mapping[str, Counts], edition: Edition) -> Iterator[Row]:
    """Give every area's score among the people of each category of each trait of the cells.

    A category of fewer than FEWEST answers is left out, and so many of the next smallest with it that no difference
    gives it away.
    """
    for city in cities:
        for audience, seen in city.audiences.items():
            for trait in counts[audience].traits:
                yield from _trait_rows(city.city, audience, (seen, counts[audience], trait), edition)


def hidden(n: Sequence[float]) -> list[bool]:
    """Say which categories of a trait may not be shown, by their numbers of answers."""
    order = sorted(range(len(n)), key=lambda place: n[place])
    out = {place for place in order if n[place] < FEWEST}
    for place in order:
        if not out or (len(out) > 1 and sum(n[each] for each in out) >= FEWEST):
            break
        out.add(place)
    return [place in out for place in range(len(n))]


def _trait_rows(city: str, audience: str, asked: tuple[AudienceView, Counts, str], edition: Edition) -> Iterator[Row]:
    seen, counts, trait = asked
    of_tier = {tier.sample.tier: np.array(counts.categories(tier.sample.cells, trait)) for tier in seen.tiers}
    categories = sorted({str(category) for found in of_tier.values() for category in found})
    areas = seen.view.areas

    def inside(tier: TierView) -> Sums:
        member = of_tier[tier.sample.tier][:, None] == np.array(categories)
        return Sums(*((cells[:, :, None] * member[:, None, :]).reshape(len(cells), -1) for cells in tier.sample.sums))

    shares = np.repeat(open_shares(seen, areas, edition), len(categories))
    items = _mixed(seen, shares, inside)
    mean, se, n = (part.reshape(len(areas), -1) for part in items)
    for row, area in enumerate(areas):
        for place, is_hidden in enumerate(hidden(n[row].tolist())):
            shown = (mean[row, place], se[row, place], int(n[row, place]), "")
            yield audience, city, area, trait, categories[place], *(_HIDDEN if is_hidden else shown)


def open_shares(seen: AudienceView, areas: Sequence[str], edition: Edition) -> Floats:
    """Give λ of each item by its area; an item of no area takes part where any area does."""
    mixed = {area for area, note in zip(seen.view.areas, seen.tier_notes, strict=True) if note == "mixed"}
    return np.array([float(edition.open_share) if (a in mixed or (not a and mixed)) else 0.0 for a in areas])


def _mixed(seen: AudienceView, open_shares: Floats, sums: Callable[[TierView], Sums]) -> Items:
    """Estimate items in each tier and mix them; the open tier keeps out of an item that one of the tiers lacks."""
    by_tier = {tier.sample.tier: _estimated(tier, sums(tier)) for tier in seen.tiers}
    if len(by_tier) == 1:
        (only,) = by_tier.values()
        return only
    verified, voluntary = by_tier["verified"], by_tier["open"]
    share = np.where(np.isnan(verified.mean) | np.isnan(voluntary.mean), 0.0, open_shares)
    mean = (1 - share) * verified.mean + np.where(share > 0, share * voluntary.mean, 0.0)
    se = np.hypot((1 - share) * verified.se, np.where(share > 0, share * voluntary.se, 0.0))
    return Items(mean, se, verified.n + np.where(share > 0, voluntary.n, 0.0))


def _estimated(tier: TierView, cells: Sums) -> Items:
    sums = Sums(*(tier.weights.gather(part) for part in cells))
    mean = means(tier.weights, sums)
    variance = tier.replicates.covariances(sums, own_pairs(sums))
    if not tier.weights.is_usable:
        mean = np.full_like(mean, np.nan)
    se = np.where(np.isnan(mean), np.nan, np.sqrt(np.maximum(variance, 0.0)))
    return Items(mean, se, sums.n.sum(axis=0))
