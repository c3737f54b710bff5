"""The menu and the home page: what each subject puts into them, and what of it a person sees."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """An entry of the menu; shown to whoever has the permission somewhere."""

    place: int
    """Where it stands: entries are sorted by it. Tens: 10 values, 20 examination, 30 publications, 40 fieldwork,
    50 ratings, 60 people, 70 journal."""
    title: str
    """A lazy text (`_l`)."""
    address: str
    """Path, such as /console/values/."""
    permission: Permission


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """Something that waits for a person, on their home page."""

    words: str
    """A sentence in the person's language, with its number in it: "12 values came back"."""
    address: str
    """Where it is done: a list with its filters set."""
    urgent: bool = False
    """Overdue, or due today."""


Waiting = Callable[[Session, Person], list[WaitingLine]]
"""What a subject says of a person's work, in one statement; lines of nothing are left out."""


def entries_for(person: Person, entries: list[MenuEntry]) -> list[MenuEntry]:
    """Give the entries that a person may use, in their order."""
    return sorted((each for each in entries if person.may(each.permission)), key=lambda each: each.place)
