from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.indicators.errors import Code, Faults, ImportRefusedError
from app.indicators.measures import Measure, Written, measure
from app.indicators.vocabulary import Column, Flag, Status
from scoring.edition import Indicator
from tests.builders.indicators import ANSWERED, COVERED, CRIMES, INDICATORS, JOBLESS, LIFE, SHARE, SMOKE

REPORTED, MISSING, NOT_APPLICABLE = Status
NUMBERS = (SHARE, COVERED, LIFE)


def given_value(value: str, indicator: Indicator, status: str = "") -> Measure:
    return measure(Written(2, value=value, status=status), indicator)


def given_pair(numerator: str, denominator: str, indicator: Indicator) -> Measure:
    return measure(Written(2, numerator=numerator, denominator=denominator), indicator)


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
    assert given_value(value, indicator) == Measure(REPORTED, numerator, denominator, Flag.NONE)


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
    assert given_pair(*pair, indicator) == Measure(REPORTED, numerator, denominator, Flag.NONE)


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=INDICATORS)
@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("", Flag.NONE),
        ("-", Flag.NO_PHENOMENON),
        ("–", Flag.NO_PHENOMENON),
        ("х", Flag.CONFIDENTIAL),
        ("x", Flag.CONFIDENTIAL),
        ("...", Flag.NO_DATA),
        ("…", Flag.NO_DATA),
    ],
)
def test_a_place_without_a_number_is_missing_and_never_no(indicator: Indicator, text: str, flag: Flag) -> None:
    assert given_value(text, indicator) == Measure(MISSING, None, None, flag)


@pytest.mark.parametrize("pair", [("...", "..."), ("...", "500"), ("485", "х")])
def test_a_sign_in_a_ratio_makes_it_missing(pair: tuple[str, str]) -> None:
    assert given_pair(*pair, COVERED).status is MISSING


@pytest.mark.parametrize("text", ["", "-", "..."])
def test_only_the_status_makes_an_indicator_not_applicable(text: str) -> None:
    assert given_value(text, ANSWERED).status is MISSING
    assert given_value(text, ANSWERED, "қолданылмайды").status is NOT_APPLICABLE
    assert given_value(text, ANSWERED, "missing").status is MISSING


def test_a_negligible_number_is_a_number_but_a_negligible_answer_is_none() -> None:
    assert given_value("0,0", SHARE) == Measure(REPORTED, 0, 1, Flag.NEGLIGIBLE)
    assert given_value("0,0", ANSWERED) == Measure(MISSING, None, None, Flag.NEGLIGIBLE)
    assert given_value("0,0", LIFE).flag is Flag.BELOW_BOUNDS


@pytest.mark.parametrize(
    ("indicator", "value", "flag"),
    [
        (SHARE, "100,1", Flag.ABOVE_100),
        (SHARE, "250%", Flag.ABOVE_100),
        (SHARE, "-0,1", Flag.BELOW_0),
        (COVERED, "100,5%", Flag.ABOVE_100),
        (COVERED, "-3%", Flag.BELOW_0),
        (LIFE, "85,1", Flag.ABOVE_BOUNDS),
        (LIFE, "59,9", Flag.BELOW_BOUNDS),
        (SMOKE, "101", Flag.ABOVE_BOUNDS),
        (SMOKE, "-1", Flag.BELOW_BOUNDS),
        (CRIMES, "2000,5", Flag.ABOVE_BOUNDS),
    ],
)
def test_a_value_outside_its_range_is_kept_as_given_and_flagged(indicator: Indicator, value: str, flag: Flag) -> None:
    kept = given_value(value, indicator)
    assert (kept.status, kept.flag) == (REPORTED, flag)
    plain = Fraction(value.rstrip("%").replace(",", "."))
    assert Fraction(kept.numerator or 0, kept.denominator or 1) == plain / (
        100 if indicator is COVERED else indicator.per
    )


def test_a_ratio_above_one_is_flagged() -> None:
    assert given_pair("501", "500", COVERED) == Measure(REPORTED, 501, 500, Flag.ABOVE_100)
    assert given_pair("500", "500", COVERED).flag is Flag.NONE


