"""Times `make demo` to its first page, presses Ctrl-C and looks for what is left: run by ops/fresh, where it is alone.

python3 ops/first_page.py      prints the seconds; exits with 1 if no page came, or if a process outlived the demo
"""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

LIMIT = 600.0
"""Seconds that the installation and the first page may take together."""

LIMIT_OF_ENDING = 60.0
"""Seconds that the demo may take to end, once it was asked to."""


def main() -> None:
    """Run the demo once, from nothing to its end."""
    # What a shell starts in the background ignores Ctrl-C, and so does what that starts in turn.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    before = running()
    port = free_port()
    started = time.monotonic()
    demo = subprocess.Popen(["make", "demo", f"PORT={port}"], start_new_session=True)
    try:
        wait_for_page(demo, f"http://127.0.0.1:{port}/")
        print(f"make demo: first page after {time.monotonic() - started:.1f} s", flush=True)
    finally:
        press_ctrl_c(demo)
    check_nothing_is_left(before)


def free_port() -> int:
    """Find a port for the demo: the network is not the fresh machine's own, and 8000 may be taken on it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_page(demo: subprocess.Popen[bytes], url: str) -> None:
    """Return when the page answers 200; exit if the demo ends before, or after LIMIT seconds."""
    opener = build_opener(ProxyHandler({}))
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if demo.poll() is not None:
            sys.exit(f"make demo ended with {demo.returncode} before its first page")
        try:
            with opener.open(url, timeout=10) as page:
                if page.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    sys.exit(f"make demo showed no page in {LIMIT:.0f} s")


def press_ctrl_c(demo: subprocess.Popen[bytes]) -> None:
    """Do what a terminal does: send the signal to make and to all in its group."""
    if demo.poll() is not None:
        return
    os.killpg(demo.pid, signal.SIGINT)
    try:
        demo.wait(LIMIT_OF_ENDING)
    except subprocess.TimeoutExpired:
        sys.exit(f"make demo did not end in {LIMIT_OF_ENDING:.0f} s after Ctrl-C")


def check_nothing_is_left(before: set[int]) -> None:
    """Exit if a process that the demo started still runs."""
    end = time.monotonic() + 5
    while still_running := running() - before:
        if time.monotonic() > end:
            sys.exit("left after make demo: " + "; ".join(f"{pid} {command(pid)}" for pid in sorted(still_running)))
        time.sleep(0.1)
    print("make demo: ended by Ctrl-C, nothing is left", flush=True)


def running() -> set[int]:
    """List the processes of this machine that live: one that ended and was not waited for has no command."""
    pids = (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())
    return {pid for pid in pids if command(pid)}


def command(pid: int) -> str:
    """Read the command line of a process: empty if it ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


if __name__ == "__main__":
    main()
