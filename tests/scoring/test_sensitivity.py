"""SCORING §7; SCORING §8, row 21."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from scoring.frames import Inputs
from scoring.run import compute, rate
from scoring.sensitivity import FACTORS, VARIANTS, Sensitivity, sensitivity, sobol
from tests.scoring.test_run import AREAS, STANDARD, country


def ishigami(x: np.ndarray) -> np.ndarray:
    a, b, c = np.pi * (2 * x - 1)
    return np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)


def test_row_21_the_indices_of_a_known_function_are_found() -> None:
    result = sobol(ishigami, 3, 4096)
    assert result.first == pytest.approx([0.3139, 0.4424, 0.0], abs=0.01)
    assert result.total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.01)


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return country()


@pytest.fixture(scope="module")
def result(inputs: Inputs) -> Sensitivity:
    return sensitivity(compute(inputs, STANDARD), runs=256)


def test_the_indices_are_given_with_and_without_banding(result: Sensitivity) -> None:
    by_variant = result.indices.groupby("variant")["factor"].apply(tuple).to_dict()
    assert by_variant["all"] == FACTORS
    assert by_variant["continuous"] == tuple(factor for factor in FACTORS if factor != "banding")


def test_the_headline_of_the_study_is_the_headline_of_the_rating(inputs: Inputs, result: Sensitivity) -> None:
    rated = rate(inputs, STANDARD)
    assert result.alternatives["place"].tolist() == rated.cities["place"].tolist()
    assert result.alternatives["place_alpha_0"].tolist() == rated.cities["place_without_opinion"].tolist()
    assert result.alternatives["place_available_case"].tolist() == rated.cities["place"].tolist()


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_city_has_a_range_of_places_around_its_median(result: Sensitivity, variant: str) -> None:
    cities = result.cities[result.cities["variant"] == variant]
    assert ((cities["low"] <= cities["median"]) & (cities["median"] <= cities["high"])).all()
    assert cities["city"].tolist() == ["north", "south", "west"]


def moved_by(result: Sensitivity, variant: str) -> dict[str, dict[str, float]]:
    rows = result.moved[result.moved["variant"] == variant]
    return {name: dict(zip(part["city"], part["mean_change"], strict=True)) for name, part in rows.groupby("factor")}


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_choice_that_changes_nothing_moves_no_city(result: Sensitivity, variant: str) -> None:
    moved = moved_by(result, variant)
    assert "missing" not in moved  # every value was reported
    assert "alpha" in moved
    assert ("banding" in moved) is (variant == "all")


def test_how_often_the_coefficients_turn_two_cities_round_is_known_by_hand() -> None:
    """Everyone chose the middle answer in both cities, so opinion differs by the shift alone, which is small.

    a has 100 in the additional areas and nothing elsewhere, b 40 everywhere else. a leads while 100·K1 > 40·2·K2, that
    is K2/K1 < 1.25; the ratio runs evenly over 1 to 3 and is 2 in the edition: both change places in an eighth of runs.
    """
    additional = {area.code for area in STANDARD.areas if area.group == "additional"}
    scores = {
        "a": {code: Fraction(100 if code in additional else 0) for code in AREAS},
        "b": {code: Fraction(0 if code in additional else 40) for code in AREAS},
    }
    tables = country(scores=scores, pairs=False).tables()
    n = tables["cells"]["n"].where(tables["cells"]["area"] != "", 0)
    tables["cells"] = tables["cells"].assign(total=3 * n, total_sq=9 * n)
    study = sensitivity(compute(Inputs(**tables), STANDARD), runs=1024)
    result = moved_by(study, "continuous")
    assert result["coefficients"] == pytest.approx({"a": 0.125, "b": 0.125}, abs=0.02)
    assert "sampling" not in result
    ranges = study.cities[study.cities["variant"] == "continuous"].set_index("city")[["low", "median", "high"]]
    assert ranges.loc["a"].tolist() == [1, 2, 2]
    assert ranges.loc["b"].tolist() == [1, 1, 2]


def test_a_banded_headline_is_studied_without_bands_too(inputs: Inputs) -> None:
    banded = sensitivity(compute(inputs, replace(STANDARD, headline="banded")), runs=256)
    continuous = sensitivity(compute(inputs, STANDARD), runs=256)
    for name in ("indices", "cities", "moved"):
        one, other = (getattr(each, name) for each in (banded, continuous))
        one, other = (each[each["variant"] == "continuous"].reset_index(drop=True) for each in (one, other))
        assert one.equals(other)
    assert not banded.indices.equals(continuous.indices)


def test_the_study_gives_the_same_numbers_again(inputs: Inputs, result: Sensitivity) -> None:
    again = sensitivity(compute(inputs, STANDARD), runs=256)
    assert again.indices.equals(result.indices)
    assert again.cities.equals(result.cities)


def test_without_blended_cities_there_is_nothing_to_vary() -> None:
    nothing = sensitivity(compute(country(0, 0), STANDARD), runs=64)
    assert nothing.indices.empty
    assert nothing.cities.empty
    assert nothing.moved.empty
