import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.authoring.yaml_source import load, shipped
from surveys.errors import AnswersError, Problem, Reason
from surveys.languages import LANGUAGES
from surveys.questionnaire.compiled import compile_questionnaire
from surveys.questionnaire.definition import Answers, Question, Questionnaire, ShowIf
from surveys.questionnaire.kinds import Stored, questions_stored
from surveys.questionnaire.packing import pack
from tests.builders.questionnaires import (
    CITIES,
    about_page,
    answers_to,
    area_page,
    closed,
    questionnaire,
    questionnaires,
    rating,
    words,
)
from tests.builders.references import area_value

WHY = Question(code="why", kind="text", label=words("why"), max_chars=500)
YEARS = Question(code="years", kind="number", label=words("years"), minimum=0, maximum=99)
WAYS = closed("ways", "bus", "car", "foot", kind="multi")
DISTRICT = closed("district", "almaty.medeu", "astana.esil", "other")
Q = questionnaire(
    area_page("ctm", rating("first"), rating("second")),
    about_page(DISTRICT, WAYS, YEARS, WHY),
)
COMPILED = compile_questionnaire(Q)
SHIPPED = tuple(map(load, shipped()))


def problems(answers: Any, city: str = "almaty", q: Questionnaire = Q) -> set[Problem]:
    try:
        compile_questionnaire(q).check(answers, city)
    except AnswersError as refused:
        return set(refused.problems)
    return set()


def test_answers_are_brought_to_one_form_however_they_were_given() -> None:
    posted = {"why": " бәрі жақсы ", "ways": ["foot", "bus"], "first": "p5", "years": "07", "district": ["other"]}
    assert COMPILED.check(posted, "almaty") == {
        "first": "p5",
        "district": "other",
        "ways": ("bus", "foot"),
        "years": "7",
        "why": "бәрі жақсы",
    }


def test_blank_answers_are_no_answers() -> None:
    assert COMPILED.check({"first": "", "ways": [], "years": "", "why": " \n "}, "almaty") == {}


@pytest.mark.parametrize(
    ("answers", "refused"),
    [
        ({"third": "p5"}, {("", "unknown_question")}),
        ({7: "p5"}, {("", "unknown_question")}),
        ({"\ud800" * 1000: "p5"}, {("", "unknown_question")}),
        ({("first",): "p5"}, {("", "unknown_question")}),
        ({"first": "p6"}, {("first", "unknown_option")}),
        ({"first": "p5\x00"}, {("first", "unknown_option")}),
        ({"first": "p" * 1_000_000}, {("first", "unknown_option")}),
        ({"first": {"p5": 1}}, {("first", "unknown_option")}),
        ({"first": ["p5", "p4"]}, {("first", "too_many")}),
        ({"ways": ["bus"] * 9}, {("ways", "too_many")}),
        ({"ways": [None]}, {("ways", "unknown_option")}),
        ({"district": "astana.esil"}, {("district", "wrong_city")}),
        ({"years": "many"}, {("years", "not_a_number")}),
        ({"years": "100"}, {("years", "out_of_range")}),
        ({"why": "a" * 501}, {("why", "too_long")}),
        ({"why": "\x00"}, {("why", "not_text")}),
        ({str(number): "p5" for number in range(100_000)}, {("", "unknown_question")}),
        ([("first", "p5")], {("", "unknown_question")}),
        (None, {("", "unknown_question")}),
        ("first", {("", "unknown_question")}),
    ],
)
def test_hostile_answers_are_refused_with_a_reason_and_never_a_trace(answers: Any, refused: set[Any]) -> None:
    assert problems(answers) == refused


def test_every_refused_answer_is_named_at_once() -> None:
    posted = {"first": "p6", "second": "p1", "district": "astana.esil", "years": "-1"}
    assert problems(posted) == {
        ("first", Reason.UNKNOWN_OPTION),
        ("district", Reason.WRONG_CITY),
        ("years", Reason.OUT_OF_RANGE),
    }


def test_a_question_of_other_cities_takes_no_answer_at_all() -> None:
    assert problems({"district": "other"}, city="oral") == {("district", Reason.WRONG_CITY)}
    assert problems({"district": "other"}, city="almaty") == set()


RULE = ShowIf(question="sex", options=frozenset({"f"}))
DEMANDING = questionnaire(
    area_page("ctm", rating("first", required=True), rating("second")),
    about_page(
        closed("sex", "f", "m", required=True),
        closed("age", "a", "b", required=True, show_if=RULE),
        replace(DISTRICT, required=True),
    ),
)


@pytest.mark.parametrize(
    ("answers", "city", "missing"),
    [
        ({}, "oral", {"sex"}),
        ({"sex": "m"}, "oral", set()),
        ({"sex": "f"}, "oral", {"age"}),
        ({"sex": "m"}, "almaty", {"district"}),
        ({"sex": "m", "district": "other"}, "almaty", set()),
        ({"sex": "m", "second": "p3"}, "oral", {"first"}),
        ({"sex": "m", "first": "p3"}, "oral", set()),
        ({"sex": ""}, "oral", {"sex"}),
    ],
)
def test_a_required_answer_is_missed_only_where_its_page_was_met(
    answers: Answers, city: str, missing: set[str]
) -> None:
    assert problems(answers, city, DEMANDING) == {(code, Reason.REQUIRED) for code in missing}


