"""What the list of suggestions and the page of one of them show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person, Role
from app.feedback import reading
from app.feedback.danger import is_told_of_danger
from app.feedback.moderation import BY_OUTSIDERS, CommentState, DecisionEvent, HidingReason
from app.feedback.queries import SHOWN
from app.feedback.reading import DecisionLine
from app.feedback.search import read_search
from app.web import site
from app.web.console import tables
from app.web.console.comments.chips import FilterChip, every_state, list_chips, only_searched
from app.web.console.comments.listing import (
    LISTING,
    PATH,
    Facet,
    areas,
    cities_seen,
    count_with_copies,
    language_name,
    list_query,
    read_facets,
    statement_of,
    week_text,
)
from app.web.console.comments.marking import TextPart, parts_of, shortened
from app.web.console.comments.redacting import Word, is_passed_by, left_words, spans_in_force
from app.web.console.comments.words import DECIDED, PURGED, REASONS, STATES
from app.web.console.layout import city_name
from app.web.console.tables import Args, TablePage
from app.web.console.values.words import Badge
from app.web.language import _, current_language
from surveys.languages import LANGUAGES
from surveys.models.comments import Comment


@dataclass(frozen=True, slots=True)
class CommentLine:
    """A suggestion as a list shows it."""

    row_id: str
    city: str
    city_name: str
    address: str
    text: str
    """Empty where it is hidden."""
    parts: Sequence[TextPart]
    short: Sequence[TextPart]
    """The text and its first words, with marks on what was searched for; names are marked for moderators."""
    lang: str
    language: str
    area: str
    week: str
    state: Badge
    version: int
    copies: int
    """Others that are almost the same."""
    copies_address: str
    is_urgent: bool
    is_answered: bool
    assignee: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """The list of suggestions with its filters."""

    page: TablePage
    lines: Sequence[CommentLine]
    facets: Sequence[Facet]
    chips: Sequence[FilterChip]
    all_states: str
    """Where the same words are searched for in all states; empty where they are."""
    whole: str
    """The list without filters; what is searched for stays."""
    with_copies: int
    """How many there are with those that are almost the same; 0 where they are in the list."""
    query: str
    city: str
    """The one city that it is about; empty where there are several."""
    with_city: bool
    can_moderate: bool
    can_assign: bool
    can_export: bool


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision in words: what, why, who and when."""

    words: str
    reason: str
    name: str
    at: datetime
    is_undone: bool


@dataclass(frozen=True, slots=True)
class NeighbourLine:
    """A suggestion that is like the open one."""

    address: str
    text: str
    state: Badge
    percent: int


@dataclass(frozen=True, slots=True)
class CommentPage:
    """One suggestion, what stands around it in the list, and what this person may do with it."""

    line: CommentLine
    words: Sequence[Word]
    """Of a text that can be read here, for whoever may black out words of it."""
    decisions: Sequence[DecisionView]
    neighbours: Sequence[NeighbourLine]
    themes: Sequence[str]
    groups: Sequence[str]
    around: Sequence[CommentLine]
    facets: Sequence[Facet]
    whole: str
    waiting_copies: int
    """How many of those that are almost the same wait to be decided, with this one."""
    following: str
    preceding: str
    back: str
    query: str
    can_moderate: bool
    can_hand_on: bool
    """Whether the city has somebody else for a second look."""
    is_handed_on: bool
    """Whether this person handed it to a colleague and so does not decide."""
    can_read_original: bool
    can_assign: bool
    undoable: str
    """What this person decided last in the city, in words; empty where there is nothing to take back."""
    can_calm: bool
    """Whether this person may say that nobody is in danger after all."""
    can_settle: bool
    """Whether this person was told of the danger and may say that it was taken care of."""
    is_read_only: bool
    """Whether somebody of elsewhere looks."""

    @property
    def is_redacted(self) -> bool:
        """Whether everybody reads it with parts blacked out."""
        return self.line.state == STATES[CommentState.SHOWN_REDACTED]

    @property
    def can_show(self) -> bool:
        """Whether this person may show it, and it is not shown yet."""
        return self.can_moderate and self.line.state not in {STATES[CommentState(each)] for each in SHOWN}


QUEUE = (("turn", "me"), ("copies", "once"))
"""Filters of what waits for a moderator: not what one handed on oneself, and of near-copies one."""


def address_of(city: str, comment: str, query: str = "") -> str:
    """Give the page of a suggestion, which knows the list that it was opened from."""
    return f"{PATH}{city}/{comment}{f'?{query}' if query else ''}"


