import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.compiled import compile_questionnaire
from surveys.definition import Answers, Kind, Question
from surveys.errors import PackingError
from surveys.packing import pack, unpack
from tests.builders.questionnaires import (
    about_page,
    answers_to,
    area_page,
    closed,
    questionnaire,
    questionnaires,
    rating,
    words,
)

WHY = Question(code="why", kind=Kind.TEXT, label=words("why"))
Q = questionnaire(
    area_page("ctm", rating("first"), closed("used", "yes", "no", area="ctm")),
    about_page(closed("ways", "bus", "car", "foot", kind=Kind.MULTI), WHY, closed("sex", "f", "m")),
)
COMPILED = compile_questionnaire(Q)


@pytest.mark.parametrize(
    ("answers", "packed"),
    [
        ({}, "00 00 00 00"),
        ({"first": "p5"}, "01 00 00 00"),
        ({"first": "hard_to_say", "sex": "m"}, "06 00 00 02"),
        ({"used": "no", "ways": ("bus", "foot")}, "00 02 05 00"),
        ({"ways": "car"}, "00 00 02 00"),
        ({"ways": ("car", "car")}, "00 00 02 00"),
        ({"why": "a text is not in the bytes"}, "00 00 00 00"),
    ],
)
def test_each_closed_question_is_one_byte(answers: Answers, packed: str) -> None:
    assert pack(COMPILED, answers) == bytes.fromhex(packed)


@pytest.mark.parametrize("packed", [b"", b"\0" * 3, b"\0" * 5])
def test_bytes_of_another_length_are_refused(packed: bytes) -> None:
    with pytest.raises(PackingError):
        unpack(COMPILED, packed)


@pytest.mark.parametrize("packed", ["07 00 00 00", "00 03 00 00", "00 00 08 00", "00 00 ff 00"])
def test_a_byte_that_means_nothing_is_refused(packed: str) -> None:
    with pytest.raises(PackingError):
        unpack(COMPILED, bytes.fromhex(packed))


@pytest.mark.parametrize("answers", [{"first": "p9"}, {"ways": ("bus", "plane")}, {"sex": ("f", "m")}, {"sex": ""}])
def test_an_answer_of_another_version_is_refused(answers: Answers) -> None:
    with pytest.raises(PackingError):
        pack(COMPILED, answers)


@given(st.data())
def test_what_was_packed_is_what_is_unpacked(data: st.DataObject) -> None:
    q = data.draw(questionnaires())
    answers = data.draw(answers_to(q, "almaty"))
    compiled = compile_questionnaire(q)
    packed = pack(compiled, answers)
    assert len(packed) == len(q.closed)
    assert unpack(compiled, packed) == answers
    assert pack(compiled, unpack(compiled, packed)) == packed
