"""Public opinion: what a sample thinks of every area on 0-100, with honest errors (SCORING §2.1, §3 and §6)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.edition import Edition
from scoring.frames import TIER_OPEN, TIER_VERIFIED
from scoring.opinion.measures import hard_to_say, sums_of
from scoring.opinion.raking import Floats
from scoring.opinion.samples import Counts, Sample
from scoring.opinion.variance import Pairs, Replicates, Sums, as_matrix, linearised, means, own_pairs
from scoring.opinion.weights import Weights, weigh

Z95 = 1.959963984540054
"""Standard normal quantile of a two-sided 95 % interval."""

MOST_UNDECIDED = 50.0
"""Percent of "hard to say" above which an area is not rated."""

DIVERGENCE = 3.0
"""Standard errors by which open answers may differ from verified ones before they drop out."""


NOT_VERIFIED = "not_verified"
"""Reason of an area in a city where nobody was verified, under an edition that rates by verified answers."""

MIXED, VERIFIED_TOO_FEW = "mixed", "verified_too_few"
"""Notes of an area: both tiers speak; or open answers alone, beside a headline that verified ones would decide."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class View:
    """What people think of each area: `mean` on 0-100 and its covariance, NaN where nothing can be said.

    The covariance is the delete-one jackknife's; off the diagonal it is NaN when the inputs hold no pairs.
    `reasons` say why an area may not be used, "" where it may. `n` counts answers, `effective_n` is Kish's.
    """

    areas: tuple[str, ...]
    mean: Floats
    covariance: Floats
    linearised_se: Floats
    n: NDArray[np.int64]
    effective_n: Floats
    reasons: tuple[str, ...]

    @property
    def se(self) -> Floats:
        """Standard error of each mean."""
        return np.sqrt(np.maximum(np.diagonal(self.covariance), 0.0))

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Which areas have a mean that nothing speaks against."""
        return np.array([not reason for reason in self.reasons], dtype=bool) & ~np.isnan(self.mean)


class Estimates(NamedTuple):
    """Estimates of an audience: `view` for the numbers, `deciding` for the limits on them.

    `deciding` holds the verified answers where there are any, and all answers elsewhere: open answers move a mean by
    their share λ, but cannot bring an area over a limit or push it under one, which would move it further.
    """

    view: View
    deciding: View

    def mapped(self, step: Callable[[View], View]) -> "Estimates":
        """Apply a step to both views."""
        deciding = step(self.deciding)
        return Estimates(deciding if self.view is self.deciding else step(self.view), deciding)

    def limited(self, rule: Callable[[View], View]) -> "Estimates":
        """Apply a rule to the deciding view and copy its reasons to both."""
        deciding = rule(self.deciding)
        same = self.view is self.deciding
        return Estimates(deciding if same else replace(self.view, reasons=deciding.reasons), deciding)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TierView:
    """What one tier of one audience of one city thinks, and how it was weighted."""

    sample: Sample
    weights: Weights
    replicates: Replicates
    view: View
    design_effect: Floats


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class AudienceView:
    """What one audience of one city thinks: its tiers mixed; `tier_notes` say per area what became of the open one."""

    n: int
    tiers: tuple[TierView, ...]
    view: View
    tier_notes: tuple[str, ...]

    @property
    def verified(self) -> View | None:
        """What the verified answers alone say; None where nobody was verified."""
        return next((tier.view for tier in self.tiers if tier.sample.tier == TIER_VERIFIED), None)

    @property
    def estimates(self) -> Estimates:
        """The mixed view, with the deciding one: open answers decide where they speak alone."""
        if self.verified is None:
            return Estimates(self.view, self.view)
        if VERIFIED_TOO_FEW not in self.tier_notes:
            return Estimates(self.view, self.verified)
        alone = np.array(self.tier_notes) == VERIFIED_TOO_FEW
        voluntary = next(tier.view for tier in self.tiers if tier.sample.tier == TIER_OPEN)
        return Estimates(self.view, mixed_view(self.verified, voluntary, alone.astype(np.float64)))

    @property
    def verified_estimates(self) -> Estimates:
        """The mixed view, decided by verified answers alone; nothing may be used where nobody was verified."""
        if self.verified is not None:
            return Estimates(self.view, self.verified)
        unusable = replace(self.view, reasons=(NOT_VERIFIED,) * len(self.view.areas))
        return Estimates(unusable, unusable)


def audience_views(counts: Counts, edition: Edition) -> dict[str, AudienceView]:
    """Weight and estimate one audience in every city; city → view."""
    tiers: dict[str, list[TierView]] = {}
    for sample in counts.samples():
        tiers.setdefault(sample.city, []).append(tier_view(sample, counts))
    return {city: _mixed(tuple(own), edition) for city, own in sorted(tiers.items())}


def tier_view(sample: Sample, counts: Counts) -> TierView:
    """Weight a sample to its city's margins and estimate every area."""
    weights = weigh(sample.n, sample.base, counts.dimensions(sample))
    replicates = Replicates(weights)
    sums = Sums(*(weights.gather(cells) for cells in sample.sums))
    pairs = own_pairs(sums)
    if sample.pairs is not None:
        pairs = Pairs(sample.pairs.j, sample.pairs.k, *(weights.gather(cells) for cells in sample.pairs[2:]))
    mean, size = means(weights, sums), len(sample.areas)
    has_mean = ~np.isnan(mean)
    linearised_covariance = np.diagonal(as_matrix(pairs, linearised(weights, sums, pairs), size))
    covariance = as_matrix(pairs, replicates.covariances(sums, pairs), size)
    view = View(
        areas=sample.areas,
        mean=mean,
        covariance=np.where(has_mean[:, None] & has_mean[None, :], covariance, np.nan),
        linearised_se=np.where(has_mean, np.sqrt(np.maximum(linearised_covariance, 0.0)), np.nan),
        n=sums.n.sum(axis=0).astype(np.int64),
        effective_n=weights.effective_n(sums.n),
        reasons=_reasons(sample, weights, _undecided(sample, weights, counts)),
    )
    return TierView(
        sample=sample,
        weights=weights,
        replicates=replicates,
        view=view,
        design_effect=_design_effect(weights, sums, view),
    )


