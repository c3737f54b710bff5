"""Groups of people in a derivation are merged before anything is derived, alike in both tiers."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from scoring.derivation.explain import explain
from scoring.derivation.nodes import OTHERS, Node
from scoring.frames import Inputs
from tests.builders.ratings import count_tables, frame, indicator_rows, make_inputs, margin_rows
from tests.scoring.test_run import AREAS, STANDARD

MARGIN = {"sex": {"f": 5000, "m": 4000, "x": 1000}}


def people(counts: dict[str, int], tier: str) -> pd.DataFrame:
    sex = [name for name, n in counts.items() for _each in range(n)]
    drawn = np.random.default_rng(3).integers(2, 6, (len(sex), len(AREAS)))
    return pd.DataFrame(drawn.astype(float), columns=AREAS).assign(sex=sex, tier=tier)


def inputs(*tiers: pd.DataFrame) -> Inputs:
    return make_inputs(
        **count_tables(pd.concat(tiers, ignore_index=True), traits=["sex"], areas=AREAS, tier="open", pairs=False),
        margins=frame("margins", margin_rows(MARGIN)),
        indicators=frame("indicators", indicator_rows(STANDARD, "here", STANDARD.alpha * 100)),
    )


def walk(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        yield from walk(part)


def tiers_of(tables: Inputs) -> list[Node]:
    found = [node for node in walk(explain(tables, STANDARD, "here")) if node.kind == "tier"]
    assert found
    return found


def test_a_small_group_is_one_with_another_and_with_no_number_of_its_own() -> None:
    for tier in tiers_of(inputs(people({"f": 200, "m": 150, "x": 7}, "open"))):
        assert [(part.code, dict(part.details)) for part in tier.parts] == [
            ("sex=f", {"answers": 200}),
            (OTHERS, {"answers": 150}),
        ]
        assert tier.value == pytest.approx(sum(part.weight * (part.value or 0) for part in tier.parts))
        assert "sex=x: sample" not in dict(tier.details)


def test_a_group_is_shown_only_where_it_is_large_in_both_tiers() -> None:
    """Else the mixed score of the group, which is published too, gives its few open people."""
    many, few = {"f": 200, "m": 150, "x": 100}, {"f": 150, "m": 100, "x": 6}
    for tier in tiers_of(inputs(people(many, "verified"), people(few, "open"))):
        assert [part.code for part in tier.parts] == ["sex=f", OTHERS]


def test_people_who_did_not_tell_are_named_with_others_where_they_are_few() -> None:
    details = dict(tiers_of(inputs(people({"f": 200, "m": 150, "x": 60, "-": 2}, "open")))[0].details)
    shares = {name for name in details if name.endswith("sample")}
    assert shares == {"sex=f: sample", "sex=m: sample", "sex=x+-: sample"}
