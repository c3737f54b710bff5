"""Work that steps back behind those who are served."""

import os
import sys

import pytest

from surveys.workbook import Limits, in_child

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="priorities are told as Linux tells them")


def standing(_content: bytes) -> tuple[int, int, bool]:
    """Tell the priority of this process, its policy, and whether it leads a session of its own."""
    return os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0), os.getsid(0) == os.getpid()


def test_a_child_that_reads_a_file_runs_after_those_that_serve() -> None:
    assert in_child(standing, b"", Limits()) == (19, os.SCHED_BATCH, True)
