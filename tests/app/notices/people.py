"""Members of staff who are told something."""

from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.permissions import Role
from tests.builders.staff import make_staff


def add_staff(
    session: Session,
    email: str = "",
    role: Role | None = None,
    city: str | None = None,
    *,
    language: str = "en",
    name: str = "A. B.",
    digest: bool = True,
) -> int:
    """Store a person with an address of one's own, and give the id."""
    person = make_staff(session, role, city, name=name, language=language)
    row = session.get_one(Staff, person.id)
    row.email, row.digest_on = email or row.email, digest
    session.flush()
    return person.id
