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
from app.publishing.bundle import Bundle
from app.publishing.derivations import published
from app.publishing.queries import get_derivation
from app.publishing.results import OTHERS
from scoring.derivation.nodes import Node
from scoring.output.shares import FEWEST
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


def test_every_rated_city_has_one(bundle: Bundle) -> None:
    assert set(bundle.derivations) == {row.city for row in bundle.city_results if row.status != "incomplete"}


def test_each_number_is_the_sum_of_its_parts(trees: dict[str, dict[str, Any]]) -> None:
    for tree in trees.values():
        for node in nodes(tree):
            if node["parts"]:
                total = sum(part["value"] * part["weight"] for part in node["parts"])
                assert total == pytest.approx(node["value"], abs=1e-9), (node["kind"], node["code"])


def test_the_root_is_the_published_total(bundle: Bundle, trees: dict[str, dict[str, Any]]) -> None:
    for row in bundle.city_results:
        shown = row.total if row.total is not None else row.total_without_opinion
        assert half_up(trees[row.city]["value"], 1) == shown


def test_no_group_of_people_is_smaller_than_ten(trees: dict[str, dict[str, Any]]) -> None:
    people = [node for tree in trees.values() for node in nodes(tree) if node["kind"] == "people"]
    assert min(node["details"]["answers"] for node in people) >= FEWEST
    assert any(node["code"] == OTHERS for node in people), "the rule was needed here"


def person(code: str, answers: int, value: float, weight: float) -> Node:
    return Node(kind="people", code=code, value=value, weight=weight, details=(("answers", answers), ("weight", 1.0)))


def merged(*answers: int) -> list[tuple[str, int]]:
    people = tuple(person(f"g{n}", count, 10.0 * n, count / sum(answers)) for n, count in enumerate(answers))
    value = sum((node.value or 0) * node.weight for node in people)
    tier = published(Node(kind="tier", code="open", value=value, parts=people))
    assert sum((node.value or 0) * node.weight for node in tier.parts) == pytest.approx(value)
    return [(node.code, int(dict(node.details)["answers"])) for node in tier.parts]


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ((30, 20, 10), [("g0", 30), ("g1", 20), ("g2", 10)]),
        ((30, 20, 9), [("g0", 30), (OTHERS, 29)]),
        ((30, 6, 5), [("g0", 30), (OTHERS, 11)]),
        ((30, 6, 3, 12), [("g0", 30), (OTHERS, 21)]),
        ((4, 3), [(OTHERS, 7)]),
    ],
    ids=["all enough", "one small takes the next", "two small are enough", "two small take the next", "nobody else"],
)
def test_small_groups_are_put_together(answers: tuple[int, ...], shown: list[tuple[str, int]]) -> None:
    assert merged(*answers) == shown


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
    people = [node for node in nodes(tree) if node["kind"] == "people"]
    assert min(node["details"]["answers"] for node in people) >= FEWEST
    refused = CliRunner().invoke(cli, ["rating", "explain", bundle.run, "shares", "se", *row], obj=context)
    assert (refused.exit_code, "no se of" in refused.output) == (1, True)
