"""Documents of cities, their strategy and their architecture: kept by the city, released by its lead, then frozen.

A released one is not changed: another takes its place, and it stays readable below. What is told of it is public: the
body that approved it, never a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.clock import day_of
from app.initiatives.contents import FIRST_YEAR, LAST_YEAR, checked_text, raise_all
from app.initiatives.errors import (
    FieldFault,
    Lack,
    StaleInitiativeError,
    UnknownDocumentError,
    WrongDocumentStateError,
)
from app.initiatives.keeping import checked_address
from app.initiatives.models import CityDocument
from surveys.languages import LANGUAGES
from surveys.sql import hold_journal

LONGEST_TITLE, LONGEST_BODY, LONGEST_DECISION = 300, 200, 80
SHORTEST_REASON, LONGEST_REASON = 20, 400
FIRST_DAY = date(1990, 1, 1)


class DocumentKind(StrEnum):
    """What a document is."""

    STRATEGY = "strategy"
    ARCHITECTURE = "architecture"


class DocumentState(StrEnum):
    """Where a document stands."""

    DRAFT = "draft"
    RELEASED = "released"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    """Released by mistake; everybody reads why it went."""
    REMOVED = "removed"
    """A draft that was given up; nobody else ever saw it."""


class OpenDocument(NamedTuple):
    """What was on somebody's screen: a document of a city, and its version."""

    city: str
    number: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentContent:
    """What is told of a document."""

    kind: str
    title_kk: str
    title_ru: str
    title_en: str
    document_day: date
    is_approved: bool
    approved_on: date | None
    approved_by_kk: str
    approved_by_ru: str
    approved_by_en: str
    decision: str
    until_year: int | None
    address: str
    replaces: int | None


DOCUMENT_FIELDS = tuple(each.name for each in fields(DocumentContent))


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedDocument:
    """What was typed of a document, texts as they came."""

    texts: Mapping[str, str]
    document_day: date | None = None
    approved_on: date | None = None
    is_approved: bool = False


def read_document(typed: TypedDocument, today: date) -> DocumentContent:
    """Read what was typed; raise ContentError with every fault."""
    faults: list[FieldFault] = []
    texts = {name: _text(name, typed.texts, LONGEST_TITLE, faults) for name in _of_languages("title")}
    faults += [FieldFault(name, Lack.NEEDED) for name, text in texts.items() if not text]
    bodies = dict.fromkeys(_of_languages("approved_by"), "")
    if typed.is_approved:
        bodies = {name: _text(name, typed.texts, LONGEST_BODY, faults) for name in bodies}
        faults += [FieldFault(name, Lack.NEEDED) for name, text in bodies.items() if not text]
    kind = typed.texts.get("kind", "")
    if kind not in set(DocumentKind):
        faults.append(FieldFault("kind", Lack.CHOICE))
    address, wrong = checked_address("address", typed.texts.get("address", ""), needed=True)
    faults += wrong + _day_faults(typed, today)
    decision = _text("decision", typed.texts, LONGEST_DECISION, faults) if typed.is_approved else ""
    year = typed.texts.get("until_year", "").strip()
    if year and not (year.isascii() and year.isdecimal() and FIRST_YEAR <= int(year[:9]) <= LAST_YEAR):
        faults.append(FieldFault("until_year", Lack.NOT_A_NUMBER))
    replaces = typed.texts.get("replaces", "")
    raise_all(faults)
    return DocumentContent(
        kind=kind,
        document_day=typed.document_day or today,
        is_approved=typed.is_approved,
        approved_on=typed.approved_on if typed.is_approved else None,
        decision=decision,
        until_year=int(year) if year else None,
        address=address,
        replaces=int(replaces) if replaces.isdecimal() and len(replaces) < 10 else None,
        **texts,
        **bodies,
    )


def add_document(session: Session, city: str, content: DocumentContent, actor: Actor) -> int:
    """Keep a draft of a document; gives its number. Raises ContentError."""
    hold_journal(session)
    _check_replaced(session, city, content, 0)
    row = CityDocument(
        city=city,
        state=DocumentState.DRAFT,
        written_by=actor.id,
        reason_kk="",
        reason_ru="",
        changed_at=actor.at,
        version=1,
        **_columns(content),
    )
    session.add(row)
    session.flush()
    _record(session, actor, row, "document.kept")
    return row.id


def change_document(session: Session, target: OpenDocument, content: DocumentContent, actor: Actor) -> None:
    """Change a draft; nothing happens where it says the same.

    Raises UnknownDocumentError, WrongDocumentStateError, StaleInitiativeError, ContentError.
    """
    row = _hold(session, target)
    if row.state != DocumentState.DRAFT:
        raise WrongDocumentStateError(row.state)
    _check_replaced(session, target.city, content, target.number)
    columns = _columns(content)
    if all(getattr(row, name) == value for name, value in columns.items()):
        return
    for name, value in {**columns, "written_by": actor.id}.items():
        setattr(row, name, value)
    _changed(session, actor, row, "document.kept")


