"""A derivation adds up: every number is what its parts say, down to counts and reported values."""

from collections.abc import Iterator
from fractions import Fraction

import pandas as pd
import pytest

from scoring.derivation.explain import explain
from scoring.derivation.nodes import Node
from scoring.edition import FOLDER, Edition, load_edition, read_edition
from scoring.errors import RatingError
from scoring.frames import Inputs
from scoring.run import rate
from scoring.totals.rules import band
from tests.scoring.test_run import STANDARD, country

CODE = (FOLDER / "standard_2019.toml").read_text()


def headed(rule: str) -> Edition:
    return read_edition(CODE.replace('headline = "linear"', f'headline = "{rule}"').encode())


def walk(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        yield from walk(part)


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return country()


@pytest.mark.parametrize("rule", ["linear", "area_mean", "banded", "banded_area"])
@pytest.mark.parametrize("city", ["north", "west"])
def test_every_number_of_a_derivation_is_what_its_parts_say(inputs: Inputs, rule: str, city: str) -> None:
    edition = headed(rule)
    tree = explain(inputs, edition, city)
    published = rate(inputs, edition).cities.set_index("city").loc[city, "total"]
    assert tree.value == pytest.approx(published, abs=1e-9)
    for node in walk(tree):
        if node.kind == "points":
            (part,) = node.parts
            assert node.value == band(Fraction(part.value or 0).limit_denominator(10**9))
        elif node.parts:
            assert node.value == pytest.approx(sum(part.weight * (part.value or 0) for part in node.parts), abs=1e-9)


def test_a_derivation_ends_in_reported_values_and_counted_people(inputs: Inputs) -> None:
    leaves = [node for node in walk(explain(inputs, STANDARD, "north")) if not node.parts]
    assert {node.kind for node in leaves} == {"indicator", "people"}
    people = next(node for node in leaves if node.kind == "people")
    assert people.code.startswith("age=")
    assert {name for name, _ in people.details} == {"answers"}


def test_the_margins_are_details_of_the_tier_they_weight(inputs: Inputs) -> None:
    tier = next(node for node in walk(explain(inputs, STANDARD, "north")) if node.kind == "tier")
    details = dict(tier.details)
    assert details["sex=f: population"] == pytest.approx(0.52)
    assert details["sex=f: sample"] == pytest.approx(0.6, abs=0.06)


def test_a_borrowed_opinion_names_the_cities_it_comes_from(inputs: Inputs) -> None:
    is_agr_of_west = (inputs.cells["city"] == "west") & (inputs.cells["area"] == "agr")
    some = Inputs(**(inputs.tables() | {"cells": inputs.cells[~is_agr_of_west], "pairs": pd.DataFrame()}))
    opinion = next(n for n in walk(explain(some, STANDARD, "west")) if n.kind == "opinion" and n.code == "agr")
    assert opinion.note == "filled:nobody_answered"
    assert [part.code for part in opinion.parts] == ["north", "south"]


def test_a_city_without_opinion_is_explained_by_its_indicators() -> None:
    tree = explain(country(0, 0), STANDARD, "north")
    assert tree.note == "indicators_only"
    assert tree.value == pytest.approx(38)
    assert not [node for node in walk(tree) if node.kind == "opinion"]


def test_a_missing_value_is_noted_in_the_derivation_as_missing(inputs: Inputs) -> None:
    missing = inputs.indicators["indicator"] == "ict_6"
    changed = inputs.indicators.assign(status=inputs.indicators["status"].mask(missing, "missing"))
    not_applicable = inputs.indicators["indicator"] == "ict_7"
    changed["status"] = changed["status"].mask(not_applicable, "not_applicable")
    tree = explain(Inputs(**(inputs.tables() | {"indicators": changed})), STANDARD, "north")
    leaves = {node.code: node for node in walk(tree) if node.kind == "indicator" and node.code.startswith("ict_")}
    assert (leaves["ict_6"].value, leaves["ict_6"].note) == (0.0, "missing")
    assert "ict_7" not in leaves
    assert leaves["ict_1"].weight == pytest.approx(1 / 9)


def test_a_derivation_is_plain_data(inputs: Inputs) -> None:
    data = explain(inputs, STANDARD, "north").to_json()
    assert (data["kind"], data["code"]) == ("total", "linear")


def test_open_and_verified_answers_both_show(inputs: Inputs) -> None:
    part = inputs.cells["city"] == "north"
    verified = inputs.cells[part].assign(tier="verified")
    both = Inputs(**(inputs.tables() | {"cells": pd.concat([inputs.cells, verified]), "pairs": pd.DataFrame()}))
    questions = next(node for node in walk(explain(both, STANDARD, "north")) if node.kind == "questions")
    assert {(node.code, node.weight) for node in questions.parts} == {("open", 0.25), ("verified", 0.75)}


@pytest.mark.parametrize("city", ["nowhere", "north"])
def test_a_city_that_is_not_rated_has_nothing_to_explain(inputs: Inputs, city: str) -> None:
    everything = inputs.indicators.assign(status="not_applicable")
    nothing = Inputs(**(inputs.tables() | {"indicators": everything}))
    with pytest.raises(RatingError, match="has no total to explain"):
        explain(nothing, load_edition("standard_2019"), city)
