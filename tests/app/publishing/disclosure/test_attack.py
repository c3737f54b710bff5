"""What claims give away, on worlds small enough to be solved by hand."""

from collections.abc import Sequence

import pytest

from app.publishing.disclosure.attack import attack
from app.publishing.disclosure.known import matches
from app.publishing.disclosure.worlds import Claim, Secret, Worlds


def heads(truth: Sequence[float], *claims: tuple[str, Sequence[int], float, float]) -> Worlds:
    """Make a system in which the last unknown is the secret."""
    made = tuple(Claim(name, tuple((each, 1.0) for each in of), low, high) for name, of, low, high in claims)
    last = len(truth) - 1
    secret = Secret("the last", ((last, 1.0),), int(truth[last]), 1.0)
    return Worlds(kind="heads", steps=(1.0,) * len(truth), truth=tuple(truth), claims=made, secrets=(secret,))


def test_a_total_less_the_others_gives_the_last() -> None:
    (found,) = attack([heads([60, 36, 4], ("total", (0, 1, 2), 100, 100), ("a", (0,), 60, 60), ("b", (1,), 36, 36))])
    assert (found.what, found.low, found.high, found.sources) == ("number of people", 4, 4, ("total", "a", "b"))
    assert str(found) == "the last (4 people): number of people from 4 to 4, by total; a; b"


def test_whole_tens_keep_the_last_open() -> None:
    tens = [("total", (0, 1, 2), 100.0, 109.0), ("a", (0,), 60.0, 69.0), ("b", (1,), 30.0, 39.0)]
    assert attack([heads([60, 36, 4], *tens)]) == []


@pytest.mark.parametrize("exact", [("a", (0,), 60.0, 60.0), ("b", (1,), 36.0, 36.0)])
def test_one_number_in_tens_is_enough(exact: tuple[str, Sequence[int], float, float]) -> None:
    known = [("total", (0, 1, 2), 100.0, 109.0), ("a", (0,), 60.0, 60.0), ("b", (1,), 36.0, 36.0), exact]
    assert attack([heads([60, 36, 4], *known)]) == []


@pytest.mark.parametrize(
    ("low", "high", "is_found"),
    [(1, 9, True), (0, 9, False), (0, 4, True), (0, 5, False), (4, 10, False), (7, 10, True)],
)
def test_a_range_must_hold_nobody_or_ten_and_leave_five(low: float, high: float, is_found: bool) -> None:
    assert bool(attack([heads([50, 7 if low > 4 else 4], ("b", (1,), low, high))])) is is_found


def test_whole_people_say_more_than_the_linear_bounds() -> None:
    """Three times the last and seven times the other are 40: with fractions from 0 to 13.3, whole 4 or 11."""
    claim = Claim("sum", ((0, 7.0), (1, 3.0)), 40.0, 40.0)
    secret = Secret("the last", ((1, 1.0),), 4, 1.0)
    two = Worlds(kind="heads", steps=(1.0, 1.0), truth=(4.0, 4.0), claims=(claim,), secrets=(secret,))
    assert attack([two]) == [], "eleven is possible as well"
    fewer = Claim("most", ((1, 1.0),), 0.0, 9.0)
    one = Worlds(kind="heads", steps=(1.0, 1.0), truth=(4.0, 4.0), claims=(claim, fewer), secrets=(secret,))
    (found,) = attack([one])
    assert (found.low, found.high) == (4, 4)


SHARES = (0.2137, 0.7863)
ONE_AND_THREE = (75.0, 100 / 3)


def means(half: float, steps: tuple[float, float]) -> Worlds:
    """One person and three others, whose common mean is known to within `half`."""
    whole = sum(share * mean for share, mean in zip(SHARES, ONE_AND_THREE, strict=True))
    claim = Claim("the mean of all", tuple(enumerate(SHARES)), whole - half, whole + half)
    secret = Secret("one", ((0, 1.0),), 1, 25.0)
    return Worlds(kind="mean", steps=steps, truth=ONE_AND_THREE, claims=(claim,), secrets=(secret,))


def test_the_lattice_of_possible_means_gives_what_linear_bounds_leave_open() -> None:
    (found,) = attack([means(0.05, (25.0, 25 / 3))])
    assert (found.what, round(found.low, 6), round(found.high, 6)) == ("mean", 75, 75)


def test_where_people_weigh_unequally_there_is_no_lattice() -> None:
    assert attack([means(0.05, (25.0, 0.0))]) == []


def test_a_coarse_mean_leaves_one_person_open() -> None:
    assert attack([means(8.0, (25.0, 25 / 3))]) == []


def test_a_claim_that_is_not_true_is_named() -> None:
    with pytest.raises(ArithmeticError, match="contradict the counts they come from: total"):
        attack([heads([60, 4], ("total", (0, 1), 70, 79))])


@pytest.mark.parametrize(
    ("code", "is_in"),
    [
        ("age=65+", True),
        ("age=55-64+65+", True),
        ("age=16-24", False),
        ("age:sex=65+:f+55-64:f", True),
        ("age:sex=65+:m", False),
        ("age=65+;sex=f", True),
        ("age=65+;sex=m", False),
        ("", True),
    ],
)
def test_the_code_of_a_group_says_who_is_in_it(code: str, is_in: bool) -> None:
    assert matches(code, ("age", "sex"), ("65+", "f")) is is_in
