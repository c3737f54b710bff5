"""The portal's addresses: every page can be read without signing in, without cookies, from any cache."""

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.publishing.bundle import Bundle, CityName
from app.publishing.queries import (
    PublicationLine,
    Published,
    current_number,
    get_derivation,
    get_published,
    list_publications,
)
from app.web import site
from app.web.language import LANGUAGES, speak
from app.web.language import choose as choose_language
from app.web.portal import pages, samples_and_answers, words
from app.web.portal.choices import spans, variants
from app.web.portal.city_area import area_page, city_page
from app.web.portal.derivation import steps
from app.web.portal.missing_values import symbol

front = Blueprint("front", __name__)
bp = Blueprint("portal", __name__, url_prefix="/<any(kk, ru, en):lang>")

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
    values = {key: value for key, value in request.view_args.items() if key != "lang"}
    return {"here": {code: url_for(request.endpoint, **(values | {"lang": code})) for code in LANGUAGES}}


@bp.context_processor
def wordings() -> dict[str, object]:
    """Give the words of codes, and the symbols for a missing number."""
    return {
        "why": words.reason,
        "weighting": words.WEIGHTING,
        "gap": symbol,
        "worded": samples_and_answers.worded,
        "effective": samples_and_answers.effective_n,
    }


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
    return _ranking(published, lines)


@bp.get("/ratings/<int:number>/")
def rating(number: int) -> str:
    """Show a publication at its permanent address."""
    published = _published(number)
    with site.database().reading() as session:
        lines = list_publications(session)
    return _ranking(published, lines)


@bp.get("/ratings/<int:number>/cities/<city>")
def city(number: int, city: str) -> str:
    """Show a city: indicators, residents, businesses and blend of every area, with samples and answers."""
    published = _published(number)
    name = _city(published.bundle, city)
    return _page("portal/city.html", published, page=city_page(published.bundle, name))


@bp.get("/ratings/<int:number>/cities/<city>/explain")
def explain(number: int, city: str) -> str:
    """Derive a city's total, step by step, down to counts of answers and reported values."""
    published = _published(number)
    name = _city(published.bundle, city)
    with site.database().reading() as session:
        content = get_derivation(session, number, city)
    step = steps(published.bundle, city, content) if content else None
    return _page("portal/explain.html", published, city=name, step=step)


@bp.get("/ratings/<int:number>/areas/<area>")
def area(number: int, area: str) -> str:
    """Show an area across the cities."""
    published = _published(number)
    name = next((each for each in published.bundle.areas if each.code == area), None) or abort(404)
    return _page("portal/area.html", published, page=area_page(published.bundle, name))


@bp.get("/ratings/<int:number>/method")
def method(number: int) -> str:
    """Show the formulas and the method card."""
    published = _published(number)
    return _page(
        "portal/method.html",
        published,
        findings=samples_and_answers.all_findings(published.bundle),
        all_open=samples_and_answers.all_open(published.bundle),
    )


@bp.get("/ratings/<int:number>/choices")
def choices(number: int) -> str:
    """Show what each choice of the method does to the places."""
    published = _published(number)
    bundle = published.bundle
    return _page("portal/choices.html", published, variants=variants(bundle), spans=spans(bundle))


@bp.get("/data")
def open_data() -> str:
    """List the files of every publication."""
    with site.database().reading() as session:
        return render_template("portal/data.html", publications=list_publications(session), tables=words.TABLES.items())


def _ranking(published: Published, lines: tuple[PublicationLine, ...]) -> str:
    return _page(
        "portal/ranking.html",
        published,
        ranking=pages.ranking(published.bundle),
        publications=lines,
        all_open=samples_and_answers.all_open(published.bundle),
    )


def _page(template: str, published: Published, **context: object) -> str:
    """Draw a page of a publication; one that was withdrawn says so on each."""
    return render_template(template, bundle=published.bundle, withdrawal=published.withdrawal, **context)


def _city(bundle: Bundle, code: str) -> CityName:
    return pages.city_names(bundle).get(code) or abort(404)


def _published(number: int) -> Published:
    with site.database().reading() as session:
        return get_published(session, number) or abort(404)