def first_address(person: Person) -> str:
    """Give what a person begins with: what waits for them in their own areas."""
    of_grants = {area for grant in person.grants for area in grant.areas}
    pairs = [("area", area) for area in sorted(of_grants)]
    if person.may(Permission.MODERATE):
        return f"{PATH}?{urlencode([('state', 'released'), ('state', 'second_look'), *pairs, *QUEUE])}"
    if person.roles() & {Role.ANALYST, Role.LEAD}:
        return f"{PATH}?{urlencode([('reply', 'no'), *pairs])}"
    return f"{PATH}?all=1"


def is_newest_first(args: Args) -> bool:
    """Tell whether the list is asked for from the newest week on."""
    return args.get("sort") == "-week"


def read_list(session: Session, person: Person, args: Args) -> ListPage:
    """Read a page of the list."""
    page = tables.read(session, LISTING, statement_of(person), args)
    cities = cities_seen(person)
    chosen = args.get("city", "")
    city = next(iter(cities)) if len(cities) == 1 else chosen if chosen in cities else ""
    facets = read_facets(session, person, args)
    return ListPage(
        page=page,
        lines=[_line(row, person) for row in page.rows],
        facets=facets,
        chips=list_chips(page.filters, facets, args),
        all_states=every_state(page.filters, args),
        whole=only_searched(args),
        with_copies=count_with_copies(session, person, args) if args.get("copies") == "once" else 0,
        query=list_query(),
        city=city,
        with_city=len(cities) > 1,
        can_moderate=person.may(Permission.MODERATE),
        can_assign=person.may(Permission.ASSIGN_COMMENTS),
        can_export=person.may(Permission.EXPORT_COMMENTS),
    )


def read_comment(
    session: Session, person: Person, city: str, comment: str, marked: Iterable[str] = (), *, alone: bool = False
) -> CommentPage | None:
    """Read one suggestion and what stands around it, unless `alone`; None where this person sees no such one."""
    found = _find(session, person, city, comment)
    if found is None:
        return None
    decisions = reading.list_decisions(session, comment)
    codes = [] if alone else reading.list_codes(session, comment, person.id)
    line = _line(found.row, person)
    is_own = any(grant.city == city for grant in person.grants) or Role.AUDITOR in person.roles()
    can_moderate = person.may(Permission.MODERATE, city)
    facts = None if alone else _city_facts(session, person, city, comment, is_own=is_own)
    has_other = can_moderate and facts is not None and facts.has_colleague
    words = left_words(line.text, spans_in_force(decisions), set(marked)) if can_moderate and line.text else ()
    return CommentPage(
        line=line,
        words=words,
        decisions=_decisions(decisions, person, is_own=is_own),
        neighbours=_neighbours(session, comment) if is_own and not alone else (),
        themes=[_named(each) for each in codes if each.kind == "theme"],
        groups=[_named(each) for each in codes if each.kind == "group"],
        around=[_line(row, person) for row in (*found.before, found.row, *found.after)],
        facets=() if alone else read_facets(session, person, request.args),
        whole=only_searched(request.args),
        waiting_copies=facts.waiting_copies if facts and can_moderate else 0,
        following=_address_of_first(found.after),
        preceding=_address_of_first(found.before[::-1]),
        back=list_address(),
        query=list_query(),
        can_moderate=can_moderate,
        can_hand_on=has_other,
        is_handed_on=has_other and is_passed_by(decisions, person.id),
        can_read_original=person.may(Permission.READ_ORIGINALS, city) and is_covered(line, decisions),
        can_assign=person.may(Permission.ASSIGN_COMMENTS, city),
        undoable=_undoable(facts.last) if facts and can_moderate else "",
        can_calm=line.is_urgent and (can_moderate or _is_of(person, decisions)),
        can_settle=line.is_urgent and facts is not None and _is_told(person, city, has_lead=facts.has_lead),
        is_read_only=not is_own,
    )


def _city_facts(session: Session, person: Person, city: str, comment: str, *, is_own: bool) -> reading.CityFacts | None:
    """Read what somebody of the city has to know beside it; None for others."""
    return reading.read_city_facts(session, person.id, city, comment, site.clock().today()) if is_own else None


class PlaceInList(NamedTuple):
    """Where a suggestion stands in the list that it was opened from: its text as written, and what comes after it."""

    text: str
    following: str


