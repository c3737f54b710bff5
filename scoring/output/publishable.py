"""Says which shares of answers and which groups of people may be published, and who they are (docs/scoring.md)."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.edition import Edition
from scoring.opinion.estimates import AudienceView, TierView
from scoring.opinion.measures import OptionMeasure, measures, sums_of
from scoring.opinion.raking import Floats
from scoring.opinion.samples import Counts
from scoring.opinion.small_groups import FEWEST, Part, hidden, sizes
from scoring.opinion.variance import Sums, means
from scoring.output.shares import open_shares
from scoring.output.tables import Result

EXTREME = 5.0
"""Points that a score keeps from 0 and 100, per largest small group: nearer, everybody in the group said the same."""

_OPTION = "option:"


class Withheld(NamedTuple):
    """The keys of the rows that may not be published.

    `shares`: audience, city, question, measure. `groups`: audience, city, area, dimension, category.
    """

    shares: frozenset[tuple[str, ...]]
    groups: frozenset[tuple[str, ...]]


def withheld(result: Result) -> Withheld:
    """Say which rows of a rating's tables stand on too few people or would give some away."""
    return Withheld(frozenset(_few_shares(result)), frozenset(_few_groups(result)))


def _few_shares(result: Result) -> Iterator[tuple[str, ...]]:
    for city in result.cities:
        for audience, audience_view in city.audiences.items():
            own = measures(result.counts[audience].option_columns)
            if own:
                shares = open_shares(audience_view, [measure.area for measure in own], result.edition)
                for measure, is_few in zip(own, _too_few(audience_view, own, shares), strict=True):
                    if is_few:
                        yield audience, city.city, measure.question, measure.name


def _few_groups(result: Result) -> Iterator[tuple[str, ...]]:
    for city in result.cities:
        for audience, audience_view in city.audiences.items():
            for trait in result.counts[audience].traits:
                own = domains(audience_view, result.counts[audience], trait, result.edition)
                for row, column in np.argwhere(own.hidden).tolist():
                    yield audience, city.city, audience_view.view.areas[row], trait, own.categories[column]


def _too_few(audience_view: AudienceView, own: Sequence[OptionMeasure], shares: Floats) -> NDArray[np.bool_]:
    """Say which measures stand on too few: those who count in it, or those who do not, are fewer than FEWEST.

    Of a percentage they are its numerator and the rest; of a net promoter score, all but the detractors, and all but
    the promoters. Options of one question add up to 100, so where one is hidden others are hidden with it.
    """
    above = [measure._replace(values=_indicator(measure.values, np.nanmin(measure.values))) for measure in own]
    below = [measure._replace(values=_indicator(measure.values, np.nanmax(measure.values))) for measure in own]
    entering, others = (_numerators(audience_view, shares, each) for each in (above, below))
    few: NDArray[np.bool_] = np.minimum(entering, others) < FEWEST
    for question in {measure.question for measure in own}:
        options = [i for i, m in enumerate(own) if m.question == question and m.name.startswith(_OPTION)]
        few[options] |= np.array(hidden(entering[options].tolist()), dtype=bool)
    return few


def _indicator(values: Floats, end: float) -> Floats:
    return np.where(np.isnan(values), np.nan, np.where(values == end, 0.0, 1.0))


def _numerators(audience_view: AudienceView, shares: Floats, noughts_and_ones: Sequence[OptionMeasure]) -> Floats:
    """Give the size of the group that each measure of noughts and ones counts."""

    def sums(tier: TierView) -> Sums:
        return sums_of(tier.sample.options, noughts_and_ones)

    parts = []
    for tier, share in _takes_part(audience_view, shares, sums):
        of_tier = sums(tier)
        heads, entering = (tier.weights.gather(part) for part in of_tier[:2])
        parts.append(Part(tier.weights, entering, _per(share, tier.weights.w @ heads)))
    return sizes(parts)


