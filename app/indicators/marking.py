"""A file that was sent, with one column more: what is wrong with each line; the import passes over that column."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from app.indicators.sheet import SheetRow, neutral
from app.indicators.templates import WrittenSheet
from app.indicators.vocabulary import COMMENT
from surveys.languages import Text3

_ERROR = Text3(kk=f"{COMMENT}қате", ru=f"{COMMENT}ошибка", en=f"{COMMENT}error")
_WIDTH_OF_ERROR, _WIDTH = 60, 18


def marked(lines: Sequence[SheetRow], faults: Iterable[tuple[int, str, str]], lang: str) -> WrittenSheet:
    """Put the faults (line, column, sentence) before the cells of their lines; those of the whole file, on the first.

    The column is the first, so that nobody has to scroll for it; one from an earlier try is left out.
    """
    sentences: dict[int, list[str]] = defaultdict(list)
    rows = [line for line in lines if line.cells]
    first = rows[0].line if rows else 0
    for line, column, sentence in faults:
        sentences[line or first].append(f"{column}: {sentence}" if column else sentence)
    old = {index for index, cell in enumerate(rows[0].cells) if cell.text.startswith(tuple(_ERROR))} if rows else set()
    table = [[_joined(sentences[row.line]), *_cells(row, old)] for row in rows]
    if not table:
        return WrittenSheet(lang, [_ERROR.pick(lang)], [])
    head, body = table[0], table[1:]
    told = f"{_ERROR.pick(lang)}: {head[0]}" if head[0] else _ERROR.pick(lang)
    return WrittenSheet(lang, [told, *head[1:]], body, (_WIDTH_OF_ERROR, *(_WIDTH for _cell in head[1:])))


def _cells(row: SheetRow, old: set[int]) -> list[str]:
    return [_shown(cell.text) for index, cell in enumerate(row.cells) if index not in old]


def _shown(text: str) -> str:
    """Give a text as it was, without signs that a workbook cannot hold and with formulas as texts."""
    return neutral("".join(char if char.isprintable() else "\ufffd" for char in text))


def _joined(sentences: Sequence[str]) -> str:
    return neutral("; ".join(sentences))
