"""Every acceptance number of scoring is met where the list says, and nowhere else by mistake."""

import re
from pathlib import Path

import pytest

from tests.scoring.acceptance import ACCEPTANCE

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"def test_row_(\d+)_")
LISTED = re.compile(r"SCORING §8, rows? ([\d, and]+)")


def rows_of(text: str) -> set[int]:
    """Read the rows that a file's tests are named for, in their names or in the docstring of the module."""
    listed = {number for group in LISTED.findall(text) for number in re.findall(r"\d+", group)}
    return {int(number) for number in listed | set(NAMED.findall(text))}


FOUND = {
    path.relative_to(ROOT).as_posix(): rows_of(path.read_text())
    for folder, pattern in (("tests", "test_*.py"), ("benchmarks", "*.py"))
    for path in sorted((ROOT / folder).rglob(pattern))
    if path != Path(__file__)
}
ONLY_IF_BUILT = 22


def test_the_list_is_whole() -> None:
    assert list(ACCEPTANCE) == list(range(1, 29))


@pytest.mark.parametrize("number", ACCEPTANCE)
def test_a_row_is_met_exactly_where_the_list_says(number: int) -> None:
    assert tuple(sorted(path for path, rows in FOUND.items() if number in rows)) == tuple(
        sorted(ACCEPTANCE[number].files)
    )


def test_every_row_is_met_somewhere() -> None:
    assert [number for number, row in ACCEPTANCE.items() if not row.files] == [ONLY_IF_BUILT]


def test_the_check_can_fail() -> None:
    assert rows_of('"""SCORING §8, rows 2, 4 and 20: x."""\ndef test_row_7_x() -> None: ...') == {2, 4, 7, 20}
    assert rows_of("def test_a_row_7_x() -> None: ...") == set()
