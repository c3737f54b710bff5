import pytest

from surveys.ballots.damm import check_digit


@pytest.mark.parametrize(
    ("digits", "check"),
    [
        ("572", "4"),  # the worked example of Damm's own thesis
        ("11294", "6"),  # Rosetta Code, "Damm algorithm"
    ],
)
def test_the_check_digit_is_damms(digits: str, check: str) -> None:
    assert check_digit(digits) == check
    assert check_digit(digits + check) == "0"
    assert check_digit(digits + str((int(check) + 3) % 10)) != "0"
