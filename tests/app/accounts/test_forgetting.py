from datetime import timedelta

from sqlalchemy import select

from app.accounts import forgetting, invitations, sessions, signing_in
from app.accounts.models import Invitation, LoginSession, SignInDelay
from app.accounts.permissions import Role
from app.clock import FrozenClock
from app.database import Database
from tests.app.accounts.conftest import KEYS, Invite


def test_what_opens_nothing_is_forgotten_after_a_while(database: Database, clock: FrozenClock, invite: Invite) -> None:
    staff, now = invite("owner", Role.AUDITOR), clock.now()
    with database.writing() as session:
        invitations.make(session, staff, now)
        sessions.open_session(session, staff, now, "")
        signing_in.begin(session, KEYS, "owner@example.kz", now)

    def left() -> list[int]:
        with database.reading() as session:
            return [len(session.scalars(select(table)).all()) for table in (Invitation, LoginSession, SignInDelay)]

    assert left() == [1, 1, 1]
    for later, expected in (({"hours": 1}, [1, 1, 1]), ({"days": 4}, [0, 1, 0]), ({"days": 8}, [0, 0, 0])):
        with database.writing() as session:
            assert forgetting.forget_old(session, now + timedelta(**later)).startswith("forgot ")
        assert left() == expected
