import json
from dataclasses import replace

import pytest
from hypothesis import given

from surveys.errors import DefinitionError
from surveys.languages import LANGUAGES, Text3
from surveys.questionnaire.definition import Questionnaire
from surveys.questionnaire.kinds import Stored, questions_stored
from tests.builders.questionnaires import about_page, area_page, closed, questionnaire, questionnaires, rating


@given(questionnaires())
def test_a_questionnaire_comes_back_from_its_json_with_the_same_digest(q: Questionnaire) -> None:
    back = Questionnaire.from_json(q.to_json())
    assert back == q
    assert back.digest() == q.digest()
    assert hash(back) == hash(q)


def test_one_changed_word_is_another_version() -> None:
    q = questionnaire(area_page("ctm"))
    other = replace(q, title=Text3(q.title.kk, q.title.ru, q.title.en + "!"))
    assert other.digest() != q.digest()


def test_json_is_canonical_and_keeps_kazakh_letters_readable() -> None:
    text = questionnaire(area_page("ctm")).to_json()
    assert "қазақша" in text
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_fields_at_their_default_are_left_out_so_that_later_fields_keep_old_digests() -> None:
    question = json.loads(questionnaire(area_page("ctm")).to_json())["pages"][0]["questions"][0]
    assert question.keys() == {"area", "code", "kind", "label", "options", "scored"}


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"audience":"dog"}', "[" * 100_000, '{"pages":1}', "NaN"])
def test_a_text_that_is_no_questionnaire_is_refused_by_name(text: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        Questionnaire.from_json(text)
    assert [defect.code for defect in refused.value.defects] == ["not_a_questionnaire"]


def test_a_text_is_picked_by_language_code() -> None:
    text = Text3("қазақша", "по-русски", "in English")
    assert [text.pick(lang) for lang in LANGUAGES] == list(text)
    with pytest.raises(ValueError, match="de"):
        text.pick("de")


def test_areas_and_closed_questions_keep_the_order_of_the_pages() -> None:
    text = closed("why", kind="text")
    q = questionnaire(about_page(text, closed("sex", "f", "m")), area_page("its"), area_page("ctm"))
    assert q.areas == ("its", "ctm")
    assert [question.code for question in questions_stored(q, Stored.BYTE)] == ["sex", "its_1", "ctm_1"]


def test_questions_and_pages_are_found_by_code() -> None:
    q = questionnaire(area_page("ctm", rating("roads")), about_page(closed("sex", "f", "m")))
    assert q.question("roads") is q.pages[0].questions[0]
    assert q.page("about") is q.pages[1]
    with pytest.raises(KeyError):
        q.question("nothing")
    with pytest.raises(KeyError):
        q.page("nothing")


@pytest.mark.parametrize(
    ("city", "offered"),
    [("almaty", ["almaty.medeu", "other"]), ("astana", ["astana.esil", "other"]), ("oral", [])],
)
def test_a_question_of_districts_offers_those_of_the_city_and_is_not_asked_elsewhere(
    city: str, offered: list[str]
) -> None:
    question = closed("district", "almaty.medeu", "astana.esil", "other")
    assert [option.code for option in question.offered(city)] == offered
