"""Which groups of people are too small to be spoken of, and how counts of people are written (docs/scoring.md).

A group counts as small by its people and by its effective size alike: twelve people of whom one carries nearly all the
weight are one person. Methods: Hundepool et al., "Handbook on Statistical Disclosure Control" (2010), chapters 4 and 5
(threshold rule, dominance, secondary suppression).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from scoring.opinion.raking import Floats
from scoring.opinion.weights import Weights

FEWEST = 10
"""People, and effective people, from which a number is shown for a group."""

COVER = 0.5
"""Part of a small hidden group's size that must be hidden with it: with less, the union would give it away."""


def tens(n: float) -> int:
    """Write a number of people as it is published: in whole tens, rounded down; 0 means fewer than ten or none.

    Any number of people that follows from such a count lies in a range of ten, and such a range holds either nobody or
    ten and more: a difference never proves that a group of one to nine exists.
    """
    return FEWEST * int(n // FEWEST)


def hidden(sizes: Sequence[float]) -> list[bool]:
    """Say which parts of a whole may not be shown, by their sizes: the small ones, and enough others with them.

    What is left out together has FEWEST at least, and beside each small part at least COVER of its own size: the mean
    of what is left out, which a subtraction gives, then says little of any small part.
    """
    order = sorted(range(len(sizes)), key=lambda index: sizes[index])
    left_out = [index for index in order if sizes[index] < FEWEST]
    small, spare = tuple(left_out), [index for index in order if sizes[index] >= FEWEST]
    while small and spare and not _is_covered([sizes[each] for each in small], [sizes[each] for each in left_out]):
        left_out.append(spare.pop(0))
    return [index in left_out for index in range(len(sizes))]


def _is_covered(small: Sequence[float], left_out: Sequence[float]) -> bool:
    whole = sum(left_out)
    return len(left_out) > 1 and whole >= FEWEST and all(whole - size >= COVER * size for size in small)


class Part(NamedTuple):
    """The people of some groups in one tier: heads per stratum (strata × groups), and the weight of the tier in each.

    `scale` is the share of the tier in the number, divided by the weight of all who enter it there.
    """

    weights: Weights
    heads: Floats
    scale: Floats


def sizes(parts: Iterable[Part]) -> Floats:
    """Give the size of each group: its people or, where they weigh unequally, the fewer effective ones (Kish)."""
    heads, weight, squares = (
        sum(each, start=np.zeros(1))
        for each in zip(
            *(
                (
                    np.where(part.scale > 0, part.heads.sum(axis=0), 0.0),
                    part.scale * (part.weights.w @ part.heads),
                    part.scale**2 * (part.weights.w**2 @ part.heads),
                )
                for part in parts
            ),
            strict=True,
        )
    )
    effective = np.divide(weight**2, squares, out=np.zeros_like(squares), where=squares > 0)
    # Sixty people of equal weight are sixty, not 59.999…
    smaller: Floats = np.minimum(heads, np.round(effective, 9))
    return smaller
