"""Turns the published shares of a question's answers into claims about how many people chose each option."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from app.publishing.disclosure.known import Known
from app.publishing.disclosure.sealed import Floats, Options, SealedAudience, is_small
from app.publishing.disclosure.worlds import Claim, Secret, Worlds
from app.publishing.results import ShareResult
from scoring.opinion.measures import OptionMeasure


def question_systems(audience: SealedAudience, publications: Sequence[Known]) -> Iterator[Worlds]:
    """Make one system for each question: the unknowns are who chose each option in each tier, and who chose none."""
    for question, measures in audience.measures().items():
        columns = np.flatnonzero((audience.counts.option_columns["question"] == question).to_numpy())
        tiers = audience.options(columns)
        own = {measure.name: measure._replace(values=measure.values[columns]) for measure in measures}
        claims = tuple(claim for known in publications for claim in _claims(tiers, known, own))
        secrets = tuple(_secrets(f"{audience.city}/{audience.name}/{question}", tiers, list(own.values())))
        truth = tuple(float(n) for tier in tiers for n in (*tier.heads, tier.silent))
        yield Worlds(kind="heads", steps=(1.0,) * len(truth), truth=truth, claims=claims, secrets=secrets)


def _claims(tiers: Sequence[Options], known: Known, measures: Mapping[str, OptionMeasure]) -> Iterator[Claim]:
    width = len(tiers[0].heads) + 1
    if known.n is not None:
        bounds = known.count(known.n)
        everyone = tuple((each, 1.0) for each in range(width * len(tiers)))
        yield Claim(known.source("rating", "", "n"), everyone, *bounds)
    for index, tier in enumerate(tiers):
        n = known.tiers[tier.tier]
        if n is not None:
            terms = tuple((each, 1.0) for each in range(index * width, (index + 1) * width))
            yield Claim(known.source("samples", tier.tier, "n"), terms, *known.count(n))
    # Of two tiers the public sees one share, mixed by a fixed λ: it bounds neither number alone.
    if len(tiers) == 1:
        for name, measure in measures.items():
            row = known.shares.get((measure.question, name))
            if row is not None:
                yield from _share_claims(tiers[0], known, measure, row)


def _share_claims(tier: Options, known: Known, measure: OptionMeasure, row: ShareResult) -> Iterator[Claim]:
    inside = np.flatnonzero(~np.isnan(measure.values)).tolist()
    cell = f"{measure.question}/{measure.name}"
    if row.n is not None:
        yield Claim(known.source("shares", cell, "n"), tuple((o, 1.0) for o in inside), *known.count(row.n))
    if row.value is not None:
        bounds = known.rounded(row.value)
        weights, values = _alike(tier, measure), measure.values
        for bound, low, high in ((bounds.low, 0.0, np.inf), (bounds.high, -np.inf, 0.0)):
            terms = tuple((o, float(weights[o] * (values[o] - bound))) for o in inside)
            yield Claim(known.source("shares", cell, "value"), terms, low, high)


def _alike(tier: Options, measure: OptionMeasure) -> Floats:
    """Give every option the mean weight of all who count as much: nobody knows the weights of who chose what."""
    weights = np.ones(len(tier.heads))
    for value in np.unique(measure.values[~np.isnan(measure.values)]):
        own = measure.values == value
        if tier.heads[own].sum():
            weights[own] = float(tier.weight[own] @ tier.heads[own]) / float(tier.heads[own].sum())
    return weights


def _secrets(name: str, tiers: Sequence[Options], measures: Sequence[OptionMeasure]) -> Iterator[Secret]:
    """Name the small groups: who chose an option, who counts in a share or does not, who chose none."""
    width = len(tiers[0].heads)
    groups: dict[tuple[int, ...], str] = {(option,): f"option {option + 1}" for option in range(width)}
    groups[width,] = "no answer"
    for measure in measures:
        inside = np.flatnonzero(~np.isnan(measure.values)).tolist()
        for end, which in ((np.nanmin(measure.values), "counted in"), (np.nanmax(measure.values), "not wholly in")):
            groups.setdefault(tuple(o for o in inside if measure.values[o] != end), f"{which} {measure.name}")
    heads = np.sum([np.append(tier.heads, tier.silent) for tier in tiers], axis=0)
    for options, which in groups.items():
        people = int(heads[list(options)].sum())
        if is_small(people):
            terms = tuple((tier * (width + 1) + o, 1.0) for tier in range(len(tiers)) for o in options)
            yield Secret(f"{name}: {which}", terms, people, 1.0)
