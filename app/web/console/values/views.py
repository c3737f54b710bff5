"""What the list of values shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person, cities_of
from app.indicators.examination import told_of_city_cases
from app.indicators.overviews import ReturnProgress, Standing, numbers_by_indicator, progress, standings
from app.indicators.queries import PeriodRow, list_periods
from app.indicators.returns import SENDABLE
from app.indicators.states import State
from app.ratings.forecast import total_of
from app.web.console import tables
from app.web.console.tables import Args, Listing, TablePage
from app.web.console.values.listing import (
    NOTHING_BESIDE,
    TO_DO,
    Beside,
    before_of,
    key_of,
    linter_texts,
    make_listing,
    now_of,
    statement,
    visible_cities,
)
from app.web.console.values.words import STATES, Badge, Figure, basis_text, came_back_texts, change_text, figure
from app.web.language import _, _n, day, pick, short_day
from app.working_calendar import WorkingCalendar, get_calendar
from scoring.edition import Edition, Indicator, load_edition
from surveys.languages import Text3


@dataclass(frozen=True, slots=True)
class ValueLine:
    """A row of the list."""

    row_id: str
    city: str
    code: str
    name: str
    address: str
    before: Figure
    before_period: str
    now: Figure
    change: str
    basis: str
    papers: int
    state: Badge
    due: str
    is_overdue: bool
    late: bool
    unreviewed: bool
    marks: tuple[str, ...]
    """What the linter finds."""
    told: tuple[str, ...]
    """Why it came back, until it is sent again."""
    can_edit: bool
    can_be_sent: bool
    version: int


@dataclass(frozen=True, slots=True)
class ValuesPage:
    """The list of values of a period."""

    period: PeriodRow
    periods: list[PeriodRow]
    page: TablePage
    lines: list[ValueLine]
    city: str
    """The one city it is about; empty where it is about several."""
    cities: Mapping[str, str]
    progress: ReturnProgress
    total: float | None
    due: str
    can_send: bool
    can_enter: bool
    who_sends: str
    """Who sends the return, for whoever fills it in and does not; else empty."""
    done: int
    """Values that are sent or decided, where nothing is left to do and no more was asked for; else 0."""


@dataclass(frozen=True, slots=True)
class ListScope:
    """Which cases a person looks at: the period and the cities."""

    period: PeriodRow
    periods: list[PeriodRow]
    edition: Edition
    cities: Mapping[str, str]
    city: str
    listing: Listing
    own_areas: tuple[str, ...]

    def listing_with(self, beside: Beside) -> Listing:
        """Give the list whose file says in its column of remarks what the page says."""
        return make_listing(self.edition, self.cities, self.own_areas, beside)

    @property
    def statement(self) -> Any:
        """Give the statement of all of these cases."""
        return statement(self.period, self.cities)


def scope_of(session: Session, person: Person, args: Args) -> ListScope | None:
    """Settle what an address asks for; None where there is no period yet."""
    periods = list_periods(session)
    if not periods:
        return None
    asked = next((each for each in periods if each.code == args.get("period")), None)
    running = next((each for each in periods if each.state == "open"), periods[0])
    period = asked or running
    cities = visible_cities(cities_of(person.grants, Permission.SEE_VALUES))
    chosen = args.get("city", "") if args.get("city") in cities else ""
    edition = load_edition(period.edition)
    return ListScope(
        period=period,
        periods=periods,
        edition=edition,
        cities=cities,
        city=next(iter(cities)) if len(cities) == 1 else chosen,
        listing=make_listing(edition, cities, own_areas(person)),
        own_areas=own_areas(person),
    )


def read_page(session: Session, person: Person, scope: ListScope, args: Args, today: date) -> ValuesPage:
    """Read a page of the list."""
    page = tables.read(session, scope.listing, scope.statement, args)
    cases = _standings(session, scope)
    of_city = [case for case in cases if case.city == scope.city] if scope.city else cases
    beside = _beside(session, scope, cases) if page.rows else NOTHING_BESIDE
    indicators = {indicator.code: indicator for indicator in scope.edition.indicators}
    lines = [_line(row, indicators[row.indicator], beside, today) for row in page.rows]
    if not scope.city:
        of_city = [case for case in cases if case.city in scope.cities]
    return ValuesPage(
        period=scope.period,
        periods=scope.periods,
        page=page,
        lines=lines,
        city=scope.city,
        cities=scope.cities,
        progress=progress(of_city, today),
        total=_total(scope, of_city),
        due=due_text(_last_day(scope, of_city), today, get_calendar(session)),
        can_send=bool(scope.city) and person.may(Permission.SEND_RETURN, scope.city),
        can_enter=bool(scope.city) and person.may(Permission.ENTER_VALUES, scope.city),
        who_sends=_who_sends(person, scope.city),
        done=_done(page),
    )


def _who_sends(person: Person, city: str) -> str:
    if not city or not person.may(Permission.ENTER_VALUES, city) or person.may(Permission.SEND_RETURN, city):
        return ""
    return _("The lead of your akimat sends the return.")


def beside_of(session: Session, scope: ListScope) -> Beside:
    """Read what stands in the column of remarks beside the rows of a list."""
    return _beside(session, scope, _standings(session, scope) if scope.city else [])


def _beside(session: Session, scope: ListScope, cases: list[Standing]) -> Beside:
    numbers = numbers_by_indicator(cases, scope.city) if scope.city else {}
    return Beside(numbers, told_of_city_cases(session, scope.period.code, [scope.city] if scope.city else scope.cities))


def _standings(session: Session, scope: ListScope) -> list[Standing]:
    return standings(session, scope.period.code, [scope.city] if scope.city else scope.cities)


def _done(page: TablePage) -> int:
    """Count what the filter of what is to be done hides from somebody's first view."""
    active = {each.name: each for each in page.filters if each.values}
    if not active.keys() <= {"state", "mine"} or set(active["state"].values if "state" in active else ()) != set(TO_DO):
        return 0
    return next((hidden.number for hidden in page.hidden_by if hidden.label == active["state"].label), 0)


