"""Where tests write: in memory where the machine has room, since most of their time would be waiting for a disk."""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - Linux's own folder in memory
ENOUGH = 6 * 1024**3
"""Bytes that must be free there: a whole run of two processes takes less than half of it."""


def write_in_memory() -> None:
    """Let this process and those it starts put temporary files into memory; TMPDIR, where given, is obeyed."""
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ENOUGH:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
