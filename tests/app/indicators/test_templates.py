import csv
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from app.indicators.catalogue import indicators_of
from app.indicators.errors import Code, ImportRefusedError
from app.indicators.files import open_file, read_rows
from app.indicators.measures import Measurement
from app.indicators.rows import Reference, ReportedValue, read_entries
from app.indicators.templates import Template, write_template
from app.indicators.vocabulary import BASES, HEADERS, NO, STATUSES, YES, SheetColumn, Status
from surveys.languages import LANGUAGES
from surveys.population.places import load_places
from tests.builders.indicators import ANSWERED, COVERED, INDICATORS, LIFE, SHARE
from tests.effort import examples

PLACES = load_places()
CITIES = PLACES.cities[:3]
REFERENCE = Reference(INDICATORS, PLACES)
Filling = Mapping[tuple[str, str], Mapping[SheetColumn, str]]
"""What to write into the cells of a city's indicator."""


def template(lang: str) -> Template:
    return Template(CITIES, INDICATORS.values(), lang)


def fill_csv(path: Path, filling: Filling, lang: str) -> None:
    delimiter = "," if lang == "en" else ";"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=delimiter))
    for row in rows:
        row_key = row[HEADERS[SheetColumn.CITY].pick(lang)], row[HEADERS[SheetColumn.INDICATOR].pick(lang)]
        row.update({HEADERS[column].pick(lang): text for column, text in filling.get(row_key, {}).items()})
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


def fill_xlsx(path: Path, filling: Filling, lang: str) -> None:
    workbook = load_workbook(path)
    sheet = workbook.worksheets[0]
    header = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        cells = dict(zip(header, row, strict=True))
        row_key = tuple(
            str(cells[HEADERS[column].pick(lang)].value) for column in (SheetColumn.CITY, SheetColumn.INDICATOR)
        )
        for column, text in filling.get((row_key[0], row_key[1]), {}).items():
            cells[HEADERS[column].pick(lang)].value = text
    workbook.save(path)


def fill(path: Path, filling: Filling, lang: str) -> None:
    (fill_csv if path.suffix == ".csv" else fill_xlsx)(path, filling, lang)


