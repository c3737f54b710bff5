"""SCORING §8, rows 2, 4, 5, 6, 7 and 20: our numbers are those of R survey, COINr and csranks."""

import pytest

from tests.scoring.agreement import DOCUMENT, Row, document, rows, simulated_lines
from tests.scoring.scenarios import SCENARIOS

ROWS = list(rows())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"row {row.requirement}: {row.what}")
def test_a_number_is_that_of_the_reference(row: Row) -> None:
    assert row.difference <= row.limit


def test_every_row_about_references_has_numbers() -> None:
    assert {row.requirement for row in ROWS} == {2, 4, 5, 6, 7, 20}


def test_the_document_says_what_the_comparison_gives() -> None:
    text = DOCUMENT.read_text()
    assert text == document(simulated_lines(text)), "run `python -m tests.scoring.agreement`"


def test_the_document_has_every_simulation_in_order() -> None:
    written = [line.split(" | ")[0:2] for line in simulated_lines(DOCUMENT.read_text())]
    firsts = [cells for index, cells in enumerate(written) if index == 0 or cells != written[index - 1]]
    assert firsts == [[f"| {scenario.row}", scenario.what] for scenario in SCENARIOS]
