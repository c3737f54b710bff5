"""The portal's addresses: every page can be read without signing in, without cookies, from any cache."""

from typing import Any

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.publishing.queries import Published, current_number, get_derivation, get_published, list_publications
from app.web import site
from app.web.language import LANGUAGES, speak
from app.web.language import choose as choose_language
from app.web.rating import drawing, words

front = Blueprint("front", __name__)
bp = Blueprint("portal", __name__, url_prefix="/<any(kk, ru, en):lang>")

CHOICES = ("area", "state", "sort", "page", "steps")
"""Words of a page's address after the question mark: another language of the page shows the same."""
_FRESH = 60
"""Seconds a cache may show a page without asking."""


@front.get("/")
def choose() -> AnyResponse:
    """Lead a newcomer to the portal in the browser's language."""
    response = redirect(url_for("portal.home", lang=choose_language(request, remembered=False)), 302)
    response.headers["Vary"] = "Accept-Language"
    return response


@bp.url_value_preprocessor
def take_language(_endpoint: str | None, values: dict[str, str] | None) -> None:
    """Speak the language of the address."""
    speak((values or {}).pop("lang"))


@bp.url_defaults
def keep_language(_endpoint: str, values: dict[str, str]) -> None:
    """Keep the language in every address of the portal."""
    values.setdefault("lang", g.get("language", "kk"))


@bp.context_processor
def alternates() -> dict[str, object]:
    """Give the addresses of this page in every language."""
    if request.endpoint is None or request.view_args is None:
        return {"here": {}}
    chosen = {key: value for key, value in request.args.items() if key in CHOICES}
    values: dict[str, Any] = chosen | {key: value for key, value in request.view_args.items() if key != "lang"}
    return {"here": {code: url_for(request.endpoint, **(values | {"lang": code})) for code in LANGUAGES}}


@bp.context_processor
def wordings() -> dict[str, object]:
    """Give what the templates of a publication call."""
    return drawing.WORDINGS | {"public": True}


@bp.after_request
def let_caches_keep(response: Response) -> Response:
    """Let caches keep a page for a minute and ask by its fingerprint afterwards."""
    if response.status_code == 200:
        response.headers["Cache-Control"] = f"public, max-age={_FRESH}"
        response.add_etag()
        response.make_conditional(request)
    return response


@bp.get("/")
def home() -> str:
    """Show the current rating, or say that none is published yet."""
    with site.database().reading() as session:
        number = current_number(session)
        lines = list_publications(session)
        published = get_published(session, number) if number else None
    if published is None:
        return render_template("portal/empty.html", publications=lines)
    return drawing.draw_ranking(published, lines)


@bp.get("/ratings/<int:number>/")
def rating(number: int) -> str:
    """Show a publication at its permanent address."""
    published = _published(number)
    with site.database().reading() as session:
        lines = list_publications(session)
    return drawing.draw_ranking(published, lines)


@bp.get("/ratings/<int:number>/cities/<city>")
def city(number: int, city: str) -> str:
    """Show a city: indicators, residents, businesses and blend of every area, with samples and answers."""
    return drawing.draw_city(_published(number), city)


@bp.get("/ratings/<int:number>/cities/<city>/explain")
def explain(number: int, city: str) -> str:
    """Derive a city's total, step by step, down to counts of answers and reported values."""
    published = _published(number)
    with site.database().reading() as session:
        content = get_derivation(session, number, city)
    return drawing.draw_explanation(published, city, content)


@bp.get("/ratings/<int:number>/areas/<area>")
def area(number: int, area: str) -> str:
    """Show an area across the cities."""
    return drawing.draw_area(_published(number), area)


@bp.get("/ratings/<int:number>/method")
def method(number: int) -> str:
    """Show the formulas and the method card."""
    return drawing.draw_method(_published(number))


@bp.get("/ratings/<int:number>/choices")
def choices(number: int) -> str:
    """Show what each choice of the method does to the places."""
    return drawing.draw_choices(_published(number))


@bp.get("/data")
def open_data() -> str:
    """List the files of every publication."""
    with site.database().reading() as session:
        return render_template("portal/data.html", publications=list_publications(session), tables=words.TABLES.items())


def _published(number: int) -> Published:
    with site.database().reading() as session:
        return get_published(session, number) or abort(404)
