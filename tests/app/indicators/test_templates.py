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
from app.indicators.measures import Measure
from app.indicators.rows import Entry, Reference, read_entries
from app.indicators.templates import Template, write_template
from app.indicators.vocabulary import HEADERS, NO, STATUSES, YES, Column, Status
from surveys.languages import LANGUAGES
from surveys.population.places import load_places
from tests.builders.indicators import ANSWERED, COVERED, INDICATORS, LIFE, SHARE
from tests.effort import examples

PLACES = load_places()
CITIES = PLACES.cities[:3]
REFERENCE = Reference(INDICATORS, PLACES)
Filling = Mapping[tuple[str, str], Mapping[Column, str]]
"""What to write into the cells of a city's indicator."""


def template(lang: str) -> Template:
    return Template(CITIES, INDICATORS.values(), lang)


def fill_csv(path: Path, filling: Filling, lang: str) -> None:
    delimiter = "," if lang == "en" else ";"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=delimiter))
    for row in rows:
        place = row[HEADERS[Column.CITY].pick(lang)], row[HEADERS[Column.INDICATOR].pick(lang)]
        row.update({HEADERS[column].pick(lang): text for column, text in filling.get(place, {}).items()})
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
        place = tuple(str(cells[HEADERS[column].pick(lang)].value) for column in (Column.CITY, Column.INDICATOR))
        for column, text in filling.get((place[0], place[1]), {}).items():
            cells[HEADERS[column].pick(lang)].value = text
    workbook.save(path)


def fill(path: Path, filling: Filling, lang: str) -> None:
    (fill_csv if path.suffix == ".csv" else fill_xlsx)(path, filling, lang)


def read(path: Path) -> dict[tuple[str, str], Entry]:
    return {(entry.city, entry.indicator): entry for entry in read_entries(read_rows(open_file(path)), REFERENCE)}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_filled_template_is_read_back(tmp_path: Path, lang: str, suffix: str) -> None:
    path = tmp_path / f"values{suffix}"
    assert write_template(path, template(lang)) == len(CITIES) * len(INDICATORS)
    answered = {
        ("almaty", "answered"): {Column.VALUE: YES.pick(lang), Column.SOURCE: "Қаулы № 5"},
        ("almaty", "share"): {Column.VALUE: "61,5"},
        ("astana", "covered"): {Column.NUMERATOR: "485", Column.DENOMINATOR: "500"},
        ("astana", "share"): {Column.STATUS: STATUSES[Status.NOT_APPLICABLE].pick(lang)},
    }
    fill(path, answered, lang)
    entries = read(path)
    assert len(entries) == len(CITIES) * len(INDICATORS)
    assert {place: entry.measure[:3] for place, entry in entries.items() if place in answered} == {
        ("almaty", "answered"): (Status.REPORTED, 1, 1),
        ("almaty", "share"): (Status.REPORTED, 123, 2),
        ("astana", "covered"): (Status.REPORTED, 485, 500),
        ("astana", "share"): (Status.NOT_APPLICABLE, None, None),
    }
    assert entries["almaty", "answered"].source == "Қаулы № 5"
    assert {entry.measure.status for place, entry in entries.items() if place not in answered} == {Status.MISSING}


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_template_sent_back_empty_says_so_and_withdraws_nothing(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"values{suffix}"
    write_template(path, template("kk"))
    with pytest.raises(ImportRefusedError) as refusal:
        read(path)
    assert refusal.value.faults[0].code is Code.NOTHING_GIVEN


def test_names_and_hints_are_in_the_language_asked_for(tmp_path: Path) -> None:
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
    filling: dict[tuple[str, str], dict[Column, str]] = {}
    for code, (units, places), (above, below), answer in zip(codes, values, ratios, answers, strict=True):
        filling[code, "share"] = {Column.VALUE: decimal_text(units, places)}
        filling[code, "covered"] = {Column.NUMERATOR: str(above), Column.DENOMINATOR: str(below)}
        filling[code, "answered"] = {Column.VALUE: (YES if answer else NO).pick(lang)}
    fill(path, filling, lang)
    entries = {place: entry.measure for place, entry in read(path).items()}
    for code, (units, places), ratio, answer in zip(codes, values, ratios, answers, strict=True):
        assert fraction(entries[code, "share"]) == Fraction(units, 10**places)
        assert entries[code, "covered"][1:3] == ratio
        assert fraction(entries[code, "answered"]) == answer


def decimal_text(units: int, places: int) -> str:
    """Write a decimal with thin spaces between thousands and a point."""
    whole, part = divmod(abs(units), 10**places)
    return f"{'-' * (units < 0)}{whole:,}".replace(",", "\u2009") + (f".{part:0{places}d}" if places else "")


def fraction(measure: Measure) -> Fraction:
    assert measure.numerator is not None
    return Fraction(measure.numerator, measure.denominator)
