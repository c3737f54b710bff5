"""Residents' verdict: from ten answers on, half of them, and nothing that shows what one person said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feedback.verdicts import (
    NEEDED,
    STEP,
    TELLING,
    ResidentAgreement,
    ResidentVerdict,
    agreement,
    is_asked,
    verdict_of,
)


@pytest.mark.parametrize(
    ("yes", "partly", "no", "cannot_tell", "verdict"),
    [
        (9, 0, 0, 0, None),
        (0, 0, 9, 0, None),
        (4, 2, 4, 0, ResidentVerdict.AGREED),
        (4, 1, 5, 0, ResidentVerdict.DISPUTED),
        (0, 10, 0, 0, ResidentVerdict.AGREED),
        (10, 0, 0, 5, ResidentVerdict.AGREED),
        (5, 0, 4, 5, None),
    ],
    ids=["nine", "nine noes", "half", "less than half", "all partly", "with doubts", "doubts do not count"],
)
def test_from_ten_answers_on_half_is_enough(
    yes: int, partly: int, no: int, cannot_tell: int, verdict: ResidentVerdict | None
) -> None:
    """DESK §20 row 22."""
    assert verdict_of({"yes": yes, "partly": partly, "no": no, "cannot_tell": cannot_tell}) is verdict


ANSWERS = st.fixed_dictionaries({each: st.integers(0, 40) for each in (*TELLING, "cannot_tell")})


@given(ANSWERS)
def test_figures_move_in_steps_of_five_and_never_contradict_the_verdict(answers: dict[str, int]) -> None:
    told = agreement(answers)
    telling = sum(answers[each] for each in TELLING)
    assert told.at_least % STEP == 0
    assert 0 <= telling - told.at_least < STEP
    assert (told.percent is None) == (telling < NEEDED)
    if told.percent is not None:
        assert told.percent % STEP == 0
        exact = (answers["yes"] + answers["partly"] / 2) / telling >= 0.5
        assert (told.verdict is ResidentVerdict.AGREED) == exact


def test_below_ten_nothing_is_told_but_the_step() -> None:
    assert agreement({"yes": 7}) == ResidentAgreement(5, None)
    assert agreement({}) == ResidentAgreement(0, None)


@pytest.mark.parametrize(
    ("kind", "state", "asked"),
    [
        ("done", None, True),
        ("will_do", "announced", False),
        ("will_do", "reported_done", True),
        ("cannot", None, False),
    ],
)
def test_people_are_asked_once_something_is_said_to_be_done(kind: str, state: str | None, asked: bool) -> None:
    """Peers FMS 330 and 269: nobody is asked whether it got better of what was not done."""
    assert is_asked(kind, state) is asked
