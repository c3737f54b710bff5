"""Log lines: one JSON object each, on standard error, made of words of our code alone.

What a line says is the text of the code that wrote it, fields named here, and of an error its class and where it
happened. Arguments of a message, the text of an error and any other field are left out, whoever wrote them: an error of
the database holds the values of its statement, one of a library the address it called.
"""

import logging
import traceback
from collections.abc import MutableMapping
from typing import Any

FIELDS = frozenset({"checks", "endpoint", "error", "job", "reason", "status"})
"""What `extra` of a log call may hold: names of classes, endpoints, jobs and checks, and statuses; nothing typed."""

_DEEPEST = 12
"""Places of an error that are named, the innermost last."""


class CodeWords(logging.Formatter):
    """Makes the line; structlog is loaded with the first one, for a web process may never write any."""

    def __init__(self) -> None:
        super().__init__()
        self._formatter: logging.Formatter | None = None

    def format(self, record: logging.LogRecord) -> str:
        """Write a record as one line."""
        if self._formatter is None:
            self._formatter = _make_formatter()
        return self._formatter.format(record)


def init_logs() -> None:
    """Let everything that this process logs be written so."""
    handler = logging.StreamHandler()
    handler.setFormatter(CodeWords())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


def _make_formatter() -> logging.Formatter:
    import structlog  # noqa: PLC0415 - see CodeWords

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(sorted(FIELDS)),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _place_errors,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        use_get_message=False,
    )


def _place_errors(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Say of an error its class and the lines it went through; its own text may hold anything."""
    event.pop("stack_info", None)
    info = event.pop("exc_info", None)
    if info and info[1] is not None:
        frames = traceback.extract_tb(info[2])[-_DEEPEST:]
        event["error"] = type(info[1]).__name__
        event["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event
