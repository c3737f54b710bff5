"""What one row says about an indicator: reported with an exact fraction, missing, or not applicable."""

from fractions import Fraction
from math import lcm
from typing import NamedTuple

from app.indicators.catalogue import COUNTED, PERCENT, Method, bounds_of, measured_in
from app.indicators.errors import Code, Faults, ImportRefusedError, refused
from app.indicators.numbers import LARGEST, Number, NumberError, parse_number
from app.indicators.vocabulary import Column, Flag, Status, sign, status_named, yes_or_no
from scoring.edition import Indicator

_PAIR = (Column.NUMERATOR, Column.DENOMINATOR)


class Measure(NamedTuple):
    """A status, and for a reported value its fraction as scoring takes it.

    Percent points, a share, 1 or 0, or the indicator's unit; where it counts per so many people, `per` is left out.
    """

    status: Status
    numerator: int | None = None
    denominator: int | None = None
    flag: Flag = Flag.NONE


class Written(NamedTuple):
    """The texts of the four cells that make a measure, and the line they stand on."""

    line: int
    value: str = ""
    numerator: str = ""
    denominator: str = ""
    status: str = ""

    def refuse(self, column: Column, code: Code, expected: str = "") -> ImportRefusedError:
        """Make the refusal of one of the four cells."""
        return refused(code, getattr(self, column), expected, line=self.line, column=column)


def measure(written: Written, indicator: Indicator) -> Measure:
    """Read the cells of a row as the indicator's method asks; raise ImportRefusedError.

    An empty cell or a sign of the Bureau's legend is a missing value. Only the word in the status column
    makes an indicator not applicable: a dash alone would let a city lower the number it is rated by.
    """
    status = _status(written)
    if written.value and (written.numerator or written.denominator):
        raise written.refuse(Column.VALUE, Code.VALUE_AND_RATIO)
    absent = _absence(written, indicator)
    if absent is not None:
        if status is Status.REPORTED:
            raise written.refuse(Column.STATUS, Code.VALUE_NEEDED)
        return Measure(status or Status.MISSING, flag=absent)
    if status in {Status.MISSING, Status.NOT_APPLICABLE}:
        raise written.refuse(Column.STATUS, Code.STATUS_CONTRADICTS)
    return _reported(written, indicator)


def _status(written: Written) -> Status | None:
    status = status_named(written.status)
    if written.status and status is None:
        raise written.refuse(Column.STATUS, Code.UNKNOWN_STATUS, ", ".join(Status))
    return status


def _absence(written: Written, indicator: Indicator) -> Flag | None:
    """Say by which sign there is no number (NONE: by empty cells); None when a number should be there."""
    texts = (written.value, written.numerator, written.denominator)
    if not any(texts):
        return Flag.NONE
    for flag in map(sign, texts):
        # "0,0" is a very small number, so a number; but a very small yes is neither yes nor no.
        if flag and (flag is not Flag.NEGLIGIBLE or indicator.method == Method.YES_NO):
            return flag
    return None


def _reported(written: Written, indicator: Indicator) -> Measure:
    if indicator.method == Method.YES_NO:
        return _yes_no(written)
    numerator, denominator = _from_value(written, indicator) if written.value else _from_pair(written, indicator)
    if max(abs(numerator), denominator) > LARGEST:
        raise written.refuse(Column.VALUE if written.value else Column.NUMERATOR, Code.TOO_MANY_DIGITS)
    flag = _range_flag(Fraction(numerator, denominator), indicator)
    if not flag and Flag.NEGLIGIBLE in map(sign, (written.value, written.numerator)):
        flag = Flag.NEGLIGIBLE
    return Measure(Status.REPORTED, numerator, denominator, flag)


def _yes_no(written: Written) -> Measure:
    if not written.value:
        raise written.refuse(Column.NUMERATOR, Code.NOT_YES_OR_NO)
    answer = yes_or_no(written.value)
    if answer is None:
        raise written.refuse(Column.VALUE, Code.NOT_YES_OR_NO)
    return Measure(Status.REPORTED, int(answer), 1)


def _from_value(written: Written, indicator: Indicator) -> tuple[int, int]:
    number = _number(written, Column.VALUE, indicator)
    value = number.value
    if indicator.method == Method.RATIO:
        if not number.percent:
            raise written.refuse(Column.VALUE, Code.RATIO_NEEDED)
        value /= 100
    elif number.percent and measured_in(indicator) != PERCENT:
        raise written.refuse(Column.VALUE, Code.UNIT_MISMATCH, measured_in(indicator))
    value /= indicator.per
    return value.numerator, value.denominator


def _from_pair(written: Written, indicator: Indicator) -> tuple[int, int]:
    """Read a numerator and a denominator, kept as given but for a common factor that clears decimals."""
    faults = Faults()
    numerator, denominator = (faults.of(_part, written, column, indicator) for column in _PAIR)
    if numerator is None or denominator is None:
        raise ImportRefusedError(faults.found)
    whole = lcm(numerator.denominator, denominator.denominator)
    percents = 100 if indicator.method == Method.PERCENTAGE else 1
    return int(numerator * whole) * percents, int(denominator * whole)


def _part(written: Written, column: Column, indicator: Indicator) -> Fraction:
    if not getattr(written, column):
        raise written.refuse(column, Code.HALF_RATIO)
    number = _number(written, column, indicator)
    if number.percent:
        raise written.refuse(column, Code.UNIT_MISMATCH, COUNTED)
    if column is Column.DENOMINATOR and number.value <= 0:
        raise written.refuse(column, Code.NEGATIVE_DENOMINATOR if number.value else Code.ZERO_DENOMINATOR)
    return number.value


def _number(written: Written, column: Column, indicator: Indicator) -> Number:
    text: str = getattr(written, column)
    if yes_or_no(text) is not None and not text.isdigit():
        raise written.refuse(column, Code.UNIT_MISMATCH, measured_in(indicator))
    try:
        return parse_number(text)
    except NumberError as error:
        raise written.refuse(column, error.code, measured_in(indicator)) from error


def _range_flag(value: Fraction, indicator: Indicator) -> Flag:
    value, (lowest, highest) = value * indicator.per, bounds_of(indicator)
    measured = indicator.method == Method.MEASURED
    if value < lowest:
        return Flag.BELOW_BOUNDS if measured else Flag.BELOW_0
    if value > highest:
        return Flag.ABOVE_BOUNDS if measured else Flag.ABOVE_100
    return Flag.NONE
