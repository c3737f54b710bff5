"""Work that nobody waits for at the site: it takes the processor when whoever is served leaves it."""

import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

_LOW = 19
"""The lowest priority of a process that still gets its share in the end."""

_AUTOGROUP = Path("/proc/self/autogroup")


def make_thread_step_back() -> None:
    """Let this thread and the processes that it starts run after those that serve, from their first instruction on.

    A child that steps back by itself has loaded Python by then, at the priority of those that wait. Linux alone has
    priorities of threads; elsewhere a thread keeps that of its process.
    """
    if sys.platform == "linux":
        _lower(threading.get_native_id())


def step_back() -> None:
    """Let this process, once and for all, run after those that serve; what a system does not offer is left out.

    Linux may share the processor among sessions first and within them by priority (sched(7), "The autogroup feature"):
    there this process becomes a session of its own, whose priority is lowered as well.
    """
    with suppress(OSError):  # it leads a session, or a system without them
        os.setsid()
        _AUTOGROUP.write_text(str(_LOW), encoding="ascii")
    _lower(os.getpid())
    if hasattr(os, "SCHED_BATCH"):
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def _lower(task: int) -> None:
    """Lower the priority of a process or thread; one that is lower already stays there."""
    os.setpriority(os.PRIO_PROCESS, task, max(_LOW, os.getpriority(os.PRIO_PROCESS, task)))
