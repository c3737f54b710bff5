"""The coordination board: areas by cities, and which cities do the same."""

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.accounts.permissions import Person
from app.initiatives.contents import default_edition
from app.initiatives.queries import BoardRow, board_rows, pairs_among
from app.web.console.initiatives.listing import readership
from app.web.console.tables import Args
from app.web.console.values.listing import visible_cities
from app.web.initiatives.words import areas_of
from app.web.language import alphabetical, pick

MOST = 100
"""Initiatives with others like them that are listed on one page."""


class BoardLine(NamedTuple):
    """An initiative, and those of other cities that say nearly the same."""

    row: BoardRow
    title: str
    like: tuple[tuple[BoardRow, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What the board shows."""

    areas: dict[str, str]
    cities: dict[str, str]
    counts: Counter[tuple[str, str]]
    """Initiatives by area and city."""
    lines: tuple[BoardLine, ...]
    total: int
    """Lines that there are, of which the first are shown."""
    area: str
    city: str
    own: frozenset[str]


def read_board(session: Session, person: Person, args: Args) -> Board:
    """Read the board; whoever is of a city begins with what their own city plans."""
    eyes = readership(person)
    areas, cities = areas_of(default_edition()), visible_cities(None)
    rows = board_rows(session, eyes, default_edition())
    pairs = pairs_among(session, rows)
    by_id = {row.key.id: row for row in rows}
    area = args.get("area", "") if args.get("area") in areas else ""
    city = args.get("city", "") if args.get("city") in cities else ""
    if not args and len(eyes.own) == 1:
        city = next(iter(eyes.own))
    wanted = [row for row in rows if (not area or row.area == area) and (not city or row.key.city == city)]
    lines = [_line(row, [by_id[other] for other in pairs[row.key.id]]) for row in wanted if row.key.id in pairs]
    lines.sort(key=lambda line: (-len({row.key.city for row, _title in line.like}), line.title))
    return Board(
        areas=areas,
        cities=dict(sorted(cities.items(), key=lambda pair: alphabetical(pair[1]))),
        counts=Counter((row.area, row.key.city) for row in rows),
        lines=tuple(lines[:MOST]),
        total=len(lines),
        area=area,
        city=city,
        own=eyes.own,
    )


def _line(row: BoardRow, like: list[BoardRow]) -> BoardLine:
    return BoardLine(row, pick(row.title), tuple((other, pick(other.title)) for other in like))
