"""Draws the pages of a publication; addresses are those of the blueprint in which the request is answered.

Whoever draws them gives templates `public`: whether files and surveys are linked, and, where they are not, `back`, the
address that a preview belongs to. Views are called home, rating, city, explain, area, method and choices everywhere.
"""

from flask import abort, render_template, request

from app.publishing.bundle import Bundle, CityName
from app.publishing.queries import PublicationLine, Published
from app.web.rating import pages, samples_and_answers, words
from app.web.rating.choices import outsiders, spans, variants
from app.web.rating.city_area import area_page, city_page
from app.web.rating.derivation import steps
from app.web.rating.gap import which_lines
from app.web.rating.missing_values import symbol

WORDINGS = {
    "why": words.reason,
    "weighting": words.WEIGHTING,
    "gap": symbol,
    "worded": samples_and_answers.worded,
    "effective": samples_and_answers.effective_n,
}
"""What the templates call: words of codes, and symbols for a missing number."""


def draw_ranking(published: Published, lines: tuple[PublicationLine, ...]) -> str:
    """Draw the ranking, with a list of publications below it."""
    return _page(
        "portal/ranking.html",
        published,
        ranking=pages.ranking(published.bundle),
        publications=lines,
        all_open=samples_and_answers.all_open(published.bundle),
    )


def draw_city(published: Published, city: str) -> str:
    """Draw a city: indicators, residents, businesses and blend of every area, with samples and answers."""
    name = _city(published.bundle, city)
    return _page(
        "portal/city.html",
        published,
        page=city_page(published.bundle, name, which_lines(request.args.get("lines", ""))),
    )


def draw_explanation(published: Published, city: str, content: bytes | None) -> str:
    """Draw how a city's total came about, step by step, down to counts of answers and reported values."""
    name = _city(published.bundle, city)
    step = steps(published.bundle, city, content) if content else None
    return _page("portal/explain.html", published, city=name, step=step)


def draw_area(published: Published, area: str) -> str:
    """Draw an area across the cities."""
    name = next((each for each in published.bundle.areas if each.code == area), None) or abort(404)
    return _page("portal/area.html", published, page=area_page(published.bundle, name))


def draw_method(published: Published) -> str:
    """Draw the formulas and the method card."""
    return _page(
        "portal/method.html",
        published,
        findings=samples_and_answers.all_findings(published.bundle),
        all_open=samples_and_answers.all_open(published.bundle),
    )


def draw_choices(published: Published) -> str:
    """Draw what each choice of the method does to the places."""
    bundle = published.bundle
    shown = {"variants": variants(bundle), "spans": spans(bundle), "outsiders": outsiders(bundle)}
    return _page("portal/choices.html", published, **shown)


def _page(template: str, published: Published, **context: object) -> str:
    """Draw a page of a publication; one that was withdrawn or corrected says so on each."""
    known = {"bundle": published.bundle, "withdrawal": published.withdrawal, "correction": published.correction}
    return render_template(template, **known, **context)


def _city(bundle: Bundle, code: str) -> CityName:
    return pages.city_names(bundle).get(code) or abort(404)
