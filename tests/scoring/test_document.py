"""The worked example of docs/scoring.md is computed, not typed."""

import doctest
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "scoring.md"
REASONS = {
    *("too_few", "too_wide", "too_few_to_blend", "too_wide_to_blend", "hard_to_say"),
    *("nobody_answered", "one_answer", "not_asked", "margins_disagree", "margin_target_zero"),
    *("open_too_few", "open_diverges", "open_tier_only", "open_beside_verified"),
    *("not_verified", "verified_too_few"),
    *("no_variation", "no_indicators", "above_100", "below_0", "band_edge_matters", "indicators_only", "incomplete"),
}
"""Reasons of estimates and areas, what became of open answers, and the other diagnostics."""


def test_the_example_worked_by_hand_comes_out_as_written() -> None:
    failed, tried = doctest.testfile(str(DOCUMENT), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert tried > 30
    assert failed == 0


def test_every_reason_that_can_be_given_is_in_the_document() -> None:
    text = DOCUMENT.read_text()
    assert not {code for code in REASONS if f"`{code}`" not in text}
