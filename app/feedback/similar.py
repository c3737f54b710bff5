"""Which texts are alike: cosine of weighted sequences of three to five letters inside words (TF-IDF).

It copes with the endings of Kazakh and Russian and with letters typed for one another, and needs no list of words. It
knows no meaning: it suggests, people code (ADR 38). The weights are those of scikit-learn's
TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5)). Only the nightly job and the demo import this module, which
loads NumPy and SciPy.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from app.feedback.neighbours import ALIKE, ComparedText, Likeness

SHORTEST, LONGEST = 3, 5
"""Letters of a sequence; the space before and after a word counts as one."""

_ROWS = 256
"""Texts compared with all others at a time: what lies in memory is so many times the number of texts."""

_NO_WORD = re.compile(r"[\W_]+")


class Pair(NamedTuple):
    """Two texts, by their index, the lower one first, and how alike they are: from 0 to 1."""

    one: int
    other: int
    score: float


class Rarity(NamedTuple):
    """What sequences there are in all texts of a language: the column of each, and by column how rare it is."""

    columns: dict[str, int]
    weights: NDArray[np.float64]


def compared(folded: str) -> str:
    """Leave the words of a folded text: what stands between them says nothing."""
    return _NO_WORD.sub(" ", folded).strip()


def learn_language(groups: Iterable[Iterable[ComparedText]]) -> Rarity:
    """Learn how rare sequences are in all suggestions of a language."""
    return learn(compared(text.folded) for group in groups for text in group)


def find_alike(group: Sequence[ComparedText], rarity: Rarity) -> list[Likeness]:
    """Find the suggestions of a group that are alike."""
    pairs = alike_pairs([compared(text.folded) for text in group], rarity, ALIKE)
    return [Likeness(group[one].id, group[other].id, score) for one, other, score in pairs]


def learn(texts: Iterable[str]) -> Rarity:
    """Learn how rare sequences are: the more texts have one, the less it says."""
    number, having = 0, Counter[str]()
    for text in texts:
        number += 1
        having.update(set(sequences(text)))
    counts = np.fromiter(having.values(), dtype=np.float64, count=len(having))
    # Smoothed: as if one more text had every sequence.
    weights: NDArray[np.float64] = np.log((1 + number) / (1 + counts)) + 1
    return Rarity({each: column for column, each in enumerate(having)}, weights)


def alike_pairs(texts: Sequence[str], rarity: Rarity, least: float) -> Iterator[Pair]:
    """Give all pairs of texts that are alike from a score on."""
    weights = weigh(texts, rarity)
    turned = weights.T.tocsr()
    for start in range(0, len(texts), _ROWS):
        scores = (weights[start : start + _ROWS] @ turned).tocoo()
        rows, columns = scores.coords
        chosen = (scores.data >= least) & (columns > rows + start)
        found = zip(rows[chosen] + start, columns[chosen], scores.data[chosen], strict=True)
        yield from (Pair(int(one), int(other), min(float(score), 1.0)) for one, other, score in found)


def weigh(texts: Sequence[str], rarity: Rarity) -> csr_array:
    """Weigh the sequences of texts: a row for each text, of length 1 unless it has none that is known."""
    counts = [Counter(each for each in sequences(text) if each in rarity.columns) for text in texts]
    starts = np.cumsum([0, *map(len, counts)])
    columns = np.array([rarity.columns[each] for count in counts for each in count], dtype=np.int64)
    data = np.array([n for count in counts for n in count.values()], dtype=np.float64) * rarity.weights[columns]
    rows = np.repeat(np.arange(len(texts)), np.diff(starts))
    lengths = np.sqrt(np.bincount(rows, weights=data**2, minlength=len(texts)))
    return csr_array((data / lengths[rows], columns, starts), shape=(len(texts), len(rarity.columns)))


def sequences(text: str) -> Iterator[str]:
    """Give the sequences of letters inside the words of a text; a word shorter than one is a sequence itself."""
    for word in text.split():
        padded = f" {word} "
        for n in range(SHORTEST, LONGEST + 1):
            if len(padded) <= n:
                yield padded
                break
            yield from (padded[start : start + n] for start in range(len(padded) - n + 1))
