"""What the pages, feeds and files of the board read: all of a city, or one theme of it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from flask import abort
from sqlalchemy.orm import Session

from app.feedback.board.commitments import PublicCommitment, list_commitments
from app.feedback.board.figures import get_figures
from app.feedback.board.order import read_order
from app.feedback.board.replies import PublicReply, list_replies
from app.feedback.board.suggestions import list_quoted
from app.feedback.board.themes import UNSORTED, PublicTheme, list_themes
from app.publishing.queries import get_current_bundle
from app.web.portal.said.views import CityBoard, family
from surveys.population.places import City, PlaceError, load_places


class ThemeBoard(NamedTuple):
    """What the board holds of a theme of a city and those below it; without themes it is what has none."""

    city: City
    code: str
    themes: Sequence[PublicTheme]
    replies: Sequence[PublicReply]
    commitments: Sequence[PublicCommitment]
    promised: Sequence[PublicCommitment]
    """What the city promised at all: a reply may stand under more themes than what it promises."""
    order: Mapping[str, int]
    """In which order its steps and those of the city's other themes happened."""

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the theme and those below it; of none where it is what has no theme."""
        return tuple(theme.code for theme in self.themes)


def city_or_404(code: str) -> City:
    """Find a city by its code."""
    try:
        return load_places().city(code)
    except PlaceError:
        abort(404)


def read_city(session: Session, city: City, today: date) -> CityBoard:
    """Read everything of a city."""
    commitments = list_commitments(session, city.code)
    figures, asked = get_figures(session, city.code, today, commitments)
    quoted = list_quoted(session, city.code)
    publication = get_current_bundle(session)
    is_rated = publication is not None and any(each.code == city.code for each in publication.cities)
    return CityBoard(
        city=city,
        figures=figures,
        asked=asked,
        themes=list_themes(session, city.code),
        typical=quoted.typical,
        newest=quoted.newest,
        replies=list_replies(session, city.code),
        commitments=commitments,
        publication=publication if is_rated else None,
        today=today,
    )


def read_theme(session: Session, city: City, code: str, area: str = "") -> ThemeBoard:
    """Read a theme with every version of its replies; of what has none, one area's alone where one is named.

    A city's own theme is not there before it has a suggestion, a reply or a promise.
    """
    themes = [] if code == UNSORTED else family(list_themes(session, city.code), code) or abort(404)
    codes = [theme.code for theme in themes] or [UNSORTED]
    replies = list_replies(session, city.code, codes, earlier=True)
    promised = list_commitments(session, city.code)
    commitments = [each for each in promised if each.theme in codes]
    spoken_of = {each for reply in replies for each in reply.themes} | {each.theme for each in commitments}
    themes = [each for each in themes if each.is_national or each.own or each.merged_into or each.code in spoken_of]
    if code != UNSORTED and (not themes or themes[0].code != code):
        abort(404)
    if not themes and area:
        replies = [each for each in replies if each.area == area]
        commitments = [each for each in commitments if each.area == area]
    return ThemeBoard(city, code, themes, replies, commitments, promised, read_order(session, city.code))
