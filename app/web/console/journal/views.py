"""What the page of the journal shows, and what of it a person may see."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, case, cast, false, or_, select, true
from sqlalchemy import String as Text
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.permissions import Permission, Person, Role, Scope, rights
from app.audit.models import JournalRow
from app.audit.verify import Fault, last_check
from app.clock import KAZAKHSTAN
from app.indicators.examination import BY_ASSESSORS
from app.initiatives.visible import AMONG_EXAMINERS, BY_EXAMINERS
from app.web.console.journal.words import EVENTS
from app.web.console.layout import city_name
from app.web.console.tables import Column, Filter, Listing, choice
from app.web.language import _, _l
from surveys.population.places import load_places

OF_STAFF = ("staff", "mail", "calendar")
"""Kinds of objects whose events administrators read: people and the machine, no data."""

AMONG_ASSESSORS = ("assignment.made", "assignment.released", "assessment.given", "value.split", *AMONG_EXAMINERS)
"""Who is asked, how many have judged, and that two differ is none of a city's business: it reads what was decided."""


def _selected(is_hidden: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Select rows; of those whose actor is hidden neither the name nor the hash, by which it could be guessed."""
    name, digest = case((is_hidden, None), else_=Staff.name), case((is_hidden, ""), else_=JournalRow.hash)
    return select(
        JournalRow.at, name.label("name"), is_hidden.label("is_hidden"), JournalRow.event, JournalRow.object_kind,
        JournalRow.object_id, JournalRow.city, JournalRow.detail, JournalRow.bulk, digest.label("hash"),
        JournalRow.seq,
    ).outerjoin(Staff, Staff.id == JournalRow.actor)  # fmt: skip


FAULTS: Mapping[str, str] = {
    Fault.GAP: _l("a row is missing there, or stands there twice"),
    Fault.LINK: _l("it does not follow the row before it"),
    Fault.HASH: _l("its texts are not those that were written"),
    Fault.HEAD: _l("it is not the row whose hash was published"),
    Fault.END: _l("its hash was published, and the journal ends before it"),
}


@dataclass(frozen=True, slots=True)
class ChainView:
    """What the newest verification found: moments in Kazakhstan, and the sentence about a row that does not hold."""

    since: datetime | None
    checked: datetime
    rows: int
    broken: str


def visible_to(person: Person) -> Select[*tuple[Any, ...]]:
    """Give the rows that a person may read: all, those about people, those of their own cities, by their roles.

    Whoever reads as one of a city reads of assessors their role alone.
    """
    scopes = rights()[Permission.READ_JOURNAL]
    parts: list[ColumnElement[bool]] = []
    for grant in person.grants:
        if grant.role is Role.ADMIN:
            parts.append(JournalRow.object_kind.in_(OF_STAFF))
        elif scopes[grant.role] is Scope.EVERYWHERE:
            parts.append(true())
        elif scopes[grant.role] is Scope.OWN:
            parts.append((JournalRow.city == grant.city) & JournalRow.event.not_in(AMONG_ASSESSORS))
    return _selected(_hidden_from(person)).where(or_(false(), *parts))


def _hidden_from(person: Person) -> ColumnElement[bool]:
    """Tell in which rows a person may not read who it was."""
    return false() if reads_all(person) else JournalRow.event.in_(BY_ASSESSORS | BY_EXAMINERS)


def _from_day(value: str) -> ColumnElement[bool]:
    day = _day(value)
    return JournalRow.at >= _midnight(day) if day else false()


def _until_day(value: str) -> ColumnElement[bool]:
    day = _day(value)
    return JournalRow.at < _midnight(day + timedelta(days=1)) if day else false()


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _midnight(day: date) -> str:
    """Give the beginning of a day in Kazakhstan as the journal writes moments."""
    return datetime.combine(day, time(), KAZAKHSTAN).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _cities() -> dict[str, str]:
    return dict(sorted(((city.code, city_name(city.code)) for city in load_places().cities), key=lambda each: each[1]))


def _named(person: Person, value: str) -> ColumnElement[bool]:
    """Look for a part of a name that a person may read.

    SQLite knows no small letters but Latin ones, so names are tried with capitals too.
    """
    parts = (value, value.title())
    return or_(*(Staff.name.icontains(part, autoescape=True) for part in parts)) & ~_hidden_from(person)


def _object(value: str) -> ColumnElement[bool]:
    """Look for a kind, an id, or a part of an id: "case", "2024/aktau/hlt_3", "hlt_3"."""
    same = JournalRow.object_kind == value, cast(JournalRow.seq, Text) == value
    return or_(*same, JournalRow.object_id.icontains(value, autoescape=True))


def reads_all(person: Person) -> bool:
    """Tell whether somebody reads the journal of the whole country, with the names of assessors in it."""
    return any(rights()[Permission.READ_JOURNAL][role] is Scope.EVERYWHERE for role in person.roles())


def who(row: Any) -> str:
    """Name the actor of a row: a person, an assessor without a name, or nobody ("") for the system."""
    return _("assessor of the ministry") if row.is_hidden else row.name or ""


def listing_of(person: Person) -> Listing:
    """Give the list as a person may filter it: nobody finds by a name what does not show them the name."""
    found = Filter("who", _l("Who"), partial(_named, person))
    return replace(LISTING, filters=(found, *LISTING.filters))


LISTING = Listing(
    name="journal",
    columns=(
        Column("row", _l("Row"), lambda row: row.seq, sort=(JournalRow.seq,), is_number=True),
        Column("at", _l("When"), lambda row: datetime.fromisoformat(row.at)),
        Column("who", _l("Who"), who),
        Column("event", _l("What"), lambda row: row.event),
        Column("kind", _l("Kind of object"), lambda row: row.object_kind),
        Column("object", _l("Object"), lambda row: row.object_id),
        Column("city", _l("City"), lambda row: row.city or ""),
        Column("detail", _l("Details"), lambda row: row.detail),
        Column("press", _l("Bulk action"), lambda row: row.bulk or ""),
        Column("hash", _l("Hash"), lambda row: row.hash),
    ),
    filters=(
        choice("event", _l("What"), JournalRow.event, EVENTS),
        Filter("object", _l("Object"), _object),
        Filter("city", _l("City"), lambda value: JournalRow.city == value, _cities),
        Filter("from", _l("From day"), _from_day, is_day=True),
        Filter("until", _l("Until day"), _until_day, is_day=True),
    ),
    key=(JournalRow.seq,),
    sort="-row",
)


def moment_of(at: str) -> datetime:
    """Read a moment of the journal, as it is in Kazakhstan."""
    return datetime.fromisoformat(at).astimezone(KAZAKHSTAN)


def chain_of(session: Session) -> ChainView | None:
    """Say what the newest verification found; None before the first."""
    check = last_check(session)
    if check is None:
        return None
    first = session.scalar(select(JournalRow.at).order_by(JournalRow.seq).limit(1))
    broken = ""
    if check.broken_seq is not None:
        broken = _("Row %(row)s fails the check: %(why)s.", row=check.broken_seq, why=FAULTS[check.fault])
    return ChainView(moment_of(first) if first else None, check.checked_at.astimezone(KAZAKHSTAN), check.rows, broken)
