"""Before and after an initiative: what two publications say of its area in its city, with intervals.

Two figures of opinion differ where their 95 % ranges do not meet; where they meet, it cannot be told. A reported
indicator has no range: it rose, fell or stayed. Nothing is said where the two speak of different things, or of days on
which the initiative had begun already, or was not finished yet. That something changed says nothing of why.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from app.publishing.bundle import Bundle
from app.publishing.results import AreaResult

NORMAL = 1.96
"""Standard errors on either side of a 95 % range."""


class FigureKind(StrEnum):
    """What a figure is of."""

    INDICATOR = "indicator"
    """One indicator's score, 0 to 100."""
    AREA = "area"
    """The mean score of the area's indicators."""
    OPINION = "opinion"
    """The opinion of residents and businesses of the area."""


class FigureChange(StrEnum):
    """What became of a figure."""

    ROSE = "rose"
    FELL = "fell"
    STAYED = "stayed"
    CANNOT_TELL = "cannot_tell"


class Doubt(StrEnum):
    """Why it cannot be told."""

    NONE = ""
    OVERLAP = "overlap"
    MISSING = "missing"
    OTHER_EDITION = "other_edition"
    OTHER_QUESTIONS = "other_questions"
    BEGUN_BEFORE = "begun_before"
    """The figures from before are of days on which it had begun."""
    NOT_FINISHED = "not_finished"
    """The figures from after are of days on which it was not finished."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedFigure:
    """One figure before and after; a range only where chance enters it."""

    kind: FigureKind
    code: str
    before: float | None
    after: float | None
    before_low: float | None = None
    before_high: float | None = None
    after_low: float | None = None
    after_high: float | None = None
    change: FigureChange
    doubt: Doubt = Doubt.NONE


class Occasion(NamedTuple):
    """A publication: its bundle, the derivation of the city's total, and the last day of the values' period."""

    bundle: Bundle
    derivation: bytes | None
    period_ends: date | None


class Subject(NamedTuple):
    """What is compared: a city, an area, indicators of it, and the days on which the initiative began and ended."""

    city: str
    area: str
    indicators: tuple[str, ...]
    started_on: date
    finished_on: date


def compare(subject: Subject, before: Occasion, after: Occasion) -> tuple[ComparedFigure, ...]:
    """Compare the indicators, the area's score and the opinion of it."""
    return (*_indicators(subject, before, after), _opinion(subject, before, after))


