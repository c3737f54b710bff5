"""What web processes count: requests, refusals, answers acknowledged and steps of the form. No label is a request's.

Every web process writes its counts into files of its own in one folder (Prometheus's multiprocess mode), and
`python -m app metrics` adds them up: a web process serves no metrics, and one that died is still counted.
"""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from app.process_counts import STARTED, STEPS, merged

CLASSES = ("portal", "survey", "phone", "console", "file", "health")
"""Kinds of requests: the portal and whatever is no address of ours, the survey, PUT of phones, the console, files."""

STATUSES = ("1xx", "2xx", "3xx", "4xx", "5xx")

REASONS = {
    400: "unreadable",
    403: "ballot",
    404: "not_found",
    405: "method",
    408: "slow",
    409: "other_content",
    410: "closed",
    411: "length",
    413: "too_large",
    415: "content_type",
    422: "answers",
    429: "wait",
    500: "failed",
    503: "retry",
}
"""Why a request was refused, by its status; any other is called OTHER."""

WORDS = frozenset(REASONS.values()) | {
    *("busy", "code", "consent", "form", "host", "newer_format", "pass", "settled", "suggestions", "version"),
}
"""Reasons that a route may name itself, where one status has several (app.web.counting.REFUSAL)."""

OTHER = "other"
BOUNDS = (0.01, 0.05, 0.25, 1.0, 5.0)
"""Seconds: upper bounds of the classes in which durations of requests are counted."""

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


class Counters:
    """The counters of a web process; each possible combination of labels is made at once, none by a request."""

    def __init__(self) -> None:
        """Make the counters; in the folder of `share`, if it was called before, else in this process alone."""
        from prometheus_client import Counter, Histogram  # noqa: PLC0415 - it looks for the folder when it is imported

        requests = Counter("city_requests", "Requests answered.", ("class", "status"), registry=None)
        refusals = Counter("city_refusals", "Requests refused, by reason.", ("class", "reason"), registry=None)
        seconds = Histogram(
            "city_request_seconds", "Seconds until an answer began.", ("class",), registry=None, buckets=BOUNDS
        )
        # By wave and step, which only the database's own codes can be: made when a process first meets them.
        self._steps = Counter(STEPS, "Steps of the form.", ("wave", "step", "lang", "event"), registry=None)
        self.acknowledged = Counter("city_answers_acknowledged", "Answers acknowledged as stored.", registry=None)
        self._requests: dict[tuple[str, str], Counter] = {
            (kind, status[0]): requests.labels(kind, status) for kind in CLASSES for status in STATUSES
        }
        self._refusals: dict[tuple[str, str], Counter] = {
            (kind, reason): refusals.labels(kind, reason) for kind in CLASSES for reason in (*sorted(WORDS), OTHER)
        }
        self._seconds: dict[str, Histogram] = {kind: seconds.labels(kind) for kind in CLASSES}

    def answered(self, kind: str, status: str, seconds: float, word: str | None = None) -> None:
        """Count a request of one of CLASSES, its status line, how long it took, and why it was refused."""
        first = status[0]
        self._requests[kind, first].inc()
        self._seconds[kind].observe(seconds)
        if first in "45":
            self._refused(kind, int(status[:3]), word)

    def step(self, wave: str, step: str, lang: str, event: str) -> None:
        """Count that a step of a wave's form was reached, passed or refused, by its code in the questionnaire."""
        self._steps.labels(wave, step, lang, event).inc()

    def _refused(self, kind: str, status: int, word: str | None) -> None:
        reason = word if word in WORDS else REASONS.get(status, OTHER)
        self._refusals[kind, reason].inc()


def share(folder: Path) -> None:
    """Let the counters of this process be made in a folder; call it before the first Counters."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ[_FOLDER] = str(folder)


def start_anew(folder: Path) -> None:
    """Remove what web processes counted that have all ended; for the process that starts them.

    The counts of a single one that died are kept: a total must not fall while others count on.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = list(folder.glob("*.db"))
    if any(_lives(file) for file in files):
        return
    for file in files:
        file.unlink(missing_ok=True)
    (folder / STARTED).write_text(secrets.token_hex(8))


class ProcessCounts:
    """A collector for prometheus_client: what all web processes counted, added up."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Any]:
        """Give every count but those by step of the form: scrapes would tell when somebody took which step."""
        return (metric for metric in merged(self._folder) if metric.name != STEPS)


def acknowledged(folder: Path) -> float:
    """Add up the answers acknowledged by all web processes."""
    found = {sample.name: sample.value for metric in ProcessCounts(folder).collect() for sample in metric.samples}
    return float(found.get("city_answers_acknowledged_total", 0))


def _lives(file: Path) -> bool:
    """Tell whether the process that a file belongs to is there; its number ends the name."""
    try:
        os.kill(int(file.stem.rpartition("_")[2]), 0)
    except PermissionError:
        return True
    except (ValueError, ProcessLookupError):
        return False
    return True
