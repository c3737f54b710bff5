"""Atom feeds of a city and of a theme: what was released, each thing under an id of its own and on its day."""

import re
from collections.abc import Sequence
from uuid import NAMESPACE_URL, uuid5

from flask import Response, render_template, request, url_for

from app.feedback.board.commitments import list_commitments
from app.feedback.board.order import read_order
from app.feedback.board.replies import list_replies
from app.web import site
from app.web.language import current_language, pick
from app.web.portal.said.reading import city_or_404, read_theme
from app.web.portal.said.timeline import Happening, happenings
from app.web.portal.said.views import theme_name

ENTRIES = 50
"""A feed holds the newest of them."""
_NEVER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs that XML has no place for, however they are written."""
BEFORE_ALL = "2026-01-01"
"""The day of a feed in which nothing happened yet: every feed must name one."""


def said_city_feed(city: str) -> Response:
    """Give what happened in a city."""
    place = city_or_404(city)
    with site.database().reading() as session:
        replies, commitments = list_replies(session, city, earlier=True), list_commitments(session, city)
        lines = happenings(replies, commitments, commitments, read_order(session, city))
    return _feed(city, pick(place.name), lines, url_for(".said_city", city=city))


def said_theme_feed(city: str, theme: str) -> Response:
    """Give what happened to a theme of a city."""
    place = city_or_404(city)
    with site.database().reading() as session:
        board = read_theme(session, place, theme)
    lines = happenings(board.replies, board.commitments, board.promised, board.order)
    title = f"{pick(place.name)}: {theme_name(next(iter(board.themes), None))}"
    return _feed(city, title, lines, url_for(".said_theme", city=city, theme=theme))


def _feed(city: str, title: str, lines: Sequence[Happening], page: str) -> Response:
    newest = lines[:ENTRIES]
    content = render_template(
        "portal/said/feed.xml",
        title=title,
        entries=[(_id(line.key), line) for line in newest],
        feed_id=_id(f"feed{page}"),
        updated=newest[0].day.isoformat() if newest else BEFORE_ALL,
        home=site.settings().public_url,
        page=page,
        own=request.path,
        city=city,
        spoken=current_language(),
    )
    return Response(_NEVER.sub("", content), content_type="application/atom+xml; charset=utf-8")


def _id(key: str) -> str:
    """Give the same id to the same thing for ever: it follows from the site's address, the language and the thing."""
    return uuid5(NAMESPACE_URL, f"{site.settings().public_url}/{current_language()}/said/{key}").urn
