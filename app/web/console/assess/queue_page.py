"""The queue as a list: its order is worked out from all cities' values, so it is filtered and turned here."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.indicators.queue import Place, Queue, QueueRow, RowFigures, count_given_this_month, read_figures, read_queue
from app.indicators.risk import Oddity
from app.indicators.states import State
from app.indicators.verdicts import CaseVerdict
from app.web.console.assess.words import ODDITIES, SAID
from app.web.console.tables import PAGE, PRINTED, Args, FilterState, Heading, HiddenBy, TablePage
from app.web.console.values.words import change_text, value_text
from app.web.language import _, _l, alphabetical, day, pick
from scoring.edition import load_edition
from surveys.languages import Text3
from surveys.population.places import load_places

PATH = "/console/assess/"
TO_DO, ASKED, DONE, UNABLE = "todo", "asked", "done", "unable"
_TURNS = frozenset({"after", "before", "as"})


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A row of the queue."""

    row_id: str
    code: str
    name: str
    city: str
    period: str
    value: str
    change: str
    given: int
    mine: str
    """What the viewer said; empty where they have not."""
    is_split: bool
    is_open: bool
    due: str
    late: bool
    oddities: tuple[str, ...]
    address: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The queue, and how much of it is hidden for the viewer's own city's sake."""

    page: TablePage
    lines: list[QueueLine]
    barred: int
    given: int | None
    """Verdicts that the viewer gave this month, where all that was theirs to do is done."""


@dataclass(frozen=True, slots=True)
class _Filter:
    name: str
    label: str
    choices: Callable[[Sequence[QueueRow]], Mapping[str, str]]
    keeps: Callable[[QueueRow, str], bool]


def read_page(session: Session, viewer: int, args: Args, today: date) -> QueuePage:
    """Read the part of the queue that an address asks for."""
    queue = read_queue(session, viewer, today)
    rows = filtered(queue.rows, args)
    shown, previous, following = _turned(rows, args)
    here = address_of(queue.rows, args)
    turned = _with(here, "as", args.get("as", "") if args.get("as") == "print" else "") or here
    page = TablePage(
        name="assess",
        rows=shown,
        total=len(rows),
        filters=tuple(_filter_states(queue.rows, args)),
        headings=tuple(Heading(title, "", "", is_number=False) for title in _titles()),
        here=here,
        previous=_with(turned, "before", previous),
        next=_with(turned, "after", following),
        hidden_by=() if rows else tuple(_hidden_by(queue.rows, args)),
        is_printed=turned != here,
    )
    words = address_of(queue.rows, args).partition("?")[2]
    is_done = not rows and [(each.name, each.values) for each in page.filters if each.values] == [("mine", (TO_DO,))]
    given = count_given_this_month(session, viewer, today) if is_done else None
    return QueuePage(page, _lines(session, queue._replace(rows=shown), words), queue.barred, given)


def filtered(rows: Iterable[QueueRow], args: Args, *, without: str = "") -> list[QueueRow]:
    """Keep the rows that the filters of an address keep."""
    all_rows = list(rows)
    for each in FILTERS:
        values = _values(each, all_rows, args) if each.name != without else ()
        if values:
            all_rows = [row for row in all_rows if any(each.keeps(row, value) for value in values)]
    return all_rows


def address_of(rows: Sequence[QueueRow], args: Args, *, without: str = "") -> str:
    """Write the address of the list with its filters."""
    pairs = [(each.name, v) for each in FILTERS if each.name != without for v in _values(each, rows, args)]
    return f"{PATH}?{urlencode(pairs)}" if pairs else PATH


def area_of(row: QueueRow) -> str:
    """Give the area of a row's indicator."""
    indicator = load_edition(row.edition).indicator(row.key.indicator)
    return indicator.area if indicator else ""


def file_rows(session: Session, queue: Queue) -> tuple[list[str], list[list[object]]]:
    """Give headings and rows of a file of the queue: what the page shows, and no verdict."""
    lines = _lines(session, queue, "")
    head = [str(title) for title in _titles()]
    body: list[list[object]] = [
        [
            line.code,
            line.name,
            line.city,
            line.period,
            line.value,
            line.change,
            "; ".join(line.oddities),
            line.mine,
            _("differ") if line.is_split else f"{line.given}/2",
            f"{line.due} ({_('late')})" if line.late else line.due,
        ]
        for line in lines
    ]
    return head, body


def _titles() -> tuple[str, ...]:
    return (
        _("Code"),
        _("Indicator"),
        _("City"),
        _("Period"),
        _("Value"),
        _("Difference"),
        _("Notable"),
        _("My verdict"),
        _("Verdicts"),
        _("Due from the city"),
    )


def _lines(session: Session, shown: Queue, words: str) -> list[QueueLine]:
    figures = read_figures(session, shown.rows, shown.periods)
    return [_line(row, figures[row.key], words) for row in shown.rows]


