import pytest

from app.indicators.errors import Code, ImportFault, ImportRefusedError
from app.indicators.files import SpreadsheetFile, read_rows
from app.indicators.measures import Measurement
from app.indicators.rows import Reference, ReportedValue, read_entries
from app.indicators.vocabulary import Basis, Status, ValueFlag
from surveys.population.places import load_places
from tests.builders.indicators import INDICATORS, make_xlsx

REFERENCE = Reference(INDICATORS, load_places())
HEADER = "city;indicator;value;numerator;denominator;status;source"


def entries(*lines: str) -> tuple[ReportedValue, ...]:
    return read_entries(read_rows(SpreadsheetFile("values.csv", "\n".join(lines).encode())), REFERENCE)


def faults(*lines: str) -> list[tuple[int, str, Code]]:
    with pytest.raises(ImportRefusedError) as refusal:
        entries(*lines)
    return [fault[:3] for fault in refusal.value.faults]


def test_a_good_file_gives_an_entry_for_each_row() -> None:
    assert entries(
        HEADER,
        "almaty;answered;иә;;;;Әкімдік, 2024",
        "Қарағанды;share;61,5;;;;",
        "",
        "Усть-Каменогорск;covered;;485;500;;",
        "Нур-Султан;LIFE;...;;;;",
    ) == (
        ReportedValue("almaty", "answered", Measurement(Status.REPORTED, 1, 1), "Әкімдік, 2024", 2),
        ReportedValue("karaganda", "share", Measurement(Status.REPORTED, 123, 2), "", 3),
        ReportedValue("oskemen", "covered", Measurement(Status.REPORTED, 485, 500), "", 5),
        ReportedValue("astana", "life", Measurement(Status.MISSING, flag=ValueFlag.NO_DATA), "", 6),
    )


@pytest.mark.parametrize(
    "header",
    [
        "қала;көрсеткіш;мәні;алымы;бөлімі;мәртебесі;дереккөзі",
        "Город;Показатель;Значение;Числитель;Знаменатель;Статус;Источник",
        "CITY;Indicator; value ;numerator;denominator;status;source",
    ],
)
def test_the_columns_are_named_in_any_of_the_three_languages(header: str) -> None:
    (entry,) = entries(header, "almaty;share;5;;;;дерек")
    assert entry == ReportedValue("almaty", "share", Measurement(Status.REPORTED, 5, 1), "дерек", 2)


def test_columns_stand_in_any_order_and_comments_are_passed_over() -> None:
    (entry,) = entries("value;# қала атауы;indicator;city", "5;=1+1;share;almaty")
    assert entry.measure.numerator == 5


def test_a_workbook_says_the_same_as_a_text_file() -> None:
    workbook = make_xlsx([("қала", "көрсеткіш", "мәні"), ("Алматы", "share", 0.615)], {"C2": "0.0%"})
    (entry,) = read_entries(read_rows(SpreadsheetFile("values.xlsx", workbook)), REFERENCE)
    assert entry == entries("city;indicator;value", "almaty;share;61,5")[0]


