from dataclasses import replace

import pytest

from surveys.errors import CellError
from surveys.questionnaire.cells import cell_code, parse_cell
from surveys.questionnaire.definition import Answers
from tests.builders.questionnaires import about_page, area_page, closed, options, questionnaire

AGE = closed("age", "16-24", "65+", weighting="age")
SEX = closed("gender", "f", "m", weighting="sex")
DISTRICT = closed("district", "almaty.almaly", "astana.almaty", "other", weighting="district")
Q = questionnaire(area_page("ctm"), about_page(DISTRICT, AGE, SEX, closed("contact", "phone")))


@pytest.mark.parametrize(
    ("answers", "cell"),
    [
        (
            {"gender": "f", "age": "65+", "district": "almaty.almaly", "contact": "phone"},
            "sex=f;age=65+;district=almaly;lang=kk",
        ),
        ({"district": "astana.almaty"}, "sex=-;age=-;district=almaty;lang=kk"),
        ({}, "sex=-;age=-;district=-;lang=kk"),
    ],
)
def test_a_cell_holds_the_traits_in_a_fixed_order_and_a_dash_for_what_was_not_told(answers: Answers, cell: str) -> None:
    assert cell_code(Q, answers, "kk") == cell


def test_prefer_not_to_say_is_the_same_as_no_answer() -> None:
    sex = replace(SEX, options=options("f", "m") + options("not_told", apart=True))
    q = questionnaire(area_page("ctm"), about_page(sex))
    assert cell_code(q, {"gender": "not_told"}, "ru") == cell_code(q, {}, "ru") == "sex=-;lang=ru"


def test_a_cell_is_read_back_as_its_dimensions() -> None:
    cell = {"sex": "f", "age": "65+", "district": "almaly", "lang": "kk"}
    assert parse_cell(cell_code(Q, {"gender": "f", "age": "65+", "district": "almaty.almaly"}, "kk")) == cell
    assert parse_cell("lang=en") == {"lang": "en"}
    assert parse_cell("size=1-15;sector=-;lang=ru") == {"size": "1-15", "sector": "-", "lang": "ru"}


@pytest.mark.parametrize(
    "code",
    [
        "",
        "sex=f",
        "lang=de",
        "lang=kk;sex=f",
        "sex=f;sex=m;lang=kk",
        "age=1;sex=f;lang=kk",
        "sex=;lang=kk",
        "iin=1;lang=kk",
        "lang=kk;",
        "sex=f;;lang=kk",
    ],
)
def test_a_text_that_is_no_cell_is_refused(code: str) -> None:
    with pytest.raises(CellError):
        parse_cell(code)