def _design_effect(weights: Weights, sums: Sums, view: View) -> Floats:
    """Divide the linearised variance by that of a simple random sample of as many; NaN where all answered alike."""
    spread = (weights.w @ sums.total_sq) / np.maximum(weights.w @ sums.n, _TINY) - view.mean**2
    random = spread / np.maximum(view.n - 1, 1)
    effect = np.full(len(view.n), np.nan)
    np.divide(view.linearised_se**2, random, out=effect, where=spread > _TINY)
    return effect


def _undecided(sample: Sample, weights: Weights, counts: Counts) -> Floats:
    """Give the weighted percentage of "hard to say" of each area, 0 where options were not counted."""
    if counts.option_columns.empty:
        return np.zeros(len(sample.areas))
    sums = sums_of(sample.options, hard_to_say(counts.option_columns, sample.areas))
    return np.nan_to_num(means(weights, Sums(*(weights.gather(part) for part in sums))))


def _reasons(sample: Sample, weights: Weights, undecided: Floats) -> tuple[str, ...]:
    if not weights.is_usable:
        return (weights.status,) * len(sample.areas)
    few = {0: "nobody_answered", 1: "one_answer"}
    return tuple(
        few.get(int(n), "hard_to_say" if share > MOST_UNDECIDED else "")
        for n, share in zip(sample.sums.n.sum(axis=0), undecided, strict=True)
    )


def half_width(view: View) -> Floats:
    """Give half the width of each mean's 95 % range, in points."""
    return Z95 * view.se


def published(view: View, edition: Edition) -> View:
    """Add the reasons of the edition's publication rule: too few effective answers, or too wide a range."""
    return _ruled(view, edition.minimum_n, float(edition.widest), ("too_few", "too_wide"))


def blendable(view: View, edition: Edition) -> View:
    """Add the reasons of the edition's stricter rule for answers that enter the rating."""
    return _ruled(view, edition.blend_n, float(edition.blend_widest), ("too_few_to_blend", "too_wide_to_blend"))


