"""Themes and people who code, made in one line."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.feedback.coding import set_themes
from app.feedback.frame import store_frame
from app.feedback.models import CommentCode, CommentNeighbour, SecondCoding
from surveys.languages import Text3
from surveys.models.comments import Comment
from tests.builders.comments import make_comment
from tests.builders.staff import CITY, NOW, TODAY, make_staff

HEATING, WATER, WASTE, ROADS = "hcs_heating", "hcs_water", "hcs_waste", "its_roads"


def make_coders(session: Session, number: int = 2, city: str = CITY) -> list[int]:
    """Load the national frame and let analysts of a city be there; gives their ids."""
    store_frame(session)
    return [make_staff(session, "analyst", city, name=f"Coder {each}").id for each in range(number)]


def by(staff: int | None) -> Actor:
    """Make an actor of the moment at which the tests stand still."""
    return Actor(staff, NOW)


def name(word: str) -> Text3:
    """Make a name in three languages."""
    return Text3(f"{word} kk", f"{word} ru", f"{word} en")


def code(session: Session, staff: int, comment: str, *themes: str, kind: str | None = None) -> Comment:
    """Let a person say what a suggestion is about, as it stands."""
    return set_themes(session, by(staff), comment, themes, kind, version=None)


def make_coded(session: Session, staff: int, numbers: Iterable[int], *themes: str, city: str = CITY) -> list[str]:
    """Store shown suggestions that a person has coded; gives their ids."""
    ids = [make_comment(session, f"Текст {each}", number=each, city=city, state="shown") for each in numbers]
    for each in ids:
        code(session, staff, each, *themes)
    return ids


def themes_of(session: Session, comment: str) -> list[str]:
    """List what a suggestion is about, as it counts."""
    return sorted(session.scalars(select(CommentCode.theme).where(CommentCode.comment == comment)))


def draw_for(session: Session, comment: str, staff: int) -> None:
    """Let a suggestion be drawn for a person."""
    session.add(SecondCoding(
        comment=comment, drawn_on=TODAY, coder=staff, themes="", kind=None, first_themes="", first_kind=None, at=None,
    ))  # fmt: skip
    session.flush()


def make_neighbours(session: Session, one: str, other: str, score: float = 0.5) -> None:
    """Let a computer find two suggestions alike."""
    for pair in ((one, other), (other, one)):
        session.add(CommentNeighbour(comment=pair[0], other=pair[1], score=score))
    session.flush()
