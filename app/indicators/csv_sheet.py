"""Lines of a CSV file: UTF-8, or the Cyrillic code page of Windows; comma, semicolon or tab."""

import csv
import re
from collections.abc import Iterator
from io import StringIO

from app.indicators.errors import Code, refused
from app.indicators.sheet import SheetRow, check_size, text_cell, trimmed_row
from app.indicators.vocabulary import is_column

_DELIMITERS = ",;\t"
_CYRILLIC_PAGE = "kz1048"
"""Windows-1251 with Kazakh letters in place of Balkan ones: it reads both Russian and Kazakh files of old Windows."""
_PLAUSIBLE = re.compile(r"[\x20-\x7e\t\r\n\u00a0А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі«»“”„‘’–—…№°±·§©®™€]*")


def read_csv(content: bytes) -> Iterator[SheetRow]:
    """Yield the lines of a CSV file, blank ones too; raise ImportRefusedError."""
    text = decoded(content)
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    try:
        for cells in reader:
            row = trimmed_row(line, map(text_cell, cells))
            check_size(row)
            yield row
            line = reader.line_num + 1  # a quoted cell may run over several lines
    except csv.Error as error:
        raise refused(Code.BROKEN_ROW, str(error), line=line) from error


def decoded(content: bytes) -> str:
    """Read the text of a file in UTF-8 or the old code page of Windows; raise ImportRefusedError."""
    for encoding in ("utf-8-sig", _CYRILLIC_PAGE):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and (encoding == "utf-8-sig" or _PLAUSIBLE.fullmatch(text)):
            return text
    raise refused(Code.WRONG_ENCODING)


def _delimiter(text: str) -> str:
    """Find the delimiter under which the first line holds the most known column names."""
    first = next((line for line in text.splitlines() if line.strip(_DELIMITERS + ' "')), text)

    def evidence(delimiter: str) -> tuple[int, int]:
        return sum(is_column(name.strip(' "')) for name in first.split(delimiter)), first.count(delimiter)

    return max(_DELIMITERS, key=evidence)
