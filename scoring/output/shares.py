"""Shares of answers and scores of groups of people, per audience and city, with their errors.

These are the tables of a run, which stay as they are; `scoring.output.publishable` says what may be published of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from scoring.edition import Edition
from scoring.opinion.estimates import AudienceView, TierView
from scoring.opinion.measures import measures, sums_of
from scoring.opinion.raking import Floats
from scoring.opinion.samples import Counts
from scoring.opinion.small_groups import FEWEST
from scoring.opinion.variance import Sums, means, own_pairs
from scoring.totals.cities import CityScores

_HIDDEN = (None, None, None, "too_few")
TableRow = tuple[object, ...]


class Items(NamedTuple):
    """Estimates of any number of items: mean, standard error and how many answered."""

    mean: Floats
    se: Floats
    n: Floats


def share_rows(cities: Sequence[CityScores], counts: Mapping[str, Counts], edition: Edition) -> Iterator[TableRow]:
    """Give every measure of every question per audience and city, on 0-100 (net promoter scores on -100 to 100)."""
    by_audience = {audience: measures(audience_counts.option_columns) for audience, audience_counts in counts.items()}
    for city in cities:
        for audience, audience_view in city.audiences.items():
            own = by_audience[audience]
            if not own:
                continue
            shares = open_shares(audience_view, [measure.area for measure in own], edition)
            items = _mixed(audience_view, shares, lambda tier, own=own: sums_of(tier.sample.options, own))  # type: ignore[misc]  # a default binds the loop's value
            for measure, mean, se, n in zip(own, *items, strict=True):
                numbers = (mean, se) if n >= FEWEST else (None, None)
                yield audience, city.city, measure.question, measure.name, *numbers, int(n)


def domain_rows(cities: Sequence[CityScores], counts: Mapping[str, Counts], edition: Edition) -> Iterator[TableRow]:
    """Give every area's score among the people of each category of each trait of the cells.

    A category of fewer than FEWEST answers is left out, and so many of the next smallest with it that no difference
    gives it away.
    """
    for city in cities:
        for audience, audience_view in city.audiences.items():
            for trait in counts[audience].traits:
                yield from _trait_rows(city.city, audience, (audience_view, counts[audience], trait), edition)


def hidden(n: Sequence[float]) -> list[bool]:
    """Say which categories of a trait may not be shown, by their numbers of answers."""
    order = sorted(range(len(n)), key=lambda index: n[index])
    left_out = {index for index in order if n[index] < FEWEST}
    for index in order:
        if not left_out or (len(left_out) > 1 and sum(n[each] for each in left_out) >= FEWEST):
            break
        left_out.add(index)
    return [index in left_out for index in range(len(n))]


def _trait_rows(
    city: str, audience: str, trait_of: tuple[AudienceView, Counts, str], edition: Edition
) -> Iterator[TableRow]:
    audience_view, counts, trait = trait_of
    of_tier = {tier.sample.tier: np.array(counts.categories(tier.sample.cells, trait)) for tier in audience_view.tiers}
    categories = sorted({str(category) for own in of_tier.values() for category in own})
    areas = audience_view.view.areas

    def inside(tier: TierView) -> Sums:
        member = of_tier[tier.sample.tier][:, None] == np.array(categories)
        return Sums(*((cells[:, :, None] * member[:, None, :]).reshape(len(cells), -1) for cells in tier.sample.sums))

    shares = np.repeat(open_shares(audience_view, areas, edition), len(categories))
    items = _mixed(audience_view, shares, inside)
    mean, se, n = (part.reshape(len(areas), -1) for part in items)
    for row, area in enumerate(areas):
        for column, is_hidden in enumerate(hidden(n[row].tolist())):
            numbers = (mean[row, column], se[row, column], int(n[row, column]), "")
            yield audience, city, area, trait, categories[column], *(_HIDDEN if is_hidden else numbers)


def open_shares(audience_view: AudienceView, areas: Sequence[str], edition: Edition) -> Floats:
    """Give λ of each item by its area; an item of no area takes part where any area does."""
    mixed = {
        area for area, note in zip(audience_view.view.areas, audience_view.tier_notes, strict=True) if note == "mixed"
    }
    return np.array([float(edition.open_share) if (a in mixed or (not a and mixed)) else 0.0 for a in areas])


def _mixed(audience_view: AudienceView, open_shares: Floats, sums: Callable[[TierView], Sums]) -> Items:
    """Estimate items in each tier and mix them; the open tier keeps out of an item that one of the tiers lacks."""
    by_tier = {tier.sample.tier: _estimated(tier, sums(tier)) for tier in audience_view.tiers}
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
