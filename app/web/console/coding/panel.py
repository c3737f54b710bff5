"""The form in which somebody says what a suggestion is about; a part of several pages.

A page asks for `read_panel`, in one statement, hands it to its template as `coding` and includes
`console/themes/_coding.html` there. The form is sent to this subject's own address, which leads back to `back`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person
from app.feedback.code_reading import OfferedTheme, offered_themes
from app.feedback.second_coding import CODABLE
from app.web.console.themes.scope import areas
from app.web.console.themes.words import KINDS
from app.web.language import alphabetical, current_language

PATH = "/console/coding/"
KIND_KEYS = {"complaint": "Q", "suggestion": "W", "question": "E", "thanks": "R"}
MOST_DIGITS = 9


class ToCode(NamedTuple):
    """The suggestion that a panel is about."""

    id: str
    city: str
    area: str
    state: str
    kind: str | None
    version: int


@dataclass(frozen=True, slots=True)
class CodeChoice:
    """A theme or kind that can be ticked, and the key that does so (empty: none)."""

    value: str
    words: str
    is_chosen: bool
    key: str = ""
    is_own: bool = False
    """A theme of the city's own, below the one before it."""


@dataclass(frozen=True, slots=True)
class CodingPanel:
    """What can be said of a suggestion, and what is."""

    address: str
    back: str
    version: int
    coding: int
    area: str
    themes: Sequence[CodeChoice]
    """Of the suggestion's own area."""
    others: Mapping[str, Sequence[CodeChoice]]
    """Of the other areas, by their names."""
    is_elsewhere: bool
    """Whether a theme of another area is chosen."""
    kinds: Sequence[CodeChoice]
    said: Sequence[str]
    """Names of the chosen themes."""
    names: Mapping[str, str]
    """What each theme is called, by its code."""
    kind: str
    """What is said of its kind, in words."""
    group: int | None
    group_title: str
    can_code: bool


def read_panel(session: Session, person: Person, comment: ToCode, back: str, chosen: Sequence[str] = ()) -> CodingPanel:
    """Read what can be said of a suggestion; `chosen` are codes that were ticked and not taken."""
    offered = offered_themes(session, comment.id, comment.city, person.id)
    is_seen = all(each.is_seen for each in offered)
    names = areas()
    by_area = {area: _choices([each for each in offered if each.area == area], chosen) for area in names}
    own = _with_keys(by_area.pop(comment.area, []))
    kind = comment.kind if is_seen else None
    elsewhere = {names[area]: choices for area, choices in by_area.items() if choices}
    return CodingPanel(
        address=address_of(comment.city, comment.id),
        back=back,
        version=comment.version,
        coding=offered[0].coding if offered else 0,
        area=names.get(comment.area, comment.area),
        themes=own,
        others=elsewhere,
        is_elsewhere=any(each.is_chosen for choices in elsewhere.values() for each in choices),
        kinds=[CodeChoice(value, str(words), value == kind, KIND_KEYS[value]) for value, words in KINDS.items()],
        said=[called(each) for each in offered if each.is_chosen],
        names={each.code: called(each) for each in offered},
        kind=str(KINDS[kind]) if kind else "",
        group=offered[0].group if offered else None,
        group_title=(offered[0].group_title if offered else None) or "",
        can_code=person.may(Permission.CODE_COMMENTS, comment.city) and comment.state in CODABLE,
    )


def address_of(city: str, comment: str) -> str:
    """Give the page on which a suggestion is coded, to which the form is sent too."""
    return f"{PATH}{city}/{comment}"


def called(theme: OfferedTheme) -> str:
    """Name a theme in the language of the page."""
    return str(getattr(theme, f"name_{current_language()}"))


def _choices(offered: Sequence[OfferedTheme], chosen: Sequence[str]) -> list[CodeChoice]:
    """Put the national themes of an area in their order, each with the city's own below it; what is left over last."""
    national = [each for each in offered if each.parent is None]
    national.sort(key=lambda each: (each.code.endswith("_other"), each.code))
    found = []
    for theme in national:
        below = sorted(
            (each for each in offered if each.parent == theme.code), key=lambda each: alphabetical(called(each))
        )
        found += [_choice(each, chosen) for each in (theme, *below)]
    orphans = {each.code for each in offered} - {each.value for each in found}
    return [*found, *(_choice(each, chosen) for each in offered if each.code in orphans)]


def _choice(theme: OfferedTheme, chosen: Sequence[str]) -> CodeChoice:
    return CodeChoice(
        theme.code, called(theme), theme.is_chosen or theme.code in chosen, is_own=theme.parent is not None
    )


def _with_keys(choices: Sequence[CodeChoice]) -> list[CodeChoice]:
    """Give the first nine of them the keys 1 to 9, and 0 to the one for what is left."""
    keys = {each.value: str(number) for number, each in enumerate(choices[:MOST_DIGITS], 1)}
    keys |= {each.value: "0" for each in choices if each.value.endswith("_other")}
    return [
        CodeChoice(each.value, each.words, each.is_chosen, keys.get(each.value, ""), each.is_own) for each in choices
    ]
