"""What the pages of periods show."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person, cities_of
from app.indicators.case_models import PeriodExtension, ValueCase
from app.indicators.overviews import ReturnProgress, Standing, progress, standings
from app.indicators.queries import PeriodRow, get_period, list_periods
from app.indicators.reminders import Reminder, list_reminders
from app.indicators.states import State
from app.indicators.vocabulary import Status
from app.web.console.periods.reminding import RemindedCity, reminded_city
from app.web.console.values.listing import visible_cities
from app.web.language import _lc, current_language, pick
from app.working_calendar import get_calendar
from scoring.edition import Edition, load_edition
from surveys.languages import Text3

STATES = {"planned": _lc("period", "planned"), "open": _lc("period", "open"), "closed": _lc("period", "closed")}
STEPS = 5
"""Shades of the heat table."""


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A period in the list, and how many of its cases are where."""

    period: PeriodRow
    edition_title: str
    state: str
    of: int
    given: int
    accepted: int


@dataclass(frozen=True, slots=True)
class HeatCell:
    """How much of an area a city has given: a number, and the shade beside it from 0 to 4."""

    given: int
    of: int

    @property
    def shade(self) -> int:
        """Give the shade: 4 for everything."""
        return STEPS - 1 if self.given >= self.of else self.given * (STEPS - 1) // max(self.of, 1)


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A city: its areas, and where its cases stand."""

    city: str
    name: str
    cells: list[HeatCell]
    progress: ReturnProgress
    until: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class PeriodPage:
    """A period with its cities."""

    period: PeriodRow
    edition_title: str
    state: str
    areas: list[tuple[str, str]]
    rows: list[HeatRow]
    reminded: list[RemindedCity]
    can_manage: bool


def read_list(session: Session) -> list[PeriodLine]:
    """List the periods; two statements."""
    by_state = session.execute(
        select(ValueCase.period, ValueCase.state, func.count()).group_by(ValueCase.period, ValueCase.state)
    )
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for period, state, n in by_state:
        counts[period][state] = n
    return [
        PeriodLine(
            period,
            pick(Text3(*load_edition(period.edition).title)),
            str(STATES[period.state]),
            of=counts[period.code].total(),
            given=counts[period.code].total() - counts[period.code][State.OPEN],
            accepted=counts[period.code][State.ACCEPTED],
        )
        for period in list_periods(session)
    ]


def read_page(session: Session, code: str, person: Person, today: date) -> PeriodPage | None:
    """Read a period; None where there is none. A person of a city sees their own city in it."""
    period = get_period(session, code)
    if period is None:
        return None
    edition = load_edition(period.edition)
    cities = visible_cities(cities_of(person.grants, Permission.SEE_PERIODS))
    of_city: dict[str, list[Standing]] = defaultdict(list)
    for case in standings(session, code, cities):
        of_city[case.city].append(case)
    extensions = {
        row.city: row for row in session.scalars(select(PeriodExtension).where(PeriodExtension.period == code))
    }
    rows = [
        HeatRow(
            city,
            name,
            _cells(of_city[city], edition),
            progress(of_city[city], today),
            *_extended(extensions.get(city)),
        )
        for city, name in cities.items()
        if of_city[city]
    ]
    areas = [(area.code, pick(Text3(*area.name))) for area in edition.areas]
    state = str(STATES[period.state])
    return PeriodPage(
        period=period,
        edition_title=pick(Text3(*edition.title)),
        state=state,
        areas=areas,
        rows=rows,
        reminded=_reminded(
            session, code, {city: name for city, name in cities.items() if of_city[city]}, of_city, today
        ),
        can_manage=person.may(Permission.MANAGE_PERIODS),
    )


def _reminded(
    session: Session, code: str, cities: Mapping[str, str], of_city: Mapping[str, list[Standing]], today: date
) -> list[RemindedCity]:
    reminders: dict[str, list[Reminder]] = defaultdict(list)
    for each in list_reminders(session, code, cities):
        reminders[each.city].append(each)
    calendar = get_calendar(session)
    return [reminded_city(name, of_city[city], reminders[city], today, calendar) for city, name in cities.items()]


def _extended(extension: PeriodExtension | None) -> tuple[date | None, str]:
    """Give a city's later day and why, in the language of the page."""
    if extension is None:
        return None, ""
    return extension.until, str(getattr(extension, f"reason_{current_language()}"))


def _cells(cases: Iterable[Standing], edition: Edition) -> list[HeatCell]:
    areas = {indicator.code: indicator.area for indicator in edition.indicators}
    of: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for case in cases:
        of[areas[case.indicator]] += 1
        given[areas[case.indicator]] += case.measured is not None and case.measured.status is not Status.MISSING
    return [HeatCell(given[area.code], of[area.code]) for area in edition.areas]
