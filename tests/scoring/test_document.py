"""The worked example of docs/scoring.md is computed, not typed."""

import doctest
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "scoring.md"


def test_the_example_worked_by_hand_comes_out_as_written() -> None:
    failed, tried = doctest.testfile(str(DOCUMENT), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert tried > 30
    assert failed == 0


def test_every_reason_that_can_be_given_is_in_the_document() -> None:
    text = DOCUMENT.read_text()
    codes = {"too_few", "too_wide", "too_few_to_blend", "hard_to_say", "margins_disagree", "margin_target_zero"}
    assert not {code for code in codes if f"`{code}`" not in text}
