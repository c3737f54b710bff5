"""Lists of the console: what is asked for by the address, read from the database a page at a time.

    LISTING = Listing(
        name="values",
        columns=(Column("city", _l("City"), value=lambda row: row.city, sort=(ValueCase.city,)), …),
        filters=(choice("state", _l("State"), ValueCase.state, {"returned": _l("came back"), …}),),
        key=(ValueCase.city, ValueCase.indicator),
    )

    with site.database().reading() as session:
        page = tables.read(session, LISTING, select(…).where(…), request.args)

The address alone says what is shown: a filter by its name (several values: named several times), `sort=due` or
`sort=-due`, and `after` or `before` a row. What it does not know it leaves out. A page costs two statements, an empty
one three. The statement that is handed in holds what a person may see at all; filters only take away from it.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from flask import request
from sqlalchemy import ColumnElement, Row, Select, func, literal, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session
from werkzeug.datastructures import MultiDict

PAGE = 50
"""Rows of a page."""
PRINTED = 1_500
"""Rows at most of a page that is made to be printed: those of the journal are then within 60 KB."""
MOST_CHOSEN = 10_000
"""Rows at most that are chosen by "all that match"."""

Args = MultiDict[str, str]
Expression = ColumnElement[Any] | InstrumentedAttribute[Any]
Where = Callable[[str], ColumnElement[bool]]
_TURNS = ("after", "before")
_NOT_FILTERS = frozenset({*_TURNS, "sort", "as", "done"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its word in the address, its heading, and what files say in it."""

    name: str
    title: str
    """A lazy text."""
    value: Callable[[Any], object]
    """Makes of a row what stands in CSV and XLSX: a text, a number or a day."""
    sort: tuple[Expression, ...] = ()
    """What rows are sorted by, never empty in the database; nothing where sorting makes no sense."""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter: its word in the address, its label, and what a value of it means."""

    name: str
    label: str
    where: Where
    choices: Callable[[], Mapping[str, str]] | None = None
    """Words of the address and what the reader sees of them; None for a field to type into."""
    is_day: bool = False
    """The field takes a day, which the address writes as 2027-03-01."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list: everything about it that is the same at every request."""

    name: str
    """Of its files, and in the journal."""
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    key: tuple[Expression, ...]
    """What tells a row from all others; the last thing rows are sorted by, and the id by which they are chosen."""
    path: str = ""
    """Where its addresses lead, where it stands beside something else; else to the page that is asked for."""
    sort: str = ""
    """How it is sorted where the address says nothing: a column's name, with - before it from the end; else the key."""


@dataclass(frozen=True, slots=True)
class FilterState:
    """A filter as it is set."""

    name: str
    label: str
    choices: Mapping[str, str] | None
    values: tuple[str, ...]
    is_day: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a column: where it leads, and how the list is sorted by it ("", "ascending", "descending")."""

    title: str
    address: str
    direction: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class HiddenBy:
    """How many rows would be there without one filter, and the address of that."""

    label: str
    number: int
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePage:
    """What a page of a list shows."""

    name: str
    rows: Sequence[Any]
    """Rows of the statement; each has `row_id` too, by which it is chosen."""
    total: int
    filters: tuple[FilterState, ...]
    headings: tuple[Heading, ...]
    here: str
    """Address without the turning of pages: what a saved view keeps and a colleague is sent."""
    previous: str
    next: str
    hidden_by: tuple[HiddenBy, ...]
    """Of an empty page: what each filter that is set hides."""

    @property
    def is_filtered(self) -> bool:
        """Whether a filter is set."""
        return any(each.values for each in self.filters)

    @property
    def has_search(self) -> bool:
        """Whether there is a field to look for a text."""
        return any(each.choices is None and not each.is_day for each in self.filters)

    is_printed: bool = False
    """Whether it is made to be printed."""

    @property
    def is_partial(self) -> bool:
        """Whether it is made to be printed and there are more rows than one such page has."""
        return self.is_printed and self.total > len(self.rows)

    def with_(self, **changes: str) -> str:
        """Add words to the address, such as `as=csv`."""
        return f"{self.here}{'&' if '?' in self.here else '?'}{urlencode(changes)}"


def choice(name: str, label: str, column: Expression, words: Mapping[str, str]) -> Filter:
    """Make a filter of a few words, which are the column's values too."""
    return Filter(name, label, lambda value: column == value, lambda: words)


