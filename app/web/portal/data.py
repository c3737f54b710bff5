"""Open data: the tables of a publication as CSV and JSON, with the same numbers as its pages."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from typing import Any

from flask import Blueprint, Response, abort, request

from app.publishing import results
from app.publishing.journal_heads import HeadLine, list_heads
from app.publishing.queries import Published, Withdrawal, get_derivation, get_published
from app.web import site
from app.web.language import LANGUAGES, choose, speak
from app.web.rating.missing_values import symbol

bp = Blueprint("data", __name__, url_prefix="/data")

TABLES: Mapping[str, tuple[type, str]] = {
    "rating": (results.CityResult, "city_results"),
    "places": (results.PlaceResult, "place_results"),
    "with-unverified": (results.UnverifiedResult, "unverified_results"),
    "areas": (results.AreaResult, "area_results"),
    "examination": (results.ExaminationResult, "examinations"),
    "agreement": (results.AgreementResult, "agreement"),
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
_FRESH = 300
"""Seconds a cache may give a file without asking: what is withdrawn must be gone from caches within minutes."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@bp.before_request
def choose_language() -> None:
    """Errors of a file speak the browser's language."""
    speak(choose(request, remembered=False))


@bp.get("/<int:number>/<name>.csv")
def as_csv(number: int, name: str) -> Response:
    """Give a table for a spreadsheet: UTF-8 with BOM, CRLF."""
    published, rows = _table(number, name)
    marks = _marks(published) | _csv_marks(published.withdrawal)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*_columns(name), *marks])
    writer.writerows([*(_cell(row, column) for column in _columns(name)), *marks.values()] for row in rows)
    return file_of("\N{ZERO WIDTH NO-BREAK SPACE}" + text.getvalue(), "text/csv", _file_name(name, published, "csv"))


@bp.get("/<int:number>/<name>.json")
def as_json(number: int, name: str) -> Response:
    """Give a table with what it needs to be understood alone; `no_number` says which kind of gap a null is."""
    published, rows = _table(number, name)
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in _json_rows(published, rows))
    about = json.dumps(_about(published), ensure_ascii=False, indent=1)
    text = f'{{"about": {about},\n"rows": [\n{lines}\n]}}\n'
    return file_of(text, "application/json", _file_name(name, published, "json"))


@bp.get("/<int:number>/explain/<city>.json")
def derivation(number: int, city: str) -> Response:
    """Give the whole derivation of a city's total, down to counts and reported values.

    It is the file as it was published; once withdrawn, with one key more, in the same way of writing.
    """
    with site.database().reading() as session:
        published = get_published(session, number) or abort(404)
        text = (get_derivation(session, number, city) or abort(404)).decode()
    if published.withdrawal:
        tree = json.loads(text) | {"withdrawn": _withdrawn(published.withdrawal)}
        text = json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return file_of(text, "application/json", _file_name(f"explain-{city}", published, "json"))


@bp.get("/journal-heads.csv")
def journal_heads() -> Response:
    """Give the last row of each day of the staff's journal: whoever keeps the file can tell a later rewriting."""
    with site.database().reading() as session:
        heads = list_heads(session)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HeadLine._fields)
    writer.writerows(heads)
    return file_of("\N{ZERO WIDTH NO-BREAK SPACE}" + text.getvalue(), "text/csv", "journal-heads.csv")


def _about(published: Published) -> dict[str, object]:
    bundle, withdrawal = published.bundle, published.withdrawal
    return {
        **({"withdrawn": _withdrawn(withdrawal)} if withdrawal else {}),
        "publication": bundle.number,
        "published_on": bundle.published_on.isoformat(),
        "edition": bundle.method.edition,
        "alpha": bundle.method.alpha,
        "headline_rule": bundle.method.headline,
        **_data_marks(published),
        "run": bundle.run,
        "output_digest": bundle.output_digest,
        "journal_head": asdict(bundle.journal_head) if bundle.journal_head else None,
        "no_number": LEGEND,
        "licence": LICENCE,
    }


def _data_marks(published: Published) -> dict[str, bool]:
    method = published.bundle.method
    return {
        "indicators_illustrative": method.indicators_illustrative,
        "opinion_illustrative": method.opinion_illustrative,
    }


def _marks(published: Published) -> dict[str, bool]:
    """Give what every row says of the whole: rows are copied without what stands around them."""
    return _data_marks(published) | ({"withdrawn": True} if published.withdrawal else {})


def _withdrawn(withdrawal: Withdrawal) -> dict[str, object]:
    return {
        "on": withdrawal.day.isoformat() if withdrawal.day else None,
        "reason": withdrawal.reason._asdict() if withdrawal.reason else None,
        "successor": withdrawal.successor,
    }


def _csv_marks(withdrawal: Withdrawal | None) -> dict[str, object]:
    """Give the columns that say of a withdrawn publication when and why, and what takes its place."""
    if withdrawal is None:
        return {}
    words = zip(LANGUAGES, withdrawal.reason or ("", "", ""), strict=True)
    reasons = {f"withdrawn_{language}": safe(text) for language, text in words}
    return {"withdrawn_on": withdrawal.day or "", **reasons, "successor": withdrawal.successor or ""}


def _file_name(name: str, published: Published, suffix: str) -> str:
    """Name a file as it is kept: a table without rows says nothing else of its withdrawal."""
    return f"{name}-{published.bundle.number}{'-withdrawn' * bool(published.withdrawal)}.{suffix}"


def _columns(name: str) -> list[str]:
    return [field.name for field in fields(TABLES[name][0])]


def _table(number: int, name: str) -> tuple[Published, tuple[Any, ...]]:
    """Find a publication's table, or answer 404."""
    if name not in TABLES:
        abort(404)
    with site.database().reading() as session:
        published = get_published(session, number) or abort(404)
    rows: Any = published.bundle
    for part in TABLES[name][1].split("."):
        rows = getattr(rows, part, None) or ()
    return published, rows


def _json_rows(published: Published, rows: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    for row in rows:
        values = asdict(row)
        gaps = {column: symbol(row, column) for column, value in values.items() if value is None}
        yield values | ({"no_number": gaps} if gaps else {}) | _marks(published)


def _cell(row: Any, column: str) -> Any:
    value = getattr(row, column)
    return symbol(row, column) if value is None else safe(value)


def safe(value: Any) -> Any:
    """Keep a text from being run as a formula by a spreadsheet; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def file_of(text: str, media_type: str, name: str) -> Response:
    """Answer with a file that anybody may keep, and any page may read."""
    response = Response(text.encode(), content_type=f"{media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = f"public, max-age={_FRESH}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.add_etag()
    response.make_conditional(request)
    return response
