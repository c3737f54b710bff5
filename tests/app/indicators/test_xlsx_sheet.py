import time
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest

from app.indicators import xlsx_sheet
from app.indicators.errors import Code, ImportFault, ImportRefusedError
from app.indicators.sheet import MOST_COLUMNS, MOST_ROWS, Cell, SheetRow
from app.indicators.xlsx_sheet import Limits, check_archive, read_xlsx
from tests.builders.indicators import make_xlsx, with_part

HEADER = ("city", "indicator", "value")
WORKBOOK = make_xlsx([HEADER, ("almaty", "x", 1)])
SHEET = "xl/worksheets/sheet1.xml"


def rows(content: bytes) -> list[SheetRow]:
    """Read in this process: the child is tested apart, and costs a second each time."""
    check_archive(content)
    return xlsx_sheet.read_here(content)


def refusal(content: bytes) -> ImportFault:
    with pytest.raises(ImportRefusedError) as refused:
        rows(content)
    (only,) = refused.value.faults
    return only


def sheet(body: str) -> bytes:
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{namespace}"><sheetData>{body}</sheetData></worksheet>'.encode()


def test_a_workbook_is_read_in_a_child_process() -> None:
    assert read_xlsx(WORKBOOK) == [
        SheetRow(1, (Cell("city"), Cell("indicator"), Cell("value"))),
        SheetRow(2, (Cell("almaty"), Cell("x"), Cell("1"))),
    ]


def test_a_refusal_comes_back_from_the_child_whole() -> None:
    with pytest.raises(ImportRefusedError) as refused:
        read_xlsx(make_xlsx([["x"] * (MOST_COLUMNS + 1)]))
    assert refused.value.faults == (ImportFault(1, "", Code.TOO_MANY_COLUMNS, "", str(MOST_COLUMNS)),)


@pytest.mark.parametrize("limits", [Limits(seconds=1), Limits(memory=1_000_000)], ids=["time", "memory"])
def test_a_child_that_outgrows_its_limits_is_given_up(limits: Limits) -> None:
    heavy = make_xlsx([HEADER, *([f"{row}:{column}" for column in range(25)] for row in range(4000))])
    with pytest.raises(ImportRefusedError) as refused:
        read_xlsx(heavy, limits)
    assert refused.value.faults[0].code is Code.TOO_HEAVY


@pytest.mark.parametrize(
    ("typed", "number_format", "text"),
    [
        (61.5, "General", "61.5"),
        (0.615, "0.0%", "61.5%"),
        (0.57, "0%", "57%"),
        (1, "0%", "100%"),
        (0.615, '0.0"%"', "0.615"),
        (0.1, "General", "0.1"),
        (258941, "#,##0", "258941"),
        (5.0, "General", "5"),
        (1e-7, "General", "0.0000001"),
        (True, "General", "TRUE"),
        ("61,5", "@", "61,5"),
        ("  Ақ\u00a0төбе ", "@", "Ақ төбе"),
    ],
)
def test_a_cell_gives_what_was_typed(typed: object, number_format: str, text: str) -> None:
    *_, row = rows(make_xlsx([HEADER, ("almaty", "x", typed)], {"C2": number_format}))
    assert row.cells[2] == Cell(text)


@pytest.mark.parametrize(
    ("typed", "defect"),
    [
        ("=1+1", Code.FORMULA),
        ('=HYPERLINK("x")', Code.FORMULA),
        ("#N/A", Code.ERROR_CELL),
        ("#DIV/0!", Code.ERROR_CELL),
        (date(2024, 5, 1), Code.DATE),
    ],
)
def test_a_cell_that_is_no_plain_value_is_marked(typed: object, defect: Code) -> None:
    *_, row = rows(make_xlsx([HEADER, ("almaty", "x", typed)]))
    assert row.cells[2].defect is defect


def test_lines_keep_their_numbers_across_gaps() -> None:
    gaps = sheet('<row r="2"><c r="B2"><v>1</v></c></row><row r="5"><c r="A5"><v>2</v></c></row>')
    lines = [(row.line, [cell.text for cell in row.cells]) for row in rows(with_part(WORKBOOK, SHEET, gaps))]
    assert [line for line in lines if line[1]] == [(2, ["", "1"]), (5, ["2"])]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 and nothing more", Code.BROKEN_FILE),
        (b"city,indicator,value", Code.BROKEN_FILE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, Code.ENCRYPTED),
        (WORKBOOK[:-200], Code.BROKEN_FILE),
        (with_part(WORKBOOK, "xl/workbook.xml", b"<not closed"), Code.BROKEN_FILE),
        (with_part(WORKBOOK, SHEET, b"<worksheet><sheetData><row>"), Code.BROKEN_FILE),
        (with_part(WORKBOOK, SHEET, sheet('<row r="1"><c r="A1" t="s"><v>999</v></c></row>')), Code.BROKEN_FILE),
        (with_part(WORKBOOK, "[Content_Types].xml", b"<Types/>"), Code.BROKEN_FILE),
    ],
    ids=["cut short", "a CSV", "old or encrypted", "no directory", "no XML", "unclosed", "no such text", "no types"],
)
def test_a_file_that_is_no_workbook_is_refused(content: bytes, code: Code) -> None:
    assert refusal(content).code is code


@pytest.mark.parametrize(
    "content",
    [
        with_part(WORKBOOK, SHEET, sheet('<row r="1">' + "<c/>" * 3_000_000 + "</row>")),
        with_part(WORKBOOK, "xl/media/picture.bin", b"\0" * 20_000_000),
        with_part(WORKBOOK, "xl/styles.xml", bytes(range(256)) * 4_000),
        with_part(WORKBOOK, "xl/media/a.bin", b"\0" * 1_000_000),
    ],
    ids=["cells", "all together", "styles", "ratio"],
)
def test_a_zip_bomb_is_refused_from_its_directory_in_no_time(content: bytes) -> None:
    start = time.process_time()
    assert refusal(content).code is Code.SUSPICIOUS_ARCHIVE
    assert time.process_time() - start < 0.5


def test_an_encrypted_part_is_refused() -> None:
    directory = WORKBOOK.index(b"PK\x01\x02")
    marked = bytearray(WORKBOOK)
    marked[directory + 8] |= 1
    assert refusal(bytes(marked)).code is Code.ENCRYPTED


def test_too_many_parts_are_refused() -> None:
    buffer = BytesIO(WORKBOOK)
    with ZipFile(buffer, "a") as archive:
        for number in range(300):
            archive.writestr(f"xl/media/{number}", b"")
    assert refusal(buffer.getvalue()).code is Code.SUSPICIOUS_ARCHIVE


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (f'<row r="{MOST_ROWS + 1}"><c r="A{MOST_ROWS + 1}"><v>1</v></c></row>', Code.TOO_MANY_ROWS),
        ('<row r="1048576"><c r="A1048576"><v>1</v></c></row>', Code.TOO_MANY_ROWS),
        ('<row r="1"><c r="AE1"><v>1</v></c></row>', Code.TOO_MANY_COLUMNS),
    ],
)
def test_cells_far_outside_a_table_are_refused(body: str, code: Code) -> None:
    assert refusal(with_part(WORKBOOK, SHEET, sheet(body))).code is code
