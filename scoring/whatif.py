"""What other values would do to a city's total and places: computed whole again, but for the opinions.

Values of indicators change nothing of what people said, so the opinions of a run are taken as they entered its blend.
What comes out is what `scoring.run.compute` gives for inputs with these values, to the last bit. Nothing here needs
arrays or tables: a page computes a hundred of them while it is asked for.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from scoring.edition import Edition, Indicator
from scoring.errors import FrameError
from scoring.indicators.areas import CityIndicators, ValueRow, city_indicators, score_area
from scoring.indicators.values import HUNDRED, score_value
from scoring.totals.one_city import CityVoice, Mixed, mixed, share_of_opinion
from scoring.totals.places import PlaceStep, places_at
from scoring.totals.rules import RULE_NAMES, total

REPORTED, NOT_APPLICABLE = "reported", "not_applicable"


class OtherValue(NamedTuple):
    """Another value of an indicator: its status, and the value of a reported one as it is given."""

    status: str
    value: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRun:
    """What a run is mixed from: the values of its cities, and what their people think as it entered the blend.

    `steps` are those of each city's range of places; none where the headline has no error.
    """

    edition: Edition
    alphas: Mapping[str, Fraction]
    indicators: Mapping[str, CityIndicators]
    voices: Mapping[str, CityVoice]
    steps: Mapping[str, tuple[PlaceStep, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CityOutcome:
    """A city as it is or would be: its scores, and the total under the headline rule (None where it has none).

    `places` are the first and the last place it could hold, the other cities staying as they are.
    """

    indicators: CityIndicators
    scores: Mixed
    total: Fraction | None
    places: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One value, and what its best one would do."""

    indicator: Indicator
    score: Fraction
    """From 0 to 100, as it counts now."""
    is_missing: bool
    gain: Fraction
    """Points of the total under the headline rule."""
    places: tuple[int, int] | None
    """The first and the last place that the city could hold with it."""


def known_run(
    edition: Edition,
    alpha: Fraction | None,
    values: Iterable[ValueRow],
    kept: tuple[Iterable[tuple[str, str, float | None, bool]], Iterable[tuple[str, float, int, int]]],
) -> KnownRun:
    """Take a run from its values and from the two tables that `scoring.output.kept` keeps of it; raises FrameError."""
    voices, steps = kept
    scores: dict[str, dict[str, float | None]] = {}
    borrowed: dict[str, set[str]] = {}
    for city, area, score, is_borrowed in voices:
        scores.setdefault(city, {})[area] = score
        borrowed.setdefault(city, set()).update({area} if is_borrowed else ())
    of_city: dict[str, list[PlaceStep]] = {}
    for city, start, low, high in steps:
        of_city.setdefault(city, []).append(PlaceStep(start, low, high))
    return KnownRun(
        edition=edition,
        alphas={area.code: share_of_opinion(area, edition, alpha) for area in edition.areas},
        indicators=city_indicators(edition, values),
        voices={city: CityVoice(own, frozenset(borrowed[city])) for city, own in scores.items()},
        steps={city: tuple(sorted(own)) for city, own in of_city.items()},
    )


def what_if(run: KnownRun, city: str, changes: Mapping[str, OtherValue]) -> CityOutcome:
    """Compute a city with other values of some indicators (by code); raises FrameError for what is not in the edition.

    Without changes it is the city as it is.
    """
    return _outcome(run, city, _changed(run.edition, run.indicators[city], changes), run.voices[city])


def _outcome(run: KnownRun, city: str, indicators: CityIndicators, voice: CityVoice) -> CityOutcome:
    scores = mixed(run.edition, run.alphas, indicators, voice)
    whole = total(run.edition.headline, run.edition, scores.blend) if scores.blend else None
    places = None if whole is None else places_at(run.steps.get(city, ()), float(whole))
    return CityOutcome(indicators=indicators, scores=scores, total=whole, places=places)


def if_people_said(run: KnownRun, city: str, opinions: Mapping[str, float]) -> CityOutcome:
    """Compute a city as if its people judged some areas otherwise, 0 to 100; its values are what they are."""
    voice = run.voices[city]
    other = CityVoice({**voice.scores, **opinions}, voice.borrowed)
    return _outcome(run, city, run.indicators[city], other)


def totals_of(edition: Edition, outcome: CityOutcome) -> dict[str, tuple[Fraction | None, Fraction | None]]:
    """Give the totals of an outcome under every rule, with opinion and without; as the table of rules has them."""
    sides = (outcome.scores.blend, outcome.scores.plain)
    return {
        name: (
            total(rule, edition, sides[0], edge=edge) if sides[0] else None,
            total(rule, edition, sides[1], edge=edge) if sides[1] else None,
        )
        for name, (rule, edge) in RULE_NAMES.items()
    }


def levers(run: KnownRun, city: str) -> list[Lever]:
    """List what each value below 100 would do at its best, the most first; not of a city that has no total.

    A value that does not apply is no lever: that would pay for not being measured.
    """
    now = what_if(run, city, {})
    return sorted(_levers(run, city, now), key=lambda each: -each.gain)


def best(indicator: Indicator) -> OtherValue:
    """Give the value of an indicator that scores 100."""
    if indicator.high is not None:
        return OtherValue(REPORTED, indicator.high / indicator.per)
    return OtherValue(REPORTED, HUNDRED if indicator.method == "percentage" else Fraction(1))


def _levers(run: KnownRun, city: str, now: CityOutcome) -> Iterator[Lever]:
    for indicator in run.edition.indicators:
        own = now.indicators.values.get(indicator.code)
        is_full = own is not None and own.score >= HUNDRED
        if now.total is None or is_full or indicator.code in now.indicators.not_applicable:
            continue
        then = what_if(run, city, {indicator.code: best(indicator)})
        yield Lever(
            indicator=indicator,
            score=own.score if own else Fraction(0),
            is_missing=own is None,
            gain=(then.total or now.total) - now.total,
            places=then.places,
        )


def _changed(edition: Edition, indicators: CityIndicators, changes: Mapping[str, OtherValue]) -> CityIndicators:
    """Score a city's areas again in which a value is another."""
    if not changes:
        return indicators
    values, not_applicable = dict(indicators.values), set(indicators.not_applicable)
    touched = set()
    for code, change in changes.items():
        indicator = edition.indicator(code)
        if indicator is None:
            raise FrameError(f"indicators: {code!r} is not in edition {edition.code}")
        touched.add(indicator.area)
        values.pop(code, None)
        not_applicable.discard(code)
        if change.status == REPORTED:
            values[code] = score_value(indicator, change.value)
        elif change.status == NOT_APPLICABLE:
            not_applicable.add(code)
    again = {area: score_area(edition.indicators_of(area), values, not_applicable) for area in touched}
    return CityIndicators({**indicators.areas, **again}, values, frozenset(not_applicable))