def as_json(figures: tuple[ComparedFigure, ...]) -> str:
    """Write figures as they are stored."""
    return json.dumps([asdict(figure) for figure in figures], sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> tuple[ComparedFigure, ...]:
    """Read stored figures."""
    return tuple(_figure(row) for row in json.loads(text))


def _figure(row: Mapping[str, Any]) -> ComparedFigure:
    words = {"kind": FigureKind(row["kind"]), "change": FigureChange(row["change"]), "doubt": Doubt(row["doubt"])}
    return ComparedFigure(**{**row, **words})


def _indicators(subject: Subject, before: Occasion, after: Occasion) -> Iterator[ComparedFigure]:
    doubt = _doubt_of_values(subject, before, after)
    of_area = [_area(each.bundle, subject) for each in (before, after)]
    scores = [_scores(each.derivation) for each in (before, after)]
    for code in subject.indicators:
        yield _exact(FigureKind.INDICATOR, code, (scores[0].get(code), scores[1].get(code)), doubt)
    means = tuple(row.indicators if row else None for row in of_area)
    yield _exact(FigureKind.AREA, subject.area, (means[0], means[1]), doubt)


def _doubt_of_values(subject: Subject, before: Occasion, after: Occasion) -> Doubt:
    if _standard(before.bundle) != _standard(after.bundle):
        return Doubt.OTHER_EDITION
    if before.period_ends is not None and before.period_ends >= subject.started_on:
        return Doubt.BEGUN_BEFORE
    if after.period_ends is not None and after.period_ends < subject.finished_on:
        return Doubt.NOT_FINISHED
    return Doubt.NONE


def _exact(kind: FigureKind, code: str, pair: tuple[float | None, float | None], doubt: Doubt) -> ComparedFigure:
    before, after = pair
    if before is None or after is None:
        doubt = doubt or Doubt.MISSING
    if doubt or before is None or after is None:
        return ComparedFigure(
            kind=kind, code=code, before=before, after=after, change=FigureChange.CANNOT_TELL, doubt=doubt
        )
    change = FigureChange.STAYED if before == after else FigureChange.ROSE if after > before else FigureChange.FELL
    return ComparedFigure(kind=kind, code=code, before=before, after=after, change=change)


def _opinion(subject: Subject, before: Occasion, after: Occasion) -> ComparedFigure:
    first, second = (_range(_area(each.bundle, subject)) for each in (before, after))
    doubt = _doubt_of_opinion(subject, before.bundle, after.bundle)
    if first.value is None or second.value is None or first.low is None or second.low is None:
        doubt = doubt or Doubt.MISSING
    elif not doubt and first.low <= (second.high or 0) and second.low <= (first.high or 0):
        doubt = Doubt.OVERLAP
    change = FigureChange.CANNOT_TELL
    if not doubt:
        change = FigureChange.ROSE if (second.value or 0) > (first.value or 0) else FigureChange.FELL
    return ComparedFigure(
        kind=FigureKind.OPINION,
        code=subject.area,
        before=first.value,
        after=second.value,
        before_low=first.low,
        before_high=first.high,
        after_low=second.low,
        after_high=second.high,
        change=change,
        doubt=doubt,
    )


def _doubt_of_opinion(subject: Subject, before: Bundle, after: Bundle) -> Doubt:
    if _questions(before, subject.area) != _questions(after, subject.area):
        return Doubt.OTHER_QUESTIONS
    if before.card.collected_to >= subject.started_on:
        return Doubt.BEGUN_BEFORE
    return Doubt.NOT_FINISHED if after.card.collected_from < subject.finished_on else Doubt.NONE


class _OpinionRange(NamedTuple):
    value: float | None
    low: float | None
    high: float | None


def _range(row: AreaResult | None) -> _OpinionRange:
    if row is None or row.opinion is None or row.opinion_se is None:
        return _OpinionRange(row.opinion if row else None, None, None)
    half = NORMAL * row.opinion_se
    return _OpinionRange(row.opinion, round(max(row.opinion - half, 0), 1), round(min(row.opinion + half, 100), 1))


def _area(bundle: Bundle, subject: Subject) -> AreaResult | None:
    of_city = (row for row in bundle.area_results if row.city == subject.city and row.area == subject.area)
    return next(of_city, None)


def _standard(bundle: Bundle) -> str:
    """Give the edition whose indicators count; that it takes verified opinion alone changes none of them."""
    return bundle.method.edition.removesuffix("_verified")


def _questions(bundle: Bundle, area: str) -> list[tuple[Any, ...]]:
    """List what was asked of an area: the same opinion is one to the same questions."""
    topics = {topic.code for topic in bundle.topics if topic.area == area} | {area}
    asked = (each for each in bundle.card.asked if each.scored and each.area in topics)
    return sorted((each.audience, tuple(each.wording), tuple(map(tuple, each.options))) for each in asked)


def _scores(derivation: bytes | None) -> dict[str, float]:
    """Read the scores of reported indicators out of a derivation."""
    if derivation is None:
        return {}
    found: dict[str, float] = {}
    waiting = [json.loads(derivation)]
    while waiting:
        node = waiting.pop()
        if (
            node["kind"] == "indicator"
            and node["note"] not in {"missing", "not_accepted"}
            and node["value"] is not None
        ):
            found[node["code"]] = float(node["value"])
        waiting += node["parts"]
    return found
