"""Log lines: one JSON object each, on standard error, made of words of our code alone.

What a line says is the text of the code that wrote it, fields named here, and of an error its description
(app.faults). Arguments of a message, the text of an error and any other field are left out, whoever wrote them: an
error of the database holds the values of its statement, one of a library the address it called.
"""

import logging
from collections.abc import MutableMapping
from typing import Any

from app.faults import describe

FAULT = "fault"
"""The field of an error's description: our own code gives it in `extra`; of libraries it takes their trace's place."""

FIELDS = frozenset({"checks", "endpoint", FAULT, "job", "reason", "status", "wave"})
"""What `extra` of a log call may hold: descriptions, names of endpoints, jobs, checks, waves, and statuses.

Nothing that a person typed.
"""


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
            _keep_first_line,
            _describe_error,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        use_get_message=False,
    )


def _keep_first_line(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leave out what follows the first line: asyncio puts tasks there, with the texts of their errors."""
    event["event"] = str(event["event"]).partition("\n")[0]
    return event


def _describe_error(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put the description of an error in place of its trace, whose texts may hold anything."""
    event.pop("stack_info", None)
    info = event.pop("exc_info", None)
    if info and info[1] is not None:
        event[FAULT] = describe(info[1])
    return event
