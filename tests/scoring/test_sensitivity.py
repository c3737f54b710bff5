"""SCORING §7; SCORING §8, row 21."""

import numpy as np
import pytest

from scoring.frames import Inputs
from scoring.run import rate
from scoring.sensitivity import FACTORS, Sensitivity, sensitivity, sobol
from tests.scoring.test_run import STANDARD, country


def ishigami(x: np.ndarray) -> np.ndarray:
    a, b, c = np.pi * (2 * x - 1)
    return np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)


def test_row_21_the_indices_of_a_known_function_are_found() -> None:
    found = sobol(ishigami, 3, 4096)
    assert found.first == pytest.approx([0.3139, 0.4424, 0.0], abs=0.01)
    assert found.total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.01)


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return country()


@pytest.fixture(scope="module")
def found(inputs: Inputs) -> Sensitivity:
    return sensitivity(inputs, STANDARD, runs=256)


def test_the_indices_are_given_with_and_without_banding(found: Sensitivity) -> None:
    by_variant = found.indices.groupby("variant")["factor"].apply(tuple).to_dict()
    assert by_variant["all"] == FACTORS
    assert by_variant["continuous"] == tuple(factor for factor in FACTORS if factor != "banding")


def test_the_headline_of_the_study_is_the_headline_of_the_rating(inputs: Inputs, found: Sensitivity) -> None:
    rated = rate(inputs, STANDARD)
    assert found.alternatives["place"].tolist() == rated.cities["place"].tolist()
    assert found.alternatives["place_alpha_0"].tolist() == rated.cities["place_without_opinion"].tolist()
    assert found.alternatives["place_available_case"].tolist() == rated.cities["place"].tolist()


def test_a_city_has_a_range_of_places_around_its_median(found: Sensitivity) -> None:
    cities = found.cities
    assert ((cities["low"] <= cities["median"]) & (cities["median"] <= cities["high"])).all()
    assert cities["city"].tolist() == ["north", "south", "west"]


def test_a_choice_that_changes_nothing_moves_no_city(found: Sensitivity) -> None:
    assert "missing" not in set(found.moved["factor"])  # every value was reported
    assert "alpha" in set(found.moved["factor"])


def test_the_study_gives_the_same_numbers_again(inputs: Inputs, found: Sensitivity) -> None:
    again = sensitivity(inputs, STANDARD, runs=256)
    assert again.indices.equals(found.indices)
    assert again.cities.equals(found.cities)


def test_without_blended_cities_there_is_nothing_to_vary() -> None:
    nothing = sensitivity(country(0, 0), STANDARD, runs=64)
    assert nothing.indices.empty
    assert nothing.cities.empty
    assert nothing.moved.empty