class Domains(NamedTuple):
    """The people of each category of a trait on each area; the arrays are areas × categories."""

    categories: tuple[str, ...]
    mean: Floats
    n: Floats
    size: Floats
    hidden: NDArray[np.bool_]


def domains(audience_view: AudienceView, counts: Counts, trait: str, edition: Edition) -> Domains:
    """Say what the people of each category of a trait think of each area, and who may not be shown."""
    categories, shares, inside = _inside(audience_view, counts, trait, edition)
    shape = (len(audience_view.view.areas), len(categories))
    mean, n, size = (part.reshape(shape) for part in _sized(audience_view, shares, inside))
    small = np.where(_of_one_mind(mean, n), 0.0, size)
    is_hidden = np.array([hidden(row) for row in small.tolist()], dtype=bool).reshape(shape)
    return Domains(categories, mean, n, size, is_hidden)


def _inside(
    audience_view: AudienceView, counts: Counts, trait: str, edition: Edition
) -> tuple[tuple[str, ...], Floats, Callable[[TierView], Sums]]:
    """Give the categories of a trait, λ of each area among each, and the sums of each area among each."""
    of_tier = {tier.sample.tier: np.array(counts.categories(tier.sample.cells, trait)) for tier in audience_view.tiers}
    categories = tuple(sorted({str(category) for own in of_tier.values() for category in own}))

    def inside(tier: TierView) -> Sums:
        member = of_tier[tier.sample.tier][:, None] == np.array(categories)
        return Sums(*((cells[:, :, None] * member[:, None, :]).reshape(len(cells), -1) for cells in tier.sample.sums))

    return categories, np.repeat(open_shares(audience_view, audience_view.view.areas, edition), len(categories)), inside


def _of_one_mind(mean: Floats, n: Floats) -> NDArray[np.bool_]:
    """Say whose mean is so near 0 or 100 that it tells what each few of them said."""
    near: NDArray[np.bool_] = np.minimum(mean, 100 - mean) * n < EXTREME * (FEWEST - 1)
    return near


def _takes_part(
    audience_view: AudienceView, open_shares: Floats, sums: Callable[[TierView], Sums]
) -> list[tuple[TierView, Floats]]:
    """Give the share of each tier in each item; the open tier keeps out of an item that one of the tiers lacks."""
    if len(audience_view.tiers) == 1:
        return [(audience_view.tiers[0], np.ones(len(open_shares)))]
    by_tier = {tier.sample.tier: tier for tier in audience_view.tiers}
    unknown = [np.isnan(_mean(tier, sums(tier))) for tier in by_tier.values()]
    share = np.where(np.logical_or(*unknown), 0.0, open_shares)
    return [(by_tier["verified"], 1 - share), (by_tier["open"], share)]


def _mean(tier: TierView, cells: Sums) -> Floats:
    mean = means(tier.weights, Sums(*(tier.weights.gather(part) for part in cells)))
    return mean if tier.weights.is_usable else np.full_like(mean, np.nan)


def _per(share: Floats, weight: Floats) -> Floats:
    return np.divide(share, weight, out=np.zeros_like(weight), where=weight > 0)


def _sized(
    audience_view: AudienceView, open_shares: Floats, sums: Callable[[TierView], Sums]
) -> tuple[Floats, Floats, Floats]:
    """Estimate items in each tier and mix them: mean, how many answered, and their size as a group."""
    mean, n = np.zeros(len(open_shares)), np.zeros(len(open_shares))
    parts = []
    for tier, share in _takes_part(audience_view, open_shares, sums):
        heads = tier.weights.gather(sums(tier).n)
        mean += np.where(share > 0, share * _mean(tier, sums(tier)), 0.0)
        n += np.where(share > 0, heads.sum(axis=0), 0.0)
        parts.append(Part(tier.weights, heads, _per(share, tier.weights.w @ heads)))
    return mean, n, sizes(parts)
