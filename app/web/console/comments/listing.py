"""The list of suggestions: whose a person sees, its columns and filters, and how many there are of each."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import request
from sqlalchemy import String, and_, case, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person, Role, cities_of
from app.feedback.listing import (
    IS_ANSWERED,
    IS_URGENT,
    WEEK,
    Sight,
    almost_like,
    assigned_to,
    comments_seen,
    found_by,
    is_first_of_copies,
    of_theme,
)
from app.feedback.models import CommentAssignment, CommentCode, Theme
from app.feedback.moderation import CommentState
from app.feedback.second_looks import waits_for_others
from app.feedback.theme_counts import is_seen_by
from app.web import site
from app.web.console.access import me
from app.web.console.comments.words import STATES
from app.web.console.layout import city_name
from app.web.console.staff.forms import area_names
from app.web.console.tables import Args, Column, Filter, Listing, choice, filtered
from app.web.console.values.listing import visible_cities
from app.web.console.waves.naming import wave_in_brief
from app.web.language import LANGUAGES, _, _l, current_language, day, pick
from surveys.models import Wave
from surveys.models.comments import Comment

PATH = "/console/comments/"
TURNING = ("after", "before", "done", "as")
"""Words of an address that say where in the list, and not which list."""
MOST_THEMES = 12
_ALL_OF_CITY = frozenset({Role.ANALYST, Role.MODERATOR, Role.LEAD})


def sight_of(person: Person) -> Sight:
    """Say what a person sees of which cities: staff of a city and auditors all, the ministry what is shown."""
    own = frozenset(grant.city for grant in person.grants if grant.role in _ALL_OF_CITY and grant.city)
    roles = person.roles()
    if Role.AUDITOR in roles:
        return Sight(None)
    return Sight(own, None) if roles & {Role.REVIEWER, Role.PUBLISHER} else Sight(own)


def statement_of(person: Person) -> Any:
    """Select what a person may see at all."""
    return comments_seen(sight_of(person))


def cities_seen(person: Person) -> dict[str, str]:
    """Give the cities of which a person sees anything, by their names."""
    return visible_cities(cities_of(person.grants, Permission.READ_COMMENTS))


def areas() -> Mapping[str, str]:
    """Give the names of areas in the language of the page."""
    return {code: pick(name) for code, name in area_names()}


def week_text(monday: str) -> str:
    """Write the week of a release: nothing finer is ever said."""
    return _("week of %(day)s", day=day(date.fromisoformat(monday)))


def language_name(code: str) -> str:
    """Name the language that a suggestion is written in."""
    return {"kk": _("Kazakh"), "ru": _("Russian"), "en": _("English")}[code]


def _languages() -> Mapping[str, str]:
    return {code: language_name(code) for code in LANGUAGES}


def _answered(word: str) -> Any:
    return IS_ANSWERED if word == "yes" else ~IS_ANSWERED


def _today() -> date:
    return site.clock().today()


def _whose() -> Mapping[str, str]:
    return {"1": _("me"), "none": _("nobody"), "others": _("others")}


LISTING = Listing(
    name="comments",
    columns=(
        Column("week", _l("Week of release"), lambda row: week_text(row.week), (WEEK,)),
        Column("city", _l("City"), lambda row: city_name(row.city)),
        Column("area", _l("Area"), lambda row: areas().get(row.area, row.area)),
        Column("lang", _l("Language"), lambda row: language_name(row.lang)),
        Column("state", _l("State"), lambda row: str(STATES[CommentState(row.state)].words)),
        Column("text", _l("Suggestion"), lambda row: row.seen),
    ),
    filters=(
        Filter("q", _l("Words in the text"), found_by),
        Filter("city", _l("City"), lambda value: Comment.city == value, lambda: cities_seen(me())),
        choice("state", _l("State"), Comment.state, {str(state): badge.words for state, badge in STATES.items()}),
        Filter("area", _l("Area"), lambda value: Comment.area == value, areas),
        Filter("lang", _l("Language"), lambda value: Comment.lang == value, _languages),
        Filter("wave", _l("Wave"), lambda value: Comment.wave == value),
        Filter("theme", _l("Theme"), lambda code: of_theme(code, me().id)),
        Filter("reply", _l("Reply"), _answered, lambda: {"yes": _("answered"), "no": _("not answered")}),
        Filter("mine", _l("Given to"), lambda word: assigned_to(me().id, word), _whose),
        Filter(
            "turn",
            _l("To be decided by"),
            lambda _word: ~waits_for_others(me().id, _today()),
            lambda: {"me": _("myself")},
        ),
        Filter("flag", _l("Notable"), lambda _word: IS_URGENT, lambda: {"urgent": _("urgent")}),
        Filter("copies", _l("Almost the same"), lambda _word: is_first_of_copies(), lambda: {"once": _("as one line")}),
        Filter("like", _l("Almost the same as one"), almost_like),
    ),
    key=(Comment.id,),
    path=PATH,
    sort="week",
)


class FacetLine(NamedTuple):
    """One value of a filter: its word, how many there are, the address that sets it or takes it off."""

    value: str
    words: str
    number: int
    address: str
    is_set: bool


class Facet(NamedTuple):
    """A filter with the numbers of its values, names as the other filters are set."""

    name: str
    label: str
    lines: Sequence[FacetLine]

    @property
    def is_set(self) -> bool:
        """Whether the filter is set."""
        return any(line.is_set for line in self.lines)


def read_facets(session: Session, person: Person, args: Args) -> list[Facet]:
    """Count the values of each filter, all of them in one statement."""
    parts = {each.name: each for each in LISTING.filters}
    names = [name for name in ("state", "city", "area", "theme", "wave", "lang", "reply", "mine") if name in parts]
    wanted = _with_numbers(person, args).cte("wanted")  # looked for once, for all filters that are not set
    counts = [_counts(person, name, _without(person, args, name) if name in args else wanted) for name in names]
    rows = session.execute(union_all(*counts)).all()
    found: dict[str, list[tuple[str, str, int]]] = {name: [] for name in names}
    for row in rows:
        found[row.facet].append((row.value, row.words, row.n))
    facets = [
        Facet(name, str(parts[name].label), _lines(parts[name], sorted(values, key=_order(parts[name])), args))
        for name, values in found.items()
    ]
    return [facet for facet in facets if len(facet.lines) > 1 or facet.is_set]


def count_with_copies(session: Session, person: Person, args: Args) -> int:
    """Count what an address asks for, with those that are almost the same."""
    rest = _without(person, args, "copies")
    return session.execute(select(func.count()).select_from(rest)).scalar_one()


def _with_numbers(person: Person, args: Args) -> Any:
    """Select what filters count of the suggestions that an address asks for."""
    columns = (Comment.id, Comment.city, Comment.wave, Comment.area, Comment.lang, Comment.state)
    more = (IS_ANSWERED.label("is_answered"), CommentAssignment.staff.label("assigned"))
    wanted = filtered(LISTING, statement_of(person), args)
    return wanted.with_only_columns(*columns, *more, maintain_column_froms=True).order_by(None)


def _without(person: Person, args: Args, name: str) -> Any:
    others = Args([(word, value) for word, value in args.items(multi=True) if word != name])
    return _with_numbers(person, others).subquery()


def _counts(person: Person, name: str, rest: Any) -> Any:
    """Select a filter's values with their numbers, in what the other filters leave."""
    words: Any = literal("", String)
    if name == "theme":
        value: Any = func.coalesce(CommentCode.theme, "none")
        words = func.coalesce({"kk": Theme.name_kk, "ru": Theme.name_ru, "en": Theme.name_en}[current_language()], "")
        seen = and_(CommentCode.comment == rest.c.id, is_seen_by(person.id))
        source: Any = rest.outerjoin(CommentCode, seen)
        source = source.outerjoin(Theme, Theme.code == CommentCode.theme)
    elif name == "wave":
        source, value = rest.join(Wave, Wave.code == rest.c.wave), rest.c.wave
        days = [cast(day, String) for day in (Wave.opens_on, Wave.closes_on)]
        words = Wave.audience + "|" + days[0] + "|" + days[1]
    else:
        source, value = rest, _value(rest, name, person.id)
    counts = select(literal(name).label("facet"), value.label("value"), words.label("words"), func.count().label("n"))
    return counts.select_from(source).group_by(value, words)


