from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.indicators.errors import Code
from app.indicators.numbers import LARGEST, NumberError, ParsedNumber, parse_number

THIN, NBSP, NARROW, MINUS = "\u2009", "\u00a0", "\u202f", "\u2212"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("7", 7),
        ("61,5", Fraction(123, 2)),
        ("61.5", Fraction(123, 2)),
        ("0.1", Fraction(1, 10)),
        (",5", Fraction(1, 2)),
        ("-3,25", Fraction(-13, 4)),
        (f"{MINUS}3", -3),
        ("+4", 4),
        ("1 234 567", 1_234_567),
        (f"1{THIN}234{NBSP}567{NARROW}890", 1_234_567_890),
        ("12 345,678", Fraction(12_345_678, 1000)),
        ("73.254", Fraction(73_254, 1000)),
        ("0,125", Fraction(1, 8)),
        ("0.19826566811394322", Fraction(19826566811394322, 10**17)),
        (str(LARGEST), LARGEST),
    ],
)
def test_a_number_is_read_exactly(text: str, value: int | Fraction) -> None:
    assert parse_number(text) == ParsedNumber(Fraction(value), percent=False)


@pytest.mark.parametrize("text", ["61,5%", "61.5 %", f"61,5{NBSP}%"])
def test_a_percent_sign_is_read_apart_from_the_number(text: str) -> None:
    assert parse_number(text) == ParsedNumber(Fraction(123, 2), percent=True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", Code.NOT_A_NUMBER),
        ("%", Code.NOT_A_NUMBER),
        ("-", Code.NOT_A_NUMBER),
        (",", Code.NOT_A_NUMBER),
        ("көп", Code.NOT_A_NUMBER),
        ("12 34", Code.NOT_A_NUMBER),
        ("5.", Code.NOT_A_NUMBER),
        ("٣", Code.NOT_A_NUMBER),
        ("nan", Code.NOT_A_NUMBER),
        ("inf", Code.NOT_A_NUMBER),
        ("1e5", Code.UNIT_MISMATCH),
        ("258 941 теңге", Code.UNIT_MISMATCH),
        ("12 km²", Code.UNIT_MISMATCH),
        ("1,234", Code.AMBIGUOUS_NUMBER),
        ("258,941%", Code.AMBIGUOUS_NUMBER),
        ("1,234.5", Code.AMBIGUOUS_NUMBER),
        ("1.234,5", Code.AMBIGUOUS_NUMBER),
        ("1,234,567", Code.AMBIGUOUS_NUMBER),
        (str(LARGEST + 1), Code.TOO_MANY_DIGITS),
        ("9" * 5000, Code.TOO_MANY_DIGITS),
        ("0." + "1" * 19, Code.TOO_MANY_DIGITS),
    ],
)
def test_what_is_not_one_clear_number_is_refused(text: str, code: Code) -> None:
    with pytest.raises(NumberError) as refusal:
        parse_number(text)
    assert refusal.value.code is code


@given(units=st.integers(-(10**12), 10**12), decimals=st.integers(0, 6), comma=st.booleans(), spaced=st.booleans())
def test_every_way_of_writing_a_decimal_gives_the_same_fraction(
    units: int, decimals: int, *, comma: bool, spaced: bool
) -> None:
    value = Fraction(units, 10**decimals)
    whole, part = divmod(abs(units), 10**decimals)
    text = f"{'-' if units < 0 else ''}{whole:,}".replace(",", THIN if spaced else "")
    if decimals:
        text += ("," if comma else ".") + f"{part:0{decimals}d}"
    if comma and decimals == 3 and 0 < whole < 1000:
        with pytest.raises(NumberError):
            parse_number(text)
    else:
        assert parse_number(text).value == value