def _ruled(view: View, fewest: int, widest: float, names: tuple[str, str]) -> View:
    few, wide = view.effective_n < fewest, half_width(view) > widest
    reasons = (
        reason or (names[0] if is_few else names[1] if is_wide else "")
        for reason, is_few, is_wide in zip(view.reasons, few, wide, strict=True)
    )
    return replace(view, reasons=tuple(reasons))


def _mixed(tiers: tuple[TierView, ...], edition: Edition) -> AudienceView:
    """Mix verified and open answers, each weighted to the same margins, by the edition's open share λ."""
    by_tier = {tier.sample.tier: tier for tier in tiers}
    n = int(sum(tier.sample.n.sum() for tier in tiers))
    verified, voluntary = by_tier.get(TIER_VERIFIED), by_tier.get(TIER_OPEN)
    if verified is None or voluntary is None:
        (only,) = tiers
        notes = (f"{only.sample.tier}_only",) * len(only.view.areas)
        return AudienceView(n=n, tiers=tiers, view=only.view, tier_notes=notes)
    notes = _tier_notes(verified.view, voluntary.view, edition)
    shares = np.array([open_share_of(note, edition) for note in notes])
    view = mixed_view(verified.view, voluntary.view, shares)
    return AudienceView(n=n, tiers=tiers, view=view, tier_notes=notes)


def open_share_of(note: str, edition: Edition) -> float:
    """Give the share of open answers in an area, 0 to 1, by what became of them there."""
    return {MIXED: float(edition.open_share), VERIFIED_TOO_FEW: 1.0}.get(note, 0.0)


def mixed_view(verified: View, voluntary: View, share: Floats) -> View:
    """Mix two independent views, `share` of the open one per area: it moves a mean by at most 100·share points."""
    rest, has_open, alone = 1 - share, share > 0, share == 1
    mean = np.where(alone, 0.0, rest * verified.mean) + np.where(has_open, share * voluntary.mean, 0.0)
    own = np.where(alone[:, None] | alone[None, :], 0.0, np.outer(rest, rest) * verified.covariance)
    extra = np.where(has_open[:, None] & has_open[None, :], np.outer(share, share) * voluntary.covariance, 0.0)
    own_variance = np.where(alone, 0.0, (rest * verified.linearised_se) ** 2)
    open_variance = np.where(has_open, (share * voluntary.linearised_se) ** 2, 0.0)
    reasons = zip(alone, verified.reasons, voluntary.reasons, strict=True)
    return View(
        areas=verified.areas,
        mean=mean,
        covariance=own + extra,
        linearised_se=np.sqrt(own_variance + open_variance),
        n=np.where(alone, 0, verified.n) + np.where(has_open, voluntary.n, 0),
        effective_n=combined_n(((rest, verified.effective_n), (share, voluntary.effective_n))),
        reasons=tuple(by_open if is_alone else by_verified for is_alone, by_verified, by_open in reasons),
    )


def combined_n(parts: tuple[tuple[Floats, Floats], ...]) -> Floats:
    """Give the effective size of means joined by fixed shares: 1 / Σ(share²/n); parts without a share do not count."""
    inverse = sum(
        (np.divide(share**2, n, out=np.where(share > 0, np.inf, 0.0), where=n > 0) for share, n in parts),
        start=np.zeros_like(parts[0][1]),
    )
    return np.divide(1.0, inverse, out=np.zeros_like(inverse), where=inverse > 0)


def _tier_notes(verified: View, voluntary: View, edition: Edition) -> tuple[str, ...]:
    difference = np.abs(verified.mean - voluntary.mean)
    limit = DIVERGENCE * np.sqrt(verified.se**2 + voluntary.se**2)
    few = ~voluntary.usable | (voluntary.effective_n < edition.minimum_n)
    alone = ~verified.usable | (verified.effective_n < edition.minimum_n)
    if edition.headline_opinion == "any":
        alone = np.zeros_like(alone)
    return tuple(
        "open_too_few" if is_few else VERIFIED_TOO_FEW if is_alone else "open_diverges" if is_far else MIXED
        for is_few, is_alone, is_far in zip(few, alone, difference > limit, strict=True)
    )


_TINY = 1e-12
