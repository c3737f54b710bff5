"""What a member of staff chooses for themselves."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.audit.journal import Actor, Entry, record


def choose_language(session: Session, actor: Actor, language: str) -> None:
    """Let the console speak a language to whoever chooses it: kk, ru or en."""
    session.execute(update(Staff).where(Staff.id == actor.id).values(language=language))
    entry = Entry(
        event="staff.language_chosen", object_kind="staff", object_id=str(actor.id), detail={"language": language}
    )
    record(session, actor, entry)
