"""The folder in which the processes of a web server count: which start they count since, and their sums."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

STARTED = "started"
"""File of the word that changes whenever the counts begin anew."""

STEPS = "city_steps"
"""Name of the counts by step of the form: they go into tens of the database, and to nobody who asks for metrics."""


def start_of(folder: Path) -> str:
    """Give a word that changes whenever the counts begin anew; empty where nothing was counted yet."""
    with suppress(OSError):
        return (folder / STARTED).read_text()
    return ""


def merged(folder: Path) -> Iterable[Any]:
    """Add up what every process counted; the file of one that is just being made is empty for a moment."""
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415 - not for web processes

    files = [str(file) for file in folder.glob("*.db") if file.stat().st_size]
    metrics: Iterable[Any] = MultiProcessCollector.merge(files, accumulate=True)
    return metrics
