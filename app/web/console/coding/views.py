"""What the list of suggestions without a theme shows, and the page on which one of them gets its themes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import request
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person, cities_of
from app.feedback import reading
from app.feedback.code_reading import Alike, has_no_theme, is_asked_of, list_alike, list_codings
from app.feedback.listing import WEEK, found_by
from app.feedback.moderation import CommentState
from app.web.console import tables
from app.web.console.access import me, own_address
from app.web.console.coding.actions import codable_of
from app.web.console.coding.panel import PATH, CodingPanel, ToCode, address_of, read_panel
from app.web.console.comments.listing import language_name, week_text
from app.web.console.comments.words import STATES
from app.web.console.layout import city_name
from app.web.console.tables import Args, Column, Filter, Listing, TablePage
from app.web.console.themes.scope import areas
from app.web.console.themes.words import CODINGS, KINDS
from app.web.console.values.listing import visible_cities
from app.web.console.values.words import Badge
from app.web.language import LANGUAGES, _, _l
from surveys.models.comments import Comment

MOST_GUESSED = 3


@dataclass(frozen=True, slots=True)
class SuggestionLine:
    """A suggestion as pages of themes show it: never a day, a district or a mark of an answer."""

    row_id: str
    city: str
    city_name: str
    address: str
    text: str
    """Empty where it is hidden."""
    lang: str
    language: str
    area: str
    week: str
    state: Badge


@dataclass(frozen=True, slots=True)
class ToCodePage:
    """What is about nothing yet."""

    page: TablePage
    lines: Sequence[SuggestionLine]
    with_city: bool
    wave: str


class AlikeLine(NamedTuple):
    """A suggestion that is like the open one, and the names of its themes."""

    address: str
    text: str
    lang: str
    percent: int
    themes: Sequence[str]


class CodingEntry(NamedTuple):
    """What somebody said of the suggestion once, in words."""

    event: str
    themes: Sequence[str]
    kind: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CodingPage:
    """One suggestion, the form for its themes, and what helps to choose them."""

    line: SuggestionLine
    coding: CodingPanel
    alike: Sequence[AlikeLine]
    guesses: Sequence[str]
    """Names of the themes that most of those alike have; people decide."""
    history: Sequence[CodingEntry]
    following: str
    preceding: str
    query: str


def _languages() -> Mapping[str, str]:
    return {code: language_name(code) for code in LANGUAGES}


def _cities() -> Mapping[str, str]:
    return visible_cities(cities_of(me().grants, Permission.CODE_COMMENTS))


LISTING = Listing(
    name="coding",
    columns=(
        Column("week", _l("Week of release"), lambda row: week_text(row.week), (WEEK,)),
        Column("area", _l("Area"), lambda row: areas().get(row.area, row.area), (Comment.area,)),
        Column("lang", _l("Language"), lambda row: language_name(row.lang), (Comment.lang,)),
        Column("text", _l("Suggestion"), lambda row: row.seen),
    ),
    filters=(
        Filter("q", _l("Words in the text"), found_by),
        Filter("city", _l("City"), lambda value: Comment.city == value, _cities),
        Filter("area", _l("Area"), lambda value: Comment.area == value, areas),
        Filter("lang", _l("Language"), lambda value: Comment.lang == value, _languages),
        Filter(
            "second",
            _l("Second person"),
            lambda _word: is_asked_of(me().id),
            lambda: {"1": _("those I am asked for as the second person")},
        ),
    ),
    key=(Comment.id,),
    sort="week",
)
"""In the order of the weeks of release; within one by the random ids, which say nothing."""


def read_queue(session: Session, person: Person, args: Args) -> ToCodePage:
    """Read a page of what is about nothing yet, as this person may know it."""
    page = tables.read(session, LISTING, to_code(person, args), args)
    return ToCodePage(page, [line_of(row) for row in page.rows], len(_cities()) > 1, args.get("wave", ""))


def to_code(person: Person, args: Args) -> Any:
    """Select what a person may code and is about nothing yet; of one wave, where the address names it."""
    statement = codable_of(person).where(has_no_theme(person.id))
    wave = args.get("wave", "")
    return statement.where(Comment.wave == wave) if wave else statement


def line_of(row: Any) -> SuggestionLine:
    """Say what a list shows of a suggestion."""
    return SuggestionLine(
        row_id=row.id,
        city=row.city,
        city_name=city_name(row.city),
        address=with_query(address_of(row.city, row.id)),
        text=row.seen or "",
        lang=row.lang,
        language=language_name(row.lang),
        area=areas().get(row.area, row.area),
        week=week_text(row.week),
        state=STATES[CommentState(row.state)],
    )


def read_page(
    session: Session, person: Person, city: str, comment: str, chosen: Sequence[str] = ()
) -> CodingPage | None:
    """Read one suggestion and what is said of it; None where this person may code no such one."""
    found = _around(session, person, comment)
    if found is None or found.row.city != city:
        return None
    row = found.row
    to = ToCode(row.id, row.city, row.area, row.state, row.kind, row.version)
    panel = read_panel(session, person, to, back(), chosen)
    names = panel.names
    alike = list_alike(session, comment, person.id)
    return CodingPage(
        line=line_of(row),
        coding=panel,
        alike=[_alike(each, city, names) for each in alike],
        guesses=_guesses(alike, names) if not panel.said else (),
        history=[_entry(each, names) for each in list_codings(session, comment, person.id)],
        following=_first(found.after),
        preceding=_first(found.before[::-1]),
        query=query(),
    )


class CodingPlace(NamedTuple):
    """Where a suggestion stands in the list: what comes after it."""

    following: str


def find_place(session: Session, person: Person, city: str, comment: str) -> CodingPlace | None:
    """Find what comes after a suggestion; None where this person may code no such one."""
    found = _around(session, person, comment)
    return CodingPlace(_first(found.after)) if found is not None and found.row.city == city else None


def query() -> str:
    """Give the filters of the list that this request names, as they go on with each address."""
    return urlencode([pair for pair in request.args.items(multi=True) if pair[0] not in {"done", "as", "back"}])


def back() -> str:
    """Give the page from which this one was opened, to which what is kept leads; "" for the list of this subject."""
    asked = request.form.get("back", "") or request.args.get("back", "")
    return own_address(asked) if asked else ""


def with_query(address: str) -> str:
    """Add the filters of the list to an address."""
    return f"{address}?{query()}" if query() else address


def list_address() -> str:
    """Give the list that a suggestion was opened from."""
    return with_query(PATH)


def _around(session: Session, person: Person, comment: str) -> reading.Surroundings | None:
    wanted = tables.filtered(LISTING, to_code(person, request.args), request.args)
    return reading.read_around(session, codable_of(person), wanted, comment, newest=False)


def _first(rows: Sequence[Any]) -> str:
    return with_query(address_of(rows[0].city, rows[0].id)) if rows else ""


def _alike(each: Alike, city: str, names: Mapping[str, str]) -> AlikeLine:
    themes = [names[code] for code in sorted((each.themes or "").split()) if code in names]
    return AlikeLine(address_of(city, each.id), each.text, each.lang, round(each.score * 100), themes)


def _guesses(alike: Sequence[Alike], names: Mapping[str, str]) -> list[str]:
    counts = Counter(code for each in alike for code in (each.themes or "").split() if code in names)
    return [f"{names[code]} ({n})" for code, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))][
        :MOST_GUESSED
    ]


def _entry(each: Any, names: Mapping[str, str]) -> CodingEntry:
    themes = [names.get(code, code) for code in each.themes.split()]
    return CodingEntry(str(CODINGS[each.event]), themes, str(KINDS[each.kind]) if each.kind else "", each.name, each.at)
