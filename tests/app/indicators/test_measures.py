from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.indicators.errors import Code, Faults, ImportRefusedError
from app.indicators.measures import MeasureCells, Measurement, measure
from app.indicators.vocabulary import SheetColumn, Status, ValueFlag
from scoring.edition import Indicator
from tests.builders.indicators import ANSWERED, COVERED, CRIMES, INDICATORS, JOBLESS, LIFE, SHARE, SMOKE

REPORTED, MISSING, NOT_APPLICABLE = Status
NUMBERS = (SHARE, COVERED, LIFE)


def given_value(value: str, indicator: Indicator, status: str = "") -> Measurement:
    return measure(MeasureCells(2, value=value, status=status), indicator)


def given_pair(numerator: str, denominator: str, indicator: Indicator) -> Measurement:
    return measure(MeasureCells(2, numerator=numerator, denominator=denominator), indicator)


@pytest.mark.parametrize(
    ("indicator", "value", "numerator", "denominator"),
    [
        (ANSWERED, "иә", 1, 1),
        (ANSWERED, "Нет", 0, 1),
        (ANSWERED, "1", 1, 1),
        (SHARE, "61,5", 123, 2),
        (SHARE, "61.5%", 123, 2),
        (SHARE, "0", 0, 1),
        (SHARE, "100", 100, 1),
        (COVERED, "61,5%", 123, 200),
        (LIFE, "73,25", 293, 4),
        (LIFE, "60", 60, 1),
        (LIFE, "85", 85, 1),
        (SMOKE, "0", 0, 1),
        (JOBLESS, "4,7%", 47, 10),
        (JOBLESS, "4,7", 47, 10),
        (CRIMES, "518,1", 5181, 1_000_000),
    ],
)
def test_a_value_is_kept_exactly(indicator: Indicator, value: str, numerator: int, denominator: int) -> None:
    assert given_value(value, indicator) == Measurement(REPORTED, numerator, denominator, ValueFlag.NONE)


@pytest.mark.parametrize(
    ("indicator", "pair", "numerator", "denominator"),
    [
        (COVERED, ("485", "500"), 485, 500),
        (COVERED, ("1 234", "2\u00a0468"), 1234, 2468),
        (COVERED, ("12,5", "40"), 25, 80),
        (SHARE, ("485", "500"), 48500, 500),
        (LIFE, ("730", "10"), 730, 10),
        (CRIMES, ("11200", "2161695"), 11200, 2161695),
    ],
)
def test_a_numerator_and_its_denominator_are_kept_as_given(
    indicator: Indicator, pair: tuple[str, str], numerator: int, denominator: int
) -> None:
    assert given_pair(*pair, indicator) == Measurement(REPORTED, numerator, denominator, ValueFlag.NONE)


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=INDICATORS)
@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("", ValueFlag.NONE),
        ("-", ValueFlag.NO_PHENOMENON),
        ("–", ValueFlag.NO_PHENOMENON),
        ("х", ValueFlag.CONFIDENTIAL),
        ("x", ValueFlag.CONFIDENTIAL),
        ("...", ValueFlag.NO_DATA),
        ("…", ValueFlag.NO_DATA),
    ],
)
def test_a_place_without_a_number_is_missing_and_never_no(indicator: Indicator, text: str, flag: ValueFlag) -> None:
    assert given_value(text, indicator) == Measurement(MISSING, None, None, flag)


@pytest.mark.parametrize("pair", [("...", "..."), ("...", "500"), ("485", "х")])
def test_a_sign_in_a_ratio_makes_it_missing(pair: tuple[str, str]) -> None:
    assert given_pair(*pair, COVERED).status is MISSING


@pytest.mark.parametrize("text", ["", "-", "..."])
def test_only_the_status_makes_an_indicator_not_applicable(text: str) -> None:
    assert given_value(text, ANSWERED).status is MISSING
    assert given_value(text, ANSWERED, "қолданылмайды").status is NOT_APPLICABLE
    assert given_value(text, ANSWERED, "missing").status is MISSING


