"""How each city's total came about, as it may be published: scoring has put small groups together, here is rounded."""

import json
from dataclasses import replace
from fractions import Fraction

from sqlalchemy.orm import Session

from app.publishing.rows import ERROR_DIGITS, PEOPLE_DIGITS, SCORE_DIGITS, rounded
from app.ratings.execution import repeat_with_inputs
from app.ratings.models import Run
from scoring.derivation.explain import explain_all
from scoring.derivation.nodes import Node
from scoring.derivation.numbers import Derivations, NumberAddress
from scoring.edition import load_edition
from scoring.output.tables import Result

SHARE_DIGITS = 4
"""Decimals of the share of a group of people, or of an option, in a mean."""

DETAIL_DIGITS = {"se": ERROR_DIGITS, "sample": 2, "population": 3}
"""Decimals of a detail by the end of its name; shares of the sample are in whole percent."""

_WEIGHTED = frozenset({"people", "option"})
_OPINION = _WEIGHTED | {"opinion", "questions", "tier", "city", "itself", "ahead"}
"""Kinds of nodes in which answers are counted; every node above them depends on answers too."""


def derivations(result: Result) -> dict[str, bytes]:
    """Write every rated city's derivation as JSON; the same run gives the same bytes."""
    return {city: _as_json(published(tree)) for city, tree in explain_all(result).items()}


def derived(session: Session, run_id: str, number: NumberAddress) -> Node:
    """Derive one number of a stored run, as it may be shown; raises RunError, or RatingError for no such number."""
    inputs = repeat_with_inputs(session, run_id).inputs
    run = session.get_one(Run, run_id)
    return published(Derivations(inputs, load_edition(run.edition), alpha=Fraction(run.alpha)).of(number))


def published(node: Node) -> Node:
    """Round a tree as the tables are rounded, each number once; what no opinion enters stays exact.

    A number is then what its parts say to within what rounding leaves: 0.1 points, and 0.6 where the parts are groups
    of people, whose scores are in whole points.
    """
    parts = tuple(published(part) for part in node.parts)
    if not _has_opinion(node):
        return replace(node, parts=parts)
    return replace(
        node,
        value=None if node.value is None else rounded(node.value, _digits(node)),
        weight=rounded(node.weight, SHARE_DIGITS) if node.kind in _WEIGHTED else node.weight,
        details=tuple((name, _detail(name, value)) for name, value in node.details),
        parts=parts,
    )


def _digits(node: Node) -> int:
    return PEOPLE_DIGITS if node.kind == "people" and node.code else SCORE_DIGITS


def _has_opinion(node: Node) -> bool:
    return node.kind in _OPINION or any(_has_opinion(part) for part in node.parts)


def _detail(name: str, value: str | float) -> str | float:
    if not isinstance(value, float):
        return value
    return rounded(value, DETAIL_DIGITS.get(name.rpartition(": ")[2], SCORE_DIGITS))


def _as_json(tree: Node) -> bytes:
    return json.dumps(tree.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
