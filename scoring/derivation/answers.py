"""Derives what an audience of a city says down to groups of people who may be spoken of: means, shares, margins.

Groups are put together before anything is derived from them (scoring.opinion.small_groups): no node stands on fewer
than ten people, and no two nodes differ by fewer. Counts of people are in whole tens, rounded down.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.derivation.nodes import OTHERS, Detail, Node
from scoring.edition import Edition
from scoring.opinion.estimates import AudienceView, TierView, open_share_of
from scoring.opinion.measures import OptionMeasure, sums_of
from scoring.opinion.raking import Floats
from scoring.opinion.samples import Counts
from scoring.opinion.small_groups import Part, hidden, sizes, tens
from scoring.opinion.variance import Sums, means
from scoring.output.publishable import domains
from scoring.output.shares import open_shares

_Item = tuple[Floats, Floats, tuple[Node, ...]]
"""Cell by cell who answered and the sum of their points, and the groups or options that make their mean."""


class Grouping(NamedTuple):
    """The groups of one city's audience that may be shown on each area: a trait, its categories, which are shown."""

    trait: str
    categories: tuple[str, ...]
    shown: NDArray[np.bool_]

    def of(self, index: int) -> tuple[str, ...]:
        """Name the groups that are shown on an area."""
        return tuple(name for name, is_shown in zip(self.categories, self.shown[index], strict=True) if is_shown)


def grouping(audience_view: AudienceView, counts: Counts, edition: Edition) -> Grouping | None:
    """Choose the trait that shows most; a group is shown where the scores of groups show it, and in every tier alike.

    None where the cells have no traits. The open tier counts on every area, for it has a derivation of its own.
    """
    own = [_grouping(audience_view, counts, trait, edition) for trait in counts.traits]
    return max(own, key=lambda each: (int(each.shown.sum()), each.trait), default=None)


def _grouping(audience_view: AudienceView, counts: Counts, trait: str, edition: Edition) -> Grouping:
    published = domains(audience_view, counts, trait, edition)
    least = published.size
    for tier in audience_view.tiers:
        member = np.array(counts.categories(tier.sample.cells, trait))[:, None] == np.array(published.categories)
        own = [_sizes(tier, n[:, None] * member) for n in tier.sample.sums.n.T]
        least = np.minimum(least, np.array(own).reshape(least.shape))
    few = np.array([hidden(row) for row in least.tolist()], dtype=bool).reshape(least.shape)
    return Grouping(trait, published.categories, ~(few | published.hidden))


def _sizes(tier: TierView, cells: Floats) -> Floats:
    """Give the size of groups of one tier, which are columns of counts per cell."""
    heads = tier.weights.gather(cells)
    return sizes([Part(tier.weights, heads, np.ones(heads.shape[1]))])


def questions_node(
    audience_view: AudienceView, groups: Grouping | None, counts: Counts, of: tuple[str, Edition, float]
) -> Node:
    """Derive the mean of an area of the questionnaire from its tiers; `of` is area, edition and weight of the node."""
    code, edition, weight = of
    index = audience_view.view.areas.index(code)
    note = audience_view.tier_notes[index]
    shares = _shares(audience_view, open_share_of(note, edition))
    parts = tuple(
        tier_mean(tier, index, (groups, counts), shares[tier.sample.tier])
        for tier in audience_view.tiers
        if shares[tier.sample.tier] > 0
    )
    value = float(audience_view.view.mean[index])
    return Node(kind="questions", code=code, value=value, weight=weight, note=note, parts=parts)


def tier_mean(tier: TierView, index: int, grouped: tuple[Grouping | None, Counts], weight: float) -> Node:
    """Derive the mean of an area in one tier from the groups in it, with the margins they were weighted to."""
    groups, counts = grouped
    view = tier.view
    details: tuple[Detail, ...] = (
        ("answers", tens(int(view.n[index]))),
        ("effective_n", tens(float(view.effective_n[index]))),
        ("se", float(view.se[index])),
        *_margins(tier),
    )
    n, total = (cells[:, index] for cells in tier.sample.sums[:2])
    parts = tuple(_people(tier, (n, total), _members(tier, groups, counts, index)))
    value = _weighted(tier, total) / _weighted(tier, n)
    return _tier(tier, (value, weight), details, parts)


def share(audience_view: AudienceView, counts: Counts, measure: OptionMeasure, edition: Edition) -> Node:
    """Derive a share of answers, or a net promoter score, down to the weighted share of each option."""
    enters = np.flatnonzero(~np.isnan(measure.values))
    names = [str(counts.option_columns["option"].iloc[each]) for each in enters]

    def of_tier(tier: TierView) -> _Item:
        sums = sums_of(tier.sample.options, [measure])
        chosen = tier.sample.options[:, enters]
        return sums.n[:, 0], sums.total[:, 0], tuple(_options(tier, chosen, (names, measure.values[enters])))

    parts, value = _of_tiers(audience_view, float(open_shares(audience_view, [measure.area], edition)[0]), of_tier)
    return Node(kind="share", code=measure.question, value=value, note=measure.name, parts=parts)


