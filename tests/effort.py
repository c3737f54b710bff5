"""How much of the long tests is done: a little in `make test`, all of it with EFFORT=full (`make test-all`)."""

import os
from typing import TypeVar

import hypothesis

Amount = TypeVar("Amount")

EFFORT = os.environ.get("EFFORT", "small")
if EFFORT not in {"small", "full"}:
    raise ValueError(f"EFFORT is small or full, not {EFFORT!r}")
IS_FULL = EFFORT == "full"
_SHARE = 5
"""A property test draws this many times fewer cases by default."""

_FEWEST = 10


def by_effort(small: Amount, full: Amount) -> Amount:
    """Choose how many runs, languages or walks a test is made of."""
    return full if IS_FULL else small


def examples(full: int) -> int:
    """Give the cases that a property test draws, from those it draws at full effort."""
    return by_effort(min(full, max(_FEWEST, full // _SHARE)), full)


def load_hypothesis() -> None:
    """Choose hypothesis' profile.

    In CI the same cases each time, so that a landing is judged by the change and not by the draw; new cases at home.
    """
    hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, max_examples=examples(100))
    hypothesis.settings.register_profile("home", deadline=None, max_examples=examples(100))
    hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "home")
