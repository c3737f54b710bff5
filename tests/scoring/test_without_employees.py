"""The rating without residents who work in an akimat: a row beside it, and no group of people."""

from fractions import Fraction

import pandas as pd
import pytest

from scoring.edition import load_edition
from scoring.frames import Inputs
from scoring.opinion.samples import of_employees
from scoring.output.rating import Rating
from scoring.run import rate
from tests.builders.ratings import (
    MARGINS,
    STANDARD,
    count_tables,
    frame,
    indicator_rows,
    make_inputs,
    margin_rows,
    respondents,
)

EDITION = load_edition(STANDARD)
TRAITS = ("sex", "age", "lang", "district")
CITIES = {"north": (Fraction(40), 3.2), "south": (Fraction(50), 3.6)}


def people(level: float, *, employees: int) -> pd.DataFrame:
    """Draw residents, and so many more who work in the akimat and are satisfied with everything."""
    outside, inside = respondents(600, 5, level=level), respondents(employees, 6, level=5.0)
    return pd.concat([outside.assign(employer="elsewhere"), inside.assign(employer="akimat")], ignore_index=True)


def country(*, employees: int, traits: tuple[str, ...] = (*TRAITS, "employer"), leave_out: bool = False) -> Inputs:
    """Make two cities whose residents are told apart by these traits, with or without those of the akimat."""
    tables: dict[str, list[pd.DataFrame]] = {}
    for city, (score, level) in CITIES.items():
        everyone = people(level, employees=employees)
        asked = everyone[everyone["employer"] != "akimat"] if leave_out else everyone
        areas = [area.code for area in EDITION.areas]
        own = count_tables(asked, city=city, traits=traits, areas=areas)
        own["indicators"] = frame("indicators", indicator_rows(EDITION, city, score))
        own["margins"] = frame("margins", margin_rows(MARGINS, city=city))
        for name, table in own.items():
            tables.setdefault(name, []).append(table)
    return make_inputs(**{name: pd.concat(each, ignore_index=True).drop_duplicates() for name, each in tables.items()})


@pytest.fixture(scope="module")
def rated() -> Rating:
    return rate(country(employees=120), EDITION)


def test_the_row_is_the_rating_of_everybody_else(rated: Rating) -> None:
    others = rate(country(employees=120, leave_out=True), EDITION).cities
    beside = rated.without_employees
    assert beside is not None
    for column in ("status", "total", "place", "total_opinion_only"):
        assert beside[column].tolist() == others[column].tolist()
    assert beside["employees"].tolist() == [120, 120]
    assert (beside["total"] < rated.cities["total"] - 0.5).all(), "those of the akimat are satisfied with everything"


def test_nobody_moves_by_being_asked_where_they_work(rated: Rating) -> None:
    unasked = rate(country(employees=120, traits=TRAITS), EDITION)
    assert rated.cities["total"].tolist() == pytest.approx(unasked.cities["total"].tolist(), abs=1e-9)
    assert rated.cities["se"].tolist() == pytest.approx(unasked.cities["se"].tolist(), abs=1e-9)


def test_no_group_of_people_is_shown_by_where_they_work(rated: Rating) -> None:
    assert set(rated.domains["dimension"]) == set(TRAITS)


@pytest.mark.parametrize("employees", [0, 9], ids=["nobody", "unasked"])
def test_a_run_in_which_nobody_said_so_has_no_such_table(employees: int) -> None:
    """Runs of earlier releases are of this kind: they come out the same to the byte."""
    inputs = country(employees=employees, traits=TRAITS if employees else (*TRAITS, "employer"))
    rating = rate(inputs, EDITION)
    assert not of_employees(inputs).any()
    assert rating.without_employees is None
    assert "without_employees" not in rating.tables()
