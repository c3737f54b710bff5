"""SCORING §8, rows 2 and 4-7 and 20: our numbers are those of R survey, COINr and csranks."""

import pytest

from tests.scoring.agreement import DOCUMENT, Row, document, rows

ROWS = list(rows())
LIMITS = {"survey rake": 1e-8, "COINr": 1e-9}


@pytest.mark.parametrize("row", [row for row in ROWS if row.reference != "csranks"], ids=lambda row: row.what)
def test_a_number_is_that_of_the_reference(row: Row) -> None:
    assert row.difference <= (1e-9 if "mean" in row.what else LIMITS.get(row.reference, 1e-8))


@pytest.mark.parametrize("row", [row for row in ROWS if row.reference == "csranks"], ids=lambda row: row.what)
def test_a_bound_of_places_differs_from_csranks_by_one_at_most_and_seldom(row: Row) -> None:
    assert row.difference <= (1 if "step" in row.what else 0.1)


def test_the_document_says_what_the_comparison_gives() -> None:
    assert DOCUMENT.read_text() == document(), "run `python -m tests.scoring.agreement`"
