"""Bounds how many requests may be at something slow at a time, so that threads are always left for pages.

A slow hash or a call to another service holds the thread of its request for up to ten seconds. Whoever finds no slot
is asked to come again in a minute, before anything of what they did is used up.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import BoundedSemaphore

RETRY = 60
"""Seconds after which somebody who found no slot should try again."""


class BusyError(Exception):
    """There is no slot just now."""


class Slots:
    """Slots at one slow thing."""

    def __init__(self, at_once: int, *, waiting: int = 0, patience: float = 0) -> None:
        """Make slots for some at once, and for some who wait their turn for so many seconds."""
        self.most = at_once + waiting
        """Threads that can be held at once."""
        self._patience = patience
        self._line = BoundedSemaphore(self.most)
        self._slots = BoundedSemaphore(at_once)

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Hold a slot; raises BusyError when there is none in time."""
        if not self._line.acquire(blocking=False):
            raise BusyError
        try:
            if not self._slots.acquire(timeout=self._patience):
                raise BusyError
            try:
                yield
            finally:
                self._slots.release()
        finally:
            self._line.release()


@dataclass(frozen=True, slots=True)
class Slow:
    """Everything of a web process that takes long."""

    hashes: Slots = field(default_factory=lambda: Slots(1, waiting=2, patience=2))
    """Argon2 of letters' codes: a fifth of a second on a processor of its own, and 19 MB."""
    messages: Slots = field(default_factory=lambda: Slots(3))
    """Calls to the gateway of text messages: up to 11 s."""
    sign_ins: Slots = field(default_factory=lambda: Slots(3))
    """Calls to the sign-in provider: up to 10 s."""
    lists: Slots = field(default_factory=lambda: Slots(2))
    """Whole lists of receipts: each is in memory until its reader has it."""
    envelopes: Slots = field(default_factory=lambda: Slots(1))
    """All envelopes opened to find one suggestion that was not filed yet: 15 µs each, so 0.3 s in a busy hour."""

    @property
    def most(self) -> int:
        """Threads that all of them together can hold."""
        return self.hashes.most + self.messages.most + self.sign_ins.most + self.lists.most + self.envelopes.most
