"""What counts as alike, measured on labelled lines in three languages; equal to scikit-learn's weights."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.demo.suggestions import demo_suggestions
from app.feedback.neighbours import ALIKE, NEAR_COPY
from app.feedback.similar import alike_pairs, compared, learn
from surveys.responses.search_fold import fold_for_search

DATA = Path(__file__).parents[2] / "data"


class Line(NamedTuple):
    """A labelled line: what it is about, and the word that near-copies share."""

    area: str
    lang: str
    topic: str
    copy: str
    text: str

    @property
    def compared(self) -> str:
        return compared(fold_for_search(self.text))


class Scored(NamedTuple):
    """Two lines of one area and language, and how alike they are."""

    score: float
    one: Line
    other: Line

    @property
    def is_copy(self) -> bool:
        return self.one.copy != "" and self.one.copy == self.other.copy

    @property
    def is_alike(self) -> bool:
        return self.one.topic == self.other.topic


def labelled() -> list[Line]:
    with (DATA / "alike.csv").open(encoding="utf-8", newline="") as lines:
        return [Line(**row) for row in csv.DictReader(lines)]


def of_the_demo() -> list[Line]:
    return [
        Line(f"{each.city} {each.audience} {each.area}", each.lang, each.theme, each.campaign, each.text)
        for each in demo_suggestions()
    ]


def scored(lines: Iterable[Line]) -> Iterator[Scored]:
    """Compare as the job does: weights of a language, pairs within an area."""
    by_lang: dict[str, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        by_lang[line.lang][line.area].append(line)
    for areas in by_lang.values():
        rarity = learn(line.compared for group in areas.values() for line in group)
        for group in areas.values():
            scores = {(one, other): score for one, other, score in alike_pairs([e.compared for e in group], rarity, 0)}
            for one, other in combinations(range(len(group)), 2):
                yield Scored(scores.get((one, other), 0.0), group[one], group[other])


def precision(pairs: list[Scored]) -> float:
    return sum(pair.is_alike for pair in pairs) / len(pairs)


def test_the_labelled_lines_are_enough_and_none_is_of_the_demo() -> None:
    lines = labelled()
    assert len(lines) >= 300
    assert {line.lang for line in lines} == {"kk", "ru", "en"}
    assert {line.text for line in lines}.isdisjoint(each.text for each in demo_suggestions())


def test_what_is_suggested_is_about_the_same_and_near_copies_are_found() -> None:
    pairs = list(scored(labelled()))
    suggested = [pair for pair in pairs if pair.score >= ALIKE]
    copies = [pair for pair in pairs if pair.is_copy]
    found = [pair for pair in pairs if pair.score >= NEAR_COPY]
    assert precision(suggested) >= 0.95
    assert precision([pair for pair in suggested if not pair.is_copy]) >= 0.95, "without the easy ones"
    assert sum(pair.is_alike and not pair.is_copy for pair in suggested) >= 90
    assert sum(pair.score >= NEAR_COPY for pair in copies) / len(copies) >= 0.95
    assert sum(pair.is_copy for pair in found) / len(found) >= 0.95


def test_the_thresholds_hold_on_lines_they_were_not_fixed_on() -> None:
    pairs = list(scored(of_the_demo()))
    copies = [pair for pair in pairs if pair.is_copy]
    assert precision([pair for pair in pairs if pair.score >= ALIKE]) >= 0.95
    assert sum(pair.score >= NEAR_COPY for pair in copies) / len(copies) >= 0.95
    assert [pair for pair in pairs if pair.score >= NEAR_COPY and not pair.is_copy] == []


@pytest.mark.parametrize("key", json.loads((DATA / "alike_scores.json").read_text())["scores"])
def test_scores_are_those_of_scikit_learn(key: str) -> None:
    lang, area = key.split()
    lines = [line for line in labelled() if line.lang == lang]
    texts = [line.compared for line in lines if line.area == area]
    pairs = {(one, other): score for one, other, score in alike_pairs(texts, learn(e.compared for e in lines), 0)}
    ours = [pairs.get(pair, 0.0) for pair in combinations(range(len(texts)), 2)]
    theirs = json.loads((DATA / "alike_scores.json").read_text())["scores"][key]
    assert len(ours) == len(theirs)
    assert max(abs(one - other) for one, other in zip(ours, theirs, strict=True)) < 1e-9


def test_kazakh_without_its_letters_is_the_same() -> None:
    texts = [compared(fold_for_search(text)) for text in ("Жолда шұңқыр көп!", "жолда шункыр коп", "Су жоқ")]
    (pair,) = alike_pairs(texts, learn(texts), ALIKE)
    assert (pair.one, pair.other, round(pair.score, 9)) == (0, 1, 1.0)


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["-", "!"], ["а", ""]])
def test_what_has_no_words_is_like_nothing(texts: list[str]) -> None:
    plain = [compared(text) for text in texts]
    assert list(alike_pairs(plain, learn(plain), 0.01)) == []


@given(st.lists(st.text("абвгд ё", max_size=20), max_size=600))
def test_scores_lie_between_nothing_and_one_and_each_pair_comes_once(texts: list[str]) -> None:
    pairs = list(alike_pairs(texts, learn(texts), 0.5))
    assert all(pair.one < pair.other and 0.5 <= pair.score <= 1 for pair in pairs)
    assert len({pair[:2] for pair in pairs}) == len(pairs)
