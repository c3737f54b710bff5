"""What one row says about an indicator: reported with an exact fraction, missing, or not applicable."""

from fractions import Fraction
from math import lcm
from typing import NamedTuple

from app.indicators.catalogue import PERCENT, UNIT_OF_COUNTS, ReportingMethod, bounds_of, measured_in
from app.indicators.errors import Code, Faults, ImportRefusedError, refused
from app.indicators.numbers import LARGEST, NumberError, ParsedNumber, parse_number
from app.indicators.vocabulary import SheetColumn, Status, ValueFlag, sign, status_named, yes_or_no
from scoring.edition import Indicator

_PAIR = (SheetColumn.NUMERATOR, SheetColumn.DENOMINATOR)


class Measurement(NamedTuple):
    """A status, and for a reported value its fraction as scoring takes it.

    Percent points, a share, 1 or 0, or the indicator's unit; where it counts per so many people, `per` is left out.
    """

    status: Status
    numerator: int | None = None
    denominator: int | None = None
    flag: ValueFlag = ValueFlag.NONE


class MeasureCells(NamedTuple):
    """The texts of the four cells that make a measure, and the line they stand on."""

    line: int
    value: str = ""
    numerator: str = ""
    denominator: str = ""
    status: str = ""

    def refuse(self, column: SheetColumn, code: Code, expected: str = "") -> ImportRefusedError:
        """Make the refusal of one of the four cells."""
        return refused(code, getattr(self, column), expected, line=self.line, column=column)


def measure(cells: MeasureCells, indicator: Indicator) -> Measurement:
    """Read the cells of a row as the indicator's method asks; raise ImportRefusedError.

    An empty cell or a sign of the Bureau's legend is a missing value. Only the word in the status column
    makes an indicator not applicable: a dash alone would let a city lower the number it is rated by.
    """
    status = _status(cells)
    if cells.value and (cells.numerator or cells.denominator):
        raise cells.refuse(SheetColumn.VALUE, Code.VALUE_AND_RATIO)
    absent = _absence(cells, indicator)
    if absent is not None:
        if status is Status.REPORTED:
            raise cells.refuse(SheetColumn.STATUS, Code.VALUE_NEEDED)
        return Measurement(status or Status.MISSING, flag=absent)
    if status in {Status.MISSING, Status.NOT_APPLICABLE}:
        raise cells.refuse(SheetColumn.STATUS, Code.STATUS_CONTRADICTS)
    return _reported(cells, indicator)


def _status(cells: MeasureCells) -> Status | None:
    status = status_named(cells.status)
    if cells.status and status is None:
        raise cells.refuse(SheetColumn.STATUS, Code.UNKNOWN_STATUS, ", ".join(Status))
    return status


def _absence(cells: MeasureCells, indicator: Indicator) -> ValueFlag | None:
    """Say by which sign there is no number (NONE: by empty cells); None when a number should be there."""
    texts = (cells.value, cells.numerator, cells.denominator)
    if not any(texts):
        return ValueFlag.NONE
    for flag in map(sign, texts):
        # "0,0" is a very small number, so a number; but a very small yes is neither yes nor no.
        if flag and (flag is not ValueFlag.NEGLIGIBLE or indicator.method == ReportingMethod.YES_NO):
            return flag
    return None


def _reported(cells: MeasureCells, indicator: Indicator) -> Measurement:
    if indicator.method == ReportingMethod.YES_NO:
        return _yes_no(cells)
    numerator, denominator = _from_value(cells, indicator) if cells.value else _from_pair(cells, indicator)
    if max(abs(numerator), denominator) > LARGEST:
        raise cells.refuse(SheetColumn.VALUE if cells.value else SheetColumn.NUMERATOR, Code.TOO_MANY_DIGITS)
    flag = _range_flag(Fraction(numerator, denominator), indicator)
    if not flag and ValueFlag.NEGLIGIBLE in map(sign, (cells.value, cells.numerator)):
        flag = ValueFlag.NEGLIGIBLE
    return Measurement(Status.REPORTED, numerator, denominator, flag)


def _yes_no(cells: MeasureCells) -> Measurement:
    if not cells.value:
        raise cells.refuse(SheetColumn.NUMERATOR, Code.NOT_YES_OR_NO)
    answer = yes_or_no(cells.value)
    if answer is None:
        raise cells.refuse(SheetColumn.VALUE, Code.NOT_YES_OR_NO)
    return Measurement(Status.REPORTED, int(answer), 1)


def _from_value(cells: MeasureCells, indicator: Indicator) -> tuple[int, int]:
    number = _number(cells, SheetColumn.VALUE, indicator)
    value = number.value
    if indicator.method == ReportingMethod.RATIO:
        if not number.percent:
            raise cells.refuse(SheetColumn.VALUE, Code.RATIO_NEEDED)
        value /= 100
    elif number.percent and measured_in(indicator) != PERCENT:
        raise cells.refuse(SheetColumn.VALUE, Code.UNIT_MISMATCH, measured_in(indicator))
    value /= indicator.per
    return value.numerator, value.denominator


def _from_pair(cells: MeasureCells, indicator: Indicator) -> tuple[int, int]:
    """Read a numerator and a denominator, kept as given but for a common factor that clears decimals."""
    faults = Faults()
    numerator, denominator = (faults.of(_part, cells, column, indicator) for column in _PAIR)
    if numerator is None or denominator is None:
        raise ImportRefusedError(faults.reasons)
    whole = lcm(numerator.denominator, denominator.denominator)
    percents = 100 if indicator.method == ReportingMethod.PERCENTAGE else 1
    return int(numerator * whole) * percents, int(denominator * whole)


def _part(cells: MeasureCells, column: SheetColumn, indicator: Indicator) -> Fraction:
    if not getattr(cells, column):
        raise cells.refuse(column, Code.HALF_RATIO)
    number = _number(cells, column, indicator)
    if number.percent:
        raise cells.refuse(column, Code.UNIT_MISMATCH, UNIT_OF_COUNTS)
    if column is SheetColumn.DENOMINATOR and number.value <= 0:
        raise cells.refuse(column, Code.NEGATIVE_DENOMINATOR if number.value else Code.ZERO_DENOMINATOR)
    return number.value


def _number(cells: MeasureCells, column: SheetColumn, indicator: Indicator) -> ParsedNumber:
    text: str = getattr(cells, column)
    if yes_or_no(text) is not None and not text.isdigit():
        raise cells.refuse(column, Code.UNIT_MISMATCH, measured_in(indicator))
    try:
        return parse_number(text)
    except NumberError as error:
        raise cells.refuse(column, error.code, measured_in(indicator)) from error


def _range_flag(value: Fraction, indicator: Indicator) -> ValueFlag:
    value, (lowest, highest) = value * indicator.per, bounds_of(indicator)
    measured = indicator.method == ReportingMethod.MEASURED
    if value < lowest:
        return ValueFlag.BELOW_BOUNDS if measured else ValueFlag.BELOW_0
    if value > highest:
        return ValueFlag.ABOVE_BOUNDS if measured else ValueFlag.ABOVE_100
    return ValueFlag.NONE
