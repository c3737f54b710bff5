"""A second person codes some suggestions without seeing what the first one said: how far two agree on a theme.

Five of a hundred coded suggestions are drawn by lot, each for one person of the city who never coded it. Until that
person has said theirs, no page shows them the first one's: to them the suggestion is not coded yet
(theme_counts.is_seen_by). What the first one said keeps counting; where the two differ, both are shown afterwards.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from fractions import Fraction
from secrets import SystemRandom
from typing import Any, NamedTuple, Protocol

from sqlalchemy import case, delete, select, update
from sqlalchemy.orm import Session

from app.accounts.permissions import CITY_ROLES, Permission, Role, Scope, rights
from app.agreement import FEWEST, UNCLEAR, cohen_kappa
from app.audit.journal import Actor, Entry, record
from app.clock import day_of
from app.feedback.models import CommentCode, CommentCoding, SecondCoding, Theme
from app.feedback.queries import SHOWN
from app.notices.recipients import list_holders
from surveys.models.comments import Comment
from surveys.sql import hold_journal

SHARE = Fraction(1, 20)
"""Of the coded suggestions that a second person codes."""
CODABLE = ("released", "second_look", *SHOWN)
"""States in which a suggestion is coded: what is hidden, or may be, is about nothing."""


class Chance(Protocol):
    """What draws lots: the system's random numbers, or ones that a test knows."""

    def random(self) -> float:
        """Give a number from 0 to 1."""

    def sample(self, population: list[str], k: int) -> list[str]:
        """Draw so many."""


class Said(NamedTuple):
    """What one person said of a suggestion."""

    themes: tuple[str, ...]
    kind: str | None


class CodedTwice(NamedTuple):
    """A suggestion of which both have said theirs; its text where it is of the city and wave that are looked at."""

    comment: str
    city: str
    text: str | None
    lang: str
    first: Said
    second: Said


class ThemeAgreement(NamedTuple):
    """How two coders used a theme on the same suggestions of its area: both, the first or the second alone, neither."""

    both: int
    first_only: int
    second_only: int
    neither: int

    @property
    def n(self) -> int:
        """Count the suggestions that both coded."""
        return sum(self)

    @property
    def agreed(self) -> Fraction | None:
        """Give the share on which both said the same of the theme; None without any."""
        return Fraction(self.both + self.neither, self.n) if self.n else None

    @property
    def kappa(self) -> Fraction | None:
        """Give Cohen's kappa; None for fewer than FEWEST, and where chance explains all."""
        table = ((self.both, self.first_only), (self.second_only, self.neither))
        return cohen_kappa(table) if self.n >= FEWEST else None

    @property
    def is_unclear(self) -> bool:
        """Tell whether people agree too little for it to be clear what the theme means."""
        return self.kappa is not None and self.kappa < UNCLEAR


def waiting_second(session: Session, comment: str, staff: int | None) -> SecondCoding | None:
    """Find what a person was drawn to say of a suggestion, and has not said."""
    row = session.get(SecondCoding, comment, populate_existing=True)
    return row if row is not None and row.coder == staff and row.at is None else None


def give_second(session: Session, actor: Actor, comment: Comment, waiting: SecondCoding, said: Said) -> None:
    """Keep what the second person says beside what counts now; the suggestion itself stays as it is."""
    waiting.themes, waiting.kind = " ".join(said.themes), said.kind
    first = session.scalars(select(CommentCode.theme).where(CommentCode.comment == comment.id))
    waiting.first_themes, waiting.first_kind = " ".join(sorted(first)), comment.kind
    waiting.at = actor.at
    session.flush()
    entry = Entry(event="comment.second_coded", object_kind="comment", object_id=comment.id, city=comment.city)
    record(session, actor, entry)


def draw(session: Session, actor: Actor, chance: Chance | None = None) -> int:
    """Draw five of a hundred suggestions that were coded since the last draw; gives how many.

    Who was drawn before and may code there no longer is relieved by somebody else; what was hidden meanwhile is left.
    """
    hold_journal(session)
    chance = chance or SystemRandom()
    people = _Coders(session, day_of(actor.at))
    _relieve(session, people, chance)
    drawn: Counter[str] = Counter()
    for city, comments in sorted(_coded_since(session).items()):
        for comment in _lot(comments, chance):
            coder = people.choose(city, comment, chance)
            if coder is not None:
                _add(session, comment, coder, day_of(actor.at))
                drawn[city] += 1
    session.flush()
    for city, number in sorted(drawn.items()):
        detail = {"number": number}
        record(
            session,
            actor,
            Entry(event="second_codings.drawn", object_kind="city", object_id=city, city=city, detail=detail),
        )
    return drawn.total()


