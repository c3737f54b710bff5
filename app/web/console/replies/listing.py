"""The list of replies: whose somebody reads, its columns and filters, and how many stand where."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.accounts.permissions import CITY_ROLES, Permission, Person, Role, cities_of
from app.feedback.reply_models import Reply
from app.feedback.reply_reading import IS_GIVEN_UP, ReplyReaders, count_stages, is_at
from app.feedback.reply_states import ReplyStage, stage_of
from app.web.console.access import me
from app.web.console.layout import city_name
from app.web.console.replies.words import GIVEN_UP, KINDS, STAGES
from app.web.console.tables import Args, Column, Filter, Listing, TablePage, choice
from app.web.console.themes.scope import areas
from app.web.console.values.listing import visible_cities
from app.web.console.values.words import Badge
from app.web.language import LANGUAGES, _, _l, current_language

PATH = "/console/replies/"
_LONGEST_EXCERPT = 160


class ReplyLine(NamedTuple):
    """A reply as the list shows it."""

    row_id: str
    address: str
    text: str
    lang: str
    kind: str
    about: str
    """Its theme, or the area of what it answers."""
    city: str
    state: Badge
    suggestions: int
    is_mine: bool


class StateLink(NamedTuple):
    """How many replies stand somewhere, and the list of them."""

    words: str
    number: int
    address: str
    is_set: bool


def readers_of(person: Person) -> ReplyReaders:
    """Say whose replies somebody reads: staff of a city and auditors drafts too, the ministry what was released."""
    own = frozenset(grant.city for grant in person.grants if grant.role in CITY_ROLES and grant.city)
    roles = person.roles()
    return ReplyReaders(own, bool(roles & {Role.REVIEWER, Role.PUBLISHER}), Role.AUDITOR in roles)


def cities_seen(person: Person) -> dict[str, str]:
    """Give the cities of which a person reads replies, by their names."""
    return visible_cities(cities_of(person.grants, Permission.SEE_REPLIES))


def address_of(city: str, reply: int) -> str:
    """Give the page of a reply."""
    return f"{PATH}{city}/{reply}"


def badge_of(state: str, correction: str | None, *, was_released: bool) -> Badge:
    """Say where a reply stands."""
    stage = stage_of(state, correction)
    return GIVEN_UP if stage is ReplyStage.WITHDRAWN and not was_released else STAGES[stage]


def _states() -> Mapping[str, str]:
    return {str(stage): str(badge.words) for stage, badge in STAGES.items()} | {"given_up": str(GIVEN_UP.words)}


def _at(word: str) -> Any:
    return IS_GIVEN_UP if word == "given_up" else is_at(ReplyStage(word))


def _state_words(row: Any) -> str:
    return str(badge_of(row.state, row.correction, was_released=row.was_released).words)


def about_of(row: Any) -> str:
    """Say what a reply is about: its theme, or the area of what it answers."""
    name = getattr(row, f"name_{current_language()}")
    return str(name) if name else areas().get(row.area, row.area)


def excerpt_of(row: Any) -> tuple[str, str]:
    """Give the beginning of a text in the language of the page, or in one that has a text, and that language."""
    own = current_language()
    lang = next((code for code in (own, *LANGUAGES) if getattr(row, code)), own)
    text = " ".join(str(getattr(row, lang)).split())
    if len(text) > _LONGEST_EXCERPT:
        text = text[:_LONGEST_EXCERPT].rsplit(" ", 1)[0] + "…"
    return text, lang


LISTING = Listing(
    name="replies",
    columns=(
        Column("number", _l("Number"), lambda row: row.id, (Reply.id,), is_number=True),
        Column("text", _l("Reply"), lambda row: excerpt_of(row)[0]),
        Column("kind", _l("Kind"), lambda row: str(KINDS[row.kind]), (Reply.kind,)),
        Column("about", _l("About"), about_of, (Reply.area,)),
        Column("city", _l("City"), lambda row: city_name(row.city), (Reply.city,)),
        Column("state", _l("State"), _state_words, (Reply.state,)),
        Column("suggestions", _l("Suggestions"), lambda row: row.suggestions, is_number=True),
    ),
    filters=(
        Filter("state", _l("State"), _at, _states),
        choice("kind", _l("Kind"), Reply.kind, KINDS),
        Filter("city", _l("City"), lambda value: Reply.city == value, lambda: cities_seen(me())),
        Filter("area", _l("Area"), lambda value: Reply.area == value, areas),
        Filter("mine", _l("Written by"), lambda _word: Reply.author == me().id, lambda: {"1": _("me")}),
    ),
    # With its version: what was ticked is what is released, and nothing that was written since.
    key=(Reply.city, Reply.id, Reply.version),
    path=PATH,
    sort="-number",
)


def line_of(row: Any, person: Person) -> ReplyLine:
    """Make the line of a row of the list."""
    text, lang = excerpt_of(row)
    return ReplyLine(
        row_id=row.row_id,
        address=address_of(row.city, row.id),
        text=text,
        lang=lang,
        kind=str(KINDS[row.kind]),
        about=about_of(row),
        city=city_name(row.city),
        state=badge_of(row.state, row.correction, was_released=row.was_released),
        suggestions=row.suggestions,
        is_mine=row.author == person.id,
    )


def state_links(session: Session, person: Person, page: TablePage, args: Args) -> Sequence[StateLink]:
    """Count all replies that a person reads by where they stand, each number with its list."""
    counts = count_stages(session, readers_of(person))
    own = set(args.getlist("state"))
    links = [
        StateLink(words, counts[word], f"{PATH}?{urlencode({'state': word})}", own == {word} and page.is_filtered)
        for word, words in _states().items()
        if word in counts
    ]
    return [StateLink(_("all"), sum(counts.values()), PATH, not page.is_filtered), *links]
