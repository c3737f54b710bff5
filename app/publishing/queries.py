"""What the portal reads: publications, newest first, and their bundles."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.publishing.bundle import Bundle, Words
from app.publishing.models import Publication, PublicationFile

BUNDLE = "bundle.json"


class PublicationLine(NamedTuple):
    """A publication in a list."""

    number: int
    edition: str
    title: Words
    published_on: date
    withdrawn: bool


def current_number(session: Session) -> int | None:
    """Find the newest publication that stands, if there is one."""
    newest = select(func.max(Publication.number)).where(Publication.state == "published")
    return session.execute(newest).scalar_one_or_none()


def list_publications(session: Session) -> tuple[PublicationLine, ...]:
    """List all publications, newest first."""
    rows = session.execute(select(Publication).order_by(Publication.number.desc())).scalars()
    return tuple(
        PublicationLine(row.number, row.edition, _title(session, row), row.published_on, row.state == "withdrawn")
        for row in rows
    )


def get_bundle(session: Session, number: int) -> Bundle | None:
    """Give a publication's bundle; None when there is no such number."""
    content = session.execute(
        select(PublicationFile.content).where(PublicationFile.publication == number, PublicationFile.path == BUNDLE)
    ).scalar_one_or_none()
    return None if content is None else _parsed(content)


@lru_cache(maxsize=16)
def _parsed(content: bytes) -> Bundle:
    return Bundle.from_json(content.decode())


def _title(session: Session, row: Publication) -> Words:
    bundle = get_bundle(session, row.number)
    return bundle.method.title if bundle else Words(row.edition, row.edition, row.edition)
