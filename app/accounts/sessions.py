"""Sessions of browsers that are signed in: rows of the database, which hold hashes of what the browsers hold."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, select, update
from sqlalchemy.orm import Session

from app.accounts.models import LoginSession, RoleGrant, Staff
from app.accounts.permissions import Person
from app.accounts.queries import GRANT, PERSON, holding, person_of
from app.clock import day_of

IDLE = timedelta(minutes=30)
"""A session that nobody used for so long is over."""
LONGEST = timedelta(hours=12)
"""A session is over after so long, however much it is used."""
STEP_UP = timedelta(minutes=10)
"""How long a second factor given once more is good for."""
SEEN_EVERY = timedelta(seconds=20)
"""A session is noted as used no oftener than this: each note is a write."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who sends a request, as read at this request."""

    person: Person
    public_id: str
    created_at: datetime
    seen_at: datetime
    stepped_up_at: datetime | None

    def is_stepped_up(self, at: datetime) -> bool:
        """Tell whether a second factor was given within the last ten minutes."""
        return self.stepped_up_at is not None and at - self.stepped_up_at < STEP_UP


def open_session(session: Session, staff_id: int, at: datetime, label: str) -> str:
    """Open a session of a person who gave two factors just now; gives the token for the cookie."""
    token = secrets.token_urlsafe(32)
    row = LoginSession(
        mark=mark_of(token),
        public_id=secrets.token_hex(8),
        staff=staff_id,
        created_at=at,
        seen_at=at,
        stepped_up_at=at,
        label=label[:80],
    )
    session.add(row)
    session.flush()
    return token


def read_session(session: Session, token: str, at: datetime) -> SignedIn | None:
    """Find whose token it is, with their rights of this moment, in one statement; None when it opens nothing."""
    day = day_of(at)
    own = (LoginSession.public_id, LoginSession.created_at, LoginSession.seen_at, LoginSession.stepped_up_at)
    statement = (
        select(*PERSON, *GRANT, *own)
        .join(LoginSession, LoginSession.staff == Staff.id)
        .outerjoin(RoleGrant, and_(RoleGrant.staff == Staff.id, holding(day)))
        .where(
            LoginSession.mark == mark_of(token),
            LoginSession.seen_at > at - IDLE,
            LoginSession.created_at > at - LONGEST,
            Staff.active,
        )
        .order_by(RoleGrant.id)
    )
    rows = session.execute(statement).all()
    person = person_of(rows)
    if person is None:
        return None
    first = rows[0]
    return SignedIn(person, first.public_id, first.created_at, first.seen_at, first.stepped_up_at)


def owner_of(session: Session, token: str) -> int | None:
    """Tell whose session a token was, also where it is over; None for a token that is not known any more."""
    return session.scalars(select(LoginSession.staff).where(LoginSession.mark == mark_of(token))).first()


def note_use(session: Session, public_id: str, at: datetime) -> None:
    """Note that a session was used just now."""
    session.execute(update(LoginSession).where(LoginSession.public_id == public_id).values(seen_at=at))


def step_up(session: Session, token: str, at: datetime) -> str:
    """Note that a second factor was given once more; gives the new token, for the old one opens nothing any more."""
    fresh = secrets.token_urlsafe(32)
    session.execute(
        update(LoginSession)
        .where(LoginSession.mark == mark_of(token))
        .values(mark=mark_of(fresh), stepped_up_at=at, seen_at=at)
    )
    return fresh


def end_session(session: Session, public_id: str) -> None:
    """End a session."""
    session.execute(delete(LoginSession).where(LoginSession.public_id == public_id))


def end_sessions(session: Session, staff: int, *, but: str = "") -> int:
    """End a person's sessions, but for the one with a mark; gives how many."""
    ended = delete(LoginSession).where(LoginSession.staff == staff, LoginSession.mark != but)
    return len(session.execute(ended.returning(LoginSession.mark)).all())


def mark_of(token: str) -> str:
    """Give what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
