"""Before and after: a change of opinion is named where the two ranges do not meet, and nowhere else."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.initiatives.comparison import (
    ComparedFigure,
    Doubt,
    FigureChange,
    FigureKind,
    Occasion,
    Subject,
    as_json,
    compare,
    from_json,
)
from app.publishing.bundle import Bundle

CITY, AREA, INDICATORS = "aktau", "hlt", ("life_expectancy", "medical_institutions")
STARTED, FINISHED = date(2025, 3, 1), date(2025, 11, 30)
SUBJECT = Subject(CITY, AREA, INDICATORS, STARTED, FINISHED)


def bundle_with(bundle: Bundle, collected: tuple[date, date], edition: str = "", **area: Any) -> Bundle:
    """Give a publication whose city has other figures in the area, and was asked on other days."""
    rows = tuple(replace(row, **area) if (row.city, row.area) == (CITY, AREA) else row for row in bundle.area_results)
    card = replace(bundle.card, collected_from=collected[0], collected_to=collected[1])
    method = replace(bundle.method, edition=edition or bundle.method.edition)
    return replace(bundle, area_results=rows, card=card, method=method)


def tree(**scores: float | None) -> bytes:
    """Give a derivation with scores of indicators; None for one that was not reported."""
    parts: list[dict[str, Any]] = [
        {
            "kind": "indicator",
            "code": code,
            "value": value or 0.0,
            "note": "missing" if value is None else "",
            "parts": [],
        }
        for code, value in scores.items()
    ]
    return json.dumps({"kind": "total", "code": "", "value": 1, "note": "", "parts": parts}).encode()


def before(bundle: Bundle, ends: date = date(2024, 12, 31), scores: bytes | None = None, **area: Any) -> Occasion:
    asked = (STARTED - timedelta(days=60), STARTED - timedelta(days=30))
    area = {"opinion": 50.0, "opinion_se": 2.0, "indicators": 40.0} | area
    scores = scores or tree(life_expectancy=40.0, medical_institutions=70.0)
    return Occasion(bundle_with(bundle, asked, **area), scores, ends)


def after(bundle: Bundle, ends: date = date(2025, 12, 31), scores: bytes | None = None, **area: Any) -> Occasion:
    asked = (FINISHED + timedelta(days=30), FINISHED + timedelta(days=60))
    area = {"opinion": 60.0, "opinion_se": 2.0, "indicators": 45.0} | area
    scores = scores or tree(life_expectancy=50.0, medical_institutions=70.0)
    return Occasion(bundle_with(bundle, asked, **area), scores, ends)


def figure(kind: FigureKind, found: tuple[ComparedFigure, ...], code: str = AREA) -> ComparedFigure:
    return next(each for each in found if each.kind is kind and each.code == code)


def test_indicators_rise_fall_and_stay_and_opinion_moves_beyond_its_ranges(bundle: Bundle) -> None:
    found = compare(SUBJECT, before(bundle), after(bundle))
    assert figure(FigureKind.INDICATOR, found, "life_expectancy").change is FigureChange.ROSE
    assert figure(FigureKind.INDICATOR, found, "medical_institutions").change is FigureChange.STAYED
    assert figure(FigureKind.AREA, found).change is FigureChange.ROSE
    opinion = figure(FigureKind.OPINION, found)
    assert (opinion.change, opinion.doubt) == (FigureChange.ROSE, Doubt.NONE)
    assert (opinion.before_low, opinion.before_high, opinion.after_low, opinion.after_high) == (46.1, 53.9, 56.1, 63.9)
    fell = compare(SUBJECT, before(bundle), after(bundle, opinion=30.0, indicators=39.9))
    assert [each.change for each in fell[2:]] == [FigureChange.FELL, FigureChange.FELL]
    assert from_json(as_json(found)) == found


@given(
    first=st.floats(5, 95),
    second=st.floats(5, 95),
    errors=st.tuples(st.floats(0.1, 8), st.floats(0.1, 8)),
)
def test_a_change_of_opinion_is_named_exactly_where_the_ranges_do_not_meet(
    bundle: Bundle, first: float, second: float, errors: tuple[float, float]
) -> None:
    one = before(bundle, opinion=first, opinion_se=errors[0])
    opinion = figure(FigureKind.OPINION, compare(SUBJECT, one, after(bundle, opinion=second, opinion_se=errors[1])))
    low = [opinion.before_low or 0, opinion.after_low or 0]
    high = [opinion.before_high or 0, opinion.after_high or 0]
    meets = max(low) <= min(high)
    assert (opinion.change is FigureChange.CANNOT_TELL) == meets
    assert (opinion.doubt is Doubt.OVERLAP) == meets
    if not meets:
        assert (opinion.change is FigureChange.ROSE) == (second > first)


def _other_questions(bundle: Bundle) -> Occasion:
    one = after(bundle)
    asked = tuple(
        replace(each, wording=each.wording._replace(ru=f"{each.wording.ru} Совсем?")) for each in one.bundle.card.asked
    )
    return one._replace(bundle=replace(one.bundle, card=replace(one.bundle.card, asked=asked)))


def _asked_while_it_ran(bundle: Bundle) -> Occasion:
    one = after(bundle)
    return one._replace(bundle=bundle_with(one.bundle, (FINISHED - timedelta(days=1), FINISHED + timedelta(days=9))))


def _asked_when_it_had_begun(bundle: Bundle) -> Occasion:
    one = before(bundle)
    return one._replace(bundle=bundle_with(one.bundle, (STARTED - timedelta(days=9), STARTED)))


def test_nothing_is_said_of_opinion_where_the_two_speak_of_different_things(bundle: Bundle) -> None:
    pairs = {
        Doubt.OTHER_QUESTIONS: (before(bundle), _other_questions(bundle)),
        Doubt.NOT_FINISHED: (before(bundle), _asked_while_it_ran(bundle)),
        Doubt.BEGUN_BEFORE: (_asked_when_it_had_begun(bundle), after(bundle)),
        Doubt.MISSING: (before(bundle, opinion=None, opinion_se=None), after(bundle)),
    }
    for doubt, pair in pairs.items():
        opinion = figure(FigureKind.OPINION, compare(SUBJECT, *pair))
        assert (opinion.change, opinion.doubt) == (FigureChange.CANNOT_TELL, doubt)


@pytest.mark.parametrize(
    ("doubt", "changes"),
    [
        (Doubt.BEGUN_BEFORE, {"ends": STARTED}),
        (Doubt.NOT_FINISHED, {"later": FINISHED - timedelta(days=1)}),
        (Doubt.OTHER_EDITION, {"edition": "standard_2019"}),
        (Doubt.MISSING, {"scores": tree(life_expectancy=None)}),
    ],
)
def test_nothing_is_said_of_indicators_of_other_days_or_editions(
    bundle: Bundle, doubt: Doubt, changes: dict[str, Any]
) -> None:
    one = before(bundle, ends=changes.get("ends", date(2024, 12, 31)), scores=changes.get("scores"))
    other = after(bundle, ends=changes.get("later", date(2025, 12, 31)), edition=changes.get("edition", ""))
    told = figure(FigureKind.INDICATOR, compare(SUBJECT, one, other), "life_expectancy")
    assert (told.change, told.doubt) == (FigureChange.CANNOT_TELL, doubt)


def test_verified_opinion_alone_is_the_same_edition_for_indicators(bundle: Bundle) -> None:
    found = compare(SUBJECT, before(bundle), after(bundle, edition=f"{bundle.method.edition}_verified"))
    assert figure(FigureKind.AREA, found).change is FigureChange.ROSE
