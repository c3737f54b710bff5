"""The list of documents, and the cities that have none in force."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.permissions import Person
from app.initiatives.documents import DocumentKind, DocumentState
from app.initiatives.models import CityDocument
from app.web.console.initiatives.listing import readership
from app.web.console.initiatives.words import DOCUMENT_STATES
from app.web.console.tables import Column, Filter, Listing, choice
from app.web.console.values.listing import visible_cities
from app.web.initiatives.words import DOCUMENT_KINDS
from app.web.language import _l, current_language

_PUBLIC = (DocumentState.RELEASED, DocumentState.REPLACED, DocumentState.WITHDRAWN)


def document_statement(person: Person) -> Select[*tuple[Any, ...]]:
    """Select the documents that a person may see: of their cities all, of others what was released."""
    eyes = readership(person)
    own = CityDocument.city.in_(sorted(eyes.own))
    seen: ColumnElement[bool] = own
    if eyes.reads_drafts:
        seen = CityDocument.id.is_not(None)
    elif eyes.is_ministry:
        seen = or_(own, CityDocument.state.in_(_PUBLIC))
    columns = (
        CityDocument.id, CityDocument.city, CityDocument.kind, CityDocument.state, CityDocument.title_kk,
        CityDocument.title_ru, CityDocument.title_en, CityDocument.document_day, CityDocument.is_approved,
        CityDocument.approved_on, CityDocument.approved_by_kk, CityDocument.approved_by_ru,
        CityDocument.approved_by_en, CityDocument.address,
    )  # fmt: skip
    return select(*columns).where(seen, CityDocument.state != DocumentState.REMOVED)


def make_documents(person: Person) -> Listing:
    """Make the list of documents that a person may see."""
    eyes, language = readership(person), current_language()
    cities = visible_cities(None if eyes.is_ministry else eyes.own)
    states = {state: str(badge.words) for state, badge in DOCUMENT_STATES.items()}
    filters: list[Filter] = [
        choice("kind", _l("Kind"), CityDocument.kind, {kind: str(words) for kind, words in DOCUMENT_KINDS.items()}),
        choice("state", _l("State"), CityDocument.state, states),
    ]
    columns = [
        Column("kind", _l("Kind"), lambda row: str(DOCUMENT_KINDS[row.kind]), (CityDocument.kind,)),
        Column("title", _l("Document"), lambda row: getattr(row, f"title_{language}")),
        Column("day", _l("Day"), lambda row: row.document_day, (CityDocument.document_day,)),
        Column("approved", _l("Approved by"), lambda row: getattr(row, f"approved_by_{language}")),
        Column("state", _l("State"), lambda row: states[row.state], (CityDocument.state,)),
        Column("address", _l("Address"), lambda row: row.address),
    ]
    if len(cities) > 1:
        filters.insert(0, choice("city", _l("City"), CityDocument.city, cities))
        of_city = Column("city", _l("City"), lambda row: cities.get(row.city, row.city), (CityDocument.city,))
        columns.insert(0, of_city)
    return Listing(
        name="documents", columns=tuple(columns), filters=tuple(filters), key=(CityDocument.id,), sort="-day"
    )


def without_documents(session: Session, person: Person) -> dict[str, list[str]]:
    """Give, by kind, the names of the person's cities that have no document of it in force."""
    eyes = readership(person)
    cities = visible_cities(None if eyes.is_ministry else eyes.own)
    in_force = session.execute(
        select(CityDocument.kind, CityDocument.city, func.count())
        .where(CityDocument.state == DocumentState.RELEASED)
        .group_by(CityDocument.kind, CityDocument.city)
    )
    there = {(kind, city) for kind, city, _number in in_force}
    return {str(kind): [name for code, name in cities.items() if (kind, code) not in there] for kind in DocumentKind}
