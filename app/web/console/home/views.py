"""What the first page shows."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from app.accounts.permissions import Person
from app.web.console.layout import console
from app.web.console.menu import WaitingLine, WaitingNumbers


def waiting_for(session: Session, person: Person) -> list[WaitingLine]:
    """List what waits for a person, what is urgent first."""
    said = [each for ask in console().waiting for each in ask(session, person)]
    rows = _read(session, [each for each in said if isinstance(each, WaitingNumbers)])
    lines: list[WaitingLine] = []
    for each in said:
        lines += each.lines(*next(rows)) if isinstance(each, WaitingNumbers) else [each]
    return sorted(lines, key=lambda line: not line.urgent)


def _read(session: Session, wanted: Sequence[WaitingNumbers]) -> Iterator[tuple[Any, ...]]:
    """Give the row of each, all read in one statement."""
    parts = [each.statement.subquery() for each in wanted]
    if not parts:
        return
    together: Any = parts[0]
    for part in parts[1:]:
        together = together.join(part, true())  # one row beside one row
    numbers = list(
        session.execute(select(*(column for part in parts for column in part.c)).select_from(together)).one()
    )
    for part in parts:
        yield tuple(numbers[: len(part.c)])
        del numbers[: len(part.c)]
