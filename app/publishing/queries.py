"""What the portal reads: publications, newest first, and their bundles."""

from datetime import date
from threading import Lock
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.publishing.bundle import Bundle
from app.publishing.models import Publication, PublicationFile
from surveys.languages import Text3

BUNDLE = "bundle.json"
CACHED = 16
"""Parsed bundles kept in memory."""


class Withdrawal(NamedTuple):
    """That a publication was withdrawn: when and why, and what takes its place; None where nobody said so."""

    day: date | None
    reason: Text3 | None
    successor: int | None


class PublicationLine(NamedTuple):
    """A publication in a list."""

    number: int
    edition: str
    title: Text3
    published_on: date
    withdrawal: Withdrawal | None


class Published(NamedTuple):
    """A publication as it is shown: what it holds for ever, and whether it still stands."""

    bundle: Bundle
    withdrawal: Withdrawal | None


def current_number(session: Session) -> int | None:
    """Give the number of the newest publication that is not withdrawn; None when there is none."""
    newest = select(func.max(Publication.number)).where(Publication.state == "published")
    return session.execute(newest).scalar_one_or_none()


def list_publications(session: Session) -> tuple[PublicationLine, ...]:
    """List all publications, newest first."""
    rows = session.execute(select(Publication).order_by(Publication.number.desc())).scalars()
    return tuple(
        PublicationLine(row.number, row.edition, _title(session, row), row.published_on, _withdrawal(row))
        for row in rows
    )


def get_published(session: Session, number: int) -> Published | None:
    """Give a publication with its withdrawal; None when there is no such number."""
    row, bundle = session.get(Publication, number), get_bundle(session, number)
    return Published(bundle, _withdrawal(row)) if row and bundle else None


def get_bundle(session: Session, number: int) -> Bundle | None:
    """Give a publication's bundle, parsed once per process; None when there is no such number."""
    this = (PublicationFile.publication == number, PublicationFile.path == BUNDLE)
    digest = session.execute(select(PublicationFile.sha256).where(*this)).scalar_one_or_none()
    if digest is None:
        return None
    with _lock:
        if digest not in _bundles:
            content = session.execute(select(PublicationFile.content).where(*this)).scalar_one()
            _bundles[digest] = Bundle.from_json(content.decode())
            if len(_bundles) > CACHED:
                _bundles.pop(next(iter(_bundles)))
        return _bundles[digest]


def get_derivation(session: Session, number: int, city: str) -> bytes | None:
    """Give how a city's total came about, as JSON; None where it was not published."""
    return session.execute(
        select(PublicationFile.content).where(
            PublicationFile.publication == number, PublicationFile.path == derivation_path(city)
        )
    ).scalar_one_or_none()


def derivation_path(city: str) -> str:
    """Give the path of a city's derivation in a publication."""
    return f"explain/{city}.json"


_lock = Lock()
_bundles: dict[str, Bundle] = {}


def _withdrawal(row: Publication) -> Withdrawal | None:
    if row.state != "withdrawn":
        return None
    words = (row.reason_kk, row.reason_ru, row.reason_en)
    reason = Text3(*(word or "" for word in words)) if all(words) else None
    return Withdrawal(row.withdrawn_on, reason, row.successor)


def _title(session: Session, row: Publication) -> Text3:
    bundle = get_bundle(session, row.number)
    return bundle.method.title if bundle else Text3(row.edition, row.edition, row.edition)
