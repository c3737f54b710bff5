"""Simulated samples and attacks for SCORING §8, rows 11, 15-17, 19 and 25-28: where they come from, what comes out.

Coverage. A made-up city of 96 kinds of people: 8 of age and sex, 3 of language, 4 of district, as many of each as the
margins of city C1 in tests/golden say. Who answers depends on the kind alone: each category answers as much more
readily than the others as C1's respondents outnumber its margins (young people about twice as readily as old ones).
On each of 4 questions a kind has a level, 3.3 plus an effect of each of its three categories, uniform within ±0.15
("weak") or ±0.9 ("strong", where kinds explain about half of the variance); a person answers the level plus normal
noise of 0.8, rounded and cut to 1-5. The true mean of the city follows from these numbers exactly. Nothing else is
assumed; each sample is weighted, collapsed, raked, trimmed and jackknifed by the product's own code.

Attacks. Honest answers are those of respondents of C1, drawn anew for each run and never twice; attackers are added as
bytes and go with them through `surveys.quality.flags.capped_weights` and `scoring.opinion.estimates`. "rarest"
attackers all claim the kind that raking lifts most, "mimics" claim kinds in the population's shares.

Networks. Every honest person answers from a home of their own, at an hour of one of 14 days, unless they share one
network. An attacker's answers carry a fresh mark of a device each, and turns as the monitor gives them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import norm

from scoring.edition import load_edition, strictest_network_share
from scoring.opinion.estimates import Z95, AudienceView, _mixed, tier_view
from scoring.opinion.samples import Counts, Sample
from scoring.opinion.variance import Replicates, Sums, means, own_pairs
from scoring.opinion.weights import Dimension, weigh
from scoring.totals.rules import area_weights
from surveys.quality.flags import capped_weights
from surveys.quality.links import FIRST_DEVICES, LAST_TURN, Links, Turn
from surveys.quality.networks import Origin, bounded_weights
from tests.scoring.conftest import GOLDEN, golden

STANDARD = load_edition("standard_2019")
AREAS = ("ctm", "hlt", "edu", "scy", "hcs", "its", "soc", "eco", "btd", "bld", "agr", "ict")
TRAITS = ("agesex", "lang", "district")
EFFECTS = {"weak": 0.15, "strong": 0.9}
LEVEL, NOISE, QUESTIONS = 3.3, 0.8, 4
SAMPLES = 1500
HARD_TO_SAY = 6
ALPHA = Fraction("0.25")


@cache
def respondents_of_c1() -> pd.DataFrame:
    """Read the honest answers: 2,400 people of a synthetic trilingual city."""
    survey = pd.read_csv(GOLDEN / "city_survey.csv")
    return survey[survey["city"] == "C1"].reset_index(drop=True)


@cache
def margins_of_c1() -> Mapping[str, Mapping[str, int]]:
    """Read the population of that city."""
    return {trait: golden("city_margins.json")["C1"][trait] for trait in TRAITS}


class City(NamedTuple):
    """The made-up city: the category of each kind by trait, shares of people and of those who answer, and answers.

    `chances` (kinds × questions × 5) says how likely each answer is; `truth` is the mean of all people, 0-100.
    """

    kinds: tuple[tuple[str, ...], ...]
    people: np.ndarray
    answering: np.ndarray
    chances: np.ndarray
    truth: np.ndarray


@cache
def city(effect: str) -> City:
    """Make the city of one generator."""
    margins, respondents = margins_of_c1(), respondents_of_c1()
    kinds = tuple((a, b, c) for a in margins["agesex"] for b in margins["lang"] for c in margins["district"])
    people, answering = np.ones(len(kinds)), np.ones(len(kinds))
    levels = np.full((len(kinds), QUESTIONS), LEVEL)
    rng = np.random.default_rng(11)
    for index, trait in enumerate(TRAITS):
        population = pd.Series(margins[trait]) / sum(margins[trait].values())
        readiness = respondents[trait].value_counts(normalize=True) / population
        effects = {category: rng.uniform(-1, 1, QUESTIONS) * EFFECTS[effect] for category in margins[trait]}
        own = [kind[index] for kind in kinds]
        people *= population.loc[own].to_numpy()
        answering *= readiness.loc[own].to_numpy()
        levels += np.array([effects[category] for category in own])
    edges = norm.cdf((np.arange(1.5, 5) - levels[:, :, None]) / NOISE)
    chances = np.diff(edges, axis=2, prepend=0.0, append=1.0)
    truth = people @ (chances @ np.arange(5) * 25)
    return City(kinds, people, answering * people / (answering @ people), chances, truth)


class Coverage(NamedTuple):
    """How often the published range holds the truth, its error beside the true spread, and how many samples."""

    coverage: float
    ratio: float
    samples: int


def coverage(effect: str, n: int, *, samples: int = SAMPLES, seed: int = 7) -> Coverage:
    """Draw samples of n, publish each as the product does, and compare with the truth."""
    where = city(effect)
    rng = np.random.default_rng((seed, n))
    means_found, errors = np.empty((samples, QUESTIONS)), np.empty((samples, QUESTIONS))
    for number, heads in enumerate(rng.multinomial(n, where.answering, size=samples)):
        means_found[number], errors[number] = _published(where, heads, rng)
    is_covered = np.abs(means_found - where.truth) <= Z95 * errors
    return Coverage(is_covered.mean(), float((errors.mean(axis=0) / means_found.std(axis=0, ddof=1)).mean()), samples)


def _published(where: City, heads: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    answered = np.flatnonzero(heads)
    counts = rng.multinomial(heads[answered, None], where.chances[answered])
    points = np.arange(5) * 25.0
    margins = margins_of_c1()
    dimensions = [
        Dimension(trait, [where.kinds[kind][index] for kind in answered], margins[trait])
        for index, trait in enumerate(TRAITS)
    ]
    n = heads[answered].astype(float)
    weights = weigh(n, np.ones(len(n)), dimensions)
    sums = Sums(*(weights.gather(part) for part in (counts.sum(axis=2) * 1.0, counts @ points, counts @ points**2)))
    return means(weights, sums), np.sqrt(Replicates(weights).covariances(sums, own_pairs(sums)))


class People(NamedTuple):
    """Answers as they are stored: a byte per area (0 none, 6 hard to say), who gave them, tier and links."""

    closed: np.ndarray
    traits: pd.DataFrame
    tier: np.ndarray
    links: list[tuple[str, ...]]
    origins: list[Origin]

    def plus(self, other: "People") -> "People":
        """Put two crowds together."""
        return People(
            np.concatenate([self.closed, other.closed]),
            pd.concat([self.traits, other.traits], ignore_index=True),
            np.concatenate([self.tier, other.tier]),
            self.links + other.links,
            self.origins + other.origins,
        )

    def sent_from(self, origins: list[Origin]) -> "People":
        """Give the same answers from other places."""
        assert len(origins) == len(self.origins)
        return self._replace(origins=origins)


FIRST_DAY = date(2026, 11, 23)
DAYS = 14
NOWHERE = Origin(Links(), FIRST_DAY)


def origins(sent: Iterable[tuple[int, int, str, str, str]]) -> list[Origin]:
    """Make origins of (day, hour, network, provider, device) in the order of arrival, with the turns of the monitor."""
    seen: dict[str, dict[str, int]] = {}

    def turn(code: str, device: str) -> Turn:
        devices = seen.setdefault(code, {})
        return Turn(code, min(LAST_TURN, devices.setdefault(device, len(devices)) // FIRST_DEVICES))

    return [
        Origin(
            Links(
                device=f"{device} {day}" if device else "",
                hour=turn(f"{network} {day} {hour}", device),
                day=turn(f"{network} {day}", device),
                network=network,
                provider=provider,
            ),
            FIRST_DAY + timedelta(days=day),
        )
        for day, hour, network, provider, device in sent
    ]


def homes(rng: np.random.Generator, n: int) -> list[Origin]:
    """Let n people answer from as many networks, at any waking hour of the wave."""
    days, hours = rng.integers(0, DAYS, n).tolist(), rng.integers(8, 23, n).tolist()
    return origins(
        (day, hour, f"home {k}", "", f"own {k}") for k, (day, hour) in enumerate(zip(days, hours, strict=True))
    )


def patient() -> list[Origin]:
    """Send 3 answers an hour for a week from one address."""
    return origins((n // 72, n % 72 // 3, "patient", "", f"fresh {n}") for n in range(7 * 72))


def rotating(n: int = 200, networks: int = 67) -> list[Origin]:
    """Send n answers over so many IPv6 /48 of one /32, within three days."""
    return origins((k % 3, k // 3 % 24, f"48 {k % networks}", "32", f"fresh {k}") for k in range(n))


class Kept(NamedTuple):
    """What 20 people behind one address weigh together before and after junk from there."""

    before: int
    after: int

    @property
    def share(self) -> float:
        """What they keep, 0 to 1."""
        return self.after / self.before


def kept(rng: np.random.Generator, *, device: str, days: int, hours: tuple[int, int], city: int) -> Kept:
    """Send 480 junk answers from the network of 20 people, who answer over the first four working days.

    `device` names the junk's mark; {} in it makes a fresh one each. Junk is sent on `days` days (negative: on as many
    after theirs) at hours from `hours[0]` up to `hours[1]`. `city` is how many others answer openly.
    """
    own = sorted(
        (int(day), int(hour), k)
        for k, (day, hour) in enumerate(zip(rng.integers(0, 4, 20), rng.integers(9, 17, 20), strict=True))
    )
    people = [(day, hour, "shared", "", f"phone {k}") for day, hour, k in own]
    first_day = 4 if days < 0 else 0
    when = [(first_day + k % abs(days), hours[0] + k // abs(days) % (hours[1] - hours[0])) for k in range(480)]
    junk = [(day, hour, "shared", "", device.format(k)) for k, (day, hour) in enumerate(when)]
    arrived = sorted(enumerate([*people, *junk]), key=lambda each: (*each[1][:2], rng.random()))
    both = origins(sent for _number, sent in arrived)
    mine = np.array([number < len(people) for number, _sent in arrived])
    others = homes(rng, city)

    def weigh_(own_origins: list[Origin]) -> np.ndarray:
        everyone = [*own_origins, *others]
        links = [(origin.links.device,) if origin.links.device else () for origin in everyone]
        base = capped_weights(np.zeros((len(everyone), 1), dtype=np.uint8), np.arange(1), links)
        return bounded_weights(base, everyone, share=strictest_network_share())[: len(own_origins)]

    return Kept(int(weigh_(origins(people)).sum()), int(weigh_(both)[mine].sum()))


def honest(rng: np.random.Generator, n: int, tier: str = "open", flat: Mapping[int, float] | None = None) -> People:
    """Draw n respondents of C1; of them the shares `flat` (answer → share) gave one answer to everything."""
    return split(rng, {tier: n}, flat)


def split(rng: np.random.Generator, sizes: Mapping[str, int], flat: Mapping[int, float] | None = None) -> People:
    """Draw respondents of C1 into tiers, nobody twice."""
    chosen = respondents_of_c1().sample(sum(sizes.values()), random_state=rng)
    raw = chosen[[f"q_{area}" for area in AREAS]].fillna(0).to_numpy(dtype=np.uint8)
    closed = np.where(raw == 9, HARD_TO_SAY, raw)
    at = 0
    for answer, share in (flat or {}).items():
        closed[at : at + round(share * len(closed))] = answer
        at += round(share * len(closed))
    tiers = np.repeat(list(sizes), list(sizes.values()))
    unlinked: list[tuple[str, ...]] = [()] * len(closed)
    return People(closed, chosen[list(TRAITS)].reset_index(drop=True), tiers, unlinked, [NOWHERE] * len(closed))


def attackers(rng: np.random.Generator, n: int, profile: str, *, answers: str, sources: int = 0) -> People:
    """Make n answers in the open tier: all "5" or a random "4/5" each, linked to `sources` devices if any."""
    closed = np.full((n, len(AREAS)), 5) if answers == "5" else rng.integers(4, 6, (n, len(AREAS)))
    links = [(f"device-{number % sources}",) for number in range(n)] if sources else [()] * n
    return People(closed.astype(np.uint8), _claimed(rng, n, profile), np.repeat("open", n), links, [NOWHERE] * n)


def _claimed(rng: np.random.Generator, n: int, profile: str) -> pd.DataFrame:
    margins = margins_of_c1()
    claimed = {}
    for trait, people in margins.items():
        if profile == "rarest":
            lift = pd.Series(people) / respondents_of_c1()[trait].value_counts()
            claimed[trait] = np.repeat(lift.idxmax(), n)
        else:
            claimed[trait] = rng.choice(list(people), n, p=np.array(list(people.values())) / sum(people.values()))
    return pd.DataFrame(claimed)


def opinion(people: People, *, capped: bool = True) -> AudienceView:
    """Give what the product says these people think, each tier capped, weighted and mixed as the product does."""
    tiers = []
    for tier in np.unique(people.tier):
        inside = people.tier == tier
        links = [codes for codes, here in zip(people.links, inside, strict=True) if here]
        closed = people.closed[inside]
        base = capped_weights(closed, np.arange(len(AREAS)), links) if capped else np.full(len(closed), 1000)
        if capped and tier == "open":
            places = [place for place, here in zip(people.origins, inside, strict=True) if here]
            base = bounded_weights(base, places, share=strictest_network_share())
        tiers.append(tier_view(_sample(closed, people.traits[inside], base, str(tier)), _Margins()))
    return _mixed(tuple(tiers), STANDARD)


def _sample(closed: np.ndarray, traits: pd.DataFrame, base: np.ndarray, tier: str) -> Sample:
    """Count answers into cells as tallies do: people of one kind and one base weight together."""
    counting = base > 0
    grouped = traits.assign(base=base)[counting].groupby([*TRAITS, "base"], sort=True)
    cell, keys = grouped.ngroup().to_numpy(), grouped.size().reset_index()
    answers = closed[counting]
    answered = ((answers > 0) & (answers < HARD_TO_SAY)).astype(float)
    points = np.where(answered > 0, (answers.astype(float) - 1) * 25, 0.0)

    def per_cell(values: np.ndarray) -> np.ndarray:
        sums = np.zeros((len(keys), len(AREAS)))
        np.add.at(sums, cell, values)
        return sums

    return Sample(
        city="C1",
        tier=tier,
        cells=tuple(map("|".join, keys[list(TRAITS)].to_numpy())),
        n=np.bincount(cell).astype(float),
        base=keys["base"].to_numpy(dtype=float),
        areas=AREAS,
        sums=Sums(per_cell(answered), per_cell(points), per_cell(points**2)),
        pairs=None,
        options=np.zeros((len(keys), 0)),
    )


class _Margins(Counts):
    """The margins of C1, for cells that say their categories in their names."""

    def __init__(self) -> None:
        pass

    option_columns = pd.DataFrame()

    def dimensions(self, sample: Sample) -> list[Dimension]:
        categories = zip(*(cell.split("|") for cell in sample.cells), strict=True)
        return [
            Dimension(trait, list(own), margins_of_c1()[trait]) for trait, own in zip(TRAITS, categories, strict=True)
        ]


class Change(NamedTuple):
    """What an attack changes: the composite of areas P, the area that it shifts most, and the total R."""

    composite: float
    """Mean of |ΔP|: no less than the |mean of ΔP| that the limits speak of."""

    area: float
    """Greatest |mean of ΔP| of any area."""

    total: float
    """At α = 0.25, the share that the limits speak of."""

    area_either_way: float
    """Greatest mean of |ΔP| of any area: with what chance does there, as when an area crosses the limit of answers."""


def composite(view: AudienceView) -> float:
    """Weight the areas as the 2019 edition does."""
    shares = area_weights("linear", STANDARD)
    assert shares is not None
    return float(np.array([float(shares[area]) for area in AREAS]) @ view.view.mean)


def change(pairs: Iterator[tuple[AudienceView, AudienceView]]) -> Change:
    """Average over runs what lies between the product's opinion before and after."""
    pairs_of_views = list(pairs)
    moved = float(np.mean([abs(composite(after) - composite(before)) for before, after in pairs_of_views]))
    areas = np.array([after.view.mean - before.view.mean for before, after in pairs_of_views])
    shift, either_way = np.abs(areas.mean(axis=0)), np.abs(areas).mean(axis=0)
    return Change(moved, float(shift.max()), moved * float(ALPHA), float(either_way.max()))