def test_a_required_answer_is_not_missed_where_its_rule_rests_on_an_answer_that_fell_off_the_route() -> None:
    after = ShowIf(question="age", options=frozenset({"a"}))
    q = questionnaire(
        area_page("ctm"),
        about_page(
            closed("sex", "f", "m"),
            closed("age", "a", "b", show_if=RULE),
            closed("work", "yes", "no", required=True, show_if=after),
        ),
    )
    assert problems({"sex": "f", "age": "a"}, "oral", q) == {("work", Reason.REQUIRED)}
    assert problems({"sex": "m", "age": "a"}, "oral", q) == set()


def test_a_refused_answer_is_not_called_missing_as_well() -> None:
    assert problems({"sex": "x"}, "oral", DEMANDING) == {("sex", Reason.UNKNOWN_OPTION)}


@given(st.data())
def test_answers_open_in_the_city_are_kept_as_they_are(data: st.DataObject) -> None:
    q = data.draw(questionnaires())
    city = data.draw(st.sampled_from((*CITIES, "oral")))
    answers = data.draw(answers_to(q, city))
    assert compile_questionnaire(q).check(answers, city) == answers


def by_reading(q: Questionnaire, answers: Answers, lang: str) -> dict[str, object]:
    """Tick the options whose words stand on the screen in a language, as a person does."""
    ticked_in = questions_stored(q, Stored.BYTE)
    codes = {(each.code, option.label.pick(lang)): option.code for each in ticked_in for option in each.options}
    labels = {(each.code, option.code): option.label.pick(lang) for each in ticked_in for option in each.options}
    typed = {each.code for each in questions_stored(q, Stored.NUMBER)}
    ticked = {code: (given_,) if isinstance(given_, str) else given_ for code, given_ in answers.items()}
    decoded = {code: [codes[code, labels[code, one]] for one in ticked[code]] for code in ticked.keys() - typed}
    return decoded | {code: answers[code] for code in answers.keys() & typed}


@pytest.mark.parametrize("q", SHIPPED, ids=lambda q: q.code)
@given(data=st.data())
def test_the_language_a_person_reads_never_changes_the_bytes(q: Questionnaire, data: st.DataObject) -> None:
    answers = data.draw(answers_to(q, "almaty"))
    compiled = compile_questionnaire(q)
    packed = {pack(compiled, compiled.check(by_reading(q, answers, lang), "almaty")) for lang in LANGUAGES}
    assert packed == {pack(compiled, answers)}


@given(st.data())
def test_no_language_of_any_questionnaire_changes_the_bytes(data: st.DataObject) -> None:
    q = data.draw(questionnaires())
    answers = data.draw(answers_to(q, "almaty"))
    compiled = compile_questionnaire(q)
    packed = {pack(compiled, compiled.check(by_reading(q, answers, lang), "almaty")) for lang in LANGUAGES}
    assert packed == {pack(compiled, answers)}


def test_one_version_is_compiled_once() -> None:
    again = Questionnaire.from_json(Q.to_json())
    assert compile_questionnaire(again) is compile_questionnaire(Q)


def test_an_area_of_k_items_is_scaled_so_that_any_mean_is_whole() -> None:
    for k in range(1, 7):
        q = questionnaire(area_page("ctm", *(rating(f"q{number}") for number in range(k))))
        compiled = compile_questionnaire(q)
        assert compiled.area_scale("ctm") == math.lcm(*range(1, k + 1))
        assert len(compiled.area_items("ctm")) == k


THREE = compile_questionnaire(
    questionnaire(
        area_page("its", closed("used", "yes", "no", area="its"), rating("a", "its"), rating("b", "its")),
        area_page("ctm"),
        replace(area_page("its", rating("c", "its", reverse=True)), code="its_2"),
    )
)


@pytest.mark.parametrize(
    ("answers", "value"),
    [
        ({"a": "p5", "b": "p5", "c": "p1"}, 30),
        ({"a": "p5", "b": "p4", "c": "p3"}, 6 * 12 // 3),
        ({"a": "p5", "b": "p4"}, 27),
        ({"a": "p5", "b": "hard_to_say", "c": "p4"}, 6 * 7 // 2),
        ({"a": "p5"}, None),
        ({"a": "p5", "b": "hard_to_say", "c": "hard_to_say"}, None),
        ({"used": "yes", "ctm_1": "p5"}, None),
        ({}, None),
    ],
)
def test_an_area_is_the_mean_of_its_items_when_half_are_answered(answers: Answers, value: int | None) -> None:
    assert THREE.areas == ("its", "ctm")
    assert area_value(THREE, answers, "its") == value


def test_an_area_without_scored_items_has_no_value() -> None:
    compiled = compile_questionnaire(questionnaire(area_page("its", closed("used", "yes", "no", area="its"))))
    assert compiled.area_items("its") == ()
    assert area_value(compiled, {"used": "yes"}, "its") is None


@given(st.data())
def test_the_points_read_from_bytes_give_the_same_area_values(data: st.DataObject) -> None:
    compiled = compile_questionnaire(data.draw(questionnaires()))
    answers = data.draw(answers_to(compiled.questionnaire, "almaty"))
    packed = np.frombuffer(pack(compiled, answers), dtype=np.uint8)
    for area in compiled.areas:
        items = compiled.area_items(area)
        points = [item.values[packed[item.position]] for item in items]
        given_points = [value for value in points if value]
        enough = given_points and 2 * len(given_points) >= len(items)
        expected = sum(given_points) * compiled.area_scale(area) // len(given_points) if enough else None
        assert area_value(compiled, answers, area) == expected


def test_value_arrays_cannot_be_changed_by_their_readers() -> None:
    with pytest.raises(TypeError, match="does not support item assignment"):
        THREE.area_items("its")[0].values[1] = 3