def read(path: Path) -> dict[tuple[str, str], ReportedValue]:
    return {(entry.city, entry.indicator): entry for entry in read_entries(read_rows(open_file(path)), REFERENCE)}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_filled_template_is_read_back(tmp_path: Path, lang: str, suffix: str) -> None:
    path = tmp_path / f"values{suffix}"
    assert write_template(path, template(lang)) == len(CITIES) * len(INDICATORS)
    answered = {
        ("almaty", "answered"): {SheetColumn.VALUE: YES.pick(lang), SheetColumn.SOURCE: "Қаулы № 5"},
        ("almaty", "share"): {SheetColumn.VALUE: "61,5"},
        ("astana", "covered"): {SheetColumn.NUMERATOR: "485", SheetColumn.DENOMINATOR: "500"},
        ("astana", "share"): {SheetColumn.STATUS: STATUSES[Status.NOT_APPLICABLE].pick(lang)},
    }
    fill(path, answered, lang)
    entries = read(path)
    assert len(entries) == len(CITIES) * len(INDICATORS)
    assert {row_key: entry.measure[:3] for row_key, entry in entries.items() if row_key in answered} == {
        ("almaty", "answered"): (Status.REPORTED, 1, 1),
        ("almaty", "share"): (Status.REPORTED, 123, 2),
        ("astana", "covered"): (Status.REPORTED, 485, 500),
        ("astana", "share"): (Status.NOT_APPLICABLE, None, None),
    }
    assert entries["almaty", "answered"].source == "Қаулы № 5"
    assert {entry.measure.status for row_key, entry in entries.items() if row_key not in answered} == {Status.MISSING}


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_template_sent_back_empty_says_so_and_withdraws_nothing(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"values{suffix}"
    write_template(path, template("kk"))
    with pytest.raises(ImportRefusedError) as refusal:
        read(path)
    assert refusal.value.faults[0].code is Code.NOTHING_GIVEN


def test_names_and_instructions_are_in_the_language_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    write_template(path, Template(CITIES[:1], [ANSWERED, SHARE, COVERED, LIFE], "ru"))
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert rows[0][:5] == ["город", "# название города", "показатель", "# название показателя", "# как заполнить"]
    assert [row[4] for row in rows[1:]] == [
        "значение: да или нет",
        "значение: в процентах, например 61,5",
        "числитель и знаменатель",
        "значение: число, years",
    ]


def test_a_name_that_a_spreadsheet_would_compute_is_made_harmless(tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    indicator = replace(ANSWERED, name=("=1+1", *ANSWERED.name[1:]))
    write_template(path, Template(CITIES[:1], [indicator], "kk"))
    assert ";'=1+1;" in path.read_text(encoding="utf-8-sig")


def test_a_cell_of_a_workbook_keeps_what_is_typed(tmp_path: Path) -> None:
    path = tmp_path / "values.xlsx"
    write_template(path, template("kk"))
    sheet = load_workbook(path).worksheets[0]
    assert {cell.number_format for cell in sheet[2]} == {"@"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_workbook_offers_the_words_of_its_language(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "values.xlsx"
    write_template(path, template(lang))
    sheet = load_workbook(path).worksheets[0]
    offered = {
        str(each.sqref)[0]: each.formula1.strip('"').split(",") for each in sheet.data_validations.dataValidation
    }
    heads = {cell.column_letter: cell.value for cell in sheet[1]}
    assert {heads[letter]: words for letter, words in offered.items()} == {
        HEADERS[SheetColumn.STATUS].pick(lang): [each.pick(lang) for each in STATUSES.values()],
        HEADERS[SheetColumn.BASIS].pick(lang): [each.pick(lang) for each in BASES.values()],
    }


def test_a_template_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefusedError):
        write_template(tmp_path / "values.ods", template("kk"))


def test_the_whole_2019_edition_makes_a_file_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "values.xlsx"
    indicators = indicators_of("standard_2019")
    assert write_template(path, Template(PLACES.cities, indicators.values(), "kk")) == 20 * 101
    assert sum(1 for _ in read_rows(open_file(path))) == 1 + 20 * 101


DECIMALS = st.tuples(st.integers(-(10**9), 10**9), st.integers(0, 6))


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(DECIMALS, min_size=3, max_size=3),
    ratios=st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 10**9)), min_size=3, max_size=3),
    answers=st.lists(st.booleans(), min_size=3, max_size=3),
    lang=st.sampled_from(LANGUAGES),
)
def test_whatever_is_written_into_a_template_comes_back_as_the_same_fractions(
    tmp_path: Path,
    values: list[tuple[int, int]],
    ratios: list[tuple[int, int]],
    answers: list[bool],
    lang: str,
) -> None:
    path = tmp_path / "values.csv"
    write_template(path, template(lang))
    codes = [city.code for city in CITIES]
    filling: dict[tuple[str, str], dict[SheetColumn, str]] = {}
    for code, (units, decimals), (above, below), answer in zip(codes, values, ratios, answers, strict=True):
        filling[code, "share"] = {SheetColumn.VALUE: decimal_text(units, decimals)}
        filling[code, "covered"] = {SheetColumn.NUMERATOR: str(above), SheetColumn.DENOMINATOR: str(below)}
        filling[code, "answered"] = {SheetColumn.VALUE: (YES if answer else NO).pick(lang)}
    fill(path, filling, lang)
    entries = {row_key: entry.measure for row_key, entry in read(path).items()}
    for code, (units, decimals), ratio, answer in zip(codes, values, ratios, answers, strict=True):
        assert fraction(entries[code, "share"]) == Fraction(units, 10**decimals)
        assert entries[code, "covered"][1:3] == ratio
        assert fraction(entries[code, "answered"]) == answer


def decimal_text(units: int, decimals: int) -> str:
    """Write a decimal with thin spaces between thousands and a point."""
    whole, part = divmod(abs(units), 10**decimals)
    return f"{'-' * (units < 0)}{whole:,}".replace(",", "\u2009") + (f".{part:0{decimals}d}" if decimals else "")


def fraction(measure: Measurement) -> Fraction:
    assert measure.numerator is not None
    return Fraction(measure.numerator, measure.denominator)
