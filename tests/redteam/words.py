"""Strategies to pair people's words with the answers they came with, within what the two may show of each other."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import NamedTuple

from tests.redteam.attackers import (
    FAMILY,
    TRANSACTIONS,
    Score,
    mentioned,
    nearest,
    next_after,
    orders,
    paired,
    same,
    traces_of,
)
from tests.redteam.dumps import Dump, Row

SHOWN = ("wave", "city", "lang")
"""What a suggestion and its answer both show (tests/contracts/test_privacy.py): luck is counted within it."""

WEEK = timedelta(days=7)
"""Rounds of the release are so far apart: of a suggestion at the desk luck is counted within the answers since the one
before (docs/identity.md names what that leaves)."""


class _Pairing(NamedTuple):
    """Pairs of one strategy in one wave, city and language, and the chance that a random pair of it is right."""

    strategy: str
    pairs: list[tuple[str, str]]
    chance: float


class _Day(NamedTuple):
    """The answers of one day that a suggestion may have come with, and how likely luck finds its own among them."""

    comment: str
    answers: frozenset[str]
    chance: float


def attack_words(dump: Dump, truth: dict[str, str], words: str) -> list[Score]:
    """Try every strategy and score it; `truth` leads from a text to its answer, `words` are all logs and journals."""
    texts = {row.key: str(row.columns["text"]) for row in dump["comment"]}
    pairings: dict[str, list[_Pairing]] = defaultdict(list)
    days: list[_Day] = []
    answers = _by_shown(dump["response"])
    for shown, comments in _by_shown(dump["comment"]).items():
        for week, of_week in _by_week(comments).items():
            among = [answer for answer in answers[shown] if week is None or week - WEEK <= _day(answer, "day") < week]
            for each in _pairings(of_week, among or answers[shown], words):
                pairings[each.strategy].append(each)
            days += _last_days(of_week, among or answers[shown])
    same_day = Score(
        "of the last day before it was handed over",
        sum(truth[texts[each.comment]] in each.answers for each in days),
        bound_of([each.chance for each in days], len(pairings) + 1),
    )
    return [
        same_day,
        *(
            Score(
                strategy,
                sum(truth[texts[comment]] == pick for each in same_way for comment, pick in each.pairs),
                bound_of([each.chance for each in same_way for _pair in each.pairs], len(pairings) + 1),
            )
            for strategy, same_way in pairings.items()
        ),
    ]


def _by_shown(rows: list[Row]) -> dict[tuple[object, ...], list[Row]]:
    groups: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row.columns[name] for name in SHOWN)].append(row)
    return groups


def _by_week(comments: list[Row]) -> dict[date | None, list[Row]]:
    """Part those of the desk by the Monday after the week in which they were written at the latest; None: they wait."""
    weeks: dict[date | None, list[Row]] = defaultdict(list)
    for comment in comments:
        day = _day(comment, "released_on") if comment.columns["released_on"] else None
        weeks[day and day + timedelta(days=-day.weekday() % 7)].append(comment)
    return weeks


def _last_days(comments: list[Row], answers: list[Row]) -> Iterator[_Day]:
    """Take of each suggestion at the desk the answers of the last day before it was there."""
    for comment in comments:
        if comment.columns["released_on"]:
            days = [_day(answer, "day") for answer in answers]
            last = max((day for day in days if day <= _day(comment, "released_on")), default=None)
            among = frozenset(answer.key for answer, day in zip(answers, days, strict=True) if day == last)
            yield _Day(comment.key, among, len(among) / len(answers))


def _day(row: Row, column: str) -> date:
    return date.fromisoformat(str(row.columns[column]))


def bound_of(chances: list[float], strategies: int) -> int:
    """Find the most hits that random pairs give with the family's certainty (exact Poisson binomial tail)."""
    hits = [1.0]
    for chance in chances:
        hits = [
            (hits[n] if n < len(hits) else 0.0) * (1 - chance) + (hits[n - 1] if n else 0.0) * chance
            for n in range(len(hits) + 1)
        ]
    tail = 0.0
    for n in range(len(hits) - 1, -1, -1):
        tail += hits[n]
        if tail > FAMILY / strategies:
            return n
    return 0


def _pairings(comments: list[Row], answers: list[Row], words: str) -> Iterator[_Pairing]:
    chance = 1 / len(answers)
    for mine, theirs in product(orders(comments), orders(answers)):
        name = f"{mine} against {theirs}"
        yield _Pairing(name, paired(comments, mine, answers, theirs), chance)
        # Not everybody writes: places in the one order stretched over the other.
        yield _Pairing(f"{name}, stretched", _stretched(comments, mine, answers, theirs), chance)
    for trace in sorted(traces_of(comments) & traces_of(answers)):
        yield _Pairing(f"next by {trace}", next_after(comments, answers, trace), chance)
        yield _Pairing(f"nearest by {trace}", nearest(comments, answers, trace), chance)
    for number in TRANSACTIONS:
        yield _Pairing(f"the same {number}", same(comments, answers, number), chance)
    yield _Pairing("one line of a log", mentioned(comments, answers, words), chance)


def _stretched(comments: list[Row], mine: str, answers: list[Row], theirs: str) -> list[tuple[str, str]]:
    first = [key for key, _pick in paired(comments, mine, comments, mine)]
    second = [key for key, _pick in paired(answers, theirs, answers, theirs)]
    return [(key, second[(2 * n + 1) * len(second) // (2 * len(first))]) for n, key in enumerate(first)]
