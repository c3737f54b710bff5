"""The portal's addresses: every page can be read without signing in, without cookies, from any cache."""

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.publishing.bundle import Bundle
from app.publishing.queries import current_number, get_bundle, list_publications
from app.web import site
from app.web.language import LANGUAGES, negotiated, speak
from app.web.portal import pages

front = Blueprint("front", __name__)
bp = Blueprint("portal", __name__, url_prefix="/<any(kk, ru, en):lang>")

_FRESH = 60
"""Seconds a cache may show a page without asking."""


@front.get("/")
def choose() -> AnyResponse:
    """Lead a newcomer to the portal in the browser's language."""
    response = redirect(url_for("portal.home", lang=negotiated(request)), 302)
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
    values = {key: value for key, value in request.view_args.items() if key != "lang"}
    return {"here": {code: url_for(request.endpoint, **(values | {"lang": code})) for code in LANGUAGES}}


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
        bundle = get_bundle(session, number) if number else None
    if bundle is None:
        return render_template("portal/empty.html")
    return render_template("portal/ranking.html", bundle=bundle, ranking=pages.ranking(bundle), publications=lines)


@bp.get("/ratings/<int:number>/")
def rating(number: int) -> str:
    """Show a publication at its permanent address."""
    bundle = _bundle(number)
    with site.database().reading() as session:
        lines = list_publications(session)
    return render_template("portal/ranking.html", bundle=bundle, ranking=pages.ranking(bundle), publications=lines)


@bp.get("/ratings/<int:number>/cities/<city>")
def city(number: int, city: str) -> str:
    """Show a city: indicators, residents, businesses and blend of every area."""
    bundle = _bundle(number)
    name = pages.city_names(bundle).get(city) or abort(404)
    result = next(row for row in bundle.city_results if row.city == city)
    rules = [row for row in bundle.rule_results if row.city == city]
    rows = pages.city_areas(bundle, city)
    return render_template("portal/city.html", bundle=bundle, city=name, result=result, rules=rules, rows=rows)


@bp.get("/ratings/<int:number>/areas/<area>")
def area(number: int, area: str) -> str:
    """Show an area across the cities."""
    bundle = _bundle(number)
    name = next((known for known in bundle.areas if known.code == area), None) or abort(404)
    return render_template("portal/area.html", bundle=bundle, area=name, rows=pages.area_cities(bundle, name))


@bp.get("/ratings/<int:number>/method")
def method(number: int) -> str:
    """Show the formulas and the method card."""
    return render_template("portal/method.html", bundle=_bundle(number))


@bp.get("/data")
def open_data() -> str:
    """List the files of every publication."""
    with site.database().reading() as session:
        return render_template("portal/data.html", publications=list_publications(session))


def _bundle(number: int) -> Bundle:
    with site.database().reading() as session:
        return get_bundle(session, number) or abort(404)
