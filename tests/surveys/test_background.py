"""Work that steps back behind those who are served."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import check_output

import pytest

from surveys.background import make_thread_step_back
from surveys.workbook import Limits, in_child

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="priorities are told as Linux tells them")


def standing(_content: bytes) -> tuple[int, int, bool]:
    """Tell the priority of this process, its policy, and whether it leads a session of its own."""
    return os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0), os.getsid(0) == os.getpid()


def test_a_child_that_reads_a_file_runs_after_those_that_serve() -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert in_child(standing, b"", Limits()) == (19, os.SCHED_BATCH, True)
    assert os.getpriority(os.PRIO_PROCESS, 0) == own


def test_a_child_is_born_behind_those_that_serve() -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    told = [sys.executable, "-c", "import os; print(os.getpriority(os.PRIO_PROCESS, 0))"]
    with ThreadPoolExecutor(1, initializer=make_thread_step_back) as starter:
        assert int(starter.submit(check_output, told).result()) == 19
    assert os.getpriority(os.PRIO_PROCESS, 0) == own


def stay(content: bytes) -> None:
    """Leave the number of this process in a file, and stay."""
    Path(content.decode()).write_text(str(os.getpid()), encoding="ascii")
    time.sleep(60)


ORDER = """
import sys
from surveys.workbook import in_child
from tests.surveys.test_background import stay
if __name__ == "__main__":
    in_child(stay, sys.argv[1].encode())
"""


def test_a_child_ends_with_the_process_that_waits_for_it(tmp_path: Path) -> None:
    told = tmp_path / "child"
    with subprocess.Popen([sys.executable, "-c", ORDER, str(told)]) as parent:
        try:
            wait_until(lambda: told.exists() and bool(told.read_text()))
        finally:
            parent.send_signal(signal.SIGKILL)
    child = int(told.read_text())
    try:
        wait_until(
            lambda: not Path(f"/proc/{child}/cmdline").exists() or not Path(f"/proc/{child}/cmdline").read_bytes()
        )
    except AssertionError:
        os.kill(child, signal.SIGKILL)
        raise


def wait_until(is_so: Callable[[], bool]) -> None:
    for _try in range(300):
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError("it never came about")
