"""Members of staff who are told something."""

import secrets

from sqlalchemy.orm import Session

from app.accounts.models import Staff
from tests.conftest import NOW


def add_staff(
    session: Session, email: str = "", *, language: str = "en", name: str = "A. B.", digest: bool = True
) -> int:
    staff = Staff(
        email=email or f"{secrets.token_hex(4)}@example.kz",
        name=name,
        language=language,
        password_hash=None,
        handle=secrets.token_bytes(64),
        active=True,
        created_at=NOW,
        last_seen_on=None,
        keys_on=True,
        digest_on=digest,
        failed_tries=0,
        wait_until=None,
    )
    session.add(staff)
    session.flush()
    return staff.id
