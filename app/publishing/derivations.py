"""How each city's total came about, as it may be published: groups of fewer than ten people are put together."""

import json
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from sqlalchemy.orm import Session

from app.publishing.results import OTHERS
from app.ratings.execution import repeat_with_inputs
from app.ratings.models import Run
from scoring.derivation.explain import explain_all
from scoring.derivation.nodes import Node
from scoring.derivation.numbers import Derivations, NumberAddress
from scoring.edition import Edition, load_edition
from scoring.frames import Inputs
from scoring.output.shares import FEWEST


def derivations(inputs: Inputs, edition: Edition, alpha: Fraction) -> dict[str, bytes]:
    """Write every rated city's derivation as JSON; the same run gives the same bytes."""
    trees = explain_all(inputs, edition, alpha=alpha)
    return {city: _as_json(published(tree)) for city, tree in trees.items()}


def derived(session: Session, run_id: str, number: NumberAddress) -> Node:
    """Derive one number of a stored run, as it may be shown; raises RunError, or RatingError for no such number."""
    inputs = repeat_with_inputs(session, run_id).inputs
    run = session.get_one(Run, run_id)
    return published(Derivations(inputs, load_edition(run.edition), alpha=Fraction(run.alpha)).of(number))


def published(node: Node) -> Node:
    """Give a tree in which no group of people is smaller than FEWEST; every sum still adds up."""
    parts = _merged(node.parts) if node.kind == "tier" else tuple(published(part) for part in node.parts)
    return replace(node, parts=parts)


def _merged(people: Sequence[Node]) -> tuple[Node, ...]:
    """Put groups of too few together, and the next smallest with them until they are enough."""
    order = sorted(range(len(people)), key=lambda index: (_answers(people[index]), people[index].code))
    few: set[int] = set()
    for index in order:
        answers_of_few = sum(_answers(people[each]) for each in few)
        if _answers(people[index]) >= FEWEST and (not few or answers_of_few >= FEWEST):
            break
        few.add(index)
    if not few:
        return tuple(people)
    large = tuple(node for index, node in enumerate(people) if index not in few)
    return (*large, _merged_node([people[index] for index in sorted(few)]))


def _merged_node(people: Sequence[Node]) -> Node:
    weight = sum(node.weight for node in people)
    answers = sum(map(_answers, people))
    value = sum(node.weight * (node.value or 0.0) for node in people) / weight if weight else None
    heads = sum(_answers(node) * float(dict(node.details)["weight"]) for node in people) / answers
    return Node(
        kind="people",
        code=OTHERS,
        value=value,
        weight=weight,
        details=(("answers", answers), ("weight", heads), ("groups", len(people))),
    )


def _answers(node: Node) -> int:
    return int(dict(node.details)["answers"])


def _as_json(tree: Node) -> bytes:
    return json.dumps(tree.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
