"""A total without some answers tells what they said where these are few, whoever they are of."""

import pytest

from app.publishing.disclosure.differences import without_few
from app.publishing.results import PlaceResult

ROW = {
    "city": "here",
    "tied_group": 1,
    "together_low": 1,
    "together_high": 1,
    "total_available_case": 50.0,
    "place_available_case": 1,
    "coverage": 90.0,
    "flagged": 0,
    "total_without_flagged": None,
    "place_without_flagged": None,
}


@pytest.mark.parametrize("name", ["flagged", "employees"])
@pytest.mark.parametrize(
    ("shown", "weighing", "found"),
    [
        ({"total_without_{}": 50.0}, 4, [("here", 4, "total_without_{}")]),
        ({"place_without_{}": 2}, 9, [("here", 9, "total_without_{}")]),
        ({"{}": 7}, 12, [("here", 7, "{}")]),
        ({"{}": 10, "total_without_{}": 50.0}, 12, []),
        ({"{}": 0}, 4, []),
    ],
)
def test_few_who_are_left_out_are_found(
    name: str, shown: dict[str, float], weighing: int, found: list[tuple[str, int, str]]
) -> None:
    row = PlaceResult(**(ROW | {column.format(name): value for column, value in shown.items()}))  # type: ignore[arg-type]
    expected = [(city, people, column.format(name)) for city, people, column in found]
    assert list(without_few((row,), name, {"here": weighing})) == expected
