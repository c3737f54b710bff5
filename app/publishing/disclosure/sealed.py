"""What a publication is computed from, cut as finely as published tables can speak of it: the truth an attack is after.

An outsider is taken to know every weight, and which kinds of people answered at all: more than anyone outside knows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.edition import Edition
from scoring.opinion.estimates import VERIFIED_TOO_FEW, AudienceView, TierView
from scoring.opinion.measures import OptionMeasure, measures
from scoring.opinion.samples import Counts
from scoring.opinion.small_groups import FEWEST

Floats = NDArray[np.float64]
POINT = 25.0
"""Points between two answers of one question."""

Categories = tuple[str, ...]


class PeopleKind(NamedTuple):
    """People of one tier who are alike by some traits: who they are, how many answered an area, how many did not.

    `weight` is the weight of those who answered, together, `mean` their mean in points; `is_even` says that each of
    them weighs the same.
    """

    tier: str
    categories: Categories
    answered: int
    silent: int
    weight: float
    mean: float
    is_even: bool


class Options(NamedTuple):
    """The options of a question in one tier: how many chose each, and the mean weight of those who did."""

    tier: str
    heads: NDArray[np.int64]
    weight: Floats
    silent: int


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SealedAudience:
    """One audience of one city, by the edition of one publication."""

    city: str
    name: str
    view: AudienceView
    counts: Counts
    edition: Edition

    @property
    def areas(self) -> tuple[str, ...]:
        """Areas that were asked about."""
        return self.view.view.areas

    def step(self, area: str) -> float:
        """Give the distance in points between two scores that one person can have on an area."""
        return POINT / int(self.counts.scales[area])

    def open_share(self, area: str) -> float:
        """Give the share of open answers in an area's mean where both tiers take part."""
        if len(self.view.tiers) == 1:
            return 0.0
        note = self.view.tier_notes[self.areas.index(area)]
        return float(self.edition.open_share) if note == "mixed" else 0.0

    def speaks_alone(self, area: str) -> bool:
        """Tell whether open answers alone make an area's mean, beside verified ones that are too few."""
        return self.view.tier_notes[self.areas.index(area)] == VERIFIED_TOO_FEW

    def evenness(self, tier: str, area: str | None = None) -> float:
        """Give the least part of its people that a tier's effective number can be; of all when no area is named.

        With weights from a to b it is 4ab / (a + b)² (the inequality of Kantorovich): 1 where all weigh the same.
        """
        (own,) = (each for each in self.view.tiers if each.sample.tier == tier)
        n = own.sample.n if area is None else own.sample.sums.n[:, self.areas.index(area)]
        weights = own.weights.w[own.weights.stratum][n > 0]
        if not len(weights) or weights.max() <= 0:
            return 0.0
        least, most = float(weights.min()), float(weights.max())
        return 4 * least * most / (least + most) ** 2

    def kinds(self, area: str, traits: Sequence[str]) -> list[PeopleKind]:
        """Cut the people by tier and traits."""
        index = self.areas.index(area)
        return [kind for tier in self.view.tiers for kind in self._of_tier(tier, index, traits)]

    def _of_tier(self, tier: TierView, index: int, traits: Sequence[str]) -> Iterator[PeopleKind]:
        sample = tier.sample
        by_trait = [self.counts.categories(sample.cells, trait) for trait in traits]
        cells: dict[Categories, list[int]] = {}
        for cell, categories in enumerate(zip(*by_trait, strict=True) if traits else [()] * len(sample.cells)):
            cells.setdefault(tuple(categories), []).append(cell)
        answered, of_one = sample.sums.n[:, index], tier.weights.w[tier.weights.stratum]
        for categories, own in cells.items():
            n = answered[own]
            is_even = len(set(of_one[own][n > 0].tolist())) < 2
            silent = int(sample.n[own].sum() - n.sum())
            weight = float(of_one[own] @ n)
            mean = float(of_one[own] @ sample.sums.total[own, index]) / weight if weight else 0.0
            yield PeopleKind(sample.tier, categories, int(n.sum()), silent, weight, mean, is_even)

    def measures(self) -> Mapping[str, list[OptionMeasure]]:
        """Give what is said of each question."""
        by_question: dict[str, list[OptionMeasure]] = {}
        for measure in measures(self.counts.option_columns):
            by_question.setdefault(measure.question, []).append(measure)
        return by_question

    def options(self, columns: NDArray[np.int64]) -> list[Options]:
        """Count the options of one question, which are these columns, in each tier."""
        result = []
        for tier in self.view.tiers:
            chosen = tier.sample.options[:, columns]
            heads = chosen.sum(axis=0)
            weight = tier.weights.w[tier.weights.stratum] @ chosen
            mean = np.divide(weight, heads, out=np.ones_like(weight), where=heads > 0)
            silent = int(tier.sample.n.sum() - heads.sum())
            result.append(Options(tier.sample.tier, heads.astype(np.int64), mean, silent))
        return result


def is_small(people: int) -> bool:
    """Tell whether so many people are a group that nothing may be known of."""
    return 0 < people < FEWEST
