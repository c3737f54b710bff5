"""Faults as a log may hold them: what failed and where in the code, never in whose words.

A message of an error may repeat what somebody said: a statement's values, a row that broke a rule, a text that could
not be read. So no message and no value is written, only classes, the database's own code, and places in the code.
Lines of the log hold a description in their field `fault` (app.monitoring.logs).
"""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Any

ROOT = Path(__file__).parents[1]


def describe(error: BaseException) -> str:
    """Describe an error and what caused it, the cause last: "KeyError at app/x.py:7 read; from ValueError at …"."""
    return "; from ".join(f"{_name(each)} at {' > '.join(_places(each)) or 'no place'}" for each in _chain(error))


def keep_words_out() -> None:
    """Let the last words of this process, and of its threads, hold a description and no trace."""
    sys.excepthook = _write
    threading.excepthook = _write_raised
    sys.unraisablehook = _write_raised


def _write(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    print(f"failed: {describe(error)}", file=sys.stderr)  # noqa: T201 - the last words of a command


def _write_raised(raised: Any) -> None:
    """Write what ended a thread, or what a destructor raised."""
    if raised.exc_value is not None:
        print(f"failed: {describe(raised.exc_value)}", file=sys.stderr)  # noqa: T201 - no logger may be there any more


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _name(error: BaseException) -> str:
    kind = type(error).__name__
    if kind == "OperationalError" and getattr(error, "statement", "") is None:
        # About the connection or the disk, and so of use to an operator; no statement, no value.
        return f"{kind} ({' '.join(str(getattr(error, 'orig', '')).split())})"
    code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    return f"{kind} ({code})" if code else kind


def _places(error: BaseException) -> Iterator[str]:
    for frame, line in walk_tb(error.__traceback__):
        file = Path(frame.f_code.co_filename)
        shown = file.relative_to(ROOT) if file.is_relative_to(ROOT) else Path(*file.parts[-2:])
        yield f"{shown.as_posix()}:{line} {frame.f_code.co_name}"
