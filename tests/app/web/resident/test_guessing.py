"""A million guesses at codes of suggestions are stopped by the limits: computed on their own clock, minute by minute.

DESK §20 row 23. A code has 60 bits, so of what does get through none is right but by a miracle.
"""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from limits import strategies
from limits.storage import memory

from app.web.resident import limits

MILLION, SUGGESTIONS = 10**6, 10**5
"""Guesses, and codes that would be right: a country's suggestions of a year, many times over."""
SPEED = 100
"""Guesses a second, more than one worker answers."""


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Give the limiter a clock that goes on only when it is told to."""
    own = SimpleNamespace(at=1_000_000.0)
    clock = SimpleNamespace(time=lambda: own.at)
    for module in (memory, strategies):
        monkeypatch.setattr(module, "time", clock)

    def go_on(seconds: float) -> None:
        own.at += seconds

    return go_on


def looked_up(app: Flask, pass_time: Callable[[float], None], minutes: int, *, browsers: bool, places: int) -> int:
    """Guess without pause for some minutes; gives how many guesses reach the database.

    With a new browser for each guess or always the same one, from so many places by turns.
    """
    reached = 0
    for number in range(minutes * 60 * SPEED):
        pass_time(1 / SPEED)
        with app.test_request_context(environ_base={"REMOTE_ADDR": f"203.0.113.{number % places}"}):
            browser = f"browser {number}" if browsers else "browser"
            rules = [(limits.WRONG_BY_BROWSER, browser), (limits.WRONG_BY_ADDRESS, limits.address())]
            try:
                limits.check(rules)
            except limits.TooManyAttemptsError:
                continue
            limits.count(rules)
            reached += 1
    return reached


def test_one_place_gets_sixty_a_minute_through_and_needs_eleven_days_for_a_million(
    public: Flask, pass_time: Callable[[float], None]
) -> None:
    minutes = 2
    reached = looked_up(public, pass_time, minutes, browsers=True, places=1)
    assert reached <= 60 * (minutes + 1)
    assert MILLION / (reached / minutes) / 60 / 24 > 7


def test_one_browser_gets_ten_through_whatever_it_does(public: Flask, pass_time: Callable[[float], None]) -> None:
    assert looked_up(public, pass_time, 2, browsers=False, places=1) == 10


def test_a_flood_from_everywhere_is_held_at_the_ceiling_of_the_site(
    public: Flask, pass_time: Callable[[float], None]
) -> None:
    """Above 600 a minute a place has six and not sixty, so a hundred places get 600 and six each through."""
    minutes, places = 2, 100
    reached = looked_up(public, pass_time, minutes, browsers=True, places=places)
    assert reached <= (minutes + 1) * (600 + 6 * places)
    assert reached < minutes * 60 * SPEED / 4


def test_of_a_million_guesses_that_got_through_none_would_be_right() -> None:
    assert MILLION * SUGGESTIONS / 2**60 < 1e-7
