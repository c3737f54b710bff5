"""How a web process gives back the memory that a long answer took, and what its collector looks through."""

import ctypes
import gc
from contextlib import suppress

_ARENA_MAX, _TRIM_THRESHOLD, _MMAP_THRESHOLD = -8, -1, -3
"""Options of mallopt(3)."""

_LONG = 64 * 1024
"""Bytes: what is longer is taken from the system by itself, and given back as soon as it is free."""


def give_back_early() -> None:
    """Tell the C library so; nothing happens where it is not GNU's.

    By default it raises its bounds with each long answer that is freed: a process that once served the whole open data
    keeps what that took.
    """
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_ARENA_MAX, 1)
        library.mallopt(_TRIM_THRESHOLD, _LONG)
        library.mallopt(_MMAP_THRESHOLD, _LONG)


def settle() -> None:
    """Let the collector pass over what was made by now: it lives as long as the process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)
