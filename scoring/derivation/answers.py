"""Derives what an audience of a city says down to people who are weighted alike: means, shares, groups of people."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from scoring.derivation.nodes import Detail, Node
from scoring.edition import Edition
from scoring.opinion.estimates import AudienceView, TierView, open_share_of
from scoring.opinion.measures import OptionMeasure, sums_of
from scoring.opinion.raking import Floats
from scoring.opinion.samples import Counts
from scoring.opinion.variance import Sums, means
from scoring.output.shares import open_shares


class _Item(NamedTuple):
    """What is averaged, cell by cell: who answered, the sum of their points, and which option counts as how much."""

    n: Floats
    total: Floats
    options: tuple[tuple[str, float, Floats], ...] = ()


def questions_node(audience_view: AudienceView, code: str, edition: Edition, weight: float) -> Node:
    """Derive the mean of an area of the questionnaire from its tiers."""
    index = audience_view.view.areas.index(code)
    note = audience_view.tier_notes[index]
    shares = _shares(audience_view, open_share_of(note, edition))
    parts = tuple(
        tier_mean(tier, index, shares[tier.sample.tier]) for tier in audience_view.tiers if shares[tier.sample.tier] > 0
    )
    value = float(audience_view.view.mean[index])
    return Node(kind="questions", code=code, value=value, weight=weight, note=note, parts=parts)


def tier_mean(tier: TierView, index: int, weight: float) -> Node:
    """Derive the mean of an area in one tier from the people in it, with the margins they were weighted to."""
    n, total = (cells[:, index] for cells in tier.sample.sums[:2])
    view = tier.view
    details: tuple[Detail, ...] = (
        ("answers", int(view.n[index])),
        ("effective_n", float(view.effective_n[index])),
        ("se", float(view.se[index])),
        *_margins(tier),
    )
    return _tier(tier, _Item(n, total), weight, details)


def share(audience_view: AudienceView, counts: Counts, measure: OptionMeasure, edition: Edition) -> Node:
    """Derive a share of answers, or a net promoter score, down to the counts of each option."""
    names = counts.option_columns["option"].tolist()

    def of_tier(tier: TierView) -> _Item:
        sums = sums_of(tier.sample.options, [measure])
        options = zip(names, measure.values.tolist(), tier.sample.options.T, strict=True)
        return _Item(sums.n[:, 0], sums.total[:, 0], tuple(each for each in options if not np.isnan(each[1])))

    parts, value = _of_tiers(audience_view, float(open_shares(audience_view, [measure.area], edition)[0]), of_tier)
    return Node(kind="share", code=measure.question, value=value, note=measure.name, parts=parts)


def people_of(audience_view: AudienceView, counts: Counts, row: tuple[str, str, str], edition: Edition) -> Node:
    """Derive an area's mean among the people of one category; `row` is area, trait and category."""
    area, trait, category = row
    index = audience_view.view.areas.index(area)

    def of_tier(tier: TierView) -> _Item:
        member = np.array(counts.categories(tier.sample.cells, trait)) == category
        n, total = (cells[:, index] * member for cells in tier.sample.sums[:2])
        return _Item(n, total)

    parts, value = _of_tiers(audience_view, float(open_shares(audience_view, [area], edition)[0]), of_tier)
    return Node(kind="people_of", code=f"{trait}={category}", value=value, note=area, parts=parts)


def _of_tiers(
    audience_view: AudienceView, open_share: float, of_tier: Callable[[TierView], _Item]
) -> tuple[tuple[Node, ...], float]:
    """Derive an item in each tier that takes part; the open one stays out where it has no mean of its own."""
    items = {tier.sample.tier: of_tier(tier) for tier in audience_view.tiers}
    unknown = any(np.isnan(_mean(tier, items[tier.sample.tier])) for tier in audience_view.tiers)
    shares = _shares(audience_view, 0.0 if unknown else open_share)
    parts = tuple(
        _tier(
            tier, items[tier.sample.tier], weight, (("answers", int(items[tier.sample.tier].n.sum())), *_margins(tier))
        )
        for tier in audience_view.tiers
        if (weight := shares[tier.sample.tier]) > 0
    )
    return parts, sum(part.weight * (part.value or 0.0) for part in parts)


def _mean(tier: TierView, item: _Item) -> float:
    n, total = (tier.weights.gather(cells[:, None]) for cells in item[:2])
    return float(means(tier.weights, Sums(n, total, total))[0])


def _shares(audience_view: AudienceView, open_share: float) -> dict[str, float]:
    if len(audience_view.tiers) == 1:
        return {audience_view.tiers[0].sample.tier: 1.0}
    return {"open": open_share, "verified": 1 - open_share}


def _tier(tier: TierView, item: _Item, weight: float, details: tuple[Detail, ...]) -> Node:
    """Derive a weighted mean from the people who are weighted alike."""
    weights = tier.weights
    counts, totals = (weights.gather(cells) for cells in item[:2])
    options = [(code, points, weights.gather(cells)) for code, points, cells in item.options]
    whole = float(weights.w @ counts)
    parts = tuple(
        Node(
            kind="people",
            code=_described(tier, stratum),
            value=float(totals[stratum] / counts[stratum]),
            weight=float(weights.w[stratum] * counts[stratum]) / whole,
            details=(("answers", int(counts[stratum])), ("weight", float(weights.w[stratum]))),
            parts=tuple(
                Node(kind="option", code=code, value=points, weight=float(of[stratum] / counts[stratum]))
                for code, points, of in options
                if of[stratum] > 0
            ),
        )
        for stratum in np.flatnonzero(counts).tolist()
    )
    value = float(weights.w @ totals) / whole
    return Node(
        kind="tier",
        code=tier.sample.tier,
        value=value,
        weight=weight,
        note=weights.status,
        details=details,
        parts=parts,
    )


def _described(tier: TierView, stratum: int) -> str:
    return ";".join(f"{m.dimension}={m.names[m.codes[stratum]]}" for m in tier.weights.margins)


def _margins(tier: TierView) -> Iterator[Detail]:
    """Give each category's share of the sample and of the population, as "sex=f: sample" and "sex=f: population"."""
    weights = tier.weights
    base = weights.n * weights.base
    total = float(weights.n.sum())
    for margin in weights.margins:
        sample = weights.n @ margin.indicator() / total
        target = margin.targets(base[None, :])[0] / float(base.sum())
        for index, name in enumerate(margin.names):
            yield f"{margin.dimension}={name}: sample", float(sample[index])
            yield f"{margin.dimension}={name}: population", float(target[index])
