"""A published derivation adds up to the published total and shows no group of fewer than ten people."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli.commands import cli
from app.cli.context import Context
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.publishing import results
from app.publishing.bundle import Bundle
from app.publishing.queries import get_derivation
from scoring.derivation.nodes import OTHERS
from scoring.opinion.small_groups import FEWEST
from scoring.rounding import half_up


@pytest.fixture(scope="session")
def trees(published: tuple[Database, Bundle]) -> dict[str, dict[str, Any]]:
    database, bundle = published
    by_city = {}
    with database.reading() as session:
        for city, digest in bundle.derivations.items():
            content = get_derivation(session, bundle.number, city)
            assert content is not None
            assert hashlib.sha256(content).hexdigest() == digest, "the bundle vouches for the derivation"
            by_city[city] = json.loads(content)
    return by_city


def nodes(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield tree
    for part in tree["parts"]:
        yield from nodes(part)


def test_the_portal_knows_groups_put_together_by_the_code_scoring_gives_them() -> None:
    assert results.OTHERS == OTHERS


def test_every_rated_city_has_one(bundle: Bundle) -> None:
    assert set(bundle.derivations) == {row.city for row in bundle.city_results if row.status != "incomplete"}


def test_each_number_is_the_sum_of_its_parts_to_what_rounding_leaves(trees: dict[str, dict[str, Any]]) -> None:
    for tree in trees.values():
        for node in nodes(tree):
            if node["parts"]:
                total = sum(part["value"] * part["weight"] for part in node["parts"])
                of_groups = any(part["code"] for part in node["parts"] if part["kind"] == "people")
                room = 0.6 if of_groups else 0.11
                assert total == pytest.approx(node["value"], abs=room), (node["kind"], node["code"])


def test_numbers_have_the_digits_they_should_and_no_more(trees: dict[str, dict[str, Any]]) -> None:
    """Sixteen digits of a mean, a mean weight or the share of one category gave hidden groups away."""
    digits = {"answers": 0, "effective_n": -1, "se": 2, "sample": 2, "population": 3}
    seen = set()
    for tree in trees.values():
        for node in nodes(tree):
            if node["kind"] in {"tier", "people"}:
                assert node["value"] == round(node["value"], 0 if node["kind"] == "people" and node["code"] else 1)
                assert node["kind"] == "tier" or node["weight"] == round(node["weight"], 4)
                for name, value in node["details"].items():
                    seen.add(name.rpartition(": ")[2])
                    assert value == round(value, digits[name.rpartition(": ")[2]]), name
                assert node["details"]["answers"] % FEWEST == 0
    assert seen == set(digits)


def test_the_root_is_the_published_total(bundle: Bundle, trees: dict[str, dict[str, Any]]) -> None:
    for row in bundle.city_results:
        shown = row.total if row.total is not None else row.total_without_opinion
        assert half_up(trees[row.city]["value"], 1) == shown


def test_no_group_of_people_is_smaller_than_ten(trees: dict[str, dict[str, Any]]) -> None:
    people = [node for tree in trees.values() for node in nodes(tree) if node["kind"] == "people"]
    assert min(node["details"]["answers"] for node in people) >= FEWEST
    assert any(node["code"] == OTHERS for node in people), "the rule was needed here"
    assert {frozenset(node["details"]) for node in people} == {frozenset({"answers"})}


def test_the_command_derives_any_number_of_a_run(
    published: tuple[Database, Bundle], settings: Settings, clock: FrozenClock
) -> None:
    database, bundle = published
    context = Context(settings, database, clock)
    shown = next(row for row in bundle.shares if row.value is not None and row.measure == "top_two")
    row = (shown.audience, shown.city, shown.question, shown.measure)
    done = CliRunner().invoke(cli, ["rating", "explain", bundle.run, "shares", "value", *row], obj=context)
    assert done.exit_code == 0, done.output
    tree = json.loads(done.stdout)
    assert half_up(tree["value"], 1) == shown.value
    assert {node["kind"] for node in nodes(tree) if not node["parts"]} == {"option"}
    refused = CliRunner().invoke(cli, ["rating", "explain", bundle.run, "shares", "se", *row], obj=context)
    assert (refused.exit_code, "no se of" in refused.output) == (1, True)
