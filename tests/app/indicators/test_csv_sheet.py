import pytest

from app.indicators.csv_sheet import read_csv
from app.indicators.errors import Code, ImportFault, ImportRefusedError
from app.indicators.sheet import MOST_COLUMNS, MOST_ROWS, Cell

HEADER = "қала;көрсеткіш;мәні\n"


def texts(content: bytes) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in read_csv(content)]


def fault(content: bytes) -> ImportFault:
    with pytest.raises(ImportRefusedError) as refusal:
        list(read_csv(content))
    (only,) = refusal.value.faults
    return only


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "kz1048"])
def test_kazakh_text_is_read_in_every_encoding_that_can_hold_it(encoding: str) -> None:
    assert texts((HEADER + "Қарағанды;x;«Өңір»\n").encode(encoding))[1] == ["Қарағанды", "x", "«Өңір»"]


def test_russian_text_of_windows_1251_is_read() -> None:
    assert texts("город;показатель;значение\nАлматы;x;5 №1\n".encode("cp1251"))[1] == ["Алматы", "x", "5 №1"]


@pytest.mark.parametrize(
    "content",
    [
        "city;indicator;value\nАлматы;x;5".encode("utf-16"),
        "city;indicator;value\nАлматы;x;5".encode("utf-16-le"),
        "city;indicator;value\nАлматы;ж;5".encode("cp866"),
        b"city,indicator,value\n\x98\x98,x,5",
        b"\x89PNG\r\n\x1a\n\x00\x00",
    ],
    ids=["utf-16", "utf-16 without BOM", "DOS", "impossible byte", "picture"],
)
def test_any_other_encoding_is_refused(content: bytes) -> None:
    assert fault(content).code is Code.WRONG_ENCODING


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_from_the_header(delimiter: str) -> None:
    lines = ('"city"', "# a, b; c", "indicator", "value"), ("almaty", "", "x", '"61,5"')
    content = "\n".join(delimiter.join(cells) for cells in lines).encode()
    if delimiter == "\t":
        assert texts(content)[1] == ["almaty", "", "x", "61,5"]
    else:
        assert "61,5" in texts(content)[1]


def test_decimal_commas_need_no_quotes_between_semicolons() -> None:
    assert texts((HEADER + "almaty;x;61,5").encode())[1] == ["almaty", "x", "61,5"]


def test_lines_are_numbered_as_an_editor_does() -> None:
    content = b'city,indicator,value\r\n\r\nalmaty,x,"two\r\nlines"\r\nastana,x,1\r\n'
    assert [(row.line, len(row.cells)) for row in read_csv(content)] == [(1, 3), (2, 0), (3, 3), (5, 3)]


def test_spaces_are_of_one_kind_and_nothing_invisible_stays() -> None:
    content = "city,indicator,value\n\u00a0Ал\u00adматы\u200b ,x,1\u2009234".encode()
    assert texts(content)[1] == ["Алматы", "x", "1 234"]


def test_a_formula_is_marked_and_a_control_character_too() -> None:
    *_, row = read_csv(b"city,indicator,value\n=1+1,\x07bell,-5")
    assert row.cells == (
        Cell("=1+1", Code.FORMULA),
        Cell("\x07bell", Code.UNPRINTABLE),
        Cell("-5"),
    )


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (b'almaty,"x"y,1\n', 2),
        (b'almaty,x,1\nastana,"never closed,1\nmore,x,2\n', 3),
    ],
)
def test_quotes_that_do_not_close_are_refused_where_they_begin(body: bytes, line: int) -> None:
    first_fault = fault(b"city,indicator,value\n" + body)
    assert (first_fault.code, first_fault.line) == (Code.BROKEN_ROW, line)


def test_too_many_lines_and_columns_are_refused() -> None:
    assert fault(b"city,indicator,value\n" + b"a,b,c\n" * MOST_ROWS)[:3] == (MOST_ROWS + 1, "", Code.TOO_MANY_ROWS)
    wide = b"city,indicator,value\na" + b",b" * MOST_COLUMNS
    assert fault(wide)[:3] == (2, "", Code.TOO_MANY_COLUMNS)


def test_empty_cells_at_the_end_of_a_line_do_not_count() -> None:
    assert texts(b"city,indicator,value" + b"," * 100)[0] == ["city", "indicator", "value"]
