"""Work that nobody waits for at the site: it takes the processor when whoever is served leaves it."""

import os
from contextlib import suppress
from pathlib import Path

_LEAST = 19
"""The lowest priority of a process that still gets its share in the end."""

_AUTOGROUP = Path("/proc/self/autogroup")


def step_back() -> None:
    """Let this process, once and for all, run after those that serve; what a system does not offer is left out.

    Linux may share the processor among sessions first and within them by priority (sched(7), "The autogroup feature"):
    there this process becomes a session of its own, whose priority is lowered as well.
    """
    with suppress(OSError):  # it leads a session, or a system without them
        os.setsid()
        _AUTOGROUP.write_text(str(_LEAST), encoding="ascii")
    os.nice(_LEAST)
    if hasattr(os, "SCHED_BATCH"):
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