def people_of(audience_view: AudienceView, counts: Counts, row: tuple[str, str, str], edition: Edition) -> Node:
    """Derive an area's mean among the people of one category; `row` is area, trait and category."""
    area, trait, category = row
    index = audience_view.view.areas.index(area)

    def of_tier(tier: TierView) -> _Item:
        member = np.array(counts.categories(tier.sample.cells, trait)) == category
        n, total = (cells[:, index] * member for cells in tier.sample.sums[:2])
        return n, total, tuple(_people(tier, (n, total), [(f"{trait}={category}", member)]))

    parts, value = _of_tiers(audience_view, float(open_shares(audience_view, [area], edition)[0]), of_tier)
    return Node(kind="people_of", code=f"{trait}={category}", value=value, note=area, parts=parts)


def _of_tiers(
    audience_view: AudienceView, open_share: float, of_tier: Callable[[TierView], _Item]
) -> tuple[tuple[Node, ...], float]:
    """Derive an item in each tier that takes part; the open one stays out where it has no mean of its own."""
    items = {tier.sample.tier: of_tier(tier) for tier in audience_view.tiers}
    unknown = any(np.isnan(_mean(tier, items[tier.sample.tier][:2])) for tier in audience_view.tiers)
    shares = _shares(audience_view, 0.0 if unknown else open_share)
    parts = tuple(
        _tier(
            tier,
            (_mean(tier, items[tier.sample.tier][:2]), weight),
            (("answers", tens(items[tier.sample.tier][0].sum())), *_margins(tier)),
            items[tier.sample.tier][2],
        )
        for tier in audience_view.tiers
        if (weight := shares[tier.sample.tier]) > 0
    )
    return parts, sum(part.weight * (part.value or 0.0) for part in parts)


def _mean(tier: TierView, item: tuple[Floats, Floats]) -> float:
    n, total = (tier.weights.gather(cells[:, None]) for cells in item)
    return float(means(tier.weights, Sums(n, total, total))[0])


def _shares(audience_view: AudienceView, open_share: float) -> dict[str, float]:
    if len(audience_view.tiers) == 1:
        return {audience_view.tiers[0].sample.tier: 1.0}
    return {"open": open_share, "verified": 1 - open_share}


def _tier(
    tier: TierView, value_and_weight: tuple[float, float], details: tuple[Detail, ...], parts: tuple[Node, ...]
) -> Node:
    value, weight = value_and_weight
    code, note = tier.sample.tier, tier.weights.status
    return Node(kind="tier", code=code, value=value, weight=weight, note=note, details=details, parts=parts)


def _weighted(tier: TierView, cells: Floats) -> float:
    return float(tier.weights.w @ tier.weights.gather(cells))


def _members(
    tier: TierView, groups: Grouping | None, counts: Counts, index: int
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Give each group's code and its cells; the categories that are not shown make one group, the last."""
    rest = np.ones(len(tier.sample.cells), dtype=bool)
    code = ""
    if groups is not None:
        categories = np.array(counts.categories(tier.sample.cells, groups.trait))
        for name in groups.of(index):
            code = OTHERS
            rest &= categories != name
            yield f"{groups.trait}={name}", categories == name
    yield code, rest


def _people(
    tier: TierView, item: tuple[Floats, Floats], members: Iterable[tuple[str, NDArray[np.bool_]]]
) -> Iterator[Node]:
    """Derive a weighted mean from groups of people; "" is everyone."""
    n, total = item
    whole = _weighted(tier, n)
    for code, member in members:
        weight = _weighted(tier, n * member)
        if weight > 0:
            yield Node(
                kind="people",
                code=code,
                value=_weighted(tier, total * member) / weight,
                weight=weight / whole,
                details=(("answers", tens((n * member).sum())),),
            )


def _options(tier: TierView, chosen: Floats, named: tuple[list[str], Floats]) -> Iterator[Node]:
    """Derive a share from the options that enter it; those of few people are one, which counts their mean points."""
    names, points = named
    weight = tier.weights.w @ tier.weights.gather(chosen)
    whole = float(weight.sum())
    few = np.array(hidden(_sizes(tier, chosen).tolist()), dtype=bool)
    for index in np.flatnonzero(~few).tolist():
        yield _option(names[index], float(points[index]), float(weight[index]) / whole)
    if weight[few].sum() > 0:
        together = float(weight[few].sum())
        yield _option(OTHERS, float(weight[few] @ points[few]) / together, together / whole)


def _option(code: str, value: float, weight: float) -> Node:
    return Node(kind="option", code=code, value=value, weight=weight)


def _margins(tier: TierView) -> Iterator[Detail]:
    """Give each category's share of the sample and of the population, as "sex=f: sample" and "sex=f: population".

    Those who did not tell may be few: then another category is put together with them.
    """
    weights = tier.weights
    base = weights.n * weights.base
    total = float(weights.n.sum())
    for margin in weights.margins:
        heads = weights.n @ margin.indicator()
        target = margin.targets(base[None, :])[0] / float(base.sum())
        few = hidden(heads.tolist())
        groups = [[index] for index, is_few in enumerate(few) if not is_few]
        if any(few):
            groups.append([index for index, is_few in enumerate(few) if is_few])
        for group in groups:
            name = "+".join(margin.names[index] for index in group)
            yield f"{margin.dimension}={name}: sample", float(heads[group].sum()) / total
            yield f"{margin.dimension}={name}: population", float(target[group].sum())
