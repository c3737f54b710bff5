"""Takes a response back: out of the counts, out of the table; its spent ballot stays, so it is not answered again."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from surveys.models.responses import Response
from surveys.sql import hold_counts


def withdraw(session: Session, response: str) -> bool:
    """Take a response back; False when it is not there (any more)."""
    hold_counts(session)  # or a fold could count it between the look and the deletion
    row = session.get(Response, response, populate_existing=True)
    if row is None:
        return False
    if row.folded:
        from surveys.tallies import folding  # noqa: PLC0415 - only here does a web process need numpy

        folding.subtract(session, row.wave, (Response.id == response,))
    session.execute(delete(Response).where(Response.id == response))
    return True
