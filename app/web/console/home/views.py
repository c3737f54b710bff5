"""What the first page shows."""

from sqlalchemy.orm import Session

from app.accounts.permissions import Person
from app.web.console.layout import console
from app.web.console.menu import WaitingLine


def waiting_for(session: Session, person: Person) -> list[WaitingLine]:
    """List what waits for a person, what is urgent first."""
    lines = [line for ask in console().waiting for line in ask(session, person)]
    return sorted(lines, key=lambda line: not line.urgent)
