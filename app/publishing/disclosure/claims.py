"""Turns published numbers about an area into claims about unknown people, trait by trait.

Tables by one trait share nothing but their total, so each trait is a system of its own; a derivation that tells people
apart by several traits at once makes a system of all of these, into which the tables of each trait enter too.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from app.publishing.disclosure.known import Between, Known, Tree, category, matches, traits_of
from app.publishing.disclosure.sealed import PeopleKind, SealedAudience, is_small
from app.publishing.disclosure.worlds import Claim, Secret, Terms, Worlds
from app.publishing.rows import PEOPLE_DIGITS
from scoring.derivation.nodes import OTHERS

WHOLE_HALF = 0.025
"""Points within which an outsider is taken to know a mean of everyone: it enters sums that are published as well."""

SAMPLE_DIGITS = 2
_TINY = 1e-9


class _Split(NamedTuple):
    """The people of one audience, split by some traits, who answered an area or did not."""

    audience: SealedAudience
    area: str
    traits: tuple[str, ...]
    kinds: Sequence[PeopleKind]

    def heads(self, chosen: Iterable[int], *, answered: bool = True, silent: bool = False) -> Terms:
        """Count people of some kinds: unknown 2k are those who answered, 2k + 1 those who did not."""
        sides = [side for side, is_in in ((0, answered), (1, silent)) if is_in]
        return tuple((2 * each + side, 1.0) for each in chosen for side in sides)

    def where(self, code: str = "", tier: str = "") -> list[int]:
        """List the kinds in a group of a tier, or of all."""
        return [
            index
            for index, kind in enumerate(self.kinds)
            if tier in {"", kind.tier} and matches(code, self.traits, kind.categories)
        ]

    def everyone(self) -> list[int]:
        """List the kinds that make the mean of everyone."""
        return self.where(tier="open" if self.audience.speaks_alone(self.area) else "")

    def mean(self, chosen: Iterable[int]) -> Terms:
        """Give the mean of some kinds by tier and the shares of tiers; an open tier without a mean takes no part."""
        own = [index for index in chosen if self.kinds[index].answered]
        by_tier: dict[str, list[int]] = {}
        for index in own:
            by_tier.setdefault(self.kinds[index].tier, []).append(index)
        share = self.audience.open_share(self.area)
        if any(sum(self.kinds[index].answered for index in of) < 2 for of in by_tier.values()) or len(by_tier) < 2:
            share = 0.0 if "verified" in by_tier else 1.0
        shares = {"verified": 1 - share, "open": share}
        return tuple(
            (index, shares[tier] * self.kinds[index].weight / whole)
            for tier, of in by_tier.items()
            if shares[tier] and (whole := sum(self.kinds[index].weight for index in of))
            for index in of
        )


def area_systems(audience: SealedAudience, area: str, publications: Sequence[Known]) -> Iterator[Worlds]:
    """Make the systems of an area: for each split, one of numbers of people and one of means."""
    splits: set[tuple[str, ...]] = {(trait,) for trait in audience.counts.traits} | {()}
    for known in publications:
        codes = (part["code"] for tier in known.trees.get(area, ()) for part in tier["parts"])
        splits.add(tuple(sorted({trait for code in codes if code != OTHERS for trait in traits_of(code)})))
    for traits in sorted(splits):
        split = _Split(audience, area, traits, audience.kinds(area, traits))
        yield _heads(split, publications)
        yield _means(split, publications)


def _heads(split: _Split, publications: Sequence[Known]) -> Worlds:
    claims = tuple(claim for known in publications for claim in _head_claims(split, known))
    steps = (1.0,) * (2 * len(split.kinds))
    people = [n for kind in split.kinds for n in (kind.answered, kind.silent)]
    unions = (
        Secret(f"{_named(split, '', ())}: groups that are never shown apart", _sum_of(union), n, 1.0)
        for union in _unions(claims, len(steps))
        if is_small(n := sum(people[each] for each in union))
    )
    secrets = (*_head_secrets(split), *unions)
    return Worlds(kind="heads", steps=steps, truth=tuple(map(float, people)), claims=claims, secrets=secrets)


def _sum_of(unknowns: Iterable[int]) -> Terms:
    return tuple((each, 1.0) for each in unknowns)


def _unions(claims: Sequence[Claim], unknowns: int) -> list[list[int]]:
    """Gather the unknowns that no claim tells apart: a subtraction may give away all of them together."""
    within: list[list[int]] = [[] for _each in range(unknowns)]
    for number, claim in enumerate(claims):
        for unknown, _factor in claim.terms:
            within[unknown].append(number)
    alike: dict[tuple[int, ...], list[int]] = {}
    for unknown, own in enumerate(within):
        alike.setdefault(tuple(own), []).append(unknown)
    return [union for own, union in alike.items() if own and len(union) > 1]


def _head_claims(split: _Split, known: Known) -> Iterator[Claim]:
    yield from _sample_claims(split, known)
    yield from _estimate_claims(split, known)
    for trait in split.traits:
        for each in known.people.get((trait, split.area), ()):
            code = f"{trait}={category(each.category)}"
            terms = split.heads(_taking_part(split, split.where(code)))
            yield _claim(known.source("people", f"{split.area}/{code}", "n"), terms, known.count(each.n or 0))
    for tree in known.trees.get(split.area, ()):
        yield from _tree_heads(split, known, tree)


def _sample_claims(split: _Split, known: Known) -> Iterator[Claim]:
    """Read how many took part, in all and in each tier."""
    if known.n is not None:
        yield _claim(known.source("rating", "", "n"), split.heads(split.where(), silent=True), known.count(known.n))
    for tier, n in known.tiers.items():
        terms = split.heads(split.where(tier=tier), silent=True)
        if n is not None:
            yield _claim(known.source("samples", tier, "n"), terms, known.count(n))
        effective = known.effective[tier]
        if effective is not None:
            people = known.effective_people(effective, split.audience.evenness(tier))
            yield _claim(known.source("samples", tier, "effective_n"), terms, people)


def _estimate_claims(split: _Split, known: Known) -> Iterator[Claim]:
    """Read how many answered the area."""
    for (tier, area), row in known.estimates.items():
        if area != split.area:
            continue
        terms = split.heads(_tier(split, tier))
        yield _claim(known.source("estimates", f"{tier}/{area}", "n"), terms, known.count(row.n))
        if tier != "mixed" and row.effective_n is not None:
            people = known.effective_people(row.effective_n, split.audience.evenness(tier, area))
            yield _claim(known.source("estimates", f"{tier}/{area}", "effective_n"), terms, people)


def _tier(split: _Split, tier: str) -> list[int]:
    return _taking_part(split, split.everyone()) if tier == "mixed" else split.where(tier=tier)


def _taking_part(split: _Split, chosen: list[int]) -> list[int]:
    """List those of some kinds whose tier takes part in their mean."""
    tiers = {split.kinds[index].tier for index, _share in split.mean(chosen)}
    return [index for index in chosen if split.kinds[index].tier in tiers]


def _tree_heads(split: _Split, known: Known, tree: Tree) -> Iterator[Claim]:
    tier = tree["code"]
    if "answers" in tree["details"]:
        source = known.source("derivation", f"{split.area}/{tier}", "answers")
        yield _claim(source, split.heads(split.where(tier=tier)), known.count(tree["details"]["answers"]))
    for name, share in tree["details"].items():
        code, _colon, side = name.rpartition(": ")
        if side == "sample" and set(traits_of(code)) <= set(split.traits):
            yield from _share_claims(split, known, (tier, code), share)
    groups = list(_groups(split, tree))
    for part, chosen in groups:
        source = known.source("derivation", f"{split.area}/{tier}/{part['code']}", "answers")
        yield _claim(source, split.heads(chosen), known.count(part["details"]["answers"]))
    yield from _weight_claims(split, known, tree, groups)


def _groups(split: _Split, tree: Tree) -> Iterator[tuple[Tree, list[int]]]:
    """Give the groups of people under a tier that the split can tell apart, with their kinds."""
    rest = set(split.where(tier=tree["code"]))
    if any(not set(traits_of(part["code"])) <= set(split.traits) for part in tree["parts"] if part["code"] != OTHERS):
        return
    for part in sorted(tree["parts"], key=lambda part: bool(part["code"] == OTHERS)):
        chosen = sorted(rest) if part["code"] == OTHERS else split.where(part["code"], tree["code"])
        rest -= set(chosen)
        yield part, chosen


def _share_claims(split: _Split, known: Known, of: tuple[str, str], share: float) -> Iterator[Claim]:
    """Read a group's share of a tier's people."""
    tier, code = of
    bounds = known.rounded(share, SAMPLE_DIGITS)
    source = known.source("derivation", f"{split.area}/{tier}/{code}", "share of the sample")
    inside = set(split.where(code, tier))
    for bound, low, high in ((bounds.low, 0.0, _INFINITE), (bounds.high, -_INFINITE, 0.0)):
        terms = tuple(
            (u, (index in inside) - bound) for index in split.where(tier=tier) for u in (2 * index, 2 * index + 1)
        )
        yield Claim(source, terms, low, high)


def _weight_claims(
    split: _Split, known: Known, tree: Tree, groups: Sequence[tuple[Tree, list[int]]]
) -> Iterator[Claim]:
    """Read mean weights: people times mean weight, over the share in the mean, is the same for every group."""
    weighed = [(p, chosen) for p, chosen in groups if p["weight"] and "weight" in p["details"]]
    for (first, left), (second, right) in pairwise(weighed):
        factors = [part["details"]["weight"] / part["weight"] for part in (first, second)]
        terms = [(u, factors[0]) for u, _one in split.heads(left)] + [
            (u, -factors[1]) for u, _one in split.heads(right)
        ]
        precision = known.rounded(first["details"]["weight"], 3)
        room = (precision.high - precision.low) / first["details"]["weight"] * factors[0] * max(1, known.n or 1)
        cell = f"{split.area}/{tree['code']}/{first['code']}, {second['code']}"
        yield Claim(known.source("derivation", cell, "weight"), tuple(terms), -room - 1e-6, room + 1e-6)


def _head_secrets(split: _Split) -> Iterator[Secret]:
    """Name the small groups: kinds of people, in one tier and in all, who answered, who did not, and both."""
    groups = {(kind.tier, kind.categories) for kind in split.kinds} | {("", kind.categories) for kind in split.kinds}
    for tier, categories in sorted(groups | {(kind.tier, ()) for kind in split.kinds} | {("", ())}):
        chosen = [
            index
            for index, kind in enumerate(split.kinds)
            if tier in {"", kind.tier} and categories in {(), kind.categories}
        ]
        who = _named(split, tier, categories)
        answered, silent = (
            sum(getattr(split.kinds[index], side) for index in chosen) for side in ("answered", "silent")
        )
        for people, sides, did in (
            (answered, (True, False), "answered"),
            (silent, (False, True), "did not answer"),
            (answered + silent, (True, True), "took part"),
        ):
            if is_small(people):
                terms = split.heads(chosen, answered=sides[0], silent=sides[1])
                yield Secret(f"{who}: {did}", terms, people, 1.0)


def _named(split: _Split, tier: str, categories: tuple[str, ...]) -> str:
    traits = ", ".join(map("=".join, zip(split.traits, categories, strict=True))) if categories else "everyone"
    return f"{split.audience.city}/{split.audience.name}/{split.area}, {f'{tier}, ' if tier else ''}{traits}"


def _means(split: _Split, publications: Sequence[Known]) -> Worlds:
    claims = tuple(claim for known in publications for claim in _mean_claims(split, known))
    step = split.audience.step(split.area)
    alone = ([index] for index, kind in enumerate(split.kinds) if kind.answered)
    secrets = []
    for group in (*alone, *_unions(claims, len(split.kinds))):
        own = [index for index in group if split.kinds[index].answered]
        people = sum(split.kinds[index].answered for index in own)
        if is_small(people):
            names = " and ".join(_named(split, split.kinds[index].tier, split.kinds[index].categories) for index in own)
            secrets.append(Secret(f"{names}: answered", _weighted(split, own), people, step / people))
    # People who weigh unequally have a weighted mean, which can be any number.
    steps = tuple(step / max(1, kind.answered) if kind.is_even else 0.0 for kind in split.kinds)
    truth = tuple(kind.mean for kind in split.kinds)
    return Worlds(kind="mean", steps=steps, truth=truth, claims=claims, secrets=tuple(secrets))


def _mean_claims(split: _Split, known: Known) -> Iterator[Claim]:
    for (tier, area), row in known.estimates.items():
        if area == split.area and row.mean is not None:
            terms = split.mean(split.everyone()) if tier == "mixed" else _own(split, tier)
            source = known.source("estimates", f"{tier}/{area}", "mean")
            yield _claim(source, terms, _whole(split, tier, known.rounded(row.mean)))
    for trait in split.traits:
        for each in known.people.get((trait, split.area), ()):
            code = f"{trait}={category(each.category)}"
            source = known.source("people", f"{split.area}/{code}", "mean")
            yield _claim(source, split.mean(split.where(code)), known.rounded(each.mean or 0, PEOPLE_DIGITS))
    for tree in known.trees.get(split.area, ()):
        source = known.source("derivation", f"{split.area}/{tree['code']}", "value")
        yield _claim(source, _own(split, tree["code"]), _whole(split, tree["code"], known.rounded(tree["value"])))
        for part, chosen in _groups(split, tree):
            source = known.source("derivation", f"{split.area}/{tree['code']}/{part['code']}", "value")
            yield _claim(source, _weighted(split, chosen), known.rounded(part["value"], PEOPLE_DIGITS))


def _whole(split: _Split, tier: str, published: Between) -> Between:
    """Narrow a published mean of everyone to what all numbers that it enters could tell together."""
    view = split.audience.view
    of_tier = next((each.view for each in view.tiers if each.sample.tier == tier), view.view)
    value = float(of_tier.mean[split.audience.areas.index(split.area)])
    return Between(max(published.low, value - WHOLE_HALF), min(published.high, value + WHOLE_HALF))


def _own(split: _Split, tier: str) -> Terms:
    return _weighted(split, split.where(tier=tier))


def _weighted(split: _Split, chosen: Sequence[int]) -> Terms:
    whole = sum(split.kinds[index].weight for index in chosen)
    return tuple((index, split.kinds[index].weight / whole) for index in chosen if split.kinds[index].answered)


def _claim(source: str, terms: Terms, bounds: Between) -> Claim:
    return Claim(source, terms, bounds.low - _TINY, bounds.high + _TINY)


_INFINITE = float("inf")
