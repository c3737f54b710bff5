"""What an outsider reads in one publication about one audience of one city: numbers, and how exactly each is given."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import inf
from typing import Any, NamedTuple

from app.publishing.bundle import Bundle
from app.publishing.results import EstimateResult, PeopleResult, ShareResult
from app.publishing.rows import NOT_GIVEN, SCORE_DIGITS
from scoring.opinion.small_groups import FEWEST

IN_TENS = 3
"""Format of bundles from which counts of people are in whole tens."""

FULL_DIGITS = 12
"""Decimals that can be trusted of a number that was not rounded."""

_TINY = 1e-9

Tree = Mapping[str, Any]


class Between(NamedTuple):
    """The least and the largest number that would have been published like this."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The rows of a publication about one audience of one city; `number` is 0 before it has one."""

    number: int
    city: str
    audience: str
    in_tens: bool
    n: int | None
    tiers: Mapping[str, int | None]
    effective: Mapping[str, float | None]
    estimates: Mapping[tuple[str, str], EstimateResult]
    people: Mapping[tuple[str, str], list[PeopleResult]]
    shares: Mapping[tuple[str, str], ShareResult]
    trees: Mapping[str, tuple[Tree, ...]]

    def source(self, table: str, cell: str, column: str) -> str:
        """Name a published number: publication, table, row and column."""
        number = f"publication {self.number}" if self.number else "this publication"
        return f"{number}, {table}, {self.city}/{self.audience}/{cell}, {column}"

    def count(self, value: int) -> Between:
        """Read a number of people; one that is no whole ten is exact whatever the format says."""
        return in_tens(value) if self.in_tens else Between(value, value)

    def effective_people(self, value: float, evenness: float) -> Between:
        """Read an effective number as bounds on people: they are no fewer, and no more than their weights allow."""
        if self.in_tens and value % FEWEST == 0:
            low, high = value, value + FEWEST
        else:
            low, high = self.rounded(value)
        return Between(low, high / evenness if evenness else inf)

    def rounded(self, value: float, digits: int = SCORE_DIGITS) -> Between:
        """Read a number with decimals; one with more of them than it should have is as exact as it looks."""
        if value == 0 and isinstance(value, int):
            return Between(-_TINY, _TINY)  # an exact zero, by the legend of the tables
        shown = max(0, -int(Decimal(repr(value)).normalize().as_tuple().exponent))
        half = 0.5 * 10.0 ** -min(max(digits, shown) if self.in_tens else FULL_DIGITS, FULL_DIGITS)
        return Between(value - half - _TINY, value + half + _TINY)


def read(bundle: Bundle, trees: Mapping[str, Tree], *, number: int) -> Iterator[Known]:
    """Sort the rows of a publication by city and audience; `trees` are the derivations, parsed, by city."""
    for row in bundle.city_results:
        for audience, n in (("resident", row.residents_n), ("business", row.businesses_n)):
            tiers = {each.tier: each for each in bundle.tier_results if _is(each, row.city, audience)}
            if tiers:
                people: dict[tuple[str, str], list[PeopleResult]] = {}
                for each in bundle.people:
                    if _is(each, row.city, audience) and each.mean is not None:
                        people.setdefault((each.dimension, each.area), []).append(each)
                yield Known(
                    number=number,
                    city=row.city,
                    audience=audience,
                    in_tens=bundle.format >= IN_TENS,
                    n=n,
                    tiers={tier: each.n for tier, each in tiers.items()},
                    effective={tier: each.effective_n for tier, each in tiers.items()},
                    estimates={(e.tier, e.area): e for e in bundle.estimates if _is(e, row.city, audience)},
                    people=people,
                    shares={(s.question, s.measure): s for s in bundle.shares if _is(s, row.city, audience)},
                    trees=dict(_areas(trees.get(row.city), audience)),
                )


def _is(row: Any, city: str, audience: str) -> bool:
    return bool(row.city == city and row.audience == audience)


def _areas(tree: Tree | None, audience: str) -> Iterator[tuple[str, tuple[Tree, ...]]]:
    """Give the tiers under each area of the questionnaire in a city's derivation."""
    if tree is None:
        return
    if tree["kind"] == "audience" and tree["code"] != audience:
        return
    if tree["kind"] == "questions":
        yield tree["code"], tuple(tree["parts"])
        return
    for part in tree["parts"]:
        yield from _areas(part, audience)


def in_tens(value: int) -> Between:
    """Read a number of people that is written in whole tens; one that is no whole ten is exact."""
    return Between(value, value + FEWEST - 1 if value % FEWEST == 0 else value)


def category(code: str) -> str:
    """Give a category as the cells write it."""
    return "-" if code == NOT_GIVEN else code


def matches(code: str, traits: tuple[str, ...], categories: tuple[str, ...]) -> bool:
    """Tell whether people of some categories belong to a group such as "age:sex=18-24:f+18-24:m;lang=kk"."""
    own = dict(zip(traits, categories, strict=True))
    for part in filter(None, code.split(";")):
        dimension, _eq, merged = part.partition("=")
        values = [own[trait] for trait in dimension.split(":")]
        value = "-" if "-" in values else ":".join(values)
        if f"+{value}+" not in f"+{merged}+":
            return False
    return True


def traits_of(code: str) -> Iterator[str]:
    """Name the traits by which a group such as "age:sex=18-24:f;lang=kk" is told apart."""
    for part in filter(None, code.split(";")):
        yield from part.partition("=")[0].split(":")
