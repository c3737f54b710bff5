"""What the portal reads: publications, newest first, and their bundles."""

import hashlib
from collections.abc import Callable
from datetime import date
from threading import Lock
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.publishing.bundle import Bundle
from app.publishing.models import DraftFile, Publication, PublicationFile, PublicationRequest
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


class Correction(NamedTuple):
    """That a later publication corrects one, and why."""

    number: int
    reason: Text3


class Published(NamedTuple):
    """A publication as it is shown: what it holds for ever, and whether it still stands."""

    bundle: Bundle
    withdrawal: Withdrawal | None
    correction: Correction | None = None


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
    return Published(bundle, _withdrawal(row), _correction(session, number)) if row and bundle else None


def get_draft(session: Session, request: int) -> Published | None:
    """Give a publication that is asked for as it would be; None before it was computed. Only staff may see it."""
    content = _draft_file(session, request, BUNDLE)
    return Published(_parsed(hashlib.sha256(content).hexdigest(), lambda: content), None) if content else None


def get_draft_derivation(session: Session, request: int, city: str) -> bytes | None:
    """Give how a city's total came about in a publication that is asked for; None where there is nothing of it."""
    return _draft_file(session, request, derivation_path(city))


def _draft_file(session: Session, request: int, path: str) -> bytes | None:
    which = (DraftFile.request == request, DraftFile.path == path)
    return session.execute(select(DraftFile.content).where(*which)).scalar_one_or_none()


def get_bundle(session: Session, number: int) -> Bundle | None:
    """Give a publication's bundle, parsed once per process; None when there is no such number."""
    this = (PublicationFile.publication == number, PublicationFile.path == BUNDLE)
    digest = session.execute(select(PublicationFile.sha256).where(*this)).scalar_one_or_none()
    if digest is None:
        return None
    return _parsed(digest, lambda: session.execute(select(PublicationFile.content).where(*this)).scalar_one())


def get_current_bundle(session: Session) -> Bundle | None:
    """Give the bundle of the newest publication that is not withdrawn, in one statement once it was parsed."""
    files = select(PublicationFile.sha256, PublicationFile.publication).join(
        Publication, Publication.number == PublicationFile.publication
    )
    in_force = files.where(Publication.state == "published", PublicationFile.path == BUNDLE)
    row = session.execute(in_force.order_by(Publication.number.desc()).limit(1)).first()
    if row is None:
        return None
    this = (PublicationFile.publication == row.publication, PublicationFile.path == BUNDLE)
    return _parsed(row.sha256, lambda: session.execute(select(PublicationFile.content).where(*this)).scalar_one())


def _parsed(digest: str, content: Callable[[], bytes]) -> Bundle:
    with _lock:
        if digest not in _bundles:
            _bundles[digest] = Bundle.from_json(content().decode())
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


def _correction(session: Session, number: int) -> Correction | None:
    """Find the newest publication that corrects one and stands."""
    statement = (
        select(PublicationRequest)
        .join(Publication, Publication.number == PublicationRequest.publication)
        .where(PublicationRequest.corrects == number, Publication.state == "published")
        .order_by(PublicationRequest.publication.desc())
        .limit(1)
    )
    row = session.scalars(statement).first()
    if row is None or row.publication is None:
        return None
    return Correction(row.publication, Text3(row.correction_kk, row.correction_ru, row.correction_en))


def _title(session: Session, row: Publication) -> Text3:
    bundle = get_bundle(session, row.number)
    return bundle.method.title if bundle else Text3(row.edition, row.edition, row.edition)
