import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.errors import PackingError
from surveys.questionnaire.compiled import compile_questionnaire
from surveys.questionnaire.definition import Answers, Question
from surveys.questionnaire.kinds import Stored, questions_stored
from surveys.questionnaire.packing import pack, unpack
from surveys.tallies.cube import Cube
from tests.builders.questionnaires import (
    about_page,
    answers_to,
    area_page,
    closed,
    number,
    questionnaire,
    questionnaires,
    rating,
    words,
)

WHY = Question(code="why", kind="text", label=words("why"))
Q = questionnaire(
    area_page("ctm", rating("first"), closed("used", "yes", "no", area="ctm")),
    about_page(closed("ways", "bus", "car", "foot", kind="multi"), WHY, closed("sex", "f", "m")),
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
    assert len(packed) == len(questions_stored(q, Stored.BYTE)) + 2 * len(questions_stored(q, Stored.NUMBER))
    assert unpack(compiled, packed) == answers
    assert pack(compiled, unpack(compiled, packed)) == packed


NUMBERS = compile_questionnaire(
    questionnaire(
        area_page("its", number("minutes", 0, 240, area="its"), closed("used", "yes", "no", area="its")),
        about_page(number("change", -5, 5), number("most", 1, 65_535)),
    )
)


@pytest.mark.parametrize(
    ("answers", "packed"),
    [
        ({}, "00 0000 0000 0000"),
        ({"minutes": "0", "used": "yes"}, "01 0100 0000 0000"),
        ({"minutes": "240"}, "00 f100 0000 0000"),
        ({"change": "-5"}, "00 0000 0100 0000"),
        ({"change": "5", "most": "65535"}, "00 0000 0b00 ffff"),
        ({"most": "257"}, "00 0000 0000 0101"),
    ],
)
def test_a_number_is_two_bytes_after_the_closed_questions(answers: Answers, packed: str) -> None:
    assert pack(NUMBERS, answers) == bytes.fromhex(packed)
    assert unpack(NUMBERS, bytes.fromhex(packed)) == answers


@pytest.mark.parametrize("answers", [{"minutes": "241"}, {"change": "-6"}, {"most": "much"}, {"most": ("1", "2.5")}])
def test_a_number_its_question_cannot_take_is_not_packed(answers: Answers) -> None:
    with pytest.raises(PackingError):
        pack(NUMBERS, answers)


@pytest.mark.parametrize("packed", ["00 f200 0000 0000", "00 0000 0c00 0000", "00 0000 0000"])
def test_bytes_of_a_number_out_of_its_range_are_refused(packed: str) -> None:
    with pytest.raises(PackingError):
        unpack(NUMBERS, bytes.fromhex(packed))


def test_numbers_beside_the_ticks_change_no_count_of_ticks() -> None:
    plain = compile_questionnaire(
        questionnaire(area_page("its", rating("bus", "its"), closed("used", "yes", area="its")))
    )
    with_number = questionnaire(
        area_page("its", number("minutes", 0, 240, area="its"), rating("bus", "its"), closed("used", "yes", area="its"))
    )
    vectors_of = []
    for compiled in (plain, compile_questionnaire(with_number)):
        rows = [{"bus": "p4", "minutes": "99"}, {"bus": "p1", "used": "yes"}, {"minutes": "240"}]
        fitting = [{code: row[code] for code in row if code in compiled.questionnaire._by_code} for row in rows]
        packed = np.frombuffer(b"".join(pack(compiled, row) for row in fitting), dtype=np.uint8).reshape(len(rows), -1)
        vectors = Cube(compiled).count(packed, np.array([len(rows)]))
        vectors_of.append(vectors.tolist())
    assert vectors_of[0] == vectors_of[1]
