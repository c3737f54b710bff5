"""Which initiatives say nearly the same: TF-IDF of the characters in words, cosine, as for suggestions of residents.

Compared is what initiatives of one area and edition say, in Kazakh with Kazakh and in Russian with Russian; the same
initiative of the ministry's list is the same without comparing. The numbers are those of app.feedback.similar, which
loads SciPy and is for the night: this is plain Python, for a clerk who has just kept a text. It suggests whom to talk
to, and decides nothing.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import log, sqrt
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, insert, or_, select
from sqlalchemy.orm import Session

from app.feedback.neighbours import ALIKE
from app.initiatives.models import CityInitiative, InitiativeNeighbour, InitiativeText
from app.initiatives.states import InitiativeState
from surveys.responses.search_fold import fold_for_search

SUGGESTED = ALIKE
"""Least cosine of two that are shown as similar: the threshold of suggestions (ADR 38)."""

MOST = 10
"""Neighbours of one initiative that are kept."""

_COMPARED = 400
"""Characters of what an initiative does that are compared: what follows is detail, and the clerk waits."""

_SHORTEST, _LONGEST = 3, 5
_NO_WORD = re.compile(r"[\W_]+")

Vector = Mapping[str, float]


class InitiativeWords(NamedTuple):
    """What one initiative says."""

    id: int
    city: str
    code: str
    kk: str
    ru: str


def refresh_neighbours(session: Session, initiative: int) -> None:
    """Compare one initiative with all others of its area and edition anew, in both directions."""
    said = _said_beside(session, initiative)
    own = next((each for each in said if each.id == initiative), None)
    pair = or_(InitiativeNeighbour.initiative == initiative, InitiativeNeighbour.other == initiative)
    session.execute(delete(InitiativeNeighbour).where(pair))
    if own is None:
        return
    found = neighbours_of(own, [each for each in said if each.id != initiative and each.city != own.city])
    rows = [
        {"initiative": one, "other": other, "score": score}
        for other_id, score in found.items()
        for one, other in ((initiative, other_id), (other_id, initiative))
    ]
    if rows:
        session.execute(insert(InitiativeNeighbour), rows)


def neighbours_of(own: InitiativeWords, others: Sequence[InitiativeWords]) -> dict[int, float]:
    """Give the initiatives that say nearly the same as one, by id with the cosine, the nearest first."""
    scores = {other.id: 0.0 for other in others}
    for texts in ([each.kk for each in (own, *others)], [each.ru for each in (own, *others)]):
        for other, score in zip(others, cosines_of_first(texts), strict=True):
            scores[other.id] = max(scores[other.id], score)
    # What the ministry's list calls the same is the same.
    scores |= {other.id: 1.0 for other in others if own.code and own.code == other.code}
    near = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
    return {other: min(score, 1.0) for other, score in near[:MOST] if score >= SUGGESTED}


def cosines_of_first(texts: Sequence[str]) -> list[float]:
    """Compare the first text with each of the others."""
    first, *others = vectors_of(texts)
    return [sum(weight * other.get(gram, 0.0) for gram, weight in first.items()) for other in others]


def vectors_of(texts: Sequence[str]) -> list[Vector]:
    """Weigh texts by TF-IDF over 3 to 5 characters within words, each of length 1, as scikit-learn's `char_wb` does."""
    counts = [Counter(_grams(_NO_WORD.sub(" ", fold_for_search(text)))) for text in texts]
    seen = Counter(gram for each in counts for gram in each)
    rarity = {gram: log((1 + len(texts)) / (1 + number)) + 1 for gram, number in seen.items()}
    return [_of_length_one({gram: number * rarity[gram] for gram, number in each.items()}) for each in counts]


def _grams(text: str) -> Iterator[str]:
    for word in text.split():
        padded = f" {word} "
        for length in range(_SHORTEST, _LONGEST + 1):
            if length >= len(padded):
                # A short word is one gram, once.
                yield padded
                break
            yield from (padded[start : start + length] for start in range(len(padded) - length + 1))


def _of_length_one(weights: Mapping[str, float]) -> Vector:
    length = sqrt(sum(weight * weight for weight in weights.values()))
    return {gram: weight / length for gram, weight in weights.items()} if length else {}


def _said_beside(session: Session, initiative: int) -> list[InitiativeWords]:
    """Read what the initiatives of an initiative's area and edition say, itself among them; none that was given up."""
    own = select(CityInitiative.edition, InitiativeText.area).join(InitiativeText, _is_newest())
    own = own.where(CityInitiative.id == initiative)
    edition, area = session.execute(own).one()
    rows = session.execute(
        select(CityInitiative.id, CityInitiative.city, InitiativeText)
        .join(InitiativeText, _is_newest())
        .where(CityInitiative.edition == edition, InitiativeText.area == area)
        .where(CityInitiative.state != InitiativeState.WITHDRAWN)
        .order_by(CityInitiative.id)
    )
    return [InitiativeWords(number, city, row.code, _told(row, "kk"), _told(row, "ru")) for number, city, row in rows]


def _told(row: InitiativeText, language: str) -> str:
    title, what = getattr(row, f"title_{language}"), getattr(row, f"what_{language}")
    return f"{title} {what[:_COMPARED]}"


def _is_newest() -> ColumnElement[bool]:
    return (InitiativeText.initiative == CityInitiative.id) & (InitiativeText.revision == CityInitiative.revision)
