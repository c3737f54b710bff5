"""Counts every answer of a site, by class, status and reason, where no view or error handler can forget it."""

from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

from flask import Flask

from app.monitoring.counters import Counters
from app.web import health
from app.web.request import current_request

REFUSAL = "city.refusal"
"""Where in a request's environment the word stands for a refusal whose status has several reasons."""


def give_reason(word: str) -> None:
    """Say why the current request is refused, in one of counters.WORDS."""
    current_request().environ[REFUSAL] = word


def init_app(app: Flask, counters: Counters) -> None:
    """Count from outside of all other wrappers."""
    app.wsgi_app = _wrapped(app.wsgi_app, counters, f"{app.static_url_path}/")  # type: ignore[method-assign]


def class_of(path: str, static: str) -> str:
    """Find the class of a path, one of counters.CLASSES."""
    if path.startswith("/s/"):
        return "survey"
    if path.startswith("/r/"):
        return "phone"
    if path.startswith(static):
        return "file"
    if path.startswith("/console"):
        return "console"
    return "health" if path in health.PATHS else "portal"


def _wrapped(served: Callable[..., Iterable[bytes]], counters: Counters, static: str) -> Callable[..., Iterable[bytes]]:
    def count(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        begun = perf_counter()

        def start(status: str, *more: Any) -> Any:
            kind = class_of(environ.get("PATH_INFO", ""), static)
            counters.answered(kind, status, perf_counter() - begun, environ.get(REFUSAL))
            return start_response(status, *more)

        return served(environ, start)

    return count