def search(name: str, label: str, *columns: Expression) -> Filter:
    """Make a filter that looks for a text in columns, letters large or small."""
    return Filter(name, label, lambda value: or_(*(column.icontains(value, autoescape=True) for column in columns)))


def read(session: Session, listing: Listing, statement: Select[*tuple[Any, ...]], args: Args) -> TablePage:
    """Read the page that an address asks for."""
    wanted = filtered(listing, statement, args)
    total = session.execute(select(func.count()).select_from(wanted.order_by(None).subquery())).scalar_one()
    is_printed = args.get("as") == "print"
    limit = PRINTED if is_printed else PAGE
    rows, has_previous, has_next = _turned(session, listing, wanted, args, limit)
    here = _address(listing, args)
    turned = _with(here, "as", "print") if is_printed else here
    edges = [_cursor(listing, args, row) for row in (rows[0], rows[-1])] if rows else ["", ""]
    return TablePage(
        name=listing.name,
        rows=[_WithId(row, len(listing.key)) for row in rows],
        total=total,
        filters=tuple(_states(listing, args)),
        headings=tuple(_headings(listing, args)),
        here=here,
        previous=_with(turned, "before", edges[0]) if has_previous else "",
        next=_with(turned, "after", edges[1]) if has_next else "",
        hidden_by=() if total else _hidden_by(session, listing, statement, args),
        is_printed=is_printed,
    )


def filtered(listing: Listing, statement: Select[*tuple[Any, ...]], args: Args) -> Select[*tuple[Any, ...]]:
    """Take from a statement what the filters of an address take away."""
    for each in listing.filters:
        values = _values(each, args)
        if values:
            statement = statement.where(or_(*(each.where(value) for value in values)))
    return statement


def ids(session: Session, listing: Listing, statement: Select[*tuple[Any, ...]], args: Args) -> list[str]:
    """List the ids of all rows that match an address, in their order, and one more than may be chosen at most."""
    wanted = filtered(listing, statement, args).with_only_columns(*listing.key, maintain_column_froms=True)
    rows = session.execute(wanted.order_by(None).order_by(*listing.key).limit(MOST_CHOSEN + 1))
    return [id_of(tuple(row)) for row in rows]


def id_of(key: Iterable[object]) -> str:
    """Write the key of a row as one text: its parts with strokes between."""
    return "/".join(str(part) for part in key)


def asked_for_file() -> str:
    """Tell which file of the list this request asks for: "csv", "xlsx" or none ("")."""
    kind = request.args.get("as", "")
    return kind if kind in {"csv", "xlsx"} else ""


def ordered(listing: Listing, args: Args) -> tuple[list[Expression], bool]:
    """Give what rows are sorted by, and whether from the end."""
    name, is_descending = _sort(listing, args)
    by = next((column.sort for column in listing.columns if column.name == name), ())
    return [*by, *listing.key], is_descending


class _WithId:
    """A row of the statement and the id by which it is chosen."""

    __slots__ = ("_row", "row_id")

    def __init__(self, row: Row[Any], parts: int) -> None:
        self._row = row
        self.row_id = id_of(tuple(row)[-parts:])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


def _turned(
    session: Session, listing: Listing, statement: Select[*tuple[Any, ...]], args: Args, limit: int
) -> tuple[list[Row[Any]], bool, bool]:
    """Read the rows after, or before, the one that the address names; tells whether there are some on either side."""
    by, is_descending = ordered(listing, args)
    turn = next((word for word in _TURNS if args.get(word)), "")
    start = _parsed(args.get(turn, ""), by) if turn else None
    goes_up = (turn == "before") == is_descending
    if start is not None:
        place = tuple_(*by)
        edge = tuple_(*(literal(value, column.type) for value, column in zip(start, by, strict=True)))
        statement = statement.where(place > edge if goes_up else place < edge)
    order = [column.asc() if goes_up else column.desc() for column in by]
    labelled = [column.label(f"sorted_by_{number}") for number, column in enumerate(by)]
    wanted = statement.add_columns(*labelled).order_by(None).order_by(*order).limit(limit + 1)
    found = list(session.execute(wanted))
    rows, is_more = found[:limit], len(found) > limit
    if turn == "before" and start is not None:
        return rows[::-1], is_more, True
    return rows, start is not None, is_more