REFUSALS = [
    (ANSWERED, Written(2, value="2"), Column.VALUE, Code.NOT_YES_OR_NO),
    (ANSWERED, Written(2, value="мүмкін"), Column.VALUE, Code.NOT_YES_OR_NO),
    (ANSWERED, Written(2, value="50%"), Column.VALUE, Code.NOT_YES_OR_NO),
    (ANSWERED, Written(2, numerator="1", denominator="1"), Column.NUMERATOR, Code.NOT_YES_OR_NO),
    (SHARE, Written(2, value="иә"), Column.VALUE, Code.UNIT_MISMATCH),
    (SHARE, Written(2, value="жоқ"), Column.VALUE, Code.UNIT_MISMATCH),
    (SHARE, Written(2, value="61,5 тг"), Column.VALUE, Code.UNIT_MISMATCH),
    (SHARE, Written(2, value="көп"), Column.VALUE, Code.NOT_A_NUMBER),
    (SHARE, Written(2, value="1,234"), Column.VALUE, Code.AMBIGUOUS_NUMBER),
    (LIFE, Written(2, value="73%"), Column.VALUE, Code.UNIT_MISMATCH),
    (LIFE, Written(2, value="9" * 30), Column.VALUE, Code.TOO_MANY_DIGITS),
    (SHARE, Written(2, numerator=str(2**62), denominator="1"), Column.NUMERATOR, Code.TOO_MANY_DIGITS),
    (COVERED, Written(2, value="0,61"), Column.VALUE, Code.RATIO_NEEDED),
    (COVERED, Written(2, value="61%", numerator="1", denominator="2"), Column.VALUE, Code.VALUE_AND_RATIO),
    (COVERED, Written(2, value="...", denominator="2"), Column.VALUE, Code.VALUE_AND_RATIO),
    (COVERED, Written(2, numerator="1"), Column.DENOMINATOR, Code.HALF_RATIO),
    (COVERED, Written(2, denominator="1"), Column.NUMERATOR, Code.HALF_RATIO),
    (COVERED, Written(2, numerator="1", denominator="0"), Column.DENOMINATOR, Code.ZERO_DENOMINATOR),
    (COVERED, Written(2, numerator="0", denominator="0"), Column.DENOMINATOR, Code.ZERO_DENOMINATOR),
    (COVERED, Written(2, numerator="1", denominator="0,0"), Column.DENOMINATOR, Code.ZERO_DENOMINATOR),
    (COVERED, Written(2, numerator="1", denominator="-2"), Column.DENOMINATOR, Code.NEGATIVE_DENOMINATOR),
    (COVERED, Written(2, numerator="50%", denominator="1"), Column.NUMERATOR, Code.UNIT_MISMATCH),
    (SHARE, Written(2, value="5", status="missing"), Column.STATUS, Code.STATUS_CONTRADICTS),
    (SHARE, Written(2, value="5", status="не применимо"), Column.STATUS, Code.STATUS_CONTRADICTS),
    (SHARE, Written(2, status="reported"), Column.STATUS, Code.VALUE_NEEDED),
    (SHARE, Written(2, value="...", status="ұсынылды"), Column.STATUS, Code.VALUE_NEEDED),
    (SHARE, Written(2, value="5", status="кейін"), Column.STATUS, Code.UNKNOWN_STATUS),
]


@pytest.mark.parametrize(
    ("indicator", "written", "column", "code"),
    REFUSALS,
    ids=[f"{case[3]}: {case[0].code} {' '.join(case[1][1:])}" for case in REFUSALS],
)
def test_what_does_not_fit_is_refused_with_its_column(
    indicator: Indicator, written: Written, column: Column, code: Code
) -> None:
    with pytest.raises(ImportRefusedError) as refusal:
        measure(written, indicator)
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
    kept = faults.of(given_value, " ".join(text.split()), INDICATORS[code])
    if kept is None:
        assert faults.found
    else:
        assert (kept.status is REPORTED) == (kept.numerator is not None) == (kept.denominator is not None)


@given(numerator=st.integers(-(10**15), 10**15), denominator=st.integers(1, 10**15), indicator=st.sampled_from(NUMBERS))
def test_a_ratio_of_any_size_keeps_its_value(numerator: int, denominator: int, indicator: Indicator) -> None:
    kept = given_pair(str(numerator), str(denominator), indicator)
    percents = 100 if indicator is SHARE else 1
    assert Fraction(kept.numerator or 0, kept.denominator or 1) == Fraction(numerator, denominator) * percents
