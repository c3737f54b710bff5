from hashlib import sha256
from pathlib import Path

import pytest

from app.indicators.errors import Code, ImportRefusedError
from app.indicators.files import SpreadsheetFile, open_file, read_rows
from app.indicators.sheet import LARGEST_FILE
from tests.builders.indicators import make_xlsx


def test_a_file_is_known_by_its_name_and_digest(tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    path.write_bytes(b"city")
    assert open_file(path).name == "values.csv"
    assert open_file(path).sha256 == sha256(b"city").hexdigest()


def test_a_file_that_is_too_big_is_not_even_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    path.write_bytes(b"x" * LARGEST_FILE)
    assert len(open_file(path).content) == LARGEST_FILE
    path.write_bytes(b"x" * (LARGEST_FILE + 1))
    with pytest.raises(ImportRefusedError) as refusal:
        open_file(path)
    assert refusal.value.faults[0].code is Code.TOO_BIG


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("values.xls", b"x", Code.UNKNOWN_FORMAT),
        ("values", b"x", Code.UNKNOWN_FORMAT),
        ("values.csv", make_xlsx([("city",)]), Code.UNKNOWN_FORMAT),
        ("values.xlsx", b"city,indicator,value\n", Code.BROKEN_FILE),
        ("values.csv", b"", Code.EMPTY_FILE),
        ("values.xlsx", b"", Code.EMPTY_FILE),
        ("VALUES.CSV", b" \n ", Code.EMPTY_FILE),
    ],
)
def test_a_file_of_another_kind_is_refused(name: str, content: bytes, code: Code) -> None:
    with pytest.raises(ImportRefusedError) as refusal:
        list(read_rows(SpreadsheetFile(name, content)))
    assert refusal.value.faults[0].code is code