def _last_day(scope: ListScope, cases: list[Standing]) -> date | None:
    """Give the last day of the city for what it has not sent, which may be later than the period's."""
    if not scope.city:
        return scope.period.due_on
    unfilled = [case.due_on for case in cases if case.state is State.OPEN and case.due_on]
    drafts = [case.due_on for case in cases if case.state is State.DRAFT and case.due_on]
    return max(unfilled) if unfilled else min(drafts, default=None)


def own_areas(person: Person) -> tuple[str, ...]:
    """Give the areas that a person's roles are about first."""
    return tuple(sorted({area for grant in person.grants for area in grant.areas}))


def first_address(person: Person, scope: ListScope) -> str:
    """Give what somebody who enters values sees first: their own areas, and what is not done."""
    words = [f"period={scope.period.code}", *(f"state={state}" for state in TO_DO)]
    if own_areas(person):
        words.append("mine=1")
    return "?" + "&".join(words)


def due_text(due_on: date | None, today: date, calendar: WorkingCalendar) -> str:
    """Say when something is due: how many working days are left, and the day."""
    if due_on is None:
        return ""
    left = calendar.between(today, due_on)
    if due_on < today:
        return _("overdue since %(day)s", day=day(due_on))
    if due_on == today:
        return _("today")
    return _n("%(num)s working day left (%(day)s)", "%(num)s working days left (%(day)s)", left, day=day(due_on))


def _total(scope: ListScope, cases: list[Standing]) -> float | None:
    if not scope.city:
        return None
    total = total_of(scope.edition, (case.as_row for case in cases))
    return None if total is None else float(total)


def _line(row: Any, indicator: Indicator, beside: Beside, today: date) -> ValueLine:
    now, before = now_of(row), before_of(row)
    state = State(row.state)
    waits = state in TO_DO
    return ValueLine(
        row_id=row.row_id,
        city=row.city,
        code=row.indicator,
        name=pick(Text3(*indicator.name)),
        address=f"/console/values/{row.row_id}",
        before=figure(indicator, before),
        before_period=row.before_period if before else "",
        now=figure(indicator, now),
        change=change_text(indicator, now, before),
        basis=basis_text(row.basis or ""),
        papers=row.papers,
        state=STATES[state],
        due=short_day(row.due_on) if waits and row.due_on else "",
        is_overdue=waits and row.due_on is not None and row.due_on < today,
        late=row.late,
        unreviewed=row.unreviewed,
        marks=tuple(linter_texts(indicator, row, beside)),
        told=tuple(came_back_texts(beside.told.get(key_of(row)))),
        can_edit=waits,
        can_be_sent=state in SENDABLE,
        version=row.version,
    )
