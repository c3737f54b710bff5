"""What waits for a person on their first page: initiatives that came back, to begin, to examine."""

from sqlalchemy import Integer, func, select
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant
from app.accounts.permissions import Permission, Person, cities_of
from app.indicators.assessors import year_before
from app.initiatives.models import CityInitiative, InitiativeExamination
from app.initiatives.states import InitiativeState
from app.web import site
from app.web.console.menu import WaitingLine, WaitingNumbers
from app.web.language import _n


def waiting(_session: Session, person: Person) -> list[WaitingNumbers]:
    """Ask what came back to a city, and what an examiner may give an opinion on."""
    wanted = []
    cities = cities_of(person.grants, Permission.KEEP_INITIATIVES)
    if cities:
        came_back = select(func.count()).select_from(CityInitiative)
        came_back = came_back.where(
            CityInitiative.city.in_(sorted(cities)), CityInitiative.state == InitiativeState.RETURNED
        )
        wanted.append(WaitingNumbers(came_back, _came_back))
    if person.may(Permission.EXAMINE_INITIATIVES):
        wanted.append(_to_examine(person))
    return wanted


def _came_back(number: int) -> list[WaitingLine]:
    words = _n("%(num)s initiative came back", "%(num)s initiatives came back", number)
    return [WaitingLine(words, "/console/initiatives/?state=returned")] * bool(number)


def _to_examine(person: Person) -> WaitingNumbers:
    """Count what waits for an opinion of a person in cities that they have nothing to do with, now or within a year."""
    since = year_before(site.clock().today())
    barred = select(RoleGrant.city).where(
        RoleGrant.staff == person.id,
        RoleGrant.city.is_not(None),
        RoleGrant.until_day.is_(None) | (RoleGrant.until_day >= since),
    )
    mine = (
        select(InitiativeExamination.id)
        .where(InitiativeExamination.initiative == CityInitiative.id)
        .where(InitiativeExamination.revision == CityInitiative.revision, InitiativeExamination.examiner == person.id)
    )
    split = CityInitiative.state == InitiativeState.EXAMINED
    found = select(func.count(), func.coalesce(func.sum(func.cast(split, Integer)), 0))
    found = found.where(
        CityInitiative.state.in_((InitiativeState.SUBMITTED, InitiativeState.EXAMINED)),
        CityInitiative.city.not_in(barred),
        ~mine.exists(),
    )
    return WaitingNumbers(found, _examined)


def _examined(total: int, splits: int) -> list[WaitingLine]:
    lines = []
    if total - splits:
        words = _n(
            "%(num)s initiative waits for your opinion", "%(num)s initiatives wait for your opinion", total - splits
        )
        lines.append(WaitingLine(words, "/console/initiatives/examination?state=submitted"))
    if splits:
        words = _n("On %(num)s initiative two examiners differ", "On %(num)s initiatives two examiners differ", splits)
        lines.append(WaitingLine(words, "/console/initiatives/examination?state=examined", urgent=True))
    return lines
