"""Gaps of templates are filled with the forms that a sentence needs, and no ending is glued to a name."""

from datetime import date

import pytest

from app.feedback.placeholders import Filling, filled, gaps_in, has_gaps, has_glued, long_day, values_of
from surveys.languages import LANGUAGES, Text3
from surveys.population.places import load_places

DAY = date(2026, 12, 2)


def test_a_city_stands_in_the_form_of_its_sentence() -> None:
    for city in load_places().cities:
        for language in LANGUAGES:
            values = values_of(Filling(city.code), language)
            text = filled("– {city_in}, – {city_of}", values)
            assert text == f"– {city.name_in.pick(language)}, – {city.name_of.pick(language)}"


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        (
            "ru",
            "{city_in} отремонтировано. {city_in} тоже: {city_in}.",
            "В Актау отремонтировано. В Актау тоже: в Актау.",
        ),
        ("kk", "Күні: {date}.", "Күні: 2026 жылғы 2 желтоқсан."),
        ("ru", "Срок: до {date}.", "Срок: до 2 декабря 2026 года."),
        ("en", "By {date}.", "By 2 December 2026."),
        ("ru", "Тема: «{theme}».", "Тема: «Дороги»."),
        ("ru", "Орган: {body}.", "Орган: {body}."),
    ],
)
def test_what_is_known_is_filled_and_what_is_not_stays_open(language: str, text: str, said: str) -> None:
    filling = Filling("aktau", DAY, theme=Text3("Жолдар", "Дороги", "Roads"))
    assert filled(text, values_of(filling, language)) == said


def test_a_glued_ending_is_seen() -> None:
    assert has_glued("{theme}ға")
    assert has_glued("{city_of}-ның")
    assert not has_glued("«{theme}», {city_in}. {date}")


def test_open_gaps_are_seen() -> None:
    assert gaps_in("{date} {x y} {}") == ["date", "x y", ""]
    assert has_gaps("{date}")
    assert has_gaps("}")
    assert not has_gaps("Дата")


def test_days_are_written_as_letters_of_state_write_them() -> None:
    assert [long_day(DAY, language) for language in LANGUAGES] == [
        "2026 жылғы 2 желтоқсан",
        "2 декабря 2026 года",
        "2 December 2026",
    ]