def find_place(session: Session, person: Person, city: str, comment: str) -> PlaceInList | None:
    """Find the place of a suggestion; None where this person sees no such one."""
    found = _find(session, person, city, comment)
    if found is None:
        return None
    text = session.scalars(select(Comment.text).where(Comment.id == comment)).one()
    return PlaceInList(text, _address_of_first(found.after) or list_address())


def _find(session: Session, person: Person, city: str, comment: str) -> reading.Surroundings | None:
    seen = statement_of(person)
    wanted = tables.filtered(LISTING, seen, request.args)
    found = reading.read_around(session, seen, wanted, comment, newest=is_newest_first(request.args))
    return found if found is not None and found.row.city == city else None


def list_address() -> str:
    """Give the list that a suggestion was opened from."""
    return f"{PATH}?{list_query() or 'all=1'}"


def is_covered(line: CommentLine, decisions: Sequence[DecisionLine]) -> bool:
    """Tell whether there is an original that the page does not show."""
    is_purged = any(each.event == "purge" for each in decisions)
    return not is_purged and line.state in {
        STATES[each] for each in (CommentState.SHOWN_REDACTED, CommentState.HIDDEN, CommentState.HIDDEN_PROVISIONAL)
    }


def _address_of_first(rows: Sequence[Any]) -> str:
    return address_of(rows[0].city, rows[0].id, list_query()) if rows else ""


def _line(row: Any, person: Person) -> CommentLine:
    text, wanted = row.seen or "", read_search(request.args.get("q", ""))
    with_names = person.may(Permission.MODERATE, row.city)
    return CommentLine(
        row_id=row.id,
        city=row.city,
        city_name=city_name(row.city),
        address=address_of(row.city, row.id, list_query()),
        text=text,
        parts=parts_of(text, wanted, with_names=with_names),
        short=parts_of(shortened(text), wanted, with_names=with_names),
        lang=row.lang,
        language=language_name(row.lang),
        area=areas().get(row.area, row.area),
        week=week_text(row.week),
        state=STATES[CommentState(row.state)],
        version=row.version,
        copies=row.copies,
        copies_address=f"{PATH}?{urlencode({'like': row.id})}",
        is_urgent=row.is_urgent,
        is_answered=row.is_answered,
        assignee=row.assignee or "",
        is_mine=row.assigned == person.id,
    )


def _decisions(lines: Sequence[DecisionLine], person: Person, *, is_own: bool) -> list[DecisionView]:
    """Say what was decided; who did so is for the city's staff and auditors, and outsiders have no name but there."""
    sees_all = Role.AUDITOR in person.roles()
    undone = {line.undoes for line in lines if line.undoes}

    def name(line: DecisionLine) -> str:
        if not is_own:
            return ""
        is_outsider = line.event in BY_OUTSIDERS and line.staff != person.id and not sees_all
        return _("somebody from outside the city") if is_outsider else line.name

    return [
        DecisionView(
            words=str(PURGED if line.event == "purge" else DECIDED[DecisionEvent(line.event)]),
            reason=str(REASONS[HidingReason(line.reason)]) if line.reason and line.event != DecisionEvent.UNDO else "",
            name=name(line),
            at=line.at,
            is_undone=line.id in undone,
        )
        for line in lines
    ]


def _is_told(person: Person, city: str, *, has_lead: bool) -> bool:
    roles = {grant.role for grant in person.grants if grant.city == city}
    return is_told_of_danger(roles, has_lead=has_lead)


def _undoable(last: reading.OwnDecision | None) -> str:
    if last is None:
        return ""
    words = str(DECIDED[DecisionEvent(last.event)])
    return f"{words}, «{shortened(last.text, 40)}»" if last.text else words


def _is_of(person: Person, lines: Sequence[DecisionLine]) -> bool:
    """Tell whether a person alone set the mark of danger that stands."""
    undone = {line.undoes for line in lines}
    settled = max((line.id for line in lines if line.event == DecisionEvent.SETTLE), default=0)
    marks = [line for line in lines if line.event == DecisionEvent.URGENT and line.id > settled]
    return {line.staff for line in marks if line.id not in undone} == {person.id}


def _neighbours(session: Session, comment: str) -> list[NeighbourLine]:
    return [
        NeighbourLine(address_of(row.city, row.id), row.text, STATES[CommentState(row.state)], round(row.score * 100))
        for row in reading.list_neighbours(session, comment)
    ]


def _named(code: reading.CodeLine) -> str:
    names: Mapping[str, str] = dict(zip(LANGUAGES, (code.kk, code.ru, code.en), strict=True))
    return names[current_language()]
