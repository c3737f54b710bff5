"""Slots at what is slow: a bound that leaves threads for pages, and nothing lost by who finds none."""

from threading import Event, Thread

import pytest

from app.serving.server import THREADS
from app.web.slow import BusyError, Slots, Slow


def test_who_finds_no_place_is_told_at_once() -> None:
    slots = Slots(2)
    with slots.slot(), slots.slot(), pytest.raises(BusyError), slots.slot():
        pass
    with slots.slot():
        pass


def test_some_wait_for_their_turn_and_no_more_than_those() -> None:
    slots = Slots(1, waiting=1, patience=60)
    came = Event()

    def wait() -> None:
        with slots.slot():
            came.set()

    waiting = Thread(target=wait)
    with slots.slot():
        waiting.start()
        while busy_at_once(slots) is False:  # until the other stands in line
            pass
        assert not came.is_set()
    waiting.join()
    assert came.is_set()


def busy_at_once(slots: Slots) -> bool:
    """Tell whether the line is full, without standing in it."""
    if free := slots._line.acquire(blocking=False):
        slots._line.release()
    return not free


def test_who_waits_too_long_is_told() -> None:
    slots = Slots(1, waiting=1, patience=0.01)
    with slots.slot(), pytest.raises(BusyError), slots.slot():
        pass
    with slots.slot():
        pass


def test_a_fault_gives_the_place_back() -> None:
    slots = Slots(1)
    with pytest.raises(ZeroDivisionError), slots.slot():
        _ = 1 / 0
    with slots.slot():
        pass


def test_threads_are_left_for_pages_when_every_place_is_taken() -> None:
    assert Slow().most <= THREADS - 2
