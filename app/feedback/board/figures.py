"""The figures of the board: what came, what was shown and hidden, and in what time a city answered."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, select, true
from sqlalchemy.orm import Session

from app.feedback import clock
from app.feedback.board.commitments import PublicCommitment
from app.feedback.commitment_states import OPEN
from app.feedback.models import REASONS
from app.feedback.queries import LIVE, WAITING
from app.feedback.reply_models import Commitment
from surveys.languages import Text3
from surveys.models.comments import Comment
from surveys.models.fieldwork import Wave
from surveys.questionnaire.definition import PUBLIC_AUDIENCES
from surveys.questionnaire.versions import get_compiled

HIDING_REASONS = REASONS
"""Why a suggestion can be hidden: a closed list, on which criticism is not."""


class CityFigures(NamedTuple):
    """The figures of one city, of all its waves.

    `received` are the suggestions that the desk has and that were not taken back: those that wait for a decision, are
    shown, are shown with parts blacked out, and are hidden. Of those that are shown, `due` had their term, and a reply
    reached them in time, late or never.
    """

    city: str
    received: int = 0
    waiting: int = 0
    shown: int = 0
    redacted: int = 0
    hidden: int = 0
    in_time: int = 0
    late: int = 0
    never: int = 0
    commitments: int = 0
    overdue: int = 0

    @property
    def readable(self) -> int:
        """Count what everybody may read, in part or whole."""
        return self.shown + self.redacted

    @property
    def due(self) -> int:
        """Count the shown suggestions whose term has passed."""
        return self.in_time + self.late + self.never

    @property
    def hidden_percent(self) -> int | None:
        """Give the share of what was received that is hidden."""
        return percent(self.hidden, self.received)

    @property
    def in_time_percent(self) -> int | None:
        """Give the share of what was due that a reply reached in time."""
        return percent(self.in_time, self.due)

    @property
    def late_percent(self) -> int | None:
        """Give the share of what was due that a reply reached late."""
        return percent(self.late, self.due)

    @property
    def never_percent(self) -> int | None:
        """Give the share of what was due that no reply reached."""
        return percent(self.never, self.due)


class Asked(NamedTuple):
    """What the waves tell of the board: names of the areas as the questionnaire orders them, and whether it is real."""

    areas: Mapping[str, Text3]
    is_illustrative: bool
    """Whether suggestions of waves that are nobody's stand among those that are counted."""


def percent(part: int, whole: int) -> int | None:
    """Give a share in whole percent, halves upwards; None of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else None


def list_figures(session: Session, today: date) -> tuple[dict[str, CityFigures], Asked]:
    """Give the figures of every city that has any."""
    counts, asked = _states(session)
    clocks = clock.figures(session, today)
    is_overdue = Commitment.state.in_(OPEN) & (Commitment.due < today)
    promised = (
        select(Commitment.city, func.count(), func.sum(case((is_overdue, 1), else_=0)))
        .where(Commitment.state != "draft")
        .group_by(Commitment.city)
    )
    commitments = {city: (n, overdue) for city, n, overdue in session.execute(promised)}
    cities = counts.keys() | clocks.keys() | commitments.keys()
    return {
        city: _figures(city, counts.get(city, Counter()), clocks.get(city), commitments.get(city, (0, 0)))
        for city in cities
    }, asked


def get_figures(
    session: Session, city: str, today: date, commitments: Iterable[PublicCommitment]
) -> tuple[CityFigures, Asked]:
    """Give the figures of one city, whose commitments are at hand."""
    counts, asked = _states(session, city)
    promised = tuple(commitments)
    overdue = sum(each.is_overdue(today) for each in promised)
    clocks = clock.figures(session, today, city)
    return _figures(city, counts.get(city, Counter()), clocks.get(city), (len(promised), overdue)), asked


def get_asked(session: Session) -> Asked:
    """Give the names of the areas alone, and whether any wave is nobody's."""
    statement = select(Wave.version, Wave.audience, Wave.illustrative).where(Wave.audience.in_(PUBLIC_AUDIENCES))
    rows = session.execute(statement).all()
    return _asked(session, {(row.audience, row.version) for row in rows}, any(row.illustrative for row in rows))


def _states(session: Session, city: str | None = None) -> tuple[dict[str, Counter[str]], Asked]:
    statement = (
        select(Wave.version, Wave.audience, Wave.illustrative, Comment.city, Comment.state, func.count())
        .outerjoin(Comment, (Comment.wave == Wave.code) & Comment.state.in_(LIVE) & _is_of(city))
        .where(Wave.audience.in_(PUBLIC_AUDIENCES))
        .group_by(Wave.code, Wave.version, Wave.audience, Wave.illustrative, Comment.city, Comment.state)
    )
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    versions, is_illustrative = set(), False
    for version, audience, illustrative, where, state, n in session.execute(statement):
        versions.add((audience, version))
        if where is not None:
            counts[where][state] += n
            is_illustrative |= illustrative
    return counts, _asked(session, versions, is_illustrative)


def _is_of(city: str | None) -> ColumnElement[bool]:
    return true() if city is None else Comment.city == city


def _asked(session: Session, versions: Iterable[tuple[str, str]], is_illustrative: bool) -> Asked:
    """Name the areas as the questionnaires do: residents' first, who are asked about all of them."""
    names: dict[str, Text3] = {}
    for _audience, version in sorted(versions, reverse=True):
        for page in get_compiled(session, version).questionnaire.pages:
            if page.area:
                names.setdefault(page.area, Text3(*page.title))
    return Asked(names, is_illustrative)


def _figures(
    city: str, states: Counter[str], answered: clock.AnswerFigures | None, commitments: tuple[int, int]
) -> CityFigures:
    return CityFigures(
        city=city,
        received=states.total(),
        waiting=sum(states[each] for each in WAITING),
        shown=states["shown"],
        redacted=states["shown_redacted"],
        hidden=states["hidden"],
        in_time=answered.in_time if answered else 0,
        late=answered.late if answered else 0,
        never=answered.never if answered else 0,
        commitments=commitments[0],
        overdue=commitments[1],
    )
