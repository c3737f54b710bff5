"""What may be a name is marked for the moderator; numbers, streets and offices alone are not."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.demo.suggestions import demo_suggestions
from app.feedback.names import name_candidates


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Начальник отдела Иванов И.И. разговаривал по-хамски", ["Иванов И.И."]),
        ("директор Ахметов А. А. жоқ", ["Ахметов А. А."]),
        ("А.Ә. Тілеуов қол қойған", ["А.Ә. Тілеуов"]),
        ("әкім Серікбаевқа айтыңыз", ["Серікбаевқа"]),
        ("Әкімнің орынбасары Болат Қайратов уәде берген", ["Болат Қайратов"]),
        ("аким города Петров ничего не делает", ["Петров"]),
        ("Директор школы № 15 Сидорова молодец", ["Сидорова"]),
        ("Ахметов деген дәрігер жоқ", ["Ахметов"]),
        ("спросите серика болатовича", ["серика болатовича"]),
        ("Мұрат Сәкенұлы жауап берсін", ["Мұрат Сәкенұлы"]),
        ("пишите @aigul_1990", ["@aigul_1990"]),
        ("Director Petrov and Mr Smith know", ["Petrov", "Smith"]),
        ("Әкім Иванов пен директор Петров", ["Иванов", "Петров"]),
        ("Участковый Ким-Ли не пришёл", ["Ким-Ли"]),
    ],
)
def test_what_may_be_a_name_is_marked(text: str, names: list[str]) -> None:
    assert [text[start:end] for start, end in name_candidates(text)] == names


@pytest.mark.parametrize(
    "text",
    [
        "Әкімдік жауап бермейді. Қашан жөндейді?",
        "на улице Абая нет света",
        "директор не принимает",
        "В 7.30 автобус. Потом ничего.",
        "Аким обещал дорогу",
        "ул. Абая 5",
    ],
)
def test_what_is_no_name_is_not(text: str) -> None:
    assert name_candidates(text) == ()


def test_few_of_the_demo_are_marked() -> None:
    marked = [each.text for each in demo_suggestions() if name_candidates(each.text)]
    assert {"Иванов", "Ахметов", "Серікбаев", "Петров"} <= {
        text[start:end].split()[0] for text in marked for start, end in name_candidates(text)
    }
    assert len(marked) < 0.05 * len(demo_suggestions()), marked


@given(st.text(max_size=120))
def test_marks_lie_inside_in_order_and_apart(text: str) -> None:
    marks = name_candidates(text)
    assert all(0 <= mark.start < mark.end <= len(text) for mark in marks)
    assert all(one.end < other.start for one, other in pairwise(marks))
