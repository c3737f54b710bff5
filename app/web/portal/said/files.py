"""The board as files: figures of the country, themes of a city, promises; the words of suggestions stay on the pages.

A suggestion can be hidden or taken back, and a page that shows it no more is enough; a file that was copied is not.
"""

import csv
import io
import json
from collections.abc import Iterable

from flask import Blueprint, Response, request

from app.feedback.board.commitments import list_commitments
from app.feedback.board.figures import get_asked, list_figures
from app.feedback.queries import hiding_figures
from app.web import site
from app.web.language import choose, speak
from app.web.portal.data import LICENCE, file_of, safe
from app.web.portal.said.reading import city_or_404, read_city
from app.web.portal.said.rows import (
    FEWER,
    NOTHING_TO_COUNT,
    Gap,
    Row,
    commitment_row,
    commitment_steps,
    country_rows,
    figure_values,
    reply_tree,
    theme_rows,
    wave_rows,
)

bp = Blueprint("said_data", __name__, url_prefix="/data")
LEGEND = {NOTHING_TO_COUNT.sign: "nothing to count", FEWER.sign: "fewer suggestions than are told"}


@bp.before_request
def choose_language() -> None:
    """Errors of a file speak the browser's language."""
    speak(choose(request, remembered=False))


@bp.get("/said.<any(csv, json):kind>")
def country(kind: str) -> Response:
    """Give the figures of every city."""
    today = site.clock().today()
    with site.database().reading() as session:
        figures, asked = list_figures(session, today)
        rows = list(country_rows(figures, hiding_figures(session), today))
    return _table(kind, "said", rows, illustrative=asked.is_illustrative)


@bp.get("/said-waves.<any(csv, json):kind>")
def waves(kind: str) -> Response:
    """Give what was shown and hidden by city and wave."""
    with site.database().reading() as session:
        rows, asked = list(wave_rows(hiding_figures(session))), get_asked(session)
    return _table(kind, "said-waves", rows, illustrative=asked.is_illustrative)


@bp.get("/said-commitments.<any(csv, json):kind>")
def commitments(kind: str) -> Response:
    """Give every promise of every city, and in JSON all that happened to it."""
    today = site.clock().today()
    with site.database().reading() as session:
        promised, asked = list_commitments(session), get_asked(session)
    rows = [commitment_row(each, today) for each in promised]
    if kind == "json":
        rows = [{**row, "steps": commitment_steps(each)} for row, each in zip(rows, promised, strict=True)]
    return _table(kind, "said-commitments", rows, illustrative=asked.is_illustrative)


@bp.get("/said/<city>.<any(csv, json):kind>")
def city(city: str, kind: str) -> Response:
    """Give the themes of a city; in JSON its figures, replies and promises too."""
    place, today = city_or_404(city), site.clock().today()
    with site.database().reading() as session:
        board = read_city(session, place, today)
    rows, illustrative = list(theme_rows(board)), board.asked.is_illustrative
    if kind == "csv":
        return _table(kind, f"said-{city}", rows, illustrative=illustrative)
    promised = [{**commitment_row(each, today), "steps": commitment_steps(each)} for each in board.commitments]
    more: dict[str, object] = {
        "figures": _json_row(figure_values(board.figures)),
        "replies": [reply_tree(reply) for reply in board.replies],
        "commitments": [_json_row(each) for each in promised],
    }
    return _table(kind, f"said-{city}", rows, more, illustrative=illustrative)


def _table(
    kind: str, name: str, rows: list[Row], more: dict[str, object] | None = None, *, illustrative: bool = False
) -> Response:
    return _as_csv(name, rows, illustrative) if kind == "csv" else _as_json(name, rows, more or {}, illustrative)


def _as_csv(name: str, rows: list[Row], illustrative: bool) -> Response:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    if rows:
        writer.writerow([*rows[0], "illustrative"])
    writer.writerows([*map(_cell, row.values()), illustrative] for row in rows)
    return file_of("\N{ZERO WIDTH NO-BREAK SPACE}" + text.getvalue(), "text/csv", f"{name}.csv")


def _as_json(name: str, rows: Iterable[Row], more: dict[str, object], illustrative: bool) -> Response:
    about = {
        "as_of": site.clock().today().isoformat(),
        "illustrative": illustrative,
        "no_number": LEGEND,
        "licence": LICENCE,
    }
    tree = {"about": about, **more, "rows": [_json_row(row) for row in rows]}
    return file_of(json.dumps(tree, ensure_ascii=False, indent=1) + "\n", "application/json", f"{name}.json")


def _json_row(row: Row) -> dict[str, object]:
    """Write a row with null where there is no number, and beside it why."""
    gaps = {column: value.sign for column, value in row.items() if isinstance(value, Gap)}
    values = {column: None if column in gaps else value for column, value in row.items()}
    return values | ({"no_number": gaps} if gaps else {})


def _cell(value: object) -> object:
    return value.sign if isinstance(value, Gap) else safe(value)