def coded_twice(session: Session, area: str, city: str, wave: str) -> list[CodedTwice]:
    """List the suggestions of an area of which both have said theirs, in the whole country."""
    is_here = (Comment.city == city) & (Comment.wave == wave)
    shown = case((Comment.state == "shown_redacted", Comment.shown_text), else_=Comment.text)
    text = case((is_here & Comment.state.in_(CODABLE), shown))
    row = SecondCoding
    statement = (
        select(
            Comment.id, Comment.city, Comment.lang, text.label("text"),
            row.first_themes, row.first_kind, row.themes, row.kind,
        )
        .join(Comment, Comment.id == row.comment)
        .where(row.at.is_not(None), Comment.area == area)
        .order_by(Comment.id)
    )  # fmt: skip
    return [
        CodedTwice(
            each.id, each.city, each.text, each.lang,
            Said(tuple(each.first_themes.split()), each.first_kind), Said(tuple(each.themes.split()), each.kind),
        )
        for each in session.execute(statement)
    ]  # fmt: skip


def agreement_on(theme: str, twice: Sequence[CodedTwice], above: Mapping[str, Collection[str]]) -> ThemeAgreement:
    """Count how two coders used a theme; `above` gives for each code the themes it stands for, itself among them."""
    counts = [0, 0, 0, 0]
    for each in twice:
        first, second = (
            any(theme in above.get(code, (code,)) for code in said.themes) for said in (each.first, each.second)
        )
        counts[2 * (not first) + (not second)] += 1
    return ThemeAgreement(*counts)


def themes_above(themes: Sequence[Theme]) -> dict[str, frozenset[str]]:
    """Give for each code what a suggestion coded so is about: where it was merged into, and what is above that."""
    by_code = {theme.code: theme for theme in themes}

    def climb(code: str | None) -> frozenset[str]:
        theme = by_code.get(code or "")
        if theme is None:
            return frozenset()
        here = climb(theme.merged_into) if theme.merged_into else frozenset((theme.code,))
        return here | climb(theme.parent)

    return {code: climb(code) | {code} for code in by_code}


def _coded_since(session: Session) -> dict[str, list[str]]:
    """List by city the suggestions whose first coding no draw has looked at, and note that one did."""
    weighed = select(CommentCoding.comment).where(CommentCoding.weighed.is_(True))
    coded = select(CommentCode.comment).where(CommentCode.comment == Comment.id)
    new = (
        select(Comment.city, Comment.id)
        .join(CommentCoding, CommentCoding.comment == Comment.id)
        .where(CommentCoding.weighed.is_(False), CommentCoding.comment.not_in(weighed))
        .where(Comment.state.in_(CODABLE), coded.exists())
        .distinct()
        .order_by(Comment.id)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for city, comment in session.execute(new):
        found[city].append(comment)
    session.execute(update(CommentCoding).where(CommentCoding.weighed.is_(False)).values(weighed=True))
    return found


def _lot(comments: list[str], chance: Chance) -> list[str]:
    """Draw five of a hundred: the whole part surely, what is left over with its chance, so that nobody can count."""
    wanted = SHARE * len(comments)
    whole = int(wanted)
    return chance.sample(comments, whole + (chance.random() < wanted - whole))


class _Coders:
    """Who may code in each city, and how much waits for them; read once a draw."""

    def __init__(self, session: Session, day: date) -> None:
        self._session, self._day = session, day
        self._roles = [
            role for role in CITY_ROLES if rights()[Permission.CODE_COMMENTS][Role(role)] is not Scope.NOWHERE
        ]
        self._of_city: dict[str, list[int]] = {}
        waiting = select(SecondCoding.coder).where(SecondCoding.at.is_(None))
        self._load = Counter(session.scalars(waiting))

    def of(self, city: str) -> list[int]:
        """List who may code in a city."""
        if city not in self._of_city:
            self._of_city[city] = list_holders(self._session, self._roles, self._day, city=city)
        return self._of_city[city]

    def choose(self, city: str, comment: str, chance: Chance) -> int | None:
        """Choose who waits for least of those who never coded it; None where nobody is left."""
        first = set(self._session.scalars(select(CommentCoding.coder).where(CommentCoding.comment == comment)))
        there = [person for person in self.of(city) if person not in first]
        if not there:
            return None
        chosen = min(there, key=lambda person: (self._load[person], chance.random()))
        self._load[chosen] += 1
        return chosen


def _add(session: Session, comment: str, coder: int, day: date) -> None:
    session.add(SecondCoding(
        comment=comment, drawn_on=day, coder=coder, themes="", kind=None, first_themes="", first_kind=None, at=None,
    ))  # fmt: skip


def _relieve(session: Session, people: _Coders, chance: Chance) -> None:
    """Ask others in place of those who may not code there any more; drop what is hidden, or nobody else can code."""
    rows: Any = (
        select(SecondCoding, Comment.city, Comment.state)
        .join(Comment, Comment.id == SecondCoding.comment)
        .where(SecondCoding.at.is_(None))
    )
    for row, city, state in session.execute(rows).all():
        if state in CODABLE and row.coder in people.of(city):
            continue
        other = people.choose(city, row.comment, chance) if state in CODABLE else None
        if other is None:
            session.execute(delete(SecondCoding).where(SecondCoding.comment == row.comment))
        else:
            row.coder = other
    session.flush()