def _line(row: QueueRow, figures: RowFigures, words: str) -> QueueLine:
    indicator = load_edition(row.edition).indicator(row.key.indicator)
    split = "split/" if row.state is State.SPLIT else ""
    return QueueLine(
        row_id=str(row.key),
        code=row.key.indicator,
        name=pick(Text3(*indicator.name)) if indicator else "",
        city=city_names().get(row.key.city, row.key.city),
        period=row.key.period,
        value=value_text(indicator, figures.measured) if indicator else "",
        change=change_text(indicator, *figures) if indicator else "",
        given=row.given,
        mine=str(SAID[row.verdict]) if row.verdict else "",
        is_split=row.state is State.SPLIT,
        is_open=row.is_open,
        due="" if row.due_on is None else day(row.due_on),
        late=row.late,
        oddities=tuple(str(ODDITIES[oddity]) for oddity in row.oddities),
        address=f"{PATH}{split}{row.key}{'?' if words else ''}{words}",
    )


def city_names() -> dict[str, str]:
    """Give the cities' names in the language of the page."""
    return {city.code: pick(city.name) for city in load_places().cities}


def name_of(edition: str, code: str) -> str:
    """Name an indicator in the language of the page; by its code where its edition has none."""
    indicator = load_edition(edition).indicator(code)
    return pick(Text3(*indicator.name)) if indicator else code


def place_in(args: Args, place: Place | None) -> Place | None:
    """Give the place in the queue where a case stood when it was judged: its day may be another since."""
    if place is None:
        return None
    try:
        return place[0], date.fromisoformat(args.get("due", "")), place[2]
    except ValueError:
        return place


def _turned(rows: list[QueueRow], args: Args) -> tuple[list[QueueRow], str, str]:
    """Cut out the page after, or before, the case that the address names; gives where its neighbours begin."""
    limit = PRINTED if args.get("as") == "print" else PAGE
    places = {str(row.key): number for number, row in enumerate(rows)}
    start = places.get(args.get("after", ""), -1) + 1
    if args.get("before") in places:
        start = max(places[args["before"]] - limit, 0)
    shown = rows[start : start + limit]
    previous = str(shown[0].key) if shown and start else ""
    following = str(shown[-1].key) if shown and start + limit < len(rows) else ""
    return shown, previous, following


def _with(here: str, word: str, value: str) -> str:
    return f"{here}{'&' if '?' in here else '?'}{urlencode({word: value})}" if value else ""


def _values(each: _Filter, rows: Sequence[QueueRow], args: Args) -> tuple[str, ...]:
    known = each.choices(rows)
    return tuple(value for value in dict.fromkeys(args.getlist(each.name)) if value in known)


def _filter_states(rows: Sequence[QueueRow], args: Args) -> Iterable[FilterState]:
    for each in FILTERS:
        choices = each.choices(rows)
        if len(choices) > 1:
            yield FilterState(each.name, each.label, choices, _values(each, rows, args))


def _hidden_by(rows: Sequence[QueueRow], args: Args) -> Iterable[HiddenBy]:
    for each in FILTERS:
        hidden = len(filtered(rows, args, without=each.name)) if _values(each, rows, args) else 0
        if hidden:
            yield HiddenBy(each.label, hidden, address_of(rows, args, without=each.name))


def _whose(_rows: Sequence[QueueRow]) -> Mapping[str, str]:
    return {
        TO_DO: _("to be done by me"),
        ASKED: _("I was asked"),
        DONE: _("done by me, the other is not in"),
        UNABLE: _("I could not judge it"),
    }


def _states(_rows: Sequence[QueueRow]) -> Mapping[str, str]:
    return {State.SENT: _("waits for two"), State.SPLIT: _("the two differ")}


def _flags(_rows: Sequence[QueueRow]) -> Mapping[str, str]:
    return {oddity: str(ODDITIES[oddity]) for oddity in Oddity}


def _cities(_rows: Sequence[QueueRow]) -> Mapping[str, str]:
    return dict(sorted(city_names().items(), key=lambda pair: alphabetical(pair[1])))


def _periods(rows: Sequence[QueueRow]) -> Mapping[str, str]:
    return {period: period for period in sorted({row.key.period for row in rows}, reverse=True)}


def _areas(rows: Sequence[QueueRow]) -> Mapping[str, str]:
    editions = sorted({row.edition for row in rows})
    return {area.code: pick(Text3(*area.name)) for code in editions for area in load_edition(code).areas}


_WHOSE: Mapping[str, Callable[[QueueRow], bool]] = {
    TO_DO: lambda row: row.is_open,
    ASKED: lambda row: row.asked,
    DONE: lambda row: row.waits_for_other,
    UNABLE: lambda row: row.verdict is CaseVerdict.UNABLE,
}

FILTERS = (
    _Filter("mine", _l("Mine"), _whose, lambda row, word: _WHOSE[word](row)),
    _Filter("state", _l("State"), _states, lambda row, word: row.state == word),
    _Filter("city", _l("City"), _cities, lambda row, word: row.key.city == word),
    _Filter("area", _l("Area"), _areas, lambda row, word: area_of(row) == word),
    _Filter("flag", _l("Notable"), _flags, lambda row, word: word in row.oddities),
    _Filter("period", _l("Period"), _periods, lambda row, word: row.key.period == word),
)


def words_of(args: Args) -> str:
    """Write the filters of an address as they came: those of a case's page are its queue's."""
    names = {each.name for each in FILTERS}
    return urlencode([(name, value[:64]) for name, value in args.items(multi=True) if name in names])
