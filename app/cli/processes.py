"""Runs several of our commands side by side, none of which outlives the command that started them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

LEAN = ("-OO",)
"""Python's flags of what goes on running: without docstrings, which are 5 MB of a web process."""

PATIENCE = 15
"""Seconds a process may take to end."""


def run_together(environ: Mapping[str, str], *commands: tuple[str, ...]) -> int:
    """Run commands side by side until one of them ends or this process is asked to end; then end all of them.

    Gives the status of the first that ended, 0 when this process was asked to.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with running(environ, *commands, flags=LEAN) as processes:
            while True:
                for process in processes:
                    if (status := process.poll()) is not None:
                        return status
                time.sleep(0.5)
    except KeyboardInterrupt:
        return 0


@contextmanager
def running(
    environ: Mapping[str, str], *commands: tuple[str, ...], flags: Sequence[str] = ()
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run some of our commands, with flags of Python's; none of them outlives the block."""
    # Sessions of their own: a Ctrl-C reaches this process alone, and each of them is asked to end once. Asked twice,
    # the web server waits for its worker for ever.
    processes = [
        subprocess.Popen([sys.executable, *flags, "-m", "app", *words], env=environ, start_new_session=True)  # noqa: S603 - our own commands
        for words in commands
    ]
    try:
        yield processes
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Wait for a process that was asked to end; one that does not is killed with what it started."""
    try:
        process.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
