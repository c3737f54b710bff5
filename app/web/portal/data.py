"""Open data: the tables of a publication as CSV and JSON, with the same numbers as its pages."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import Any

from flask import Blueprint, Response, abort, request

from app.publishing.bundle import Bundle
from app.publishing.queries import get_bundle
from app.publishing.results import AreaResult, CityResult, RuleResult
from app.web import site
from app.web.language import negotiated, speak

bp = Blueprint("data", __name__, url_prefix="/data")

TABLES = {
    "rating": (CityResult, "city_results"),
    "areas": (AreaResult, "area_results"),
    "rules": (RuleResult, "rule_results"),
}
"""Name of a file → its rows in the bundle."""

LICENCE = "CC BY 4.0"
_DAY = 86_400
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@bp.before_request
def choose_language() -> None:
    """Errors of a file speak the browser's language."""
    speak(negotiated(request))


@bp.get("/<int:number>/<any(rating, areas, rules):name>.csv")
def as_csv(number: int, name: str) -> Response:
    """Give a table for a spreadsheet: UTF-8 with BOM, CRLF."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_columns(name))
    writer.writerows([_safe(value) for value in row.values()] for row in _rows(_bundle(number), name))
    return _file("\N{ZERO WIDTH NO-BREAK SPACE}" + text.getvalue(), "text/csv", f"{name}-{number}.csv")


@bp.get("/<int:number>/<any(rating, areas, rules):name>.json")
def as_json(number: int, name: str) -> Response:
    """Give a table with what it needs to be understood alone."""
    bundle = _bundle(number)
    about = {
        "publication": bundle.number,
        "published_on": bundle.published_on.isoformat(),
        "edition": bundle.method.edition,
        "alpha": bundle.method.alpha,
        "headline_rule": bundle.method.headline,
        "indicators_illustrative": bundle.method.indicators_illustrative,
        "opinion_illustrative": bundle.method.opinion_illustrative,
        "run": bundle.run,
        "output_digest": bundle.output_digest,
        "licence": LICENCE,
    }
    document = {"about": about, "rows": list(_rows(bundle, name))}
    return _file(json.dumps(document, ensure_ascii=False, indent=1), "application/json", f"{name}-{number}.json")


def _columns(name: str) -> list[str]:
    marks = ["indicators_illustrative", "opinion_illustrative"]
    return [field.name for field in fields(TABLES[name][0])] + marks


def _rows(bundle: Bundle, name: str) -> Iterator[dict[str, Any]]:
    marks = {
        "indicators_illustrative": bundle.method.indicators_illustrative,
        "opinion_illustrative": bundle.method.opinion_illustrative,
    }
    return (asdict(row) | marks for row in getattr(bundle, TABLES[name][1]))


def _safe(value: Any) -> Any:
    """Keep a text from being run as a formula by a spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _bundle(number: int) -> Bundle:
    with site.database().reading() as session:
        return get_bundle(session, number) or abort(404)


def _file(text: str, media_type: str, name: str) -> Response:
    response = Response(text.encode(), content_type=f"{media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = f"public, max-age={_DAY}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.add_etag()
    response.make_conditional(request)
    return response
