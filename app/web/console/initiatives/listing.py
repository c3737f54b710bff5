"""Lists of initiatives: those that a person reads, and those that wait for examiners."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, or_

from app.accounts.permissions import Permission, Person, Role, cities_of
from app.initiatives.contents import default_edition, titled
from app.initiatives.models import CityInitiative, InitiativeText
from app.initiatives.opinions import Opinion
from app.initiatives.queries import LIKE, UNSEEN, Readership, shown_state
from app.initiatives.states import InitiativeState
from app.web.console.initiatives.words import INITIATIVE_STATES, OPINIONS
from app.web.console.tables import Column, Filter, Listing, choice
from app.web.console.values.listing import visible_cities
from app.web.initiatives.words import areas_of
from app.web.language import _, _l, current_language, pick

_COST = func.coalesce(InitiativeText.cost, 0)


def readership(person: Person) -> Readership:
    """Tell whose eyes read: city roles read their city, those of the ministry what was submitted, auditors all."""
    own = frozenset(grant.city for grant in person.grants if grant.city)
    country = cities_of(person.grants, Permission.SEE_INITIATIVES) is None
    return Readership(own, is_ministry=country, reads_drafts=Role.AUDITOR in person.roles())


def title_of(row: Any) -> str:
    """Give the title of a row in the language of the page; where there is none, in another."""
    return pick(titled(row.title_kk, row.title_ru, row.title_en))


def make_listing(person: Person) -> Listing:
    """Make the list of the initiatives that a person reads."""
    eyes = readership(person)
    cities = visible_cities(None if eyes.is_ministry else eyes.own)
    areas, state = areas_of(default_edition()), shown_state(eyes.own)
    filters = [
        Filter("q", _l("Title"), _titled),
        Filter("state", _l("State"), lambda word: state == word, lambda: _states(eyes)),
        choice("area", _l("Area"), InitiativeText.area, areas),
        Filter("like", _l("Similar"), lambda _word: LIKE > 0, lambda: {"1": _("similar ones elsewhere")}),
    ]
    columns = [
        Column("number", _l("Number"), lambda row: row.id, (CityInitiative.id,), is_number=True),
        Column("title", _l("Initiative"), title_of, (_title_column(),)),
        Column("area", _l("Area"), lambda row: areas.get(row.area, row.area), (InitiativeText.area,)),
        Column("years", _l("Years"), years_of, (func.coalesce(InitiativeText.year_from, 0),)),
        Column(
            "cost",
            _l("Cost, thousand tenge"),
            lambda row: row.cost,
            (func.coalesce(InitiativeText.cost, 0),),
            is_number=True,
        ),
        Column("state", _l("State"), lambda row: str(INITIATIVE_STATES[row.state]), (state,)),
        Column("like", _l("Similar elsewhere"), lambda row: row.like, is_number=True),
    ]
    if len(cities) > 1:
        filters.insert(0, choice("city", _l("City"), CityInitiative.city, cities))
        columns.insert(
            1, Column("city", _l("City"), lambda row: cities.get(row.city, row.city), (CityInitiative.city,))
        )
    return Listing(
        name="initiatives", columns=tuple(columns), filters=tuple(filters), key=(CityInitiative.id,), sort="-number"
    )


def make_queue(cities: Mapping[str, str]) -> Listing:
    """Make the list of what waits for examiners, in cities that the viewer may examine."""
    areas = areas_of(default_edition())
    states = {
        str(InitiativeState.SUBMITTED): _("waits for two"),
        str(InitiativeState.EXAMINED): _("the two differ"),
    }
    return Listing(
        name="examination",
        columns=(
            Column("number", _l("Number"), lambda row: row.id, (CityInitiative.id,), is_number=True),
            Column("title", _l("Initiative"), title_of),
            Column("city", _l("City"), lambda row: cities.get(row.city, row.city), (CityInitiative.city,)),
            Column("area", _l("Area"), lambda row: areas.get(row.area, row.area), (InitiativeText.area,)),
            Column("submitted", _l("Submitted"), lambda row: row.submitted_on, (CityInitiative.submitted_on,)),
            Column("like", _l("Similar elsewhere"), lambda row: row.like, is_number=True),
            Column("given", _l("Opinions"), given_of),
            Column("mine", _l("My opinion"), mine_of),
        ),
        filters=(
            choice("city", _l("City"), CityInitiative.city, cities),
            choice("area", _l("Area"), InitiativeText.area, areas),
            choice("state", _l("State"), CityInitiative.state, states),
        ),
        key=(CityInitiative.id,),
        sort="submitted",
    )


def years_of(row: Any) -> str:
    """Write the years of an initiative: 2026, or 2026–2028."""
    years = dict.fromkeys(str(year) for year in (row.year_from, row.year_to) if year)
    return "–".join(years)


def given_of(row: Any) -> str:
    """Say how many opinions are in."""
    return _("differ") if row.state == InitiativeState.EXAMINED else f"{row.given}/2"


def mine_of(row: Any) -> str:
    """Say what the viewer's own opinion is."""
    return str(OPINIONS[Opinion(row.mine)]) if row.mine else ""


def _states(eyes: Readership) -> Mapping[str, str]:
    hidden = set() if eyes.own or eyes.reads_drafts else set(UNSEEN)
    shown = [state for state in InitiativeState if state not in hidden]
    if not eyes.is_ministry:
        shown.remove(InitiativeState.EXAMINED)
    return {str(state): str(INITIATIVE_STATES[state]) for state in shown}


def _title_column() -> ColumnElement[str]:
    own = getattr(InitiativeText, f"title_{current_language()}")
    column: ColumnElement[str] = func.coalesce(func.nullif(own, ""), InitiativeText.title_kk, "")
    return column


def _titled(text: str) -> ColumnElement[bool]:
    columns = (InitiativeText.title_kk, InitiativeText.title_ru, InitiativeText.title_en, InitiativeText.code)
    return or_(*(column.icontains(text, autoescape=True) for column in columns))
