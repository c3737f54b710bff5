"""Initiatives and documents of cities on the portal: pages, and the same as CSV and JSON."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, Response, abort, render_template, request

from app.initiatives.models import SHOWN_STATES
from app.initiatives.public import (
    PublicDocument,
    PublicInitiative,
    count_initiatives,
    list_documents,
    list_initiatives,
    read_city,
)
from app.web import site
from app.web.initiatives.words import (
    CHANGES,
    DOCUMENT_KINDS,
    PUBLIC_STEPS,
    STATES,
    areas_of,
    figure_line,
    indicator_names,
)
from app.web.language import LANGUAGES, alphabetical, choose, pick, speak
from app.web.portal.data import LICENCE, file_of, safe
from app.web.portal.routes import bp
from surveys.population.places import load_places

files = Blueprint("initiative_data", __name__, url_prefix="/data")

KINDS = tuple(DOCUMENT_KINDS)


@files.before_request
def choose_language() -> None:
    """Errors of a file speak the browser's language."""
    speak(choose(request, remembered=False))


@bp.context_processor
def initiative_words() -> dict[str, object]:
    """Give what the templates of initiatives call."""
    return {
        "document_kinds": DOCUMENT_KINDS,
        "initiative_states": STATES,
        "initiative_steps": PUBLIC_STEPS,
        "areas_of": areas_of,
        "figure_line": figure_line,
        "figure_changes": CHANGES,
        "indicator_names": indicator_names,
    }


@bp.get("/initiatives")
def initiatives() -> str:
    """Show how many initiatives each city has, and which cities have no strategy or architecture."""
    with site.database().reading() as session:
        counts, documents = count_initiatives(session), list_documents(session)
    in_force = {(document.city, document.kind) for document in documents if document.state == "released"}
    cities = sorted(load_places().cities, key=lambda city: alphabetical(pick(city.name)))
    missing = {kind: [city for city in cities if (city.code, kind) not in in_force] for kind in KINDS}
    return render_template(
        "portal/initiatives.html",
        cities=cities,
        counts=counts,
        states=SHOWN_STATES,
        in_force=in_force,
        missing=missing,
    )


@bp.get("/initiatives/<city>")
def city_initiatives(city: str) -> str:
    """Show the initiatives and the documents of a city."""
    place = next((each for each in load_places().cities if each.code == city), None) or abort(404)
    with site.database().reading() as session:
        found, documents = read_city(session, city), list_documents(session, city)
    return render_template("portal/city_initiatives.html", city=place, initiatives=found, documents=documents)


@files.get("/initiatives.<any(csv, json):kind>")
def initiative_file(kind: str) -> Response:
    """Give the list of initiatives of all cities."""
    with site.database().reading() as session:
        rows = [_initiative_row(each) for each in list_initiatives(session)]
    return _file("initiatives", kind, _INITIATIVE_COLUMNS, rows)


@files.get("/city-documents.<any(csv, json):kind>")
def document_file(kind: str) -> Response:
    """Give the documents of all cities."""
    with site.database().reading() as session:
        rows = [_document_row(each) for each in list_documents(session)]
    return _file("city-documents", kind, _DOCUMENT_COLUMNS, rows)


_INITIATIVE_COLUMNS = (
    "city", "number", "edition", "area", "code", "state", "title_kk", "title_ru", "title_en", "indicators",
    "cost_thousand_tenge", "year_from", "year_to", "keeper_kk", "keeper_ru", "decided_on", "started_on", "finished_on",
)  # fmt: skip
_DOCUMENT_COLUMNS = (
    "city", "number", "kind", "state", "title_kk", "title_ru", "title_en", "document_day", "approved_on",
    "approved_by_kk", "approved_by_ru", "approved_by_en", "decision", "until_year", "address", "released_on",
    "ended_on",
)  # fmt: skip


def _initiative_row(each: PublicInitiative) -> dict[str, Any]:
    days = {name: _iso(getattr(each, name)) for name in ("decided_on", "started_on", "finished_on")}
    own = ("city", "number", "edition", "area", "code", "state", "year_from", "year_to", "keeper_kk", "keeper_ru")
    return {
        **{name: getattr(each, name) for name in own},
        **_texts("title", each.title),
        "indicators": " ".join(each.indicators),
        "cost_thousand_tenge": each.cost,
        **days,
    }


def _document_row(each: PublicDocument) -> dict[str, Any]:
    days = ("document_day", "approved_on", "released_on", "ended_on")
    own = ("city", "number", "kind", "state", "decision", "until_year", "address")
    return {
        **{name: getattr(each, name) for name in own},
        **_texts("title", each.title),
        **_texts("approved_by", each.approved_by),
        **{name: _iso(getattr(each, name)) for name in days},
    }


def _texts(name: str, texts: Iterable[str]) -> dict[str, str]:
    return {f"{name}_{language}": text for language, text in zip(LANGUAGES, texts, strict=True)}


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def _file(name: str, kind: str, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> Response:
    if kind == "csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows([_cell(row, column) for column in columns] for row in rows)
        return file_of("\N{ZERO WIDTH NO-BREAK SPACE}" + text.getvalue(), "text/csv", f"{name}.csv")
    about: Mapping[str, object] = {"licence": LICENCE, "columns": list(columns)}
    ordered = [{column: row[column] for column in columns} for row in rows]
    whole = json.dumps({"about": about, "rows": ordered}, ensure_ascii=False, indent=1)
    return file_of(f"{whole}\n", "application/json", f"{name}.json")


def _cell(row: Mapping[str, Any], column: str) -> Any:
    return "" if row[column] is None else safe(row[column])