def _cursor(listing: Listing, args: Args, row: Row[Any]) -> str:
    """Write the place of a row, as the address names it."""
    parts = tuple(row)[-len(ordered(listing, args)[0]) :]
    values = [part.isoformat() if isinstance(part, date) else part for part in parts]
    return urlsafe_b64encode(json.dumps(values, ensure_ascii=False).encode()).decode().rstrip("=")


def _parsed(cursor: str, by: Sequence[Expression]) -> list[Any] | None:
    """Read a place out of an address; None where it is none of this order."""
    try:
        values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(by):
            return None
        return [_typed(value, column.type.python_type) for value, column in zip(values, by, strict=True)]
    except (ValueError, TypeError, Base64Error, NotImplementedError):
        return None


def _typed(value: object, kind: type) -> object:
    if kind is datetime or kind is date:
        return kind.fromisoformat(str(value))
    if not isinstance(value, kind):
        raise TypeError(kind)
    return value


def _values(each: Filter, args: Args) -> tuple[str, ...]:
    """Give the values of a filter that mean something, each once."""
    given = tuple(dict.fromkeys(value.strip()[:200] for value in args.getlist(each.name) if value.strip()))
    if each.choices is None:
        return given[:1]
    known = each.choices()
    return tuple(value for value in given if value in known)


def _states(listing: Listing, args: Args) -> Iterable[FilterState]:
    for each in listing.filters:
        words = each.choices() if each.choices else None
        yield FilterState(each.name, each.label, words, _values(each, args), each.is_day)


def _sort(listing: Listing, args: Args) -> tuple[str, bool]:
    sortable = {column.name for column in listing.columns if column.sort}
    asked = args.get("sort", "")
    word = asked if asked.removeprefix("-") in sortable else listing.sort
    return word.removeprefix("-"), word.startswith("-")


def _headings(listing: Listing, args: Args) -> Iterable[Heading]:
    name, is_descending = _sort(listing, args)
    for column in listing.columns:
        is_own = column.name == name
        word = f"-{name}" if is_own and not is_descending else column.name
        direction = ("descending" if is_descending else "ascending") if is_own else ""
        address = _address(listing, args, sort=word) if column.sort else ""
        yield Heading(column.title, address, direction, column.is_number)


def _address(listing: Listing, args: Args, *, without: str = "", sort: str = "") -> str:
    """Write the address of this list with its filters, from its first row on."""
    pairs = [(each.name, value) for each in listing.filters if each.name != without for value in _values(each, args)]
    # What is no filter of the list is the page's own, and stays.
    own = {each.name for each in listing.filters} | _NOT_FILTERS
    pairs += [(name, value) for name, value in args.items(multi=True) if name not in own]
    word = sort or args.get("sort", "")
    if word:
        pairs.append(("sort", word))
    path = listing.path or request.path
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _with(address: str, word: str, value: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode({word: value})}"


def _hidden_by(
    session: Session, listing: Listing, statement: Select[*tuple[Any, ...]], args: Args
) -> tuple[HiddenBy, ...]:
    """Count what each filter that is set hides by itself, in one statement."""
    active = [each for each in listing.filters if _values(each, args)]
    if not active:
        return ()
    counts = []
    for each in active:
        others = MultiDict([(name, value) for name, value in args.items(multi=True) if name != each.name])
        rest = filtered(listing, statement, others).order_by(None).subquery()
        counts.append(select(func.count()).select_from(rest).scalar_subquery())
    numbers = session.execute(select(*counts)).one()
    return tuple(
        HiddenBy(each.label, number, _address(listing, args, without=each.name))
        for each, number in zip(active, numbers, strict=True)
        if number
    )