def remove_document(session: Session, target: OpenDocument, actor: Actor) -> None:
    """Give up a draft; raise UnknownDocumentError, WrongDocumentStateError, StaleInitiativeError."""
    row = _hold(session, target)
    if row.state != DocumentState.DRAFT:
        raise WrongDocumentStateError(row.state)
    row.state = DocumentState.REMOVED
    _changed(session, actor, row, "document.removed")


def release_document(session: Session, target: OpenDocument, actor: Actor) -> None:
    """Let everybody read of a document; the one that it replaces stays readable as an earlier one.

    Raises UnknownDocumentError, WrongDocumentStateError, StaleInitiativeError.
    """
    row = _hold(session, target)
    if row.state != DocumentState.DRAFT:
        raise WrongDocumentStateError(row.state)
    before = session.get(CityDocument, row.replaces) if row.replaces else None
    if before is not None:
        if before.state != DocumentState.RELEASED:
            raise WrongDocumentStateError(before.state)
        before.state, before.ended_on = DocumentState.REPLACED, day_of(actor.at)
        before.version += 1
    row.state, row.released_by, row.released_on = DocumentState.RELEASED, actor.id, day_of(actor.at)
    _changed(session, actor, row, "document.released")


def withdraw_document(session: Session, target: OpenDocument, reasons: tuple[str, str], actor: Actor) -> None:
    """Take back what was released, with a reason in Kazakh and in Russian that everybody reads.

    Raises ContentError, UnknownDocumentError, WrongDocumentStateError, StaleInitiativeError.
    """
    row = _hold(session, target)
    if row.state != DocumentState.RELEASED:
        raise WrongDocumentStateError(row.state)
    faults: list[FieldFault] = []
    typed = dict(zip(("reason_kk", "reason_ru"), reasons, strict=True))
    texts = {name: _text(name, typed, LONGEST_REASON, faults) for name in typed}
    short = (name for name, text in texts.items() if len(text) < SHORTEST_REASON)
    faults += [FieldFault(name, Lack.TOO_SHORT, SHORTEST_REASON) for name in short]
    raise_all(faults)
    row.state, row.ended_on = DocumentState.WITHDRAWN, day_of(actor.at)
    row.reason_kk, row.reason_ru = texts["reason_kk"], texts["reason_ru"]
    _changed(session, actor, row, "document.withdrawn")


def replaceable(session: Session, city: str) -> list[CityDocument]:
    """List a city's released documents, which a newer one can take the place of."""
    rows = select(CityDocument).where(CityDocument.city == city, CityDocument.state == DocumentState.RELEASED)
    return list(session.scalars(rows.order_by(CityDocument.document_day.desc(), CityDocument.id)))


def find_document(session: Session, city: str, number: int) -> CityDocument:
    """Find a document of a city that was not given up; raise UnknownDocumentError."""
    row = session.get(CityDocument, number, populate_existing=True)
    if row is None or row.city != city or row.state == DocumentState.REMOVED:
        raise UnknownDocumentError(number)
    return row


def _hold(session: Session, target: OpenDocument) -> CityDocument:
    hold_journal(session)
    row = find_document(session, target.city, target.number)
    if row.version != target.version:
        raise StaleInitiativeError(target.version, row.version)
    return row


def _check_replaced(session: Session, city: str, content: DocumentContent, own: int) -> None:
    """See that what a document replaces is a released one of the city and of its kind."""
    if content.replaces is None:
        return
    row = session.get(CityDocument, content.replaces)
    is_sound = row is not None and row.city == city and row.id != own and row.kind == content.kind
    if row is None or not is_sound or row.state != DocumentState.RELEASED:
        raise_all([FieldFault("replaces", Lack.UNKNOWN_DOCUMENT)])


def _day_faults(typed: TypedDocument, today: date) -> list[FieldFault]:
    days = {"document_day": typed.document_day}
    if typed.is_approved:
        days["approved_on"] = typed.approved_on
    faults = []
    for name, day in days.items():
        if day is None or day < FIRST_DAY:
            faults.append(FieldFault(name, Lack.DAY))
        elif day > today:
            faults.append(FieldFault(name, Lack.DAY_TO_COME))
    return faults


def _of_languages(name: str) -> list[str]:
    return [f"{name}_{language}" for language in LANGUAGES]


def _text(name: str, typed: Mapping[str, str], longest: int, faults: list[FieldFault]) -> str:
    text, wrong = checked_text(name, typed.get(name, ""), longest)
    faults += wrong
    return text


def _columns(content: DocumentContent) -> dict[str, object]:
    return {name: getattr(content, name) for name in DOCUMENT_FIELDS}


def _changed(session: Session, actor: Actor, row: CityDocument, event: str) -> None:
    row.version, row.changed_at = row.version + 1, actor.at
    session.flush()
    _record(session, actor, row, event)


def _record(session: Session, actor: Actor, row: CityDocument, event: str) -> None:
    entry = Entry(
        event=event,
        object_kind="document",
        object_id=str(row.id),
        city=row.city,
        detail={"kind": row.kind},
    )
    record(session, actor, entry)