def test_a_negligible_number_is_a_number_but_a_negligible_answer_is_none() -> None:
    assert given_value("0,0", SHARE) == Measurement(REPORTED, 0, 1, ValueFlag.NEGLIGIBLE)
    assert given_value("0,0", ANSWERED) == Measurement(MISSING, None, None, ValueFlag.NEGLIGIBLE)
    assert given_value("0,0", LIFE).flag is ValueFlag.BELOW_BOUNDS


@pytest.mark.parametrize(
    ("indicator", "value", "flag"),
    [
        (SHARE, "100,1", ValueFlag.ABOVE_100),
        (SHARE, "250%", ValueFlag.ABOVE_100),
        (SHARE, "-0,1", ValueFlag.BELOW_0),
        (COVERED, "100,5%", ValueFlag.ABOVE_100),
        (COVERED, "-3%", ValueFlag.BELOW_0),
        (LIFE, "85,1", ValueFlag.ABOVE_BOUNDS),
        (LIFE, "59,9", ValueFlag.BELOW_BOUNDS),
        (SMOKE, "101", ValueFlag.ABOVE_BOUNDS),
        (SMOKE, "-1", ValueFlag.BELOW_BOUNDS),
        (CRIMES, "2000,5", ValueFlag.ABOVE_BOUNDS),
    ],
)
def test_a_value_outside_its_range_is_kept_as_given_and_flagged(
    indicator: Indicator, value: str, flag: ValueFlag
) -> None:
    read = given_value(value, indicator)
    assert (read.status, read.flag) == (REPORTED, flag)
    plain = Fraction(value.rstrip("%").replace(",", "."))
    assert Fraction(read.numerator or 0, read.denominator or 1) == plain / (
        100 if indicator is COVERED else indicator.per
    )


def test_a_ratio_above_one_is_flagged() -> None:
    assert given_pair("501", "500", COVERED) == Measurement(REPORTED, 501, 500, ValueFlag.ABOVE_100)
    assert given_pair("500", "500", COVERED).flag is ValueFlag.NONE


