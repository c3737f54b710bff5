"""The list of themes of a city and wave."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person
from app.feedback.clock import due_on
from app.feedback.models import Theme
from app.feedback.theme_listing import NO_DAY, CodingProgress, ThemesOf, read_coding_progress, themes_in
from app.web.console import tables
from app.web.console.tables import Args, Column, Filter, Listing, TablePage
from app.web.console.themes.scope import ThemeScope, areas
from app.web.console.values.views import due_text
from app.web.language import _, _l, current_language, percent
from app.working_calendar import WorkingCalendar, get_calendar


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme as the list shows it."""

    row_id: str
    address: str
    name: str
    area: str
    is_own: bool
    is_retired: bool
    n: int
    share: str
    waiting: int
    due: str
    is_overdue: bool
    typical: int


@dataclass(frozen=True, slots=True)
class ThemesPage:
    """The themes of a city and wave, and how far the coding is."""

    scope: ThemeScope
    page: TablePage
    lines: list[ThemeLine]
    progress: CodingProgress
    can_code: bool
    can_manage: bool


def read_themes(session: Session, person: Person, scope: ThemeScope, args: Args, today: date) -> ThemesPage:
    """Read a page of the list."""
    progress = read_coding_progress(session, scope.city, scope.wave, person.id)
    calendar = get_calendar(session)
    listing, statement = listing_of(person, scope, args, progress.shown, calendar)
    page = tables.read(session, listing, statement, args)
    return ThemesPage(
        scope=scope,
        page=page,
        lines=[_line(row, scope, progress.shown, today, calendar) for row in page.rows],
        progress=progress,
        can_code=person.may(Permission.CODE_COMMENTS, scope.city),
        can_manage=person.may(Permission.MANAGE_THEMES),
    )


def listing_of(
    person: Person, scope: ThemeScope, args: Args, shown: int, calendar: WorkingCalendar
) -> tuple[Listing, Any]:
    """Make the list of a city and wave, and select its rows; `shown` is what shares are of."""
    name = getattr(Theme, f"name_{current_language()}")
    of = themes_in(scope.city, scope.wave, person.id, name, empty=args.get("empty") == "1")
    return _listing(of, name, shown, calendar), of.statement


def address_of(theme: str, city: str, wave: str) -> str:
    """Give the page of a theme in a city and wave."""
    return f"/console/themes/{theme}/{city}/{wave}"


def _listing(of: ThemesOf, name: Any, shown: int, calendar: WorkingCalendar) -> Listing:
    return Listing(
        name="themes",
        columns=(
            Column("theme", _l("Theme"), lambda row: row.name, (name,)),
            Column("area", _l("Area"), lambda row: areas().get(row.area, row.area), (Theme.area,)),
            Column("own", _l("Whose"), lambda row: _("the city’s own") if row.parent else ""),
            Column("n", _l("Suggestions"), lambda row: row.n, (of.n,), is_number=True),
            Column("share", _l("Share"), lambda row: _share(row.n, shown), is_number=True),
            Column("waiting", _l("Without an answer"), lambda row: row.waiting, (of.waiting,), is_number=True),
            Column("due", _l("Due"), lambda row: _due(row.oldest, calendar), (of.oldest,)),
            Column("typical", _l("Typical"), lambda row: len(row.typical.split()), is_number=True),
        ),
        filters=(
            Filter("q", _l("Name of the theme"), lambda text: name.icontains(text, autoescape=True)),
            Filter("area", _l("Area"), lambda area: Theme.area == area, areas),
            Filter("own", _l("Whose"), lambda _word: Theme.city.is_not(None), lambda: {"1": _("the city’s own only")}),
            Filter("open", _l("Answer"), lambda _word: of.waiting > 0, lambda: {"1": _("without an answer only")}),
        ),
        key=(Theme.code,),
        sort="-n",
    )


def _due(oldest: date | None, calendar: WorkingCalendar) -> date | None:
    return None if oldest in {None, NO_DAY} else due_on(oldest, calendar)


def _share(n: int, shown: int) -> str:
    return percent(100 * n / shown, 0) if shown else ""


def due_of(oldest: date | None, today: date, calendar: WorkingCalendar) -> tuple[str, bool]:
    """Say by when the suggestion that waits longest is to be answered, and whether that day is past."""
    due = _due(oldest, calendar)
    return due_text(due, today, calendar), due is not None and due < today


def _line(row: Any, scope: ThemeScope, shown: int, today: date, calendar: WorkingCalendar) -> ThemeLine:
    due, is_overdue = due_of(row.oldest, today, calendar)
    return ThemeLine(
        row_id=row.row_id,
        address=address_of(row.code, scope.city, scope.wave),
        name=row.name,
        area=areas().get(row.area, row.area),
        is_own=row.parent is not None,
        is_retired=row.retired,
        n=row.n,
        share=_share(row.n, shown),
        waiting=row.waiting,
        due=due,
        is_overdue=is_overdue,
        typical=len(row.typical.split()),
    )
