"""What costs seconds to make is made once for all worker processes of a run; each of them copies what it changes."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Give the folder of a name, filled by `make` in the process that asks first; nobody may write to it afterwards."""
    folder, draft = _shared(factory) / name, _shared(factory) / f"{name}-draft"
    with alone(factory, name):
        if not folder.exists():
            shutil.rmtree(draft, ignore_errors=True)  # of a process whose making failed
            draft.mkdir()
            make(draft)
            draft.rename(folder)
    return folder


@contextmanager
def alone(factory: pytest.TempPathFactory, name: str) -> Iterator[None]:
    """Let one process of a run at a time do what a name stands for."""
    with (_shared(factory) / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _shared(factory: pytest.TempPathFactory) -> Path:
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own  # a worker's folder lies in that of the run
