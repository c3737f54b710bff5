"""Strategies to pair those who took part with what was said; each gives its guesses and its chance of a hit by luck."""

import hashlib
import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import NamedTuple

from tests.redteam.dumps import Dump, Row

FAMILY = 0.001
"""How often all strategies together may call a safe design leaky by luck (the 99.9 % bound, shared out)."""


TRANSACTIONS = ("xmin", "transaction in journal")
"""Traces that number transactions, of PostgreSQL and of SQLite."""


class Guess(NamedTuple):
    """A strategy's pairs (participation, response), and the chance that a random pair is right."""

    strategy: str
    pairs: list[tuple[str, str]]
    chance: float


class Score(NamedTuple):
    """How many pairs of a strategy were right, and how many luck would give at most."""

    strategy: str
    hits: int
    bound: int

    @property
    def is_leak(self) -> bool:
        """Whether the strategy knows more than luck."""
        return self.hits > self.bound


def attack(dump: Dump, truth: dict[str, str], words: str) -> list[Score]:
    """Try every strategy and score it; `words` are all logs and journals."""
    guesses = list(_guesses(dump, words))
    return [
        Score(
            guess.strategy, sum(truth.get(person) == pick for person, pick in guess.pairs), _bound(guess, len(guesses))
        )
        for guess in guesses
    ]


def _bound(guess: Guess, strategies: int) -> int:
    """Find the most hits that n random pairs give with the family's certainty (exact binomial tail)."""
    n, p = len(guess.pairs), guess.chance
    tail, hits = 1.0, -1
    while tail > FAMILY / strategies:
        hits += 1
        tail -= math.comb(n, hits) * p**hits * (1 - p) ** (n - hits) if hits <= n else tail
    return hits


def _guesses(dump: Dump, words: str) -> Iterator[Guess]:
    people, answers = dump["participation"], dump["response"]
    chance = 1 / max(1, len(answers))
    for mine, theirs in product(orders(people), orders(answers)):
        yield Guess(f"{mine} against {theirs}", paired(people, mine, answers, theirs), chance)
    for bridge in ("spent_ballot", "counted_receipt", "access_code", "envelope"):
        for mine, theirs in product(orders(dump[bridge]), orders(answers)):
            ranked = paired(dump[bridge], mine, answers, theirs)
            persons = [row.key for row in _sorted(people, orders(people)[0])]
            pairs = [(person, pick) for person, (_bridge, pick) in zip(persons, ranked, strict=False)]
            yield Guess(f"over {bridge}: {mine} against {theirs}", pairs, chance)
    for trace in sorted(traces_of(people) & traces_of(answers)):
        yield Guess(f"next by {trace}", next_after(people, answers, trace), chance)
        yield Guess(f"nearest by {trace}", nearest(people, answers, trace), chance)
    for number in TRANSACTIONS:
        yield Guess(f"the same {number}", same(people, answers, number), chance)
    for name, derive in _DERIVATIONS.items():
        yield Guess(f"derived by {name}", _derived(people, answers, derive), chance)
    yield Guess("one line of a log", mentioned(people, answers, words), chance)


def orders(rows: list[Row]) -> list[str]:
    """List everything a table can be sorted by: hidden traces that every row has, and its own columns."""
    if not rows:
        return []
    traces = set.intersection(*(set(row.traces) for row in rows))
    return sorted(traces) + sorted(rows[0].columns)


def _sorted(rows: list[Row], by: str) -> list[Row]:
    return sorted(rows, key=lambda row: (row.traces.get(by, 0), str(row.columns.get(by, ""))))


def paired(ours: list[Row], mine: str, theirs: list[Row], their: str) -> list[tuple[str, str]]:
    return [(a.key, b.key) for a, b in zip(_sorted(ours, mine), _sorted(theirs, their), strict=False)]


def traces_of(rows: list[Row]) -> set[str]:
    return {trace for row in rows for trace in row.traces}


def next_after(people: list[Row], answers: list[Row], trace: str) -> list[tuple[str, str]]:
    """Pair each person with the answer that came next."""
    later = _placed(answers, trace)
    positions = [(key, bisect_right(later, (at, "~"))) for at, key in _placed(people, trace)]
    return [(key, later[position][1]) for key, position in positions if position < len(later)]


def nearest(people: list[Row], answers: list[Row], trace: str) -> list[tuple[str, str]]:
    """Pair each person with the answer that lies nearest."""
    there = _placed(answers, trace)
    return [(key, min(there, key=lambda one: abs(one[0] - at))[1]) for at, key in _placed(people, trace)]


def _placed(rows: list[Row], trace: str) -> list[tuple[int, str]]:
    return sorted((row.traces[trace], row.key) for row in rows if trace in row.traces)


def same(people: list[Row], answers: list[Row], number: str) -> list[tuple[str, str]]:
    """Pair what came in one transaction."""
    joint = {row.traces[number]: row.key for row in answers if number in row.traces}
    return [(row.key, pick) for row in people if (pick := joint.get(row.traces.get(number, -1)))]


_DERIVATIONS: dict[str, Callable[[str], str]] = {
    "the hash itself": lambda text: text[:32],
    "its tail": lambda text: text[-32:],
    "sha256": lambda text: hashlib.sha256(text.encode()).hexdigest()[:32],
    "sha256 of its bytes": lambda text: hashlib.sha256(bytes.fromhex(text)).hexdigest()[:32],
    "md5": lambda text: hashlib.md5(text.encode()).hexdigest(),  # noqa: S324 - an attacker may
}


def _derived(people: list[Row], answers: list[Row], derive: Callable[[str], str]) -> list[tuple[str, str]]:
    keys = {row.key for row in answers}
    return [(row.key, pick) for row in people if (pick := derive(row.key)) in keys]


def mentioned(people: list[Row], answers: list[Row], words: str) -> list[tuple[str, str]]:
    pairs = []
    for line in words.splitlines():
        persons, pick = (_in(line, rows) for rows in (people, answers))
        pairs.extend(product(persons, pick))
    return pairs


def _in(line: str, rows: Iterable[Row]) -> list[str]:
    return [row.key for row in rows if row.key in line] if len(line) >= 32 else []
