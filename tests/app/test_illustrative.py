"""The illustrative set of the demo keeps to the published means and looks like a set of real values."""

from decimal import Decimal

import numpy as np
import pytest

from app.demo.illustrative import PUBLISHED_MEANS, Value, illustrative_values
from scoring.edition import load_edition

VALUES = list(illustrative_values())
EDITION = load_edition("standard_2019")


def score(value: Value) -> Decimal:
    return {"yes": Decimal(100), "no": Decimal(0)}.get(value.value) or Decimal(value.value.replace("no", "0"))


def test_every_value_can_be_reported() -> None:
    methods = {indicator.code: indicator.method for indicator in EDITION.indicators}
    assert len(VALUES) == 17 * len(EDITION.indicators)
    for value in VALUES:
        assert (value.value in {"yes", "no"}) == (methods[value.indicator] == "yes_no")
        assert 0 <= score(value) <= 100


@pytest.mark.parametrize("area", PUBLISHED_MEANS)
def test_the_published_means_are_kept(area: str) -> None:
    mine = {indicator.code for indicator in EDITION.indicators_of(area)}
    scores = [score(value) for value in VALUES if value.indicator in mine]
    assert float(sum(scores) / len(scores)) == pytest.approx(PUBLISHED_MEANS[area], abs=0.1)


def test_the_percentages_of_an_area_do_not_move_as_one() -> None:
    for area in EDITION.areas:
        codes = [each.code for each in EDITION.indicators_of(area.code) if each.method == "percentage"]
        table = np.array([[float(score(v)) for v in VALUES if v.indicator == code] for code in codes])
        correlations = np.corrcoef(table)[np.triu_indices(len(codes), 1)]
        assert np.abs(correlations).max() < 0.99, area.code
