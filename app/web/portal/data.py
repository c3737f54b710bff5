"""Open data: the tables of a publication as CSV and JSON, with the same numbers as its pages."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from typing import Any

from flask import Blueprint, Response, abort, request

from app.publishing import results
from app.publishing.bundle import Bundle
from app.publishing.queries import get_bundle, get_derivation
from app.web import site
from app.web.language import choose, speak
from app.web.portal.missing_values import symbol

bp = Blueprint("data", __name__, url_prefix="/data")

TABLES: Mapping[str, tuple[type, str]] = {
    "rating": (results.CityResult, "city_results"),
    "places": (results.PlaceResult, "place_results"),
    "with-unverified": (results.UnverifiedResult, "unverified_results"),
    "areas": (results.AreaResult, "area_results"),
    "groups": (results.GroupResult, "group_results"),
    "rules": (results.RuleResult, "rule_results"),
    "samples": (results.TierResult, "tier_results"),
    "estimates": (results.EstimateResult, "estimates"),
    "shares": (results.ShareResult, "shares"),
    "people": (results.PeopleResult, "people"),
    "findings": (results.FindingResult, "findings"),
    "diagnostics": (results.DiagnosticResult, "diagnostics"),
    "choices": (results.IndexResult, "sensitivity.indices"),
    "choice-places": (results.RangeResult, "sensitivity.ranges"),
    "choice-moves": (results.MovedResult, "sensitivity.moved"),
}
"""Name of a file → its rows in the bundle."""

LEGEND = {"-": "no such phenomenon", "0.0": "negligible", "х": "confidential", "...": "no data"}
LICENCE = "CC BY 4.0"
_DAY = 86_400
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@bp.before_request
def choose_language() -> None:
    """Errors of a file speak the browser's language."""
    speak(choose(request, remembered=False))


@bp.get("/<int:number>/<name>.csv")
def as_csv(number: int, name: str) -> Response:
    """Give a table for a spreadsheet: UTF-8 with BOM, CRLF."""
    bundle, rows = _table(number, name)
    marks = _marks(bundle)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*_columns(name), *marks])
    writer.writerows([*(_cell(row, column) for column in _columns(name)), *marks.values()] for row in rows)
    return _file("\N{ZERO WIDTH NO-BREAK SPACE}" + text.getvalue(), "text/csv", f"{name}-{number}.csv")


@bp.get("/<int:number>/<name>.json")
def as_json(number: int, name: str) -> Response:
    """Give a table with what it needs to be understood alone; `no_number` says which kind of gap a null is."""
    bundle, rows = _table(number, name)
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in _json_rows(bundle, rows))
    about = json.dumps(_about(bundle), ensure_ascii=False, indent=1)
    text = f'{{"about": {about},\n"rows": [\n{lines}\n]}}\n'
    return _file(text, "application/json", f"{name}-{number}.json")


@bp.get("/<int:number>/explain/<city>.json")
def derivation(number: int, city: str) -> Response:
    """Give the whole derivation of a city's total, down to counts and reported values."""
    with site.database().reading() as session:
        content = get_derivation(session, number, city) or abort(404)
    return _file(content.decode(), "application/json", f"explain-{city}-{number}.json")


def _about(bundle: Bundle) -> dict[str, object]:
    return {
        "publication": bundle.number,
        "published_on": bundle.published_on.isoformat(),
        "edition": bundle.method.edition,
        "alpha": bundle.method.alpha,
        "headline_rule": bundle.method.headline,
        **_marks(bundle),
        "run": bundle.run,
        "output_digest": bundle.output_digest,
        "no_number": LEGEND,
        "licence": LICENCE,
    }


def _marks(bundle: Bundle) -> dict[str, bool]:
    return {
        "indicators_illustrative": bundle.method.indicators_illustrative,
        "opinion_illustrative": bundle.method.opinion_illustrative,
    }


def _columns(name: str) -> list[str]:
    return [field.name for field in fields(TABLES[name][0])]


def _table(number: int, name: str) -> tuple[Bundle, tuple[Any, ...]]:
    """Find a publication's table, or answer 404."""
    if name not in TABLES:
        abort(404)
    with site.database().reading() as session:
        bundle = get_bundle(session, number) or abort(404)
    rows: Any = bundle
    for part in TABLES[name][1].split("."):
        rows = getattr(rows, part, None) or ()
    return bundle, rows


def _json_rows(bundle: Bundle, rows: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    for row in rows:
        values = asdict(row)
        gaps = {column: symbol(row, column) for column, value in values.items() if value is None}
        yield values | ({"no_number": gaps} if gaps else {}) | _marks(bundle)


def _cell(row: Any, column: str) -> Any:
    value = getattr(row, column)
    return symbol(row, column) if value is None else safe(value)


def safe(value: Any) -> Any:
    """Keep a text from being run as a formula by a spreadsheet; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _file(text: str, media_type: str, name: str) -> Response:
    response = Response(text.encode(), content_type=f"{media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = f"public, max-age={_DAY}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.add_etag()
    response.make_conditional(request)
    return response
