from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.errors import Reason
from surveys.questionnaire.definition import MAX_TEXT, Question
from surveys.questionnaire.kinds import KINDS, RefusedError
from tests.builders.questionnaires import POINTS, closed, options, rating, words

CHOICE = closed("district", "almaty.medeu", "astana.esil", "other")
MULTI = closed("contact", "phone", "visit", kind="multi")
MULTI_OR_NONE = Question(
    code="contact",
    kind="multi",
    label=words("contact"),
    options=(*options("phone", "visit"), *options("none", apart=True)),
)
AGE = Question(code="age", kind="number", label=words("age"), minimum=16, maximum=120)
NUMBER = Question(code="change", kind="number", label=words("change"))
TEXT = Question(code="why", kind="text", label=words("why"), max_chars=10)


@pytest.mark.parametrize(
    ("question", "given_answer", "stored"),
    [
        (CHOICE, "almaty.medeu", "almaty.medeu"),
        (CHOICE, ["other"], "other"),
        (CHOICE, "", ""),
        (CHOICE, [], ""),
        (MULTI, ["visit", "phone"], ("phone", "visit")),
        (MULTI, ("phone", "phone"), ("phone",)),
        (MULTI, "visit", ("visit",)),
        (MULTI, "", ()),
        (MULTI, [], ()),
        (MULTI_OR_NONE, ["none"], ("none",)),
        (AGE, " 016 ", "16"),
        (AGE, "120", "120"),
        (AGE, "", ""),
        (NUMBER, "-5", "-5"),
        (NUMBER, "+5", "5"),
        (TEXT, " жақсы ", "жақсы"),
        (TEXT, "a\r\nb\rc", "a\nb\nc"),
        (TEXT, "ұзын сөз10", "ұзын сөз10"),
        (TEXT, "   ", ""),
        (TEXT, "😀" * 10, "😀" * 10),
    ],
)
def test_an_answer_is_stored_in_one_form(question: Question, given_answer: object, stored: object) -> None:
    assert KINDS[question.kind].clean(question, given_answer, "almaty") == stored


@pytest.mark.parametrize(
    ("question", "given_answer", "reason"),
    [
        (CHOICE, "medeu", Reason.UNKNOWN_OPTION),
        (CHOICE, "astana.esil", Reason.WRONG_CITY),
        (CHOICE, ["almaty.medeu", "other"], Reason.TOO_MANY),
        (CHOICE, [["other"]], Reason.UNKNOWN_OPTION),
        (CHOICE, None, Reason.UNKNOWN_OPTION),
        (CHOICE, 1, Reason.UNKNOWN_OPTION),
        (CHOICE, {"other": 1}, Reason.UNKNOWN_OPTION),
        (CHOICE, b"other", Reason.UNKNOWN_OPTION),
        (CHOICE, "\ud800", Reason.UNKNOWN_OPTION),
        (CHOICE, "other\x00", Reason.UNKNOWN_OPTION),
        (CHOICE, "x" * 1_000_000, Reason.UNKNOWN_OPTION),
        (MULTI, ["phone", "fax"], Reason.UNKNOWN_OPTION),
        (MULTI, ["phone"] * 3, Reason.TOO_MANY),
        (MULTI, ["phone", []], Reason.UNKNOWN_OPTION),
        (MULTI, 7, Reason.UNKNOWN_OPTION),
        (MULTI, None, Reason.UNKNOWN_OPTION),
        (MULTI_OR_NONE, ["phone", "none"], Reason.TOO_MANY),
        (AGE, "15", Reason.OUT_OF_RANGE),
        (AGE, "121", Reason.OUT_OF_RANGE),
        (AGE, "1e3", Reason.NOT_A_NUMBER),
        (AGE, "٢٠", Reason.NOT_A_NUMBER),
        (AGE, "9" * 5000, Reason.NOT_A_NUMBER),
        (AGE, 20, Reason.NOT_A_NUMBER),
        (AGE, True, Reason.NOT_A_NUMBER),
        (TEXT, "a" * 11, Reason.TOO_LONG),
        (TEXT, " " * 1_000_000, Reason.TOO_LONG),
        (TEXT, "a\x00b", Reason.NOT_TEXT),
        (TEXT, "a\x1bb", Reason.NOT_TEXT),
        (TEXT, "\ud800", Reason.NOT_TEXT),
        (TEXT, ["a"], Reason.NOT_TEXT),
        (TEXT, None, Reason.NOT_TEXT),
    ],
)
def test_an_answer_that_cannot_be_stored_is_refused_with_its_reason(
    question: Question, given_answer: object, reason: Reason
) -> None:
    with pytest.raises(RefusedError) as refused:
        KINDS[question.kind].clean(question, given_answer, "almaty")
    assert refused.value.reason is reason


def test_a_text_without_a_limit_of_its_own_has_the_general_one() -> None:
    question = Question(code="why", kind="text", label=words("why"))
    assert KINDS[question.kind].clean(question, "a" * MAX_TEXT, "") == "a" * MAX_TEXT
    with pytest.raises(RefusedError):
        KINDS[question.kind].clean(question, "a" * (MAX_TEXT + 1), "")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(st.sampled_from((CHOICE, MULTI, MULTI_OR_NONE, AGE, NUMBER, TEXT)), JSON)
def test_whatever_is_sent_is_cleaned_or_refused_and_a_clean_answer_stays_as_it_is(
    question: Question, sent: Any
) -> None:
    try:
        stored = KINDS[question.kind].clean(question, sent, "almaty")
    except RefusedError:
        return
    assert KINDS[question.kind].clean(question, stored, "almaty") == stored


@pytest.mark.parametrize(
    ("question", "answer", "points"),
    [
        (rating("q"), "p5", 5),
        (rating("q"), "p1", 1),
        (rating("q"), "hard_to_say", None),
        (rating("q"), "", None),
        (rating("q"), "unknown", None),
        (rating("q"), ("p5",), None),
        (rating("q", reverse=True), "p5", 1),
        (rating("q", reverse=True), "p3", 3),
        (rating("q", reverse=True), "hard_to_say", None),
        (rating("q", scored=False), "p5", None),
        (rating("q", options=POINTS[1:4], reverse=True), "p4", 2),
        (CHOICE, "other", None),
        (TEXT, "5", None),
        (NUMBER, "5", None),
    ],
)
def test_only_points_of_a_scored_question_score(question: Question, answer: Any, points: int | None) -> None:
    assert KINDS[question.kind].points(question, answer) == points
