"""The ministry's list as a file: the same columns out and in, in whichever of the three languages."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from app.indicators.sheet import Cell, SheetRow, neutral
from app.initiatives.errors import InitiativeListFault, ListCode, ListRefusedError
from scoring.edition import load_edition
from surveys.languages import LANGUAGES, Text3

MOST_ROWS = 1_000
LONGEST_CODE, LONGEST_NAME = 32, 300
_CODE = re.compile(r"[\w.\-]{1,32}")

COLUMNS: Mapping[str, Text3] = {
    "code": Text3("Коды", "Код", "Code"),
    "area": Text3("Сала", "Сфера", "Area"),
    "name_kk": Text3("Атауы (қазақша)", "Название (казахский)", "Name (Kazakh)"),
    "name_ru": Text3("Атауы (орысша)", "Название (русский)", "Name (Russian)"),
    "name_en": Text3("Атауы (ағылшынша)", "Название (английский)", "Name (English)"),
}
"""Columns of the file by their plain names, and the headings that people read."""

_HEADINGS = {heading.casefold(): column for column, texts in COLUMNS.items() for heading in (column, *texts)}


class ListRow(NamedTuple):
    """One initiative of the list."""

    code: str
    area: str
    name_kk: str
    name_ru: str
    name_en: str


class NumberedRow(NamedTuple):
    """One initiative of a file, with the line that it stands in."""

    line: int
    row: ListRow


def sheet_of(rows: Iterable[ListRow], language: str) -> list[list[str]]:
    """Write a list as the lines of a file, the headings first; without rows it is a file to fill in."""
    headings = [texts.pick(language) for texts in COLUMNS.values()]
    return [headings, *([neutral(cell) for cell in row] for row in rows)]


def read_list(lines: Sequence[SheetRow], edition: str) -> list[NumberedRow]:
    """Read the lines of a file; raise ListRefusedError with everything that is wrong with it."""
    filled = [line for line in lines if any(cell.text for cell in line.cells)]
    if not filled:
        raise ListRefusedError([InitiativeListFault(0, "", ListCode.NO_HEADER)])
    columns = _columns(filled[0])
    if len(filled) - 1 > MOST_ROWS:
        raise ListRefusedError([InitiativeListFault(filled[MOST_ROWS + 1].line, "", ListCode.TOO_MANY, str(MOST_ROWS))])
    areas = {each.code for each in load_edition(edition).areas}
    faults: list[InitiativeListFault] = []
    rows = [row for line in filled[1:] if (row := _row(line, columns, areas, faults))]
    faults += _repeated(rows)
    if not faults and not rows:
        faults.append(InitiativeListFault(0, "", ListCode.NOTHING_GIVEN))
    if faults:
        raise ListRefusedError(sorted(faults))
    return rows


def _columns(header: SheetRow) -> list[str]:
    """Find the column of each cell of the header."""
    found = [_HEADINGS.get(cell.text.casefold(), "") for cell in header.cells]
    faults = [
        InitiativeListFault(header.line, "", ListCode.UNKNOWN_COLUMN, cell.text)
        for cell, column in zip(header.cells, found, strict=True)
        if not column
    ]
    faults += [
        InitiativeListFault(header.line, column, ListCode.REPEATED_COLUMN)
        for column in COLUMNS
        if found.count(column) > 1
    ]
    faults += [
        InitiativeListFault(header.line, column, ListCode.MISSING_COLUMN) for column in COLUMNS if column not in found
    ]
    if faults:
        raise ListRefusedError(faults)
    return found


def _row(
    line: SheetRow, columns: Sequence[str], areas: set[str], faults: list[InitiativeListFault]
) -> NumberedRow | None:
    """Read one line; gives None, and its faults, where it is none of a list."""
    before = len(faults)
    if len(line.cells) > len(columns):
        faults.append(InitiativeListFault(line.line, "", ListCode.STRAY_CELL, line.cells[len(columns)].text))
    cells = dict(zip(columns, [*line.cells, *[Cell()] * len(columns)], strict=False))
    faults += [
        InitiativeListFault(line.line, column, ListCode.NO_PLAIN_CELL, cell.text[:40])
        for column, cell in cells.items()
        if cell.defect
    ]
    row = ListRow(**{column: cells[column].text for column in COLUMNS})
    faults += _faults(line.line, row, areas)
    return NumberedRow(line.line, row) if len(faults) == before else None


def _faults(line: int, row: ListRow, areas: set[str]) -> list[InitiativeListFault]:
    checks = [
        ("code", ListCode.NO_CODE, not row.code, ""),
        ("code", ListCode.CODE_SHAPE, bool(row.code) and not _CODE.fullmatch(row.code), row.code[:40]),
        ("area", ListCode.UNKNOWN_AREA, row.area not in areas, row.area[:40]),
    ]
    for language in LANGUAGES:
        name: str = getattr(row, f"name_{language}")
        checks.append((f"name_{language}", ListCode.NO_NAME, not name, ""))
        checks.append((f"name_{language}", ListCode.TOO_LONG, len(name) > LONGEST_NAME, name[:40]))
    return [InitiativeListFault(line, column, code, found) for column, code, applies, found in checks if applies]


def _repeated(rows: Sequence[NumberedRow]) -> list[InitiativeListFault]:
    seen: set[str] = set()
    faults = []
    for line, row in rows:
        if row.code in seen:
            faults.append(InitiativeListFault(line, "code", ListCode.DUPLICATE, row.code))
        seen.add(row.code)
    return faults