def _value(rest: Any, name: str, staff: int) -> Any:
    if name == "reply":
        return case((rest.c.is_answered, "yes"), else_="no")
    if name == "mine":
        return case((rest.c.assigned.is_(None), "none"), (rest.c.assigned == staff, "1"), else_="others")
    return rest.c[name]


def _order(part: Filter) -> Any:
    known = list(part.choices()) if part.choices else []
    return lambda row: (known.index(row[0]) if row[0] in known else len(known), -row[2], row[1])


def _lines(part: Filter, values: Sequence[tuple[str, str, int]], args: Args) -> list[FacetLine]:
    known = part.choices() if part.choices else {}
    own = set(args.getlist(part.name))
    lines = []
    unseen = [(value, "", 0) for value in sorted(own & known.keys()) if value not in {each[0] for each in values}]
    most = len(values) if known else MOST_THEMES
    for value, words, number in [*(each for n, each in enumerate(values) if n < most or each[0] in own), *unseen]:
        named = _named_wave(words) if part.name == "wave" else words
        shown = str(known.get(value) or named or (_("without a theme") if value == "none" else value))
        lines.append(FacetLine(value, shown, number, _toggled(args, part.name, value), value in own))
    return lines


def _named_wave(words: str) -> str:
    audience, opens_on, closes_on = words.split("|")
    return wave_in_brief(audience, date.fromisoformat(opens_on), date.fromisoformat(closes_on))


def _toggled(args: Args, name: str, value: str) -> str:
    """Write the address with a value of a filter set alone, or taken off where it is set alone."""
    kept = [(word, each) for word, each in args.items(multi=True) if word not in (name, *TURNING)]
    is_only = args.getlist(name) == [value]
    pairs = kept if is_only else [*kept, (name, value)]
    return f"{PATH}?{urlencode(pairs)}" if pairs else f"{PATH}?all=1"


def list_query() -> str:
    """Give the filters and the page of the list that this request names, as they go on with each address."""
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name not in ("done", "as")]
    return urlencode(pairs)
