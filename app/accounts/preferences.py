"""What members of staff choose for themselves."""

from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.audit.journal import Actor, Entry, record


def choose(
    session: Session,
    actor: Actor,
    *,
    language: str | None = None,
    keys_on: bool | None = None,
    digest_on: bool | None = None,
) -> None:
    """Keep a person's own language (kk, ru, en), single keys and morning mail; what is None stays."""
    person = session.get_one(Staff, actor.id)
    wishes = {"language": language, "keys_on": keys_on, "digest_on": digest_on}
    detail = {name: wish for name, wish in wishes.items() if wish is not None}
    for name, wish in detail.items():
        setattr(person, name, wish)
    record(session, actor, Entry(event="staff.chose", object_kind="staff", object_id=str(person.id), detail=detail))


def speak(session: Session, actor: Actor, language: str) -> None:
    """Keep a person's language (kk, ru, en) where it is another one than before."""
    if session.get_one(Staff, actor.id).language != language:
        choose(session, actor, language=language)
