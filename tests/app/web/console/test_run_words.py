"""What the checks of a run found, as the reader's language writes it."""

import pytest
from flask import Flask

from app.publishing.differences import CityChange, CityStanding, Differences, ValueChange
from app.ratings.models import Run
from app.web.console.publications.views import city_lines, general_causes
from app.web.console.runs.finding_words import readable, say, say_detail
from app.web.language import speak
from scoring.output.findings import InputFinding


@pytest.mark.parametrize(
    ("detail", "language", "said"),
    [
        ("karaganda 469, pavlodar 724.238", "ru", "Караганда 469, Павлодар 724,2"),
        ("karaganda 1.23457e+06", "en", "Karaganda 1,234,570"),
        ("aktau 0.0123457, aktobe -2.50", "en", "Aktau 0.01235, Aktobe −2.5"),
        ("0.5 everywhere", "ru", "0,5 во всех городах"),
        ("|correlation| from 0.991", "kk", "корреляция кемінде 0,991"),
        ("declared -, rank correlation of value and score +0.42", "en",
         "less is better; correlation of value and score: 0.42"),
        ("2024-01-01, 2025-01-01", "en", "2024-01-01, 2025-01-01"),
        ("age 1000, gender 1001", "en", "age 1,000, gender 1,001"),
        ("aktau, aktobe", "en", "Aktau, Aktobe"),
        ("", "en", ""),
    ],
)  # fmt: skip
def test_a_detail_is_rounded_and_written_as_the_reader_does(
    console: Flask, detail: str, language: str, said: str
) -> None:
    with console.test_request_context("/console/"):
        speak(language)
        assert say_detail(detail).replace("\xa0", " ") == said


def test_nothing_that_is_no_number_is_changed(console: Flask) -> None:
    with console.test_request_context("/console/"):
        speak("en")
        assert [readable(each) for each in ("hlt_3", "0", "1e400")] == ["hlt_3", "0", "1e400"]


def test_values_of_an_indicator_are_written_with_its_unit(console: Flask) -> None:
    with console.test_request_context("/console/"):
        speak("en")
        found = InputFinding("warning", "outlier", "crimes_cleared", "oral 1.04772")
        assert say(found, "open_figures_2024").words.endswith("(Oral 104.772%)")


def test_a_rule_of_the_method_is_not_named_by_its_code(console: Flask) -> None:
    with console.test_request_context("/console/"):
        speak("en")
        found = InputFinding("warning", "band_edge_matters", "banded", "shymkent")
        assert say(found, "open_figures_2024").subject == ""


def test_runs_of_two_editions_are_compared_without_codes(console: Flask) -> None:
    salary = ValueChange("average_salary", "402561/1", "missing")
    moved = CityChange("semey", CityStanding(10, 50.0), CityStanding(None, None), (salary,))
    found = Differences((moved,), (), (), (("edition", "open_figures_2024", "standard_2019"),), other_code=False)
    with console.test_request_context("/console/"):
        speak("en")
        (line,) = city_lines(found, Run(edition="standard_2019"))
        said = [line.causes, *general_causes(found)]
    assert [each for each in said if "_" in each or "/1" in each] == []
    assert "402,561" in line.causes
