"""All the worlds that agree with what was published: unknown numbers, and claims that hold them between bounds.

An outsider knows claims only. Whatever differs between two worlds that meet all of them is safe from the outsider;
whatever is the same in all of them has been published. See docs/adr/0021-an-attack-before-every-publication.md.
"""

from dataclasses import dataclass
from typing import NamedTuple

Terms = tuple[tuple[int, float], ...]
"""A linear expression: numbers of unknowns, and the factor of each."""


class Claim(NamedTuple):
    """What a published number says: an expression lies from `low` to `high`. `source` names its table and cell."""

    source: str
    terms: Terms
    low: float
    high: float


class Secret(NamedTuple):
    """A group of fewer than ten people, and the expression that an outsider would like to know.

    `people` is how many they are; `step` is the distance between two possible values of the expression.
    """

    name: str
    terms: Terms
    people: int
    step: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Worlds:
    """Unknowns of one kind with the claims about them.

    "heads" are numbers of people: whole, 0 or more. "mean" are scores from 0 to 100. Each unknown is a multiple of its
    step, or any number where that is 0, which is how integer programs see it; linear programs ignore that.
    `truth` are the true numbers: one world that meets every claim.
    """

    kind: str
    steps: tuple[float, ...]
    truth: tuple[float, ...]
    claims: tuple[Claim, ...]
    secrets: tuple[Secret, ...]

    @property
    def top(self) -> float:
        """Largest value of an unknown."""
        return 100.0 if self.kind == "mean" else float("inf")


class Finding(NamedTuple):
    """A group that is given away: what of it, between which bounds, and by which published numbers."""

    group: str
    people: int
    what: str
    low: float
    high: float
    sources: tuple[str, ...]

    def __str__(self) -> str:
        """Say it in one line."""
        found = f"{self.what} from {self.low:.4g} to {self.high:.4g}"
        return f"{self.group} ({self.people} people): {found}, by {'; '.join(self.sources)}"
