"""The list of commitments: what is still to be kept first, by its day."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person, Role, cities_of
from app.feedback.commitment_queries import (
    IS_OVER,
    MOVED,
    CommitmentTally,
    is_due_soon,
    is_overdue,
    list_statement,
    tally,
)
from app.feedback.commitment_states import OPEN, CommitmentState
from app.feedback.commitments import dated
from app.feedback.reply_models import Commitment
from app.web.console import tables
from app.web.console.commitments.words import STATES
from app.web.console.tables import Args, Column, Filter, Listing, choice
from app.web.console.themes.scope import areas
from app.web.console.values.listing import visible_cities
from app.web.language import _, _l, current_language
from surveys.languages import Text3

PATH = "/console/commitments/"


def readable(person: Person) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    """Give the cities whose commitments a person reads, and those whose drafts too; None for all.

    Drafts are read by whoever keeps commitments there, and by auditors.
    """
    cities = cities_of(person.grants, Permission.SEE_REPLIES)
    drafts = None if Role.AUDITOR in person.roles() else cities_of(person.grants, Permission.KEEP_COMMITMENTS)
    return cities, drafts


def title_of(row: Any) -> str:
    """Give what is promised in the language of the page, else in one in which it was written."""
    titles = Text3(row.title_kk, row.title_ru, row.title_en)
    return titles.pick(current_language()) or titles.kk or titles.ru or titles.en or _("Without words yet")


def unit_of(row: Any) -> str:
    """Give the unit that does it, in Russian on Russian pages and else in Kazakh; whichever there is."""
    kk, ru = row.owner_unit_kk, row.owner_unit_ru
    return str((ru or kk) if current_language() == "ru" else (kk or ru))


def is_late(row: Any, today: date) -> bool:
    """Tell whether something is still to be kept and its day is past."""
    return row.state in OPEN and row.due < today


def make_listing(person: Person, today: date) -> Listing:
    """Make the list of what a person reads."""
    cities, drafts = readable(person)
    names = visible_cities(cities)
    states = {str(state): str(badge.words) for state, badge in STATES.items()}
    if drafts is not None and not drafts:
        states.pop(CommitmentState.DRAFT)
    due = {"overdue": _("overdue"), "soon": _("within 7 days"), "later": _("later")}
    filters = [
        Filter("q", _l("What is promised"), _titled),
        choice("state", _l("State"), Commitment.state, states),
        Filter("due", _l("Due"), lambda word: _is_due(word, today), lambda: due),
        choice("area", _l("Area"), Commitment.area, areas()),
        Filter("moved", _l("Day now promised"), lambda _word: MOVED > 0, lambda: {"1": _("moved ones only")}),
    ]
    columns = [
        Column("title", _l("Commitment"), title_of, (_title_column(),)),
        Column("area", _l("Area"), lambda row: areas().get(row.area, row.area), (Commitment.area,)),
        Column("unit", _l("Unit that does it"), unit_of),
        Column("due", _l("Due"), lambda row: dated(row.due), (IS_OVER, Commitment.due)),
        Column("first", _l("First promised by"), lambda row: dated(row.first_due), (Commitment.first_due,)),
        Column("moved", _l("Moved"), lambda row: row.moved, (MOVED,), is_number=True),
        Column("percent", _l("Percent done"), lambda row: row.percent, (Commitment.percent,), is_number=True),
        Column("state", _l("State"), lambda row: str(STATES[CommitmentState(row.state)].words), (Commitment.state,)),
    ]
    if len(names) > 1:
        filters.insert(1, choice("city", _l("City"), Commitment.city, names))
        columns.insert(1, Column("city", _l("City"), lambda row: names.get(row.city, row.city), (Commitment.city,)))
    return Listing(
        name="commitments", columns=tuple(columns), filters=tuple(filters), key=(Commitment.id,), path=PATH, sort="due"
    )


def statement_for(person: Person) -> Any:
    """Select what a person reads."""
    return list_statement(*readable(person))


def tally_of(session: Session, listing: Listing, statement: Any, args: Args, today: date) -> CommitmentTally:
    """Count by state what the other filters of an address leave."""
    others = Args([(name, value) for name, value in args.items(multi=True) if name not in {"state", "due"}])
    return tally(session, tables.filtered(listing, statement, others), today)


def _is_due(word: str, today: date) -> ColumnElement[bool]:
    found = {"overdue": is_overdue(today), "soon": is_due_soon(today)}
    return found.get(word, Commitment.state.in_(OPEN) & ~is_overdue(today) & ~is_due_soon(today))


def _title_column() -> ColumnElement[str]:
    own = getattr(Commitment, f"title_{current_language()}")
    column: ColumnElement[str] = func.coalesce(func.nullif(own, ""), Commitment.title_kk, "")
    return column


def _titled(text: str) -> ColumnElement[bool]:
    columns = (Commitment.title_kk, Commitment.title_ru, Commitment.title_en)
    return or_(*(column.icontains(text, autoescape=True) for column in columns))
