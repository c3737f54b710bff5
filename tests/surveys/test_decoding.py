"""JSON becomes a questionnaire or a publication whole, or not at all."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.publishing.results import RangeResult
from surveys.decoding import decode
from surveys.errors import DecodingError
from surveys.questionnaire.definition import AllOf, AnyOf, Questionnaire, ShowIf
from tests.builders.questionnaires import area_page, questionnaire

PLAIN = {"question": "sex", "options": ["f"]}
RANGE = {
    "city": "oral",
    "place": 4,
    "median": 4.0,
    "low": 2,
    "high": 7.5,
    "place_alpha_0": 4,
    "place_available_case": 4,
}


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    content = json.loads(questionnaire(area_page("ctm")).to_json())
    change(content)
    return json.dumps(content)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda q: q.update(later="field"), "ForbiddenExtraKeysError"),
        (lambda q: q.pop("pages"), "KeyError"),
        (lambda q: q.update(minutes="5"), "TypeError"),
        (lambda q: q.update(minutes=5.0), "TypeError"),
        (lambda q: q.update(minutes=True), "TypeError"),
        (lambda q: q.update(minutes=None), "TypeError"),
        (lambda q: q.update(code=5), "TypeError"),
        (lambda q: q.update(title=["one", "two"]), "ValueError"),
        (lambda q: q.update(title=["one", "two", "three", "four"]), "ValueError"),
        (lambda q: q.update(title=["one", "two", 3]), "TypeError"),
        (lambda q: q.update(audience="dogs"), "ValueError"),
        (lambda q: q["pages"][0].update(area=["ctm"]), "TypeError"),
        (lambda q: q["pages"][0]["questions"][0].update(scored=1), "TypeError"),
        (lambda q: q["pages"][0]["questions"][0].update(kind={}), "TypeError"),
        (lambda q: q["pages"][0].update(show_if={}), "ValueError"),
        (lambda q: q["pages"][0].update(show_if={"all_of": [PLAIN], "any_of": [PLAIN]}), "ForbiddenExtraKeysError"),
        (lambda q: q["pages"][0].update(show_if={"all_of": [{"none_of": []}]}), "ValueError"),
    ],
)
def test_a_value_of_another_kind_is_refused(change: Callable[[dict[str, Any]], object], why: str) -> None:
    with pytest.raises(DecodingError) as refused:
        decode(Questionnaire, changed(change))
    assert (refused.value.kind, refused.value.why) == ("Questionnaire", why)


def test_rules_within_rules_come_back() -> None:
    rule = {"all_of": [PLAIN, {"any_of": [PLAIN, {"all_of": [PLAIN]}]}]}
    leaf = ShowIf(question="sex", options=frozenset({"f"}))
    decoded = decode(Questionnaire, changed(lambda q: q["pages"][0].update(show_if=rule)))
    assert decoded.pages[0].show_if == AllOf((leaf, AnyOf((leaf, AllOf((leaf,))))))


@pytest.mark.parametrize("depth", [500, 5_000, 100_000])
def test_rules_nested_without_end_are_refused(depth: int) -> None:
    rule = '{"all_of":[' * depth + json.dumps(PLAIN) + "]}" * depth
    text = changed(lambda q: q["pages"][0].update(show_if="HERE")).replace('"HERE"', rule)
    with pytest.raises(DecodingError, match="RecursionError"):
        decode(Questionnaire, text)


def test_a_whole_number_stays_one_where_a_fraction_may_stand() -> None:
    decoded = decode(RangeResult, json.dumps(RANGE))
    assert [repr(value) for value in (decoded.median, decoded.low, decoded.high)] == ["4.0", "2", "7.5"]
    assert decoded.variant == "all"


@pytest.mark.parametrize("value", ["2", True, None, [2]])
def test_a_number_is_a_number(value: object) -> None:
    with pytest.raises(DecodingError):
        decode(RangeResult, json.dumps(RANGE | {"low": value}))