REFUSALS = [
    (ANSWERED, MeasureCells(2, value="2"), SheetColumn.VALUE, Code.NOT_YES_OR_NO),
    (ANSWERED, MeasureCells(2, value="мүмкін"), SheetColumn.VALUE, Code.NOT_YES_OR_NO),
    (ANSWERED, MeasureCells(2, value="50%"), SheetColumn.VALUE, Code.NOT_YES_OR_NO),
    (ANSWERED, MeasureCells(2, numerator="1", denominator="1"), SheetColumn.NUMERATOR, Code.NOT_YES_OR_NO),
    (SHARE, MeasureCells(2, value="иә"), SheetColumn.VALUE, Code.UNIT_MISMATCH),
    (SHARE, MeasureCells(2, value="жоқ"), SheetColumn.VALUE, Code.UNIT_MISMATCH),
    (SHARE, MeasureCells(2, value="61,5 тг"), SheetColumn.VALUE, Code.UNIT_MISMATCH),
    (SHARE, MeasureCells(2, value="көп"), SheetColumn.VALUE, Code.NOT_A_NUMBER),
    (SHARE, MeasureCells(2, value="1,234"), SheetColumn.VALUE, Code.AMBIGUOUS_NUMBER),
    (LIFE, MeasureCells(2, value="73%"), SheetColumn.VALUE, Code.UNIT_MISMATCH),
    (LIFE, MeasureCells(2, value="9" * 30), SheetColumn.VALUE, Code.TOO_MANY_DIGITS),
    (SHARE, MeasureCells(2, numerator=str(2**62), denominator="1"), SheetColumn.NUMERATOR, Code.TOO_MANY_DIGITS),
    (COVERED, MeasureCells(2, value="0,61"), SheetColumn.VALUE, Code.RATIO_NEEDED),
    (COVERED, MeasureCells(2, value="61%", numerator="1", denominator="2"), SheetColumn.VALUE, Code.VALUE_AND_RATIO),
    (COVERED, MeasureCells(2, value="...", denominator="2"), SheetColumn.VALUE, Code.VALUE_AND_RATIO),
    (COVERED, MeasureCells(2, numerator="1"), SheetColumn.DENOMINATOR, Code.HALF_RATIO),
    (COVERED, MeasureCells(2, denominator="1"), SheetColumn.NUMERATOR, Code.HALF_RATIO),
    (COVERED, MeasureCells(2, numerator="1", denominator="0"), SheetColumn.DENOMINATOR, Code.ZERO_DENOMINATOR),
    (COVERED, MeasureCells(2, numerator="0", denominator="0"), SheetColumn.DENOMINATOR, Code.ZERO_DENOMINATOR),
    (COVERED, MeasureCells(2, numerator="1", denominator="0,0"), SheetColumn.DENOMINATOR, Code.ZERO_DENOMINATOR),
    (COVERED, MeasureCells(2, numerator="1", denominator="-2"), SheetColumn.DENOMINATOR, Code.NEGATIVE_DENOMINATOR),
    (COVERED, MeasureCells(2, numerator="50%", denominator="1"), SheetColumn.NUMERATOR, Code.UNIT_MISMATCH),
    (SHARE, MeasureCells(2, value="5", status="missing"), SheetColumn.STATUS, Code.STATUS_CONTRADICTS),
    (SHARE, MeasureCells(2, value="5", status="не применимо"), SheetColumn.STATUS, Code.STATUS_CONTRADICTS),
    (SHARE, MeasureCells(2, status="reported"), SheetColumn.STATUS, Code.VALUE_NEEDED),
    (SHARE, MeasureCells(2, value="...", status="ұсынылды"), SheetColumn.STATUS, Code.VALUE_NEEDED),
    (SHARE, MeasureCells(2, value="5", status="кейін"), SheetColumn.STATUS, Code.UNKNOWN_STATUS),
]


@pytest.mark.parametrize(
    ("indicator", "cells", "column", "code"),
    REFUSALS,
    ids=[f"{case[3]}: {case[0].code} {' '.join(case[1][1:])}" for case in REFUSALS],
)
def test_what_does_not_fit_is_refused_with_its_column(
    indicator: Indicator, cells: MeasureCells, column: SheetColumn, code: Code
) -> None:
    with pytest.raises(ImportRefusedError) as refusal:
        measure(cells, indicator)
    (fault,) = refusal.value.faults
    assert (fault.line, fault.column, fault.code) == (2, column, code)


def test_both_halves_of_a_ratio_are_refused_at_once() -> None:
    with pytest.raises(ImportRefusedError) as refusal:
        given_pair("көп", "0", COVERED)
    assert [(fault.column, fault.code) for fault in refusal.value.faults] == [
        ("numerator", Code.NOT_A_NUMBER),
        ("denominator", Code.ZERO_DENOMINATOR),
    ]


@given(st.text(max_size=20), st.sampled_from(sorted(INDICATORS)))
def test_any_text_at_all_is_a_number_a_missing_value_or_a_refusal(text: str, code: str) -> None:
    faults = Faults()
    read = faults.of(given_value, " ".join(text.split()), INDICATORS[code])
    if read is None:
        assert faults.reasons
    else:
        assert (read.status is REPORTED) == (read.numerator is not None) == (read.denominator is not None)


@given(numerator=st.integers(-(10**15), 10**15), denominator=st.integers(1, 10**15), indicator=st.sampled_from(NUMBERS))
def test_a_ratio_of_any_size_keeps_its_value(numerator: int, denominator: int, indicator: Indicator) -> None:
    read = given_pair(str(numerator), str(denominator), indicator)
    percents = 100 if indicator is SHARE else 1
    assert Fraction(read.numerator or 0, read.denominator or 1) == Fraction(numerator, denominator) * percents
