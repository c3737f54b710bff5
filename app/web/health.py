"""Two addresses for the machines that watch a site: whether it answers, and whether it can take answers.

They say yes or no and nothing else; which check failed stands in the log and in the metrics. Neither needs a session,
and what is found is remembered, so that asking again and again keeps nobody else waiting.
"""

from flask import Blueprint, Response

from app.web import site

PATHS = frozenset({"/healthz", "/readyz"})
"""Both addresses, which are answered whatever name was asked for: a balancer asks each machine by its number."""

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> Response:
    """Say that this process answers."""
    return _said("ok", 200)


@bp.get("/readyz")
def readyz() -> Response:
    """Say whether database, keys, disk and jobs are as they must be."""
    return _said("not ready", 503) if site.readiness().failing() else _said("ready", 200)


def _said(word: str, status: int) -> Response:
    response = Response(f"{word}\n", status, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response
