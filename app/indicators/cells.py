"""What is stored of a value, written back into the cells of a row: the import reads the same from them again."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from app.indicators.catalogue import ReportingMethod
from app.indicators.errors import ImportRefusedError
from app.indicators.measures import MeasureCells, Measurement, measure
from app.indicators.numbers import is_ambiguous
from app.indicators.vocabulary import NO, STATUSES, YES, Status, ValueFlag
from scoring.edition import Indicator

_SIGNS = {
    ValueFlag.NO_PHENOMENON: "-",
    ValueFlag.NEGLIGIBLE: "0,0",
    ValueFlag.CONFIDENTIAL: "х",
    ValueFlag.NO_DATA: "...",
}
_MOST_DECIMALS = 18


class WrittenMeasure(NamedTuple):
    """The texts of the four cells that make a measure."""

    value: str = ""
    numerator: str = ""
    denominator: str = ""
    status: str = ""


def write_measure(measured: Measurement, indicator: Indicator, lang: str) -> WrittenMeasure:
    """Write a measure as the file of a language has it: a value where it says the same to the letter, else a pair."""
    if measured.status is not Status.REPORTED:
        return WrittenMeasure(_SIGNS.get(measured.flag, ""), status=STATUSES[measured.status].pick(lang))
    return next(cells for cells in _candidates(measured, indicator, lang) if _reads_as(cells, measured, indicator))


def _candidates(measured: Measurement, indicator: Indicator, lang: str) -> Iterator[WrittenMeasure]:
    numerator, denominator = measured.numerator or 0, measured.denominator or 1
    if measured.flag is ValueFlag.NEGLIGIBLE:
        yield WrittenMeasure(_SIGNS[ValueFlag.NEGLIGIBLE])
        yield WrittenMeasure("", _SIGNS[ValueFlag.NEGLIGIBLE], str(denominator))
    if indicator.method == ReportingMethod.YES_NO:
        yield WrittenMeasure((YES if numerator else NO).pick(lang))
    elif indicator.method != ReportingMethod.RATIO:
        decimal = _decimal(Fraction(numerator, denominator) * indicator.per, lang)
        if decimal is not None:
            yield WrittenMeasure(decimal)
    parts = 100 if indicator.method == ReportingMethod.PERCENTAGE else 1
    yield WrittenMeasure("", _decimal(Fraction(numerator, parts), lang) or "", str(denominator))


def _reads_as(cells: WrittenMeasure, measured: Measurement, indicator: Indicator) -> bool:
    try:
        return measure(MeasureCells(0, *cells), indicator) == measured
    except ImportRefusedError:
        return False


def _decimal(number: Fraction, lang: str) -> str | None:
    """Write a number whole, with a point in English and a comma otherwise; None when its decimals do not end."""
    for decimals in range(_MOST_DECIMALS + 1):
        digits = number * 10**decimals
        if digits.denominator == 1:
            break
    else:
        return None
    if not decimals:
        return str(number)
    whole, part = divmod(abs(digits.numerator), 10**decimals)
    text = f"{'-' if number < 0 else ''}{whole}{'.' if lang == 'en' else ','}{part:0{decimals}d}"
    # "1,234" could be read in two ways: a zero more says what it is.
    return f"{text}0" if is_ambiguous(text) else text
