"""The menu and the home page: what each subject puts into them, and what of it a person sees."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select
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
    below: tuple[str, ...] = ()
    """Other paths of the subject, which its own pages lead to."""

    def has(self, path: str) -> bool:
        """Tell whether a page belongs to the entry."""
        return path.startswith((self.address, *self.below))


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """Something that waits for a person, on their home page."""

    words: str
    """A sentence in the person's language, with its number in it: "12 values came back"."""
    address: str
    """Where it is done: a list with its filters set."""
    urgent: bool = False
    """Overdue, or due today."""


class WaitingNumbers(NamedTuple):
    """One row of numbers, and the lines that they become; the numbers of all subjects are read in one statement."""

    statement: Select[*tuple[Any, ...]]
    lines: Callable[..., list[WaitingLine]]
    """Called with the numbers."""


Waiting = Callable[[Session, Person], Sequence[WaitingLine | WaitingNumbers]]
"""What a subject says of a person's work; lines of nothing are left out."""


def entries_for(person: Person, entries: list[MenuEntry]) -> list[MenuEntry]:
    """Give the entries that a person may use, in their order."""
    return sorted((each for each in entries if person.may(each.permission)), key=lambda each: each.place)
