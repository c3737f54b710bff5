"""The addresses of the board: the country, a city, and a theme of it with all that happened."""

from collections import Counter

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.feedback import clock
from app.feedback.board.figures import get_asked, list_figures
from app.feedback.board.rules import load_rules
from app.feedback.board.suggestions import get_suggestions, list_ids
from app.feedback.board.themes import FEW, UNSORTED
from app.feedback.queries import hiding_figures
from app.feedback.verdicts import agreement
from app.web import site
from app.web.language import share
from app.web.plain_text import is_web_address, paragraphs
from app.web.portal.said import rows, views, words
from app.web.portal.said.excerpts import excerpt
from app.web.portal.said.reading import city_or_404, read_city, read_theme
from app.web.portal.said.timeline import happenings
from app.web.portal.said.turning import address_of, turned

SUGGESTIONS, STEPS = 20, 10
"""How many of them a page of a theme shows."""
CARDS, LINES, CARDS_OF_ONE = 1, 3, 10
"""How many themes of an area a city's page shows whole and in a line; how many whole of an area that was chosen."""


def board_words() -> dict[str, object]:
    """Give what the templates of the board call."""
    return {
        "agreement_of": agreement,
        "excerpt": excerpt,
        "paragraphs": paragraphs,
        "is_web_address": is_web_address,
        "week": words.week,
        "share_of": share,
        "theme_name": views.theme_name,
        "board_words": words,
        "FEW": FEW,
        "UNSORTED": UNSORTED,
    }


def said() -> str:
    """Show how every city answers what people write to it."""
    today, sort = site.clock().today(), request.args.get("sort", "")
    with site.database().reading() as session:
        figures, asked = list_figures(session, today)
    return render_template("portal/said/country.html", rows=views.city_rows(figures, sort), asked=asked, sort=sort)


def said_city(city: str) -> str:
    """Show by area what people of a city wrote, what the city did, and whether they agree."""
    place = city_or_404(city)
    with site.database().reading() as session:
        board = read_city(session, place, site.clock().today())
    area, state = request.args.get("area", ""), request.args.get("state", "")
    area, state = (area if area in board.asked.areas else ""), (state if state in words.OUTCOMES else "")
    return render_template(
        "portal/said/city.html",
        board=board,
        sections=views.sections(board, area, state),
        chosen={"area": area, "state": state},
        most=CARDS_OF_ONE if area else CARDS,
        lines=LINES,
    )


def said_theme(city: str, theme: str) -> str | Response:
    """Show everything that happened to a theme of a city, and what people wrote about it in their own words."""
    place, area = city_or_404(city), request.args.get("area", "") if theme == UNSORTED else ""
    with site.database().reading() as session:
        board = read_theme(session, place, theme, area)
        if board.themes and board.themes[0].merged_into:
            return redirect(url_for(".said_theme", city=city, theme=board.themes[0].merged_into), 301)
        ids = list_ids(session, city, board.codes, area=area or None)
        part, pages = turned(ids, SUGGESTIONS, "page")
        suggestions, asked = get_suggestions(session, part), get_asked(session)
    lines = happenings(board.replies, board.commitments, board.promised, board.order)
    steps, step_pages = turned(lines, STEPS, "steps")
    return render_template(
        "portal/said/theme.html",
        board=board,
        asked=asked,
        area=area,
        n=len(ids),
        suggestions=suggestions,
        pages=pages,
        steps=steps,
        places={
            line.anchor: address_of(index, lines, STEPS, "steps", line.anchor)
            for index, line in enumerate(lines)
            if line.is_anchor
        },
        step_pages=step_pages,
        today=site.clock().today(),
    )


def said_rules() -> str:
    """Show the rules of moderation and of answering, and how often suggestions are hidden."""
    today = site.clock().today()
    with site.database().reading() as session:
        figures, asked = list_figures(session, today)
        hidden, overturned = rows.hidden_by_city(hiding_figures(session))
    by_reason: Counter[str] = Counter()
    for (_city, reason), n in hidden.items():
        by_reason[reason] += n
    return render_template(
        "portal/said/rules.html",
        rules=load_rules(),
        days=clock.WORKING_DAYS,
        asked=asked,
        rows=views.city_rows(figures, ""),
        hidden=by_reason,
        overturned=overturned,
    )