BAD_FILES = {
    "empty": (("",), [(0, "", Code.EMPTY_FILE)]),
    "blank lines": ((";;", "", ";"), [(0, "", Code.EMPTY_FILE)]),
    "no header": (("almaty;share;5", "astana;share;6"), [(1, "", Code.NO_HEADER)]),
    "header below a title": (("Көрсеткіштер, 2024", HEADER, "almaty;share;5"), [(1, "", Code.NO_HEADER)]),
    "only a header": ((HEADER,), [(0, "", Code.NOTHING_GIVEN)]),
    "nothing filled in": ((HEADER, "almaty;share;;;;;"), [(0, "", Code.NOTHING_GIVEN)]),
    "no city and no value": (
        ("indicator;source", "share;x"),
        [(1, "city", Code.MISSING_COLUMN), (1, "value", Code.MISSING_COLUMN)],
    ),
    "numerator without denominator": (
        ("city;indicator;numerator", "almaty;share;5"),
        [(1, "denominator", Code.MISSING_COLUMN)],
    ),
    "a column twice": (
        ("city;indicator;value;значение", "almaty;share;5;6"),
        [(1, "значение", Code.REPEATED_COLUMN)],
    ),
    "an unknown column": (("city;indicator;value;жылы", "almaty;share;5;2024"), [(1, "жылы", Code.UNKNOWN_COLUMN)]),
    "unknown city": ((HEADER, "Атлантида;share;5;;;;"), [(2, "city", Code.UNKNOWN_CITY)]),
    "no city": ((HEADER, ";share;5;;;;"), [(2, "city", Code.UNKNOWN_CITY)]),
    "unknown indicator": ((HEADER, "almaty;shares;5;;;;"), [(2, "indicator", Code.UNKNOWN_INDICATOR)]),
    "duplicate under two names": (
        (HEADER, "astana;share;5;;;;", "almaty;share;5;;;;", "Нұр-Сұлтан;share;6;;;;"),
        [(4, "indicator", Code.DUPLICATE)],
    ),
    "duplicate of a bad row": (
        (HEADER, "astana;share;көп;;;;", "astana;share;5;;;;"),
        [(2, "value", Code.NOT_A_NUMBER), (3, "indicator", Code.DUPLICATE)],
    ),
    "comma in a number of a comma file": (
        ("city,indicator,value", "almaty,share,61,5"),
        [(2, "D", Code.STRAY_CELL)],
    ),
    "formula": ((HEADER, "almaty;share;=A1*2;;;;"), [(2, "value", Code.FORMULA)]),
    "formula in the source": ((HEADER, 'almaty;share;5;;;;=HYPERLINK("x")'), [(2, "source", Code.FORMULA)]),
    "control character": ((HEADER, "almaty;share;5;;;;x\x07"), [(2, "source", Code.UNPRINTABLE)]),
    "source too long": ((HEADER, f"almaty;share;5;;;;{'ә' * 401}"), [(2, "source", Code.TOO_LONG)]),
    "zero denominator": ((HEADER, "almaty;covered;;5;0;;"), [(2, "denominator", Code.ZERO_DENOMINATOR)]),
    "unknown status": ((HEADER, "almaty;share;5;;;кейін;"), [(2, "status", Code.UNKNOWN_STATUS)]),
    "headers of the file are named": (
        ("қала;көрсеткіш;мәні", "Атлантида;жоқ;көп"),
        [(2, "қала", Code.UNKNOWN_CITY), (2, "көрсеткіш", Code.UNKNOWN_INDICATOR)],
    ),
    "every fault of every row": (
        (
            HEADER,
            "almaty;share;5;;;;",
            f"Атлантида;share;көп;;;;{'x' * 500}",
            "",
            "astana;covered;;көп;0;;",
            "astana;none;=1;;;;",
            "almaty;share;6;;;;",
        ),
        [
            (3, "city", Code.UNKNOWN_CITY),
            (3, "value", Code.NOT_A_NUMBER),
            (3, "source", Code.TOO_LONG),
            (5, "numerator", Code.NOT_A_NUMBER),
            (5, "denominator", Code.ZERO_DENOMINATOR),
            (6, "indicator", Code.UNKNOWN_INDICATOR),
            (6, "value", Code.FORMULA),
            (7, "indicator", Code.DUPLICATE),
        ],
    ),
}


@pytest.mark.parametrize(("lines", "expected"), BAD_FILES.values(), ids=BAD_FILES)
def test_every_fault_of_a_file_is_named_with_its_line_and_column(
    lines: tuple[str, ...], expected: list[tuple[int, str, Code]]
) -> None:
    assert faults(*lines) == expected


def test_an_unknown_city_comes_with_the_nearest_names() -> None:
    with pytest.raises(ImportRefusedError) as refusal:
        entries("city;indicator;value", "Алмата;share;5")
    assert refusal.value.faults == (ImportFault(2, "city", Code.UNKNOWN_CITY, "Алмата", "almaty"),)


def test_what_a_file_has_no_column_for_is_not_said_to_be_empty() -> None:
    (old,) = entries("city;indicator;value", "almaty;share;5")
    assert (old.source, old.basis, old.note) == (None, None, None)
    (new,) = entries("қала;көрсеткіш;мәні;дереккөз түрі;ескертпе;дереккөзі", "almaty;share;5;Ресми статистика;- хат;")
    assert (new.source, new.basis, new.note) == ("", Basis.STATISTICS, "- хат")


def test_a_row_in_which_nothing_is_given_is_known_as_blank() -> None:
    given = entries("city;indicator;value;source", "almaty;share;5;", "almaty;life;;дерек", "almaty;covered;...;")
    assert [entry.is_blank for entry in given] == [False, True, False]


def test_an_unknown_kind_of_source_and_a_long_note_are_refused() -> None:
    assert faults("city;indicator;value;basis;note", f"almaty;share;5;слухи;{'x' * 401}") == [
        (2, "basis", Code.UNKNOWN_BASIS),
        (2, "note", Code.TOO_LONG),
    ]


def test_a_row_of_another_city_is_a_fault_in_a_file_of_one_city() -> None:
    lines = ("city;indicator;value", "almaty;share;5", "Астана;share;6")
    rows = read_rows(SpreadsheetFile("values.csv", "\n".join(lines).encode()))
    with pytest.raises(ImportRefusedError) as refusal:
        read_entries(rows, REFERENCE._replace(only="almaty"))
    assert refusal.value.faults == (ImportFault(3, "city", Code.OTHER_CITY, "Астана"),)
